"""Statements: kgbuild.extract.statements, in our own words."""

from __future__ import annotations

from typing import Any

import pytest
from case_tables import Case, Table, assert_spans, values
from hypothesis import given, settings
from hypothesis import strategies as st

from kgbuild.extract.lexicon_files import ACTIONS
from kgbuild.model import Event

TABLE = Table("statements.jsonl", frozenset({"statement"}))


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
    cases = TABLE.cases
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


@pytest.mark.parametrize("case", TABLE.cases, ids=lambda c: c["id"])
def test_record(case: Case) -> None:
    rest = TABLE.told(case["text"])
    for expected in case["events"]:
        fitting = [e for e in rest if fits(e, expected)]
        assert fitting, f"{case['text']}\nwanted {expected}\ngot {rest}"
        rest.remove(fitting[0])
    assert not rest, f"{case['text']}\nnot wanted: {rest}"


@pytest.mark.parametrize("case", TABLE.cases, ids=lambda c: c["id"])
def test_every_span_is_the_text_there(case: Case) -> None:
    for event in assert_spans(case["text"], TABLE.types):
        assert len(event.of("content")) >= 1
        assert len({a.name or a.text for a in event.of("speaker")}) <= 1


def test_one_statement_told_twice_has_two_places() -> None:
    text = (
        "Magnets\n\nTrump later stated on Truth Social that the rare earth deal was done.\n"
        "June 11, 2025:\n- Trump posted on Truth Social that the rare earth deal was done.\n"
    )
    [event] = TABLE.told(text)
    assert len(event.tellings) == 2
    assert values(event, "date") == ["2025-06-11"]


def test_a_quotation_goes_on_in_the_next_paragraph() -> None:
    text = "“Rare earths are our trade,” Lynas said in a notice.\n\n“We will go on obeying the law.”"
    events = TABLE.told(text)
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
    [event] = TABLE.told(said + tail)
    assert (event.polarity, event.certainty) == (polarity, certainty)
    content = event.of("content")[0]
    assert said[content.start : content.end].lower() == words
