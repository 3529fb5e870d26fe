"""Statements: kgbuild.extract.statements, in our own words."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgbuild.errors import LexiconError
from kgbuild.extract import Extractor
from kgbuild.extract.lexicon import VERB_FORMS, read_entries
from kgbuild.extract.speech_words import ACTIONS, load_speech
from kgbuild.model import Article, Event
from kgbuild.ontology import load_ontology
from kgbuild.parallel import make_extractor
from kgbuild.resources import lexicon_dir

CASES = Path(__file__).with_name("cases") / "statements.jsonl"
PUBLISHED = "2025-11-12"


def read_cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return make_extractor(load_ontology())


def article(text: str) -> Article:
    return Article("case", text, hashlib.sha256(text.encode()).hexdigest(), published=PUBLISHED)


def told(extractor: Extractor, text: str) -> list[Event]:
    return [e for e in extractor.extract(article(text)).events if e.type == "statement"]


def values(event: Event, role: str) -> list[str]:
    return sorted({a.name or a.value or a.text for a in event.of(role)})


def fits(event: Event, expected: dict[str, Any]) -> bool:
    """Return whether an event is the expected one: every role that the record names must agree in full."""
    head = (event.action, event.polarity, event.certainty)
    outer = None if event.speaker is None else event.speaker.name or event.speaker.text
    return (
        head == tuple(expected[key] for key in ("action", "polarity", "certainty"))
        and all(values(event, role) == found for role, found in expected["roles"].items())
        and outer == expected.get("reporter")
    )


def test_there_are_records_enough() -> None:
    cases = read_cases()
    assert len(cases) >= 150
    assert len({c["id"] for c in cases}) == len({c["text"] for c in cases}) == len(cases)
    nothing = sum(not c["events"] for c in cases)
    unplain = sum(
        bool(c["events"])
        and all((e["polarity"], e["certainty"]) != ("affirmed", "actual") for e in c["events"])
        for c in cases
    )
    assert nothing >= 40
    assert (nothing + unplain) * 3 >= len(cases)
    assert {e["action"] for c in cases for e in c["events"]} == ACTIONS


@pytest.mark.parametrize("case", read_cases(), ids=lambda c: c["id"])
def test_record(extractor: Extractor, case: dict[str, Any]) -> None:
    rest = told(extractor, case["text"])
    for expected in case["events"]:
        fitting = [e for e in rest if fits(e, expected)]
        assert fitting, f"{case['text']}\nwanted {expected}\ngot {rest}"
        rest.remove(fitting[0])
    assert not rest, f"{case['text']}\nnot wanted: {rest}"


@pytest.mark.parametrize("case", read_cases(), ids=lambda c: c["id"])
def test_every_span_is_the_text_there(extractor: Extractor, case: dict[str, Any]) -> None:
    text = case["text"]
    for event in told(extractor, text):
        assert len(event.of("content")) >= 1
        assert len({a.name or a.text for a in event.of("speaker")}) <= 1
        for telling in event.tellings:
            assert 0 <= telling.start < telling.end <= len(text)
        reporters = [t.speaker for t in event.tellings if t.speaker is not None]
        for argument in (*event.arguments, *reporters):
            assert text[argument.start : argument.end] == argument.text


def verbs() -> list[dict[str, Any]]:
    return read_entries(lexicon_dir() / "speech_verbs.jsonl", ("id", "action", "forms", "takes", "example"))


def nouns() -> list[dict[str, Any]]:
    return read_entries(lexicon_dir() / "speech_nouns.jsonl", ("id", "class", "forms", "example"))


@pytest.mark.parametrize("entry", verbs(), ids=lambda e: e["id"])
def test_a_verb_of_saying_tells_its_action(extractor: Extractor, entry: dict[str, Any]) -> None:
    forms = "|".join(re.escape(f) for f in sorted(entry["forms"], key=len, reverse=True))
    assert len(entry["forms"]) == len(VERB_FORMS)
    assert re.search(rf"(?<!\w)(?:{forms})(?!\w)", entry["example"])
    text = "Rare earths are mined there.\n\n" + entry["example"]
    for made_up, known in (
        ("Example Magnets", "JL MAG"),
        ("Example Motors", "Tesla"),
        ("Example Chips", "Nvidia"),
    ):
        text = text.replace(made_up, known)
    text = text.replace("Example Mining", "Lynas")
    assert entry["action"] in {e.action for e in told(extractor, text)}, text


@pytest.mark.parametrize("entry", nouns(), ids=lambda e: e["id"])
def test_a_noun_stands_in_its_example(entry: dict[str, Any]) -> None:
    forms = "|".join(re.escape(f) for f in entry["forms"])
    assert re.search(rf"(?<!\w)(?:{forms})(?!\w)", entry["example"], re.IGNORECASE)


def test_a_malformed_verb_is_named(tmp_path: Path) -> None:
    (tmp_path / "speech_nouns.jsonl").write_text("", encoding="utf-8")
    bad = {"id": "mutter", "action": "said", "forms": list("abcde"), "takes": ["air"], "example": "A."}
    (tmp_path / "speech_verbs.jsonl").write_text(json.dumps(bad), encoding="utf-8")
    with pytest.raises(LexiconError, match=r"'mutter': no such complement or action: air"):
        load_speech(tmp_path)


def test_one_statement_told_twice_has_two_places(extractor: Extractor) -> None:
    text = (
        "Magnets\n\nTrump later stated on Truth Social that the rare earth deal was done.\n"
        "June 11, 2025:\n- Trump posted on Truth Social that the rare earth deal was done.\n"
    )
    [event] = told(extractor, text)
    assert len(event.tellings) == 2
    assert values(event, "date") == ["2025-06-11"]


def test_a_quotation_goes_on_in_the_next_paragraph(extractor: Extractor) -> None:
    text = "“Rare earths are our trade,” Lynas said in a notice.\n\n“We will go on obeying the law.”"
    events = told(extractor, text)
    assert [values(e, "speaker") for e in events] == [["Lynas Rare Earths Ltd."]] * 2
    assert [e.certainty for e in sorted(events, key=lambda e: e.start)] == ["actual", "planned"]


SPEAKERS = ["Lynas", "The Ministry of Commerce", "A trader in Rotterdam", "President Xi", "CLEPA"]
CLAUSES = [
    ("terbium is scarce", "affirmed", "actual"),
    ("terbium will be scarce", "affirmed", "planned"),
    ("terbium could be scarce", "affirmed", "possible"),
    ("terbium has not been found", "denied", "actual"),
    ("the terbium deal is done, subject to final approval", "affirmed", "in-principle"),
]
TAILS = ["", " The weather was fine.", " Markets in Tokyo were closed.", " A bridge was opened in May."]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(SPEAKERS), st.sampled_from(CLAUSES), st.sampled_from(TAILS), st.booleans())
def test_content_keeps_its_stance(
    speaker: str, clause: tuple[str, str, str], tail: str, before: bool
) -> None:
    words, polarity, certainty = clause
    said = f"{speaker} said that {words}." if before else f"{words[0].upper()}{words[1:]}, {speaker} said."
    [event] = told(EXTRACTOR(), said + tail)
    assert (event.polarity, event.certainty) == (polarity, certainty)
    content = event.of("content")[0]
    assert said[content.start : content.end].lower() == words


_ONE: list[Extractor] = []


def EXTRACTOR() -> Extractor:  # noqa: N802 - one for all examples, built at first use
    if not _ONE:
        _ONE.append(make_extractor(load_ontology()))
    return _ONE[0]
