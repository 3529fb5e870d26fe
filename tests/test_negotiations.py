"""Talks, calls, disputes and agreements: kgbuild.extract.negotiations, on sentences in our own words."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from kgbuild.extract import Extractor
from kgbuild.model import Article, Event, Extraction
from kgbuild.ontology import load_ontology
from kgbuild.parallel import make_extractor

CASES = Path(__file__).with_name("cases") / "negotiations.jsonl"
PUBLISHED = "2025-11-12"
TYPES = {"negotiation", "agreement"}


def read_cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


def plain(event: dict[str, Any]) -> bool:
    return bool(event["polarity"] == "affirmed" and event["certainty"] == "actual")


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return make_extractor(load_ontology())


def extract(extractor: Extractor, text: str) -> Extraction:
    article = Article("case", text, hashlib.sha256(text.encode()).hexdigest(), published=PUBLISHED)
    return extractor.extract(article)


def told(extractor: Extractor, text: str) -> list[Event]:
    return [e for e in extract(extractor, text).events if e.type in TYPES]


def values(event: Event, role: str) -> list[str]:
    return sorted({a.name or a.value or a.text for a in event.of(role)})


def fits(event: Event, expected: dict[str, Any]) -> bool:
    """Return whether an event is the expected one: every role that the record names must agree in full."""
    head = (event.type, event.action, event.polarity, event.certainty)
    wanted = tuple(expected[key] for key in ("type", "action", "polarity", "certainty"))
    return head == wanted and all(values(event, role) == found for role, found in expected["roles"].items())


def test_there_are_records_enough() -> None:
    cases = read_cases()
    assert len(cases) >= 55
    assert len({c["id"] for c in cases}) == len({c["text"] for c in cases}) == len(cases)
    assert sum(not any(plain(e) for e in c["events"]) for c in cases) * 3 >= len(cases)
    assert sum(not c["events"] for c in cases) >= 12
    assert {e["action"] for c in cases for e in c["events"]} == {
        "talks", "summit", "call", "dispute", "agreed", "signed",
    }  # fmt: skip


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
    found = extract(extractor, text)
    for event in found.events:
        for telling in event.tellings:
            assert 0 <= telling.start < telling.end <= len(text)
        speakers = [t.speaker for t in event.tellings if t.speaker is not None]
        for argument in (*event.arguments, *speakers):
            assert text[argument.start : argument.end] == argument.text
    for rejection in found.rejections:
        assert text[rejection.start : rejection.end] == rejection.text


def test_both_sides_are_those_told_before(extractor: Extractor) -> None:
    text = "India and Japan held talks in Tokyo. Both sides signed a minerals agreement on Monday."
    signed = next(e for e in told(extractor, text) if e.action == "signed")
    assert values(signed, "party") == ["Government of India", "Government of Japan"]
    assert all(p.inferred and p.text == "sides" for p in signed.of("party"))


def test_two_meetings_of_one_person_stay_apart(extractor: Extractor) -> None:
    text = "Emmanuel Macron met Xi Jinping in Beijing. Emmanuel Macron met Narendra Modi in May 2025."
    assert [values(e, "person") for e in told(extractor, text)] == [
        ["Emmanuel Macron", "Xi Jinping"],
        ["Emmanuel Macron", "Narendra Modi"],
    ]


def test_a_later_step_of_a_dispute_is_told_of_the_same_dispute(extractor: Extractor) -> None:
    text = (
        "Japan and the United States filed a WTO complaint against China in March 2012. "
        "The panel ruled against Beijing in March 2014."
    )
    [case] = told(extractor, text)
    assert values(case, "party") == [
        "Government of China", "Government of Japan", "Government of the United States",
    ]  # fmt: skip
    assert values(case, "date") == ["2012-03"]
    assert [text[t.start : t.end] for t in case.tellings] == [
        "Japan and the United States filed a WTO complaint against China in March 2012.",
        "The panel ruled against Beijing in March 2014.",
    ]


def test_what_a_deal_waits_for_is_its_condition(extractor: Extractor) -> None:
    text = "China and the United States struck a trade deal, subject to final approval by the two presidents."
    [deal] = told(extractor, text)
    assert deal.certainty == "in-principle"
    assert values(deal, "condition")[0].startswith("subject to final approval by the two presidents")


def test_an_agreement_needs_two_parties(extractor: Extractor) -> None:
    found = extract(extractor, "Washington signed a trade deal.")
    assert not [e for e in found.events if e.type == "agreement"]
    assert [r.reason for r in found.rejections if r.rule == "agreement-sign"] == [
        "fewer than two parties are named"
    ]


def test_one_part_of_a_name_stands_for_the_person(extractor: Extractor) -> None:
    text = (
        "Chinese minister Wang Wentao visited Brussels on Monday. Dutch minister Vincent Karremans "
        "telephoned Wang on Tuesday."
    )
    [call] = told(extractor, text)
    assert call.action == "call"
    assert values(call, "person") == ["Vincent Karremans", "Wang Wentao"]


def test_he_is_the_person_of_the_sentence_before(extractor: Extractor) -> None:
    text = "Katherina Reiche flew to China in May. She met Wang Wentao in Beijing."
    [meeting] = told(extractor, text)
    assert values(meeting, "person") == ["Katherina Reiche", "Wang Wentao"]
    assert any(p.inferred and p.text == "She" for p in meeting.of("person"))


def test_two_sentences_can_name_the_two_parties_of_a_case(extractor: Extractor) -> None:
    text = (
        "Indonesia broke trade rules, a panel of the World Trade Organization found. "
        "The European Union had lodged the complaint in November 2019."
    )
    [case] = told(extractor, text)
    assert case.action == "dispute"
    assert values(case, "party") == ["European Union institutions", "Government of Indonesia"]


def test_no_deal_signed_is_a_denial_by_the_two_sides_told_before(extractor: Extractor) -> None:
    text = "China and the United States held talks in London. No deal has been signed."
    deal = next(e for e in told(extractor, text) if e.type == "agreement")
    assert (deal.polarity, values(deal, "party")) == (
        "denied", ["Government of China", "Government of the United States"],
    )  # fmt: skip
    assert all(p.inferred for p in deal.of("party"))


def test_no_sides_told_before_are_no_parties(extractor: Extractor) -> None:
    assert not told(extractor, "No deal has been signed. The two sides will meet again.")


def test_firms_of_a_country_are_not_its_government(extractor: Extractor) -> None:
    assert not told(extractor, "Tanzania signed framework agreements with three Australian firms on Monday.")


def test_talks_behind_after_are_those_of_the_subject(extractor: Extractor) -> None:
    [talks] = told(
        extractor, "Howard Lutnick announced the change after talks with China on magnets in London."
    )
    assert values(talks, "party") == ["Government of China", "Government of the United States"]
    assert values(talks, "place") == ["London"]


def test_a_deal_spoken_of_in_a_denial_is_there(extractor: Extractor) -> None:
    text = "Malaysia denied that the deal signed with the United States on October 26 opens the door."
    [deal] = told(extractor, text)
    assert (deal.action, deal.polarity, deal.certainty) == ("signed", "affirmed", "actual")
