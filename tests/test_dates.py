"""Dates of news text: kgbuild.extract.dates and kgbuild.edtf."""

from __future__ import annotations

import csv
import json
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgbuild.edtf import Bounds, bounds, compatible, contains
from kgbuild.extract.dates import DateMention, find_dates
from kgbuild.resources import lexicon_dir

CASES = Path(__file__).with_name("cases") / "dates.csv"
PUBLISHED = "2025-06-11"
MONTHS = "January February March April May June July August September October November December".split()
SHORT = "Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


@dataclass(frozen=True)
class Case:
    text: str
    published: str
    expression: str
    edtf: str
    precision: str
    duration: str


def read_cases() -> list[Case]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return [Case(**row) for row in csv.DictReader(file)]


def read_rules() -> list[dict[str, str]]:
    data = json.loads((lexicon_dir() / "dates.json").read_text("utf-8"))
    return list(data["rules"])


def only(text: str, published: str | None = None) -> DateMention:
    found = find_dates(text, published)
    assert len(found) == 1, found
    return found[0]


def test_the_table_is_large_enough() -> None:
    cases = read_cases()
    assert len(cases) >= 220
    assert len({(c.text, c.published, c.expression) for c in cases}) == len(cases)
    assert sum(c.precision == "none" for c in cases) >= 20
    assert sum(c.precision == "unresolved" for c in cases) >= 20


@pytest.mark.parametrize("case", read_cases(), ids=lambda c: f"{c.expression or 'none'}: {c.text}"[:60])
def test_case(case: Case) -> None:
    found = find_dates(case.text, case.published or None)
    if case.precision == "none":
        assert found == ()
        return
    mention = next((m for m in found if m.text == case.expression), None)
    assert mention is not None, [m.text for m in found]
    assert (mention.edtf, mention.precision) == (case.edtf, case.precision)
    if case.duration:
        assert mention.duration == case.duration


@pytest.mark.parametrize("rule", read_rules(), ids=lambda r: r["id"])
def test_example_of_each_rule(rule: dict[str, str]) -> None:
    found = [m for m in find_dates(rule["example"], PUBLISHED) if m.rule.removesuffix("-range") == rule["id"]]
    assert [m.edtf for m in found] == [rule["reads"]]


def test_each_rule_has_a_case() -> None:
    used = {
        m.rule.removesuffix("-range") for c in read_cases() for m in find_dates(c.text, c.published or None)
    }
    assert used >= {rule["id"] for rule in read_rules()}


# ---- anchors


def test_anchor_names_the_publication_date() -> None:
    assert only("It spoke on Monday.", "2025-06-12").anchor == "publication date 2025-06-12"
    assert only("It wrote on June 11, 2025.", "2025-06-12").anchor == ""
    assert only("It spoke on Monday.").anchor == ""


def test_anchor_quotes_the_words_that_fix_it() -> None:
    found = find_dates(
        "It wrote on Wednesday, June 11, 2025. On Wednesday it shipped. In April it had not.", None
    )
    assert [m.anchor for m in found] == ["", *["text: Wednesday, June 11, 2025"] * 2]


def test_timeline_anchors_like_the_text() -> None:
    timeline = find_dates("Wednesday, June 11, 2025: permits", None)
    (weekday, month) = find_dates("On Wednesday it recalled April.", None, timeline=timeline)
    assert (weekday.edtf, month.edtf) == ("2025-06-11", "2025-04")


def test_publication_date_outranks_the_text() -> None:
    found = find_dates("On Wednesday, June 4, 2025 it wrote; on Wednesday it shipped.", "2025-06-12")
    assert [m.edtf for m in found] == ["2025-06-04", "2025-06-11"]


def test_a_malformed_publication_date_is_refused() -> None:
    with pytest.raises(ValueError, match="12 June"):
        find_dates("It spoke on Monday.", "12 June 2025")


def test_a_wrapped_line_does_not_break_a_date() -> None:
    line = "The ministry said that the first of the permits had been issued on June"
    assert only(f"{line}\n11, 2025 to makers of magnets.").edtf == "2025-06-11"
    assert [m.text for m in find_dates("Exports in June\n11 firms win permits", PUBLISHED)] == ["June"]


def test_undated_articles_get_no_day(shared_dir: Path) -> None:
    texts = [p.read_text("utf-8") for p in sorted((shared_dir / "articles").glob("*.txt"))]
    if not texts:
        pytest.skip("there are no articles in `shared`")
    undated = [t for t in texts if not any(m.edtf[:1].isdigit() for m in find_dates(t, None))]
    assert undated, "no article without a date that stands by itself"
    for text in texts:
        for mention in find_dates(text, None):
            assert text[mention.start : mention.end] == mention.text
            if mention.precision == "day":
                assert mention.anchor or mention.edtf[:4] in mention.text


# ---- properties

days = st.dates(min_value=date(1950, 1, 1), max_value=date(2089, 12, 31))
recent = st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 12, 31))


def ordinal(n: int) -> str:
    return f"{n}{'th' if 10 < n < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def styles(day: date) -> list[str]:
    month, short, weekday = MONTHS[day.month - 1], SHORT[day.month - 1], WEEKDAYS[day.weekday()]
    d, y = day.day, day.year
    return [
        f"{month} {d}, {y}",
        f"{month} {d} {y}",
        f"{month} {ordinal(d)}, {y}",
        f"{month.upper()} {d}, {y}",
        f"{short} {d}, {y}",
        f"{d} {month} {y}",
        f"{d} {short} {y}",
        f"{ordinal(d)} {month} {y}",
        f"the {ordinal(d)} of {month} {y}",
        f"{weekday}, {month} {d}, {y}",
        f"{weekday}, {d} {month} {y}",
        f"{weekday} {d} {month} {y}",
        f"{weekday[:3]}, {short} {d}, {y}",
        day.isoformat(),
        day.strftime("%Y/%m/%d"),
        day.strftime("%d.%m.%Y"),
        f"{day.isoformat()}T12:30:00Z",
    ]


@given(day=days, style=st.integers(0, 16), published=st.none() | recent.map(str))
def test_every_style_of_a_day_comes_back(day: date, style: int, published: str | None) -> None:
    written = styles(day)[style]
    mention = only(f"The notice dated {written} lists them.", published)
    assert (mention.text, mention.edtf, mention.precision) == (written, day.isoformat(), "day")


@given(published=recent, weekday=st.sampled_from(WEEKDAYS))
def test_a_bare_weekday_lies_within_the_six_days_before(published: date, weekday: str) -> None:
    for text in (f"The firm said on {weekday} it had won.", f"{weekday}’s notice was short."):
        found = date.fromisoformat(only(text, published.isoformat()).edtf)
        assert WEEKDAYS[found.weekday()] == weekday
        assert timedelta(0) <= published - found <= timedelta(6)


@given(published=recent, weekday=st.sampled_from(WEEKDAYS))
def test_next_and_last_never_mean_the_same_day(published: date, weekday: str) -> None:
    before = date.fromisoformat(only(f"It met last {weekday} in Bonn.", published.isoformat()).edtf)
    after = date.fromisoformat(only(f"It meets next {weekday} in Bonn.", published.isoformat()).edtf)
    assert before < published < after
    assert (after - before).days in {7, 14}


@given(published=recent, month=st.integers(1, 12), day=st.integers(1, 28))
def test_a_day_without_year_is_the_latest_that_is_past(published: date, month: int, day: int) -> None:
    found = date.fromisoformat(
        only(f"It won on {MONTHS[month - 1]} {day} in Bonn.", published.isoformat()).edtf
    )
    assert (found.month, found.day) == (month, day)
    assert 0 <= (published - found).days < 366


@given(published=recent, month=st.sampled_from(MONTHS))
def test_a_month_without_year_is_the_latest_not_after(published: date, month: str) -> None:
    edtf = only(f"It shipped magnets in {month} by rail.", published.isoformat()).edtf
    months = (published.year - int(edtf[:4])) * 12 + published.month - int(edtf[5:])
    assert MONTHS[int(edtf[5:]) - 1] == month
    assert 0 <= months <= 11


_WORDS = """
    June 11 2025 May Wednesday , . - – the of in on since until by from to and between first quarter
    half last next week month year ago early end 2nd (local time) Q1 90-day a two weekend will said Mr.
    today 06/11/2025 year-end fiscal XXXX past decades 31 29 February
"""
_pieces = st.sampled_from([*_WORDS.split(), "\n"])
_texts = st.text(max_size=200) | st.lists(_pieces, max_size=30).map(" ".join)
_published = st.sampled_from(
    [None, "2025-06-11", "2025-06", "2025", "2024-02-29", "0001-01-01", "9999-12-31"]
)


@settings(max_examples=400)
@given(text=_texts, published=_published)
def test_any_text_is_read(text: str, published: str | None) -> None:
    found = find_dates(text, published)
    position = 0
    for mention in found:
        assert position <= mention.start < mention.end
        assert text[mention.start : mention.end] == mention.text
        position = mention.end
        assert (mention.edtf == "") == (
            mention.precision == "duration"
            or (mention.precision == "unresolved" and "XXXX" not in mention.edtf)
        )
        if mention.edtf:
            bounds(mention.edtf)


@given(text=_texts)
def test_without_publication_date_no_year_is_invented(text: str) -> None:
    digits = {text[i : i + 4] for i in range(len(text) - 3)} | {
        f"20{text[i : i + 2]}" for i in range(len(text) - 1)
    }
    years = {str(int(y) + n) for y in digits if y.isascii() and y.isdigit() for n in (-1, 0, 1)}
    for mention in find_dates(text, None):
        assert not mention.edtf[:4].isdigit() or mention.edtf[:4] in years


# ---- EDTF


@pytest.mark.parametrize(
    ("edtf", "expected"),
    [
        ("2025-06-11", ("2025-06-11", "2025-06-11", "2025-06-11", "2025-06-11")),
        ("2025-06", ("2025-06-01", "2025-06-30", "2025-06-01", "2025-06-30")),
        ("2024-02", ("2024-02-01", "2024-02-29", "2024-02-01", "2024-02-29")),
        ("2025", ("2025-01-01", "2025-12-31", "2025-01-01", "2025-12-31")),
        ("2025-34", ("2025-04-01", "2025-06-30", "2025-04-01", "2025-06-30")),
        ("2025-41", ("2025-07-01", "2025-12-31", "2025-07-01", "2025-12-31")),
        ("2025-22", ("2025-01-01", "2025-12-31", "2025-01-01", "2025-12-31")),
        ("2025-24", ("2025-01-01", "2026-03-31", "2025-01-01", "2026-03-31")),
        ("2025-04/2025-06-11", ("2025-04-01", "2025-04-30", "2025-06-11", "2025-06-11")),
        ("[2025-10-21..2025-10-31]", ("2025-10-21", "2025-10-31", "2025-10-21", "2025-10-31")),
        ("[..2025-06]", (None, "2025-06-30", None, "2025-06-30")),
        ("[2025-06..]", ("2025-06-01", None, "2025-06-01", None)),
        ("2023/..", ("2023-01-01", "2023-12-31", None, None)),
        ("../2025-06-11", (None, None, "2025-06-11", "2025-06-11")),
        ("XXXX-04", (None, None, None, None)),
        ("XXXX-XX-02", (None, None, None, None)),
    ],
)
def test_bounds(edtf: str, expected: tuple[str | None, ...]) -> None:
    clock = ("T00:00:00Z", "T23:59:59Z", "T00:00:00Z", "T23:59:59Z")
    assert bounds(edtf) == Bounds(*(d and d + t for d, t in zip(expected, clock, strict=True)))


@pytest.mark.parametrize(
    "edtf",
    ["", "June", "2025-13", "2025-00", "2025-02-29", "2025-6-1", "2025-33-01", "0000", "[2025]",
     "2025-06/2025-05", "[2025-06..2025-05]", "2025/2026/2027",
     "٢٠٢٥", "..", "2025-06-11T00:00:00Z", " 2025"],
)  # fmt: skip
def test_bounds_refuses(edtf: str) -> None:
    with pytest.raises(ValueError, match=r"no date that is read|lies before"):
        bounds(edtf)


_days_edtf = recent.map(date.isoformat)
_single = _days_edtf | recent.map(lambda d: d.isoformat()[:7]) | recent.map(lambda d: str(d.year))
_single |= st.builds(lambda d, c: f"{d.year}-{c}", recent, st.sampled_from([21, 24, 33, 34, 35, 36, 40, 41]))
_pairs = st.tuples(recent, recent).map(sorted)
_edtf = (
    _single
    | _pairs.map(lambda p: f"{p[0]}/{p[1]}")
    | _pairs.map(lambda p: f"[{p[0]}..{p[1]}]")
    | _single.flatmap(lambda x: st.sampled_from([f"[..{x}]", f"[{x}..]", f"{x}/..", f"../{x}"]))
    | st.sampled_from(["XXXX-04", "XXXX-04-02", "XXXX-XX-31", "XXXX-XX-02"])
)


@given(edtf=_edtf)
def test_the_earliest_is_never_after_the_latest(edtf: str) -> None:
    b = bounds(edtf)
    for low, high in (
        (b.earliest_start, b.latest_start),
        (b.earliest_end, b.latest_end),
        (b.earliest_start, b.latest_end),
    ):
        assert low is None or high is None or low <= high


@given(day=recent)
def test_a_day_lies_in_its_month_quarter_and_year(day: date) -> None:
    wider = [
        day.isoformat()[:7],
        f"{day.year}-{33 + (day.month - 1) // 3}",
        f"{day.year}-{40 + day.month // 7}",
    ]
    for outer in [*wider, str(day.year), f"[..{day}]", f"[{day}..]"]:
        assert contains(outer, day.isoformat())
        assert compatible(outer, day.isoformat())
    for outer in [*wider, str(day.year)]:
        assert not contains(day.isoformat(), outer)


@given(a=_edtf, b=_edtf)
def test_compatible_is_symmetric_and_follows_from_contains(a: str, b: str) -> None:
    assert compatible(a, b) == compatible(b, a)
    assert compatible(a, a)
    assert contains(a, a)
    if contains(a, b) and "XXXX" not in a + b:
        assert compatible(a, b)


def test_compatible_with_an_unknown_time() -> None:
    assert compatible("", "2025")
    assert compatible("XXXX-04", "2025-04-11")
    assert not compatible("XXXX-04", "2025-05")
    assert compatible("XXXX-XX-31", "2025-05")
    assert not compatible("XXXX-XX-31", "2025-06")
    assert not compatible("XXXX-04-02", "XXXX-04-03")
    assert compatible("XXXX-04", "XXXX-XX-02")
    assert not contains("2025", "")
    assert contains("", "2025")


def test_speed() -> None:
    text = "\n".join(case.text for case in read_cases())
    text *= 100_000 // len(text) + 1
    find_dates(text[:100], PUBLISHED)
    start = time.process_time()
    find_dates(text, PUBLISHED)
    # a text of nothing but dates, on a machine that does other things: far below what news needs
    assert time.process_time() - start < len(text) / 20_000
