"""Amounts of news text: kgbuild.extract.amounts."""

from __future__ import annotations

import csv
import re
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgbuild.extract.amounts import Amount, find_amounts

CASES = Path(__file__).with_name("cases") / "amounts.csv"
QUALIFIERS = {"exact", "about", "nearly", "more-than", "less-than", "at-least", "at-most"}


@dataclass(frozen=True)
class Case:
    text: str
    expression: str
    kind: str
    value: str
    unit: str
    qualifier: str
    words: str


def read_cases() -> list[Case]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return [Case(**row) for row in csv.DictReader(file)]


def only(text: str) -> Amount:
    found = find_amounts(text)
    assert len(found) == 1, found
    return found[0]


def test_the_table_is_large_enough() -> None:
    cases = read_cases()
    assert len(cases) >= 120
    assert len({(c.text, c.expression) for c in cases}) == len(cases)
    assert sum(not c.expression for c in cases) >= 18
    assert {c.kind for c in cases} == {"percent", "money", "mass", "count", "ratio", ""}
    assert {c.qualifier for c in cases} == QUALIFIERS | {""}


@pytest.mark.parametrize("case", read_cases(), ids=lambda c: f"{c.expression or 'none'}: {c.text}"[:60])
def test_case(case: Case) -> None:
    found = find_amounts(case.text)
    if not case.expression:
        assert found == ()
        return
    amount = next((a for a in found if a.text == case.expression), None)
    assert amount is not None, [a.text for a in found]
    assert amount.kind == case.kind
    assert (amount.value, amount.unit, amount.qualifier) == (case.value, case.unit, case.qualifier)
    assert amount.words == case.words


@given(cents=st.integers(0, 10**13))
def test_numbers_with_separators_come_back(cents: int) -> None:
    value = Decimal(cents) / 100
    amount = only(f"The firm paid US${value:,.2f} at once.")
    assert (amount.kind, amount.unit, amount.qualifier) == ("money", "USD", "exact")
    assert Decimal(amount.value) == value


@given(
    number=st.decimals(min_value=1, max_value=999, places=1),
    scale=st.sampled_from([("thousand", 3), ("million", 6), ("billion", 9), ("trillion", 12)]),
)
def test_scales_are_worked_in(number: Decimal, scale: tuple[str, int]) -> None:
    amount = only(f"The firm sold {number} {scale[0]} yuan of ore.")
    assert Decimal(amount.value) == number * 10 ** scale[1]
    assert re.fullmatch(r"\d+(?:\.\d*[1-9])?", amount.value)


@given(low=st.integers(1, 400), gap=st.integers(1, 400), joiner=st.sampled_from(["-", "–", " to "]))
def test_a_range_gives_its_two_ends_in_order(low: int, gap: int, joiner: str) -> None:
    first, second = find_amounts(f"Duties of {low}{joiner}{low + gap} percent apply.")
    assert (first.value, first.qualifier) == (str(low), "at-least")
    assert (second.value, second.qualifier) == (str(low + gap), "at-most")


@given(
    words=st.sampled_from(
        [("about", "about"), ("nearly", "nearly"), ("more than", "more-than"), ("fewer than", "less-than"),
         ("at least", "at-least"), ("up to", "at-most"), ("no more than", "at-most"), ("roughly", "about")]
    ),
    thing=st.sampled_from(["%", " tons", " yuan", " companies"]),
    number=st.integers(2, 900),
)  # fmt: skip
def test_a_qualifier_belongs_to_any_kind(words: tuple[str, str], thing: str, number: int) -> None:
    amount = only(f"It was {words[0]} {number}{thing} then.")
    assert (amount.value, amount.qualifier) == (str(number), words[1])
    assert amount.text.startswith(words[0])


_WORDS = """
    five 5 1,000 2.5 million - – to and % per cent percent tons t yuan $ US$ HK$ companies licenses of
    the about more than nearly half dozen one two some several thousands (local) . , doubled times as
    June 2025 kt a
"""
_pieces = st.sampled_from([*_WORDS.split(), "\n"])


@settings(max_examples=400)
@given(text=st.text(max_size=200) | st.lists(_pieces, max_size=30).map(" ".join))
def test_any_text_is_read(text: str) -> None:
    position = 0
    for amount in find_amounts(text):
        assert position <= amount.start < amount.end
        assert text[amount.start : amount.end] == amount.text
        position = amount.end
        assert amount.qualifier in QUALIFIERS
        assert bool(amount.value) != bool(amount.words)
        if amount.value:
            assert Decimal(amount.value).is_finite()


def test_articles(shared_dir: Path) -> None:
    texts = [p.read_text("utf-8") for p in sorted((shared_dir / "articles").glob("*.txt"))]
    if not texts:
        pytest.skip("there are no articles in `shared`")
    found = [a for text in texts for a in find_amounts(text)]
    assert {"percent", "money", "mass", "count"} <= {a.kind for a in found}
    for text in texts:
        tickers = [m.span() for m in re.finditer(r"\d{6}\.[A-Z]{2}", text)]
        for amount in find_amounts(text):
            assert text[amount.start : amount.end] == amount.text
            assert not any(start < amount.end and amount.start < end for start, end in tickers)


def test_speed() -> None:
    text = "\n".join(case.text for case in read_cases())
    text *= 100_000 // len(text) + 1
    find_amounts(text[:100])
    start = time.process_time()
    find_amounts(text)
    # a text of nothing but amounts, on a machine that does other things: far below what news needs
    assert time.process_time() - start < len(text) / 20_000
