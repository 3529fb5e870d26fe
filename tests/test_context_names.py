"""Firms and bodies in sentences of our own: which are named, and no others."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from kgbuild.extract import Extractor
from kgbuild.model import Article, Mention
from kgbuild.ontology import load_ontology
from kgbuild.parallel import make_extractor

CASES = Path(__file__).with_name("cases") / "firms.jsonl"


def read_cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return make_extractor(load_ontology())


def mentions(extractor: Extractor, text: str) -> tuple[Mention, ...]:
    article = Article("case", text, hashlib.sha256(text.encode()).hexdigest(), published="2025-11-12")
    return extractor.extract(article).mentions


def named(found: tuple[Mention, ...], kind: str) -> list[str]:
    return sorted({m.name for m in found if m.kind == kind})


def test_there_are_records_enough() -> None:
    cases = read_cases()
    assert len(cases) >= 40
    assert len({c["id"] for c in cases}) == len({c["text"] for c in cases}) == len(cases)
    assert sum(not c["firms"] and not c["regulators"] for c in cases) * 3 >= len(cases)


@pytest.mark.parametrize("case", read_cases(), ids=lambda c: c["id"])
def test_record(extractor: Extractor, case: dict[str, Any]) -> None:
    # a line before makes the sentence one of the text, not the headline
    found = mentions(extractor, f"News of the day\n\n{case['text']}\n")
    assert named(found, "Firm") == case["firms"], case["text"]
    assert named(found, "Regulator") == case["regulators"], case["text"]


@pytest.mark.parametrize("case", read_cases(), ids=lambda c: c["id"])
def test_a_joined_name_is_the_text_there(extractor: Extractor, case: dict[str, Any]) -> None:
    for mention in mentions(extractor, case["text"]):
        assert case["text"][mention.start : mention.end] == mention.text


def test_a_later_mention_stands_for_the_firm(extractor: Extractor) -> None:
    text = "Quellmark Resources (ASX: QMR) holds two permits.\n\nOn Monday, Quellmark asked for a third."
    later = [m for m in mentions(extractor, text) if m.text == "Quellmark"]
    assert [(m.name, m.via) for m in later] == [("Quellmark Resources", "short form of Quellmark Resources")]


def test_a_firm_inside_the_name_of_its_product_is_marked(extractor: Extractor) -> None:
    found = mentions(extractor, "The magnets that spin Tesla motors are small.\n\nTesla waits for a license.")
    firms = [m for m in found if m.kind == "Firm"]
    assert [(m.text, m.via) for m in firms] == [("Tesla", "part of a name: Tesla motors"), ("Tesla", "")]
