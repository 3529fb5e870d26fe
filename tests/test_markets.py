"""Share moves, listings, seats and visits: kgbuild.extract.markets and .firms, in our own words."""

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

CASES = Path(__file__).with_name("cases") / "markets.jsonl"
PUBLISHED = "2025-11-12"
TYPES = {"market_move", "firm", "visit"}


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
    assert len(cases) >= 60
    assert len({c["id"] for c in cases}) == len({c["text"] for c in cases}) == len(cases)
    assert sum(not any(plain(e) for e in c["events"]) for c in cases) * 3 >= len(cases)
    assert sum(not c["events"] for c in cases) >= 18
    assert {(e["type"], e["action"]) for c in cases for e in c["events"]} == {
        ("market_move", "up"),
        ("market_move", "down"),
        ("market_move", "unchanged"),
        ("firm", "listed"),
        ("firm", "based"),
        ("firm", "headquartered"),
        ("visit", "visited"),
    }


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


def test_the_stock_is_that_of_the_firm_spoken_of(extractor: Extractor) -> None:
    [event] = told(extractor, "Lynas won a license. The stock rose 5 percent.")
    [firm] = event.of("firm")
    assert (firm.text, firm.name, firm.inferred) == ("stock", "Lynas Rare Earths Ltd.", True)


def test_each_firm_of_a_list_has_its_own_number(extractor: Extractor) -> None:
    events = told(extractor, "Shares of Lynas, Iluka and Nvidia fell 1, 2.5 and 3 percent.")
    found = {values(e, "firm")[0]: values(e, "percent") for e in events}
    assert found == {
        "Lynas Rare Earths Ltd.": ["1"], "Iluka Resources Ltd.": ["2.5"], "Nvidia Corp.": ["3"],
    }  # fmt: skip


def test_a_longer_span_is_no_move_of_the_day(extractor: Extractor) -> None:
    [event] = told(extractor, "Lynas shares have risen 40 percent this year.")
    assert values(event, "window") == ["this year"]
    assert not event.of("date")


def test_two_codes_are_two_listings(extractor: Extractor) -> None:
    [event] = told(extractor, "JL MAG (300748.SZ; 6680.HK) has won permits.")
    assert sorted((t.value, t.unit) for t in event.of("ticker")) == [("300748", "SZ"), ("6680", "HK")]


def test_the_stock_is_no_firm_named_in_passing(extractor: Extractor) -> None:
    text = (
        "Lynas won a license. Lynas runs a plant in Malaysia. Iluka Resources holds ground nearby. "
        "The stock rose 5 percent."
    )
    move = next(e for e in told(extractor, text) if e.type == "market_move")
    assert values(move, "firm") == ["Lynas Rare Earths Ltd."]


def test_a_time_of_another_move_is_not_taken(extractor: Extractor) -> None:
    text = "Intel recovered 2.8 percent after losing 4.9 percent on Friday."
    move = next(e for e in told(extractor, text) if values(e, "percent") == ["2.8"])
    assert not move.of("date")


def test_an_acronym_in_brackets_is_no_listing(extractor: Extractor) -> None:
    events = told(extractor, "Energy Fuels (UUUU) and NioCorp Developments added 17 percent and 12 percent.")
    assert {values(e, "firm")[0]: values(e, "percent") for e in events} == {
        "Energy Fuels Inc.": ["17"], "NioCorp Developments Ltd.": ["12"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nvidia shares dipped 0.4 percent, AMD's fell 0.3 percent.",
         {"Nvidia Corp.": "0.4", "Advanced Micro Devices Inc.": "0.3"}),
        ("Lynas's shares rose 15 percent, and Quellgraf rose 8.1 percent.", {"Lynas Rare Earths Ltd.": "15"}),
        ("Cambricon Technologies hit its 20 percent limit.", {"Cambricon Technologies Corp. Ltd.": "20"}),
        ("Intel, whose chief was away, advanced 3.5 percent.", {"Intel Corp.": "3.5"}),
        ("Shares of Iluka ended 3.1 percent up and Lynas was almost unchanged.",
         {"Iluka Resources Ltd.": "3.1", "Lynas Rare Earths Ltd.": ""}),
    ],
)  # fmt: skip
def test_each_move_has_its_own_firm(extractor: Extractor, text: str, expected: dict[str, str]) -> None:
    moves = [e for e in told(extractor, text) if e.type == "market_move"]
    assert {values(e, "firm")[0]: "".join(values(e, "percent")) for e in moves} == expected
    assert len(moves) == len(expected)
