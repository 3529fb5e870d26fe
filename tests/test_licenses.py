"""License events: kgbuild.extract.licenses and the frames of the lexicon, on sentences in our own words."""

from __future__ import annotations

from typing import Any

import pytest
from case_tables import Case, assert_enough, extract, read_cases, values

from kgbuild.model import Event

CASES = "licenses.jsonl"
PERMITS = "permits.jsonl"
PUBLISHED = "2025-06-11"
#: Every text is read as the second paragraph of an article on this topic.
TOPIC = "Export controls on rare earths apply in China.\n\n"
#: So are the records on mines, plants, projects and quotas.
MINES = "Mines for rare earths and lithium are planned.\n\n"


def licenses(text: str) -> list[Event]:
    return [e for e in extract(text, PUBLISHED).events if e.type == "license"]


def told(event: Event) -> dict[str, Any]:
    """Return an event in the form of the records."""
    speaker = event.speaker
    return {
        "action": event.action,
        "polarity": event.polarity,
        "certainty": event.certainty,
        "holders": sorted({h.name or f"unnamed {h.value}".strip() for h in event.of("holder")}),
        "issuer": values(event, "issuer"),
        "destinations": values(event, "destination"),
        "materials": values(event, "material"),
        "beneficiaries": values(event, "beneficiary"),
        "validity": "".join(values(event, "validity")),
        "kind": "".join(values(event, "kind")),
        "date": "".join(values(event, "date")),
        "speaker": (speaker.name or speaker.text) if speaker else "",
    }


def test_there_are_records_enough() -> None:
    cases = read_cases(CASES)
    assert_enough(cases, 200, without_events=45, not_plain=80)
    told_actions = {e["action"] for c in cases for e in c["events"]}
    assert told_actions == {
        "granted", "renewed", "applied", "pending", "denied", "revoked", "suspended", "expired",
    }  # fmt: skip


def test_there_are_records_of_permits_enough() -> None:
    cases = read_cases(PERMITS)
    assert_enough(cases, 200)
    told_actions = {e["action"] for c in cases for e in c["events"]}
    assert told_actions == {
        "granted", "renewed", "applied", "pending", "denied", "revoked", "suspended", "expired",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("topic", "case"),
    [*((TOPIC, c) for c in read_cases(CASES)), *((MINES, c) for c in read_cases(PERMITS))],
    ids=lambda c: c["id"] if isinstance(c, dict) else "",
)
def test_record(topic: str, case: Case) -> None:
    rest = [told(e) for e in licenses(topic + case["text"])]
    for expected in case["events"]:
        fits = [e for e in rest if all(e[key] == value for key, value in expected.items())]
        assert fits, f"{case['text']}\nwanted {expected}\ngot {rest}"
        rest.remove(fits[0])
    assert not rest, f"{case['text']}\nnot wanted: {rest}"


def test_what_is_not_taken_has_a_reason() -> None:
    text = TOPIC + "JL MAG must obtain a license before it can export magnets."
    refused = [r for r in extract(text, PUBLISHED).rejections if r.rule == "license-get-active"]
    assert [r.reason for r in refused] == ["a duty or a right to a license is no license"]
    assert text[refused[0].start : refused[0].end] == refused[0].text


def test_repeated_tellings_are_one_event() -> None:
    text = (
        "JL MAG wins licenses\n\nJL MAG has obtained export licenses for Germany, it said on Monday.\n\n"
        "The magnet maker received the export licenses from the Ministry of Commerce."
    )
    events = licenses(text)
    assert [told(e)["holders"] for e in events] == [["JL MAG Rare-Earth Co. Ltd."]]
    assert len(events[0].tellings) == 3
    assert told(events[0])["destinations"] == ["Germany"]
    assert told(events[0])["issuer"] == ["Ministry of Commerce"]


def test_the_country_of_a_firm_decides_who_is_meant() -> None:
    opening = TOPIC + "Lynas and JL MAG met in Sydney. "
    ganzhou = licenses(opening + "Beijing granted the Ganzhou firm export licenses.")
    australian = licenses(opening + "Malaysia renewed the operating license of the Australian miner.")
    assert [told(e)["holders"] for e in ganzhou] == [["JL MAG Rare-Earth Co. Ltd."]]
    assert [told(e)["holders"] for e in australian] == [["Lynas Rare Earths Ltd."]]


def test_a_maker_stands_behind_its_product() -> None:
    [event] = licenses(TOPIC + "Washington has granted export licenses for the H20.")
    [holder] = event.of("holder")
    assert (holder.name, holder.inferred) == ("Nvidia Corp.", True)
    assert "maker" in holder.derivation


@pytest.mark.parametrize(
    ("told_first", "later", "covered", "excluded"),
    [
        ("JL MAG obtained export licenses.", "The permits cover only magnets, not dysprosium oxide.",
         ["permanent magnets"], ["dysprosium oxide"]),
        ("JL MAG obtained export licenses.", "They do not cover terbium oxide.", [], ["terbium oxide"]),
        ("JL MAG obtained export licenses.",
         "The permits can be revoked at any time; they cover magnets but not terbium oxide.",
         ["permanent magnets"], ["terbium oxide"]),
        ("JL MAG obtained export licenses.", "They could cover magnets.", [], []),
        ("JL MAG makes magnets.", "They do not cover terbium oxide.", [], []),
    ],
)  # fmt: skip
def test_a_later_sentence_adds_what_a_license_covers(
    told_first: str, later: str, covered: list[str], excluded: list[str]
) -> None:
    events = licenses(f"{TOPIC}{told_first} {later}")
    granted = [e for e in events if e.action == "granted"]
    assert len(granted) == ("licenses" in told_first)
    assert [n for e in granted for n in values(e, "material")] == covered
    assert [n for e in granted for n in values(e, "excluded_material")] == excluded


def test_unnamed_applicants_of_the_next_sentence_hold_what_waits() -> None:
    text = TOPIC + (
        "Applications for export licenses, of which dozens are pending, pile up. "
        "Nothing was said to the other applicants."
    )
    [event] = [e for e in licenses(text) if e.action == "pending"]
    assert [h.text for h in event.of("holder")] == ["other applicants"]
    assert [h.kind for h in event.of("holder")] == ["UnnamedFirm"]
    assert [c.text for c in event.of("count")] == ["dozens"]
