"""Share moves, listings, seats and visits: kgbuild.extract.markets and .firms, in our own words."""

from __future__ import annotations

import pytest
from case_tables import Case, Table, assert_enough, assert_spans, values

TABLE = Table("markets.jsonl", frozenset({"market_move", "firm", "visit"}))


def test_there_are_records_enough() -> None:
    cases = TABLE.cases
    assert_enough(cases, 60, without_events=18)
    assert {(e["type"], e["action"]) for c in cases for e in c["events"]} == {
        ("market_move", "up"),
        ("market_move", "down"),
        ("market_move", "unchanged"),
        ("firm", "listed"),
        ("firm", "based"),
        ("firm", "headquartered"),
        ("visit", "visited"),
    }


@pytest.mark.parametrize("case", TABLE.cases, ids=lambda c: c["id"])
def test_record(case: Case) -> None:
    TABLE.assert_record(case)


@pytest.mark.parametrize("case", TABLE.cases, ids=lambda c: c["id"])
def test_every_span_is_the_text_there(case: Case) -> None:
    assert_spans(case["text"])


def test_the_stock_is_that_of_the_firm_spoken_of() -> None:
    [event] = TABLE.told("Lynas won a license. The stock rose 5 percent.")
    [firm] = event.of("firm")
    assert (firm.text, firm.name, firm.inferred) == ("stock", "Lynas Rare Earths Ltd.", True)


def test_each_firm_of_a_list_has_its_own_number() -> None:
    events = TABLE.told("Shares of Lynas, Iluka and Nvidia fell 1, 2.5 and 3 percent.")
    found = {values(e, "firm")[0]: values(e, "percent") for e in events}
    assert found == {
        "Lynas Rare Earths Ltd.": ["1"], "Iluka Resources Ltd.": ["2.5"], "Nvidia Corp.": ["3"],
    }  # fmt: skip


def test_a_longer_span_is_no_move_of_the_day() -> None:
    [event] = TABLE.told("Lynas shares have risen 40 percent this year.")
    assert values(event, "window") == ["this year"]
    assert not event.of("date")


def test_two_codes_are_two_listings() -> None:
    [event] = TABLE.told("JL MAG (300748.SZ; 6680.HK) has won permits.")
    assert sorted((t.value, t.unit) for t in event.of("ticker")) == [("300748", "SZ"), ("6680", "HK")]


def test_the_stock_is_no_firm_named_in_passing() -> None:
    text = (
        "Lynas won a license. Lynas runs a plant in Malaysia. Iluka Resources holds ground nearby. "
        "The stock rose 5 percent."
    )
    move = next(e for e in TABLE.told(text) if e.type == "market_move")
    assert values(move, "firm") == ["Lynas Rare Earths Ltd."]


def test_a_time_of_another_move_is_not_taken() -> None:
    text = "Intel recovered 2.8 percent after losing 4.9 percent on Friday."
    move = next(e for e in TABLE.told(text) if values(e, "percent") == ["2.8"])
    assert not move.of("date")


def test_an_acronym_in_brackets_is_no_listing() -> None:
    events = TABLE.told("Energy Fuels (UUUU) and NioCorp Developments added 17 percent and 12 percent.")
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
def test_each_move_has_its_own_firm(text: str, expected: dict[str, str]) -> None:
    moves = [e for e in TABLE.told(text) if e.type == "market_move"]
    assert {values(e, "firm")[0]: "".join(values(e, "percent")) for e in moves} == expected
    assert len(moves) == len(expected)
