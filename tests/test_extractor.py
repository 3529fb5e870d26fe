"""The extractor as a whole: kgbuild.extract."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgbuild.articles import read_articles
from kgbuild.extract import Extractor
from kgbuild.model import Argument, Article, Extraction
from kgbuild.ontology import load_ontology
from kgbuild.parallel import make_extractor

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = read_articles([ROOT / "examples" / "articles"])
POLARITIES = {"affirmed", "denied"}
CERTAINTIES = {"actual", "in-principle", "planned", "possible"}


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return make_extractor(load_ontology())


@pytest.fixture(scope="module")
def extractions(extractor: Extractor) -> list[Extraction]:
    return [extractor.extract(a) for a in EXAMPLES]


def article(text: str) -> Article:
    return Article("case", text, hashlib.sha256(text.encode()).hexdigest(), published="2025-06-11")


def arguments(extraction: Extraction) -> Iterator[Argument]:
    for event in extraction.events:
        yield from event.arguments
        yield from (t.speaker for t in event.tellings if t.speaker is not None)


def check(extraction: Extraction) -> None:
    """Raise AssertionError where anything does not lie in the text or lacks what it must have."""
    text = extraction.article.text
    for mention in extraction.mentions:
        assert text[mention.start : mention.end] == mention.text
        assert mention.kind
    for argument in arguments(extraction):
        assert text[argument.start : argument.end] == argument.text, argument
        assert argument.role
        assert argument.kind
    for event in extraction.events:
        assert event.polarity in POLARITIES
        assert event.certainty in CERTAINTIES
        assert event.rule
        assert all(0 <= t.start < t.end <= len(text) for t in event.tellings)
        assert len(set(event.tellings)) == len(event.tellings)
    for rejection in extraction.rejections:
        assert text[rejection.start : rejection.end] == rejection.text
        assert rejection.reason
        assert rejection.rule


def test_every_span_of_every_example_is_exact(extractions: list[Extraction]) -> None:
    assert len(extractions) == len(EXAMPLES) >= 50
    for extraction in extractions:
        check(extraction)
    assert sum(len(e.events) for e in extractions) > 100
    assert sum(len(e.rejections) for e in extractions) > 50


def test_results_are_sorted_and_without_repetition(extractions: list[Extraction]) -> None:
    for extraction in extractions:
        assert list(extraction.mentions) == sorted(extraction.mentions)
        assert list(extraction.rejections) == sorted(set(extraction.rejections))
        for event in extraction.events:
            assert list(event.arguments) == sorted(set(event.arguments))


def test_the_same_text_gives_the_same_result(extractor: Extractor, extractions: list[Extraction]) -> None:
    again = make_extractor(load_ontology())
    assert again.rules_digest == extractor.rules_digest
    for extraction in extractions[:12]:
        assert again.extract(extraction.article) == extraction


def test_the_order_of_articles_does_not_matter(extractor: Extractor, extractions: list[Extraction]) -> None:
    backwards = [extractor.extract(a) for a in reversed(EXAMPLES)]
    assert list(reversed(backwards)) == extractions


def test_the_seed_of_hashes_does_not_matter() -> None:
    program = (
        "import sys;from pathlib import Path;from kgbuild.articles import read_articles;"
        "from kgbuild.parallel import make_extractor;from kgbuild.ontology import load_ontology;"
        "x=make_extractor(load_ontology());"
        "print([x.extract(a) for a in read_articles([Path(sys.argv[1])])[:8]])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program, str(ROOT / "examples" / "articles")],
            check=True,
            capture_output=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "42")
    }
    assert len(outputs) == 1
    assert b"Event(" in outputs.pop()


def test_holders_are_firms_and_issuers_are_bodies(extractions: list[Extraction]) -> None:
    for extraction in extractions:
        for event in extraction.events:
            if event.type == "license":
                assert {h.kind for h in event.of("holder")} <= {"Firm", "UnnamedFirm"}
                assert {i.kind for i in event.of("issuer")} <= {"Government", "Regulator", "PublicBody"}
                assert event.of("kind")


def test_articles_of_another_world_tell_no_license(extractions: list[Extraction]) -> None:
    others = [e for e in extractions if "driving" in e.article.id or "football" in e.article.id]
    assert len(others) == 2
    for extraction in others:
        assert [e for e in extraction.events if e.type == "license"] == []


def plain_licenses_of_examples(extractions: list[Extraction]) -> tuple[int, int]:
    """Return how many expected licenses with a plain modality are found, and how many are expected."""
    expected = json.loads((ROOT / "tests" / "examples_expected.json").read_text("utf-8"))
    by_id = {e.article.id: e for e in extractions}
    ontology = load_ontology()
    acts = {"granted": "given", "renewed": "given", "applied": "asked", "pending": "asked"}

    def iri(name: str) -> str:
        found = ontology.by_name(name)
        return found[0].iri if found else name

    hits = total = 0
    for file, told in expected.items():
        events = [e for e in by_id[Path(file).stem].events if e.type == "license"]
        for one in told["licenses"]:
            holders = {iri(h) for h in one["holders"]}
            if one["modality"] not in {"asserted", "reported"} or not all(
                ontology.by_name(h) for h in one["holders"]
            ):
                continue
            total += 1
            hits += any(
                acts.get(e.action, e.action) == acts.get(one["status"], one["status"])
                and holders & {iri(h.name) for h in e.of("holder")}
                and (e.polarity, e.certainty) == ("affirmed", "actual")
                for e in events
            )
    return hits, total


def test_most_licenses_of_named_firms_in_the_examples_are_found(extractions: list[Extraction]) -> None:
    hits, total = plain_licenses_of_examples(extractions)
    assert total >= 35
    assert hits / total >= 0.8, f"{hits} of {total}"


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n", ".", "\x00", "\u200b", "\ufeff", "\u202e", "a", "…", "''", "“", "((((", "License",
     "licenses licenses", "It.", "U.S.", "\r", "\t\t", "\U0001f600", "1", "%", "’s", "and", "which", "JL MAG",
     "JL MAG's", "of", "to"],
)  # fmt: skip
def test_next_to_nothing_is_read(extractor: Extractor, text: str) -> None:
    check(extractor.extract(article(text)))


_PIECES = st.sampled_from(
    (
        "JL MAG|JL MAG's|Lynas|Nvidia|Beijing|China|Chinese|the ministry|the company|it|its|which|that|and"
        "|,|.|;|:|(|)|“|”|—|said|has obtained|was granted|granted|denied|refused to|revoked|applied for"
        "|is awaiting|will|may|not|no|none|one|export licenses|a license|applications|are pending|quotas"
        "|3,925 tons|including|among the applicants|suppliers of|for|to|by|from|of|under|June 5, 2025"
        "|for six months|two|magnets|the H20"
        "|to export|exports|\n|\n\n|- |if|whether|after|first|PT|Co., Ltd."
    ).split("|")
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=50).map(" ".join)))
def test_any_text_is_read(extractor: Extractor, text: str) -> None:
    check(extractor.extract(article(text)))


@pytest.mark.parametrize(
    "text",
    [
        "JL MAG said it had obtained an export license and Beijing granted it licenses, " * 60,
        "JL MAG, " * 3_000,
        "“" * 20_000,
        "a" * 50_000,
        "Aa-" * 10_000,
        "\n- a" * 5_000,
        "\x00" * 10_000,
        "(" * 5_000 + "A" * 5_000,
        "June 5, " * 1_000,
    ],
    ids=lambda t: repr(t[:12]),
)
def test_a_long_text_of_any_shape_is_read(extractor: Extractor, text: str) -> None:
    check(extractor.extract(article(text)))
