"""Talks, calls, disputes and agreements: kgbuild.extract.negotiations, on sentences in our own words."""

from __future__ import annotations

import pytest
from case_tables import Case, Table, assert_enough, assert_spans, extract, values

TABLE = Table("negotiations.jsonl", frozenset({"negotiation", "agreement"}))


def test_there_are_records_enough() -> None:
    cases = TABLE.cases
    assert_enough(cases, 55, without_events=12)
    assert {e["action"] for c in cases for e in c["events"]} == {
        "talks", "summit", "call", "dispute", "agreed", "signed", "in-effect",
    }  # fmt: skip


@pytest.mark.parametrize("case", TABLE.cases, ids=lambda c: c["id"])
def test_record(case: Case) -> None:
    TABLE.assert_record(case)


@pytest.mark.parametrize("case", TABLE.cases, ids=lambda c: c["id"])
def test_every_span_is_the_text_there(case: Case) -> None:
    assert_spans(case["text"])


def test_both_sides_are_those_told_before() -> None:
    text = "India and Japan held talks in Tokyo. Both sides signed a minerals agreement on Monday."
    signed = next(e for e in TABLE.told(text) if e.action == "signed")
    assert values(signed, "party") == ["Government of India", "Government of Japan"]
    assert all(p.inferred and p.text == "sides" for p in signed.of("party"))


def test_two_meetings_of_one_person_stay_apart() -> None:
    text = "Emmanuel Macron met Xi Jinping in Beijing. Emmanuel Macron met Narendra Modi in May 2025."
    assert [values(e, "person") for e in TABLE.told(text)] == [
        ["Emmanuel Macron", "Xi Jinping"],
        ["Emmanuel Macron", "Narendra Modi"],
    ]


def test_a_later_step_of_a_dispute_is_told_of_the_same_dispute() -> None:
    text = (
        "Japan and the United States filed a WTO complaint against China in March 2012. "
        "The panel ruled against Beijing in March 2014."
    )
    [case] = TABLE.told(text)
    assert values(case, "party") == [
        "Government of China", "Government of Japan", "Government of the United States",
    ]  # fmt: skip
    assert values(case, "date") == ["2012-03"]
    assert [text[t.start : t.end] for t in case.tellings] == [
        "Japan and the United States filed a WTO complaint against China in March 2012.",
        "The panel ruled against Beijing in March 2014.",
    ]


def test_what_a_deal_waits_for_is_its_condition() -> None:
    text = "China and the United States struck a trade deal, subject to final approval by the two presidents."
    [deal] = TABLE.told(text)
    assert deal.certainty == "in-principle"
    assert values(deal, "condition")[0].startswith("subject to final approval by the two presidents")


def test_an_agreement_needs_two_parties() -> None:
    found = extract("Washington signed a trade deal.")
    assert not [e for e in found.events if e.type == "agreement"]
    assert [r.reason for r in found.rejections if r.rule == "agreement-sign"] == [
        "fewer than two parties are named"
    ]


def test_one_part_of_a_name_stands_for_the_person() -> None:
    text = (
        "Chinese minister Wang Wentao visited Brussels on Monday. Dutch minister Vincent Karremans "
        "telephoned Wang on Tuesday."
    )
    [call] = TABLE.told(text)
    assert call.action == "call"
    assert values(call, "person") == ["Vincent Karremans", "Wang Wentao"]


def test_he_is_the_person_of_the_sentence_before() -> None:
    text = "Katherina Reiche flew to China in May. She met Wang Wentao in Beijing."
    [meeting] = TABLE.told(text)
    assert values(meeting, "person") == ["Katherina Reiche", "Wang Wentao"]
    assert any(p.inferred and p.text == "She" for p in meeting.of("person"))


def test_two_sentences_can_name_the_two_parties_of_a_case() -> None:
    text = (
        "Indonesia broke trade rules, a panel of the World Trade Organization found. "
        "The European Union had lodged the complaint in November 2019."
    )
    [case] = TABLE.told(text)
    assert case.action == "dispute"
    assert values(case, "party") == ["European Union institutions", "Government of Indonesia"]


def test_no_deal_signed_is_a_denial_by_the_two_sides_told_before() -> None:
    text = "China and the United States held talks in London. No deal has been signed."
    deal = next(e for e in TABLE.told(text) if e.type == "agreement")
    assert (deal.polarity, values(deal, "party")) == (
        "denied", ["Government of China", "Government of the United States"],
    )  # fmt: skip
    assert all(p.inferred for p in deal.of("party"))


def test_no_sides_told_before_are_no_parties() -> None:
    assert not TABLE.told("No deal has been signed. The two sides will meet again.")


def test_firms_of_a_country_are_not_its_government() -> None:
    assert not TABLE.told("Tanzania signed framework agreements with three Australian firms on Monday.")


def test_talks_behind_after_are_those_of_the_subject() -> None:
    [talks] = TABLE.told("Howard Lutnick announced the change after talks with China on magnets in London.")
    assert values(talks, "party") == ["Government of China", "Government of the United States"]
    assert values(talks, "place") == ["London"]


def test_a_deal_spoken_of_in_a_denial_is_there() -> None:
    text = "Malaysia denied that the deal signed with the United States on October 26 opens the door."
    [deal] = TABLE.told(text)
    assert (deal.action, deal.polarity, deal.certainty) == ("signed", "affirmed", "actual")
