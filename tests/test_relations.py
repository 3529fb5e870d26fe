"""Relations and elements: kgbuild.extract.relations and its readers, in our own words."""

from __future__ import annotations

from typing import Any, Final

import pytest
from case_tables import Case, Table, assert_enough, assert_spans, extract, read_cases, values

TABLE = Table("relations.jsonl", frozenset({"relation"}))
PREDICATES: Final = {
    "peer_of", "used_in", "depends_on", "supplies", "subsidiary_of", "subsidiary_in", "customer_in",
    "located_in",
    "supplements", "holds_stake_in", "operates", "acquired", "holds_office",
}  # fmt: skip


def test_there_are_records_enough() -> None:
    cases = TABLE.cases
    assert_enough(cases, 150, without_events=45)
    assert {e["action"] for c in cases for e in c["events"]} == PREDICATES
    assert {e["certainty"] for c in cases for e in c["events"]} == {"actual", "planned", "possible"}


@pytest.mark.parametrize("case", TABLE.cases, ids=lambda c: c["id"])
def test_record(case: Case) -> None:
    found = [
        {
            "action": e.action,
            "polarity": e.polarity,
            "certainty": e.certainty,
            "subject": values(e, "subject"),
            "object": values(e, "object"),
        }
        for e in TABLE.told(case["text"])
    ]
    rest: list[dict[str, Any]] = list(found)
    for expected in case["events"]:
        assert expected in rest, f"{case['text']}\nwanted {expected}\ngot {found}"
        rest.remove(expected)
    assert not rest, f"{case['text']}\nnot wanted: {rest}"


@pytest.mark.parametrize("case", TABLE.cases, ids=lambda c: c["id"])
def test_every_span_is_the_text_there(case: Case) -> None:
    assert_spans(case["text"], TABLE.types)


# ---- elements


def elements(text: str) -> list[str]:
    kinds = {"RareEarthElement", "Mineral"}
    return sorted({m.name for m in extract(text).mentions if m.kind in kinds})


def test_there_are_element_records_enough() -> None:
    cases = read_cases("elements.jsonl")
    assert len(cases) >= 40
    assert len({c["text"] for c in cases}) == len(cases)
    assert sum(not c["elements"] for c in cases) * 3 >= len(cases)


@pytest.mark.parametrize("case", read_cases("elements.jsonl"), ids=lambda c: c["id"])
def test_elements(case: Case) -> None:
    assert elements(case["text"]) == case["elements"]


def test_an_element_in_a_compound_has_its_own_span() -> None:
    text = "The plant makes dysprosium oxide."
    [mention] = [m for m in extract(text).mentions if m.kind == "RareEarthElement"]
    assert (text[mention.start : mention.end], mention.via) == ("dysprosium", "part of dysprosium oxide")


# ---- single rules


def test_a_group_counted_before_is_who_all_three_firms_are() -> None:
    text = (
        "Three Chinese companies, including JL MAG and Zhongke Sanhuan, have won permits. "
        "All three companies sell magnets to automakers."
    )
    [event] = [e for e in TABLE.told(text) if e.action == "supplies"]
    named = {a.name for a in event.of("subject")} - {""}
    unnamed = [a for a in event.of("subject") if a.kind == "UnnamedFirm"]
    assert "JL MAG Rare-Earth Co. Ltd." in named
    assert len(named) == 2
    assert len(unnamed) == 1
    assert all(a.inferred for a in event.of("subject"))


def test_these_elements_are_those_of_the_sentence_before() -> None:
    [event] = TABLE.told("China restricts rare earths. These elements are used in lasers.")
    [subject] = event.of("subject")
    assert (subject.name, subject.text, subject.inferred) == ("rare earths", "These elements", True)
    assert subject.derivation == "coreference: These elements = rare earths"


def test_both_need_two_to_be_named_before() -> None:
    assert not TABLE.told("China restricts gallium, germanium and antimony. Both metals are used in lasers.")


def test_the_peers_are_those_of_the_firm_spoken_of() -> None:
    [event] = TABLE.told("JL MAG won a license. Its shares rose, while peers like Lynas fell.")
    [of] = event.of("object")
    assert (of.name, of.text, of.inferred) == ("JL MAG Rare-Earth Co. Ltd.", "peers", True)


def test_a_supplier_of_the_headline_is_named_further_down() -> None:
    text = "Volkswagen supplier cleared\n\nPermits are out. JL MAG may again make deliveries to Volkswagen."
    [event] = TABLE.told(text)
    assert (event.action, values(event, "subject"), values(event, "object")) == (
        "supplies", ["JL MAG Rare-Earth Co. Ltd."], ["Volkswagen AG"],
    )  # fmt: skip


def test_what_a_described_firm_is_has_no_speaker_but_what_is_said_has() -> None:
    [described] = TABLE.told("Lynas said that its unit, Lynas Malaysia, had applied.")
    [said] = TABLE.told("Lynas said that gallium was used in lasers.")
    assert described.speaker is None
    assert said.speaker is not None
    assert said.speaker.name == "Lynas Rare Earths Ltd."


def test_general_words_before_examples_are_no_use() -> None:
    [event] = TABLE.told("Gallium goes into devices ranging from lasers to smartphones and other goods.")
    assert values(event, "object") == ["lasers", "smartphones"]


def test_two_adjectives_of_one_noun_are_one_use() -> None:
    [event] = TABLE.told("Cobalt is used in the engines of military and civilian aircraft.")
    assert values(event, "object") == ["engines of military and civilian aircraft"]


def test_a_long_list_is_read_in_time() -> None:
    text = "Gallium is used in " + ", ".join(["lasers and radar"] * 200) + "."
    assert TABLE.told(text)
