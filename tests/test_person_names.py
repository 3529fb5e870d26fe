"""People named by an aside with their office, or by one part of a name told before."""

from __future__ import annotations

import hashlib

import pytest

from kgbuild.extract import Extractor
from kgbuild.model import Article
from kgbuild.ontology import load_ontology
from kgbuild.parallel import make_extractor


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return make_extractor(load_ontology())


def people(extractor: Extractor, text: str) -> list[tuple[str, str]]:
    article = Article("case", text, hashlib.sha256(text.encode()).hexdigest(), published="2025-11-12")
    return [(m.text, m.name) for m in extractor.extract(article).mentions if m.kind == "Person"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It was told to Jiang Yaoping, a Chinese vice minister of commerce.", "Jiang Yaoping"),
        ("Greta Sandberg, the managing director, was pleased.", "Greta Sandberg"),
        ("The news reached Ola Lindqvist, an analyst in Oslo.", "Ola Lindqvist"),
    ],
)
def test_an_office_behind_a_name_tells_a_person(extractor: Extractor, text: str, name: str) -> None:
    assert people(extractor, text) == [(name, name)]


@pytest.mark.parametrize(
    "text",
    [
        "The plant in Kuala Terengganu, a town on the coast, is closed.",
        "Bayan Obo, the largest mine of its kind, lies in the north.",
        "Sample Metals, a company with a director in Perth, waits.",
        "Kepuhi Nikel, a smelter, asked a minister for help.",
    ],
)
def test_a_place_a_mine_or_a_firm_is_no_person(extractor: Extractor, text: str) -> None:
    assert people(extractor, text) == []


def test_a_part_of_a_name_stands_for_the_person(extractor: Extractor) -> None:
    text = "Greta Sandberg, the managing director, was pleased. Sandberg had waited for a year."
    assert people(extractor, text) == [("Greta Sandberg", "Greta Sandberg"), ("Sandberg", "Greta Sandberg")]


def test_a_pronoun_is_no_part_of_a_name(extractor: Extractor) -> None:
    found = people(extractor, "He Lifeng went to London. He came back on Friday. Lifeng is a given name.")
    assert ("He", "He Lifeng") not in found
    assert ("Lifeng", "He Lifeng") in found


def test_a_name_of_two_people_stands_for_nobody(extractor: Extractor) -> None:
    found = people(extractor, "Wang Wentao and Wang Yi were there. Wang smiled.")
    assert found == [("Wang Wentao", "Wang Wentao"), ("Wang Yi", "Wang Yi")]
