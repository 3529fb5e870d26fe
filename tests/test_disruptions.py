"""Disruptions: kgbuild.extract.disruptions, in our own words."""

from __future__ import annotations

import pytest
from case_tables import Case, Table, assert_enough, assert_spans, extract

TABLE = Table("disruptions.jsonl", frozenset({"disruption"}), frozenset({"cause"}))


def test_there_are_records_enough() -> None:
    cases = TABLE.cases
    assert_enough(cases, 100, without_events=40)
    assert {e["action"] for c in cases for e in c["events"]} == {
        "halt", "closure", "delay", "shortage", "price-increase", "strain", "force-majeure", "loss", "other",
    }  # fmt: skip


@pytest.mark.parametrize("case", TABLE.cases, ids=lambda c: c["id"])
def test_record(case: Case) -> None:
    TABLE.assert_record(case)


@pytest.mark.parametrize("case", TABLE.cases, ids=lambda c: c["id"])
def test_every_span_is_the_text_there(case: Case) -> None:
    assert_spans(case["text"], TABLE.types)


def test_one_halt_told_three_times_is_one_event() -> None:
    text = (
        "Honda paused work at its Suzuka plant for three days in June.\n\n"
        "Honda suffered a production halt at its Suzuka plant because of a lack of magnets.\n\n"
        "TIMELINE\n\nJune 2025:\n- Honda Motor Co.'s Suzuka plant stopped production of hybrid cars."
    )
    [event] = TABLE.told(text)
    assert len(event.repeats) == 2
    assert TABLE.values(event, "date") == ["2025-06"]
    assert TABLE.values(event, "site") == ["suzuka plant"]


def test_two_plants_of_one_firm_are_two_events() -> None:
    text = "Ford halted production at its Chicago plant.\n\nFord halted production at its Cologne plant."
    assert len(TABLE.told(text)) == 2


def test_who_warns_of_what_happened_is_the_speaker() -> None:
    [event] = TABLE.told("CLEPA warned that the curbs had forced production halts across Europe.")
    assert event.speaker is not None
    assert event.speaker.name == "CLEPA"
    assert TABLE.values(event, "place") == ["Europe"]


def test_a_refused_reading_is_told() -> None:
    found = extract("Volkswagen could stop production of the Golf next week.")
    assert not [e for e in found.events if e.type == "disruption"]
    assert [r.reason for r in found.rejections if r.rule.startswith("disruption")]
