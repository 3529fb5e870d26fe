"""Dates of news text: what each time expression means, as EDTF, counted from what, by which rule.

A part that neither the words nor the publication date gives stays unknown (`XXXX-04`, "").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from kgbuild.edtf import Bounds, bounds, compatible, contains
from kgbuild.extract.calendar_parts import (
    NOTHING,
    Reading,
    add_months,
    duration,
    ends,
    exists,
    full_year,
    month_number,
    month_part,
    number,
    numeric_day,
    on_side,
    one_of,
    part_of_month,
    single_year,
    write,
    year_span,
)
from kgbuild.extract.date_phrases import Phrase, date_grammar, find_phrases
from kgbuild.extract.relative_dates import SHIFT, Clock, RelativeDates, tense

__all__ = ["Bounds", "DateMention", "bounds", "compatible", "contains", "find_dates"]

_SENTENCE_END: Final = re.compile(r"\n|[.!?][\"”’)]* ")
_OPENER: Final = re.compile(r"(?:^|[.!?\n]|[.!?] )(?:Back in|In|During) $")
_COORDINATED: Final = re.compile(r" ?(?:,|,? and|,? or|,? to) ")
_FINER_THAN_YEAR: Final = frozenset({"day", "numeric", "month", "part", "quarter", "half"})


@dataclass(frozen=True, slots=True)
class DateMention:
    """A time expression and what it means."""

    start: int
    end: int
    text: str  #: equals the article's text at [start, end)
    edtf: str  #: "" = not resolved; `XXXX` = a year that nothing tells
    precision: str  #: day, month, year, quarter, week, range, season, duration or unresolved
    anchor: str  #: what it was counted from: "", "publication date 2025-06-12", "text: June 11, 2025"
    rule: str  #: id of the rule in lexicon/dates.json
    duration: str = ""  #: lengths of time: ISO 8601 ("P90D")


def find_dates(
    text: str, published: str | None, *, timeline: Sequence[DateMention] = ()
) -> tuple[DateMention, ...]:
    """Return the time expressions of `text` in order, none overlapping another.

    `published` (EDTF) is what weekdays, "last month" and days without a year are counted from.
    Where it is None, the full dates of the text and of `timeline` (dates found elsewhere in the
    same article) fix a weekday that is spelled beside one and, when they name one year only,
    that year. Raises ValueError when `published` is no EDTF.
    """
    phrases = find_phrases(text)
    reader = _Reader(text, phrases, Clock.of(published) if published else Clock(), timeline)
    mentions = (reader.mention(i) for i in range(len(phrases)))
    return tuple(m for m in mentions if m.rule != "duration" or m.duration)


class _Reader:
    """Reads the phrases of one article, in order."""

    def __init__(
        self, text: str, phrases: Sequence[Phrase], clock: Clock, timeline: Sequence[DateMention]
    ) -> None:
        self._text, self._phrases, self._clock = text, phrases, clock
        fixed, self._only_year = _anchors(text, phrases, timeline)
        self._relative = RelativeDates(text, clock, fixed)
        self._named: tuple[int, str] | None = None  # the last year named, for "that year"
        self._follower: Phrase | None = None  # what may give its year: "June and July 2024"
        self._opening: tuple[int, str] | None = None  # the year that opens the sentence: "In 2010, ..."
        self._readings: dict[str, Callable[[Phrase], Reading]] = {
            "day": self._day, "numeric": numeric_day, "part": self._part, "month": self._month,
            "quarter": self._quarter, "half": self._half, "season": self._season, "months": self._months,
            "years": year_span, "year": single_year, "weekof": self._weekof, "ordinal": self._ordinal,
            **self._relative.readings,
        }  # fmt: skip

    def mention(self, i: int) -> DateMention:
        """Return what phrase `i` means."""
        phrase = self._phrases[i]
        written = self._written(phrase)
        self._look_around(i)
        try:
            edtf, anchor = self._range(phrase, phrase.to) if phrase.to else self._read(phrase)
        except (ValueError, OverflowError):  # beyond the years 1 to 9999
            edtf, anchor = NOTHING
        if edtf and phrase.relation:
            edtf = on_side(edtf, phrase.relation)
        length = duration(phrase)
        if match := re.match(r"\[?(\d{4})", edtf):
            self._named = int(match[1]), f"text: {written}"
        precision = _precision(edtf, phrase) if edtf else "duration" if length else "unresolved"
        anchor = anchor if precision not in {"unresolved", "duration"} else ""
        return DateMention(phrase.start, phrase.end, written, edtf, precision, anchor, phrase.rule, length)

    def _written(self, phrase: Phrase) -> str:
        return self._text[phrase.start : phrase.end]

    def _read(self, phrase: Phrase) -> Reading:
        if phrase.kind == "unit" and phrase.parts.get("unit") == "year":
            year, anchor = self._year_named(phrase.parts["rel"].lower())
            if year and phrase.parts["rel"].lower() in {"that", "same", "the same"}:
                return write(year), anchor
        reading = self._readings.get(phrase.kind)
        return reading(phrase) if reading else NOTHING

    def _look_around(self, i: int) -> None:
        """Note the neighbors of phrase `i` that may give its year."""
        phrase = self._phrases[i]
        following = self._phrases[i + 1] if i + 1 < len(self._phrases) else None
        self._follower = phrase.to
        if following and _COORDINATED.fullmatch(self._text, phrase.end, following.start):
            self._follower = self._follower or following
        previous = self._phrases[i - 1] if i else None
        if previous is None or _SENTENCE_END.search(self._text, previous.end, phrase.start):
            self._opening = None
        elif previous.kind == "year" and not previous.relation and not previous.to:
            written = self._text[previous.start : previous.end]
            if _OPENER.search(self._text[max(0, previous.start - 12) : previous.start]):
                self._opening = int(previous.parts["y"]), f"text: {written}"

    def _range(self, phrase: Phrase, to: Phrase) -> Reading:
        (first, anchor), (last, other) = self._read(phrase), self._read(to)
        if not first or not last:
            return NOTHING
        low, high = ends(first)[0], ends(last)[1]
        if low[:1].isdigit() and high[:1].isdigit() and low > high and "y" not in to.parts:
            if to.kind == "weekday":
                high = (date.fromisoformat(high) + timedelta(7)).isoformat()
            else:
                high = f"{int(high[:4]) + 1:04d}{high[4:]}"
        bounds(f"{low}/{high}")
        return f"{low}/{high}", anchor or other

    # ---- which year

    def _when(self, phrase: Phrase, month: int, day: int | None) -> tuple[int | None, str]:
        """Return the year of a day or month, and what tells it."""
        parts = phrase.parts
        if "y" in parts:
            return int(parts["y"]), ""
        if "yrel" in parts:
            return self._year_named(parts["yrel"].lower())
        near = self._follower
        if near is not None and near.relation == "until":
            near = None  # "of 9 October on hold until 10 November 2026": the end tells no other year
        if near is not None and near.kind in {"day", "month", "quarter"} and "y" in near.parts:
            year = full_year(near.parts["y"]) - (month > (month_number(near) or 12))
            if _weekday_fits(self._written(phrase), year, month, day):
                return year, f"text: {self._text[near.start : near.end]}"
        if self._opening and "rel" not in parts:
            return self._opening
        reference = self._clock.known("month")
        if reference is not None:
            return self._nearest(phrase, reference, month, day), self._clock.label
        only = self._only_year if self._clock.last is None and "rel" not in parts else None
        fits = only and exists(only[0], month, day or 1)
        return (
            only
            if only and fits and _weekday_fits(self._written(phrase), only[0], month, day)
            else (None, "")
        )

    def _year_named(self, relation: str) -> tuple[int | None, str]:
        """Return the year that "this", "last", "next" or "that year" names."""
        if relation in {"that", "the same", "same"}:
            return self._named or (None, "")
        reference = self._clock.known("year")
        if relation in SHIFT and reference is not None:
            return reference.year + SHIFT[relation], self._clock.label
        if relation in SHIFT and SHIFT[relation] == 0 and self._clock.last is None and self._only_year:
            return self._only_year
        return None, ""

    def _nearest(self, phrase: Phrase, reference: date, month: int, day: int | None) -> int:
        relation = phrase.parts.get("rel", "").lower()
        if relation == "this":
            return reference.year
        today = reference if day else reference.replace(day=1)
        years = range(max(1, today.year - 8), min(9999, today.year + 8) + 1)
        dates = [date(y, month, day or 1) for y in years if exists(y, month, day or 1)]
        if not dates:
            return today.year
        direction = {-1: "past", 1: "future"}.get(SHIFT.get(relation, 0)) or tense(self._text, phrase)
        beyond = timedelta(1 if relation else 0)
        past = max((d for d in dates if d <= today - beyond), default=dates[0])
        future = min((d for d in dates if d >= today + beyond), default=dates[-1])
        best = {"past": past, "future": future}.get(direction) or min(
            past, future, key=lambda d: abs(d - today)
        )
        weekday = _spelled_weekday(self._written(phrase))
        if day and weekday is not None and best.weekday() != weekday:
            others = [d for d in dates if d.weekday() == weekday and abs(d.year - today.year) <= 1]
            best = min(others, key=lambda d: (abs(d - today), d > today), default=best)
        return best.year

    # ---- readings

    def _day(self, phrase: Phrase) -> Reading:
        month = month_number(phrase)
        days = [int(d.rstrip("stndrh")) for d in (phrase.parts["d"], phrase.parts.get("d2", "")) if d]
        year, anchor = self._when(phrase, month, days[0])
        # 29 February may exist in a year that is not known
        if not all(exists(year or 2000, month, d) for d in days) or days[0] >= days[-1] != days[0]:
            return NOTHING
        dates = [write(year, month, d) for d in days]
        if len(dates) == 1:
            return dates[0], anchor
        if days[0] >= days[1]:
            return NOTHING
        either = re.search(r"\d\S*\sor\s", self._written(phrase))
        return ("[{}..{}]" if either else "{}/{}").format(*dates), anchor

    def _weekof(self, phrase: Phrase) -> Reading:
        edtf, anchor = self._day(phrase)
        if not edtf[:1].isdigit():
            return edtf, anchor
        first = date.fromisoformat(edtf)
        return one_of(first, first + timedelta(6)), anchor

    def _month(self, phrase: Phrase) -> Reading:
        month = month_number(phrase)
        if phrase.rule == "month-iso" and month > int(phrase.parts["y"]) % 100:
            return NOTHING  # 2010-12 may be 2010 to 2012
        year, anchor = self._when(phrase, month, None)
        return write(year, month), anchor

    def _part(self, phrase: Phrase) -> Reading:
        if "month" in phrase.parts:
            edtf, anchor = self._month(phrase)
        else:
            edtf, anchor = self._relative.shifted("month", SHIFT[phrase.parts["mrel"].lower()])
        days = month_part(re.sub(r"\s+", " ", phrase.parts["part"].lower()))
        return (part_of_month(edtf, *days), anchor) if days and edtf[:1].isdigit() else (edtf, anchor)

    def _ordinal(self, phrase: Phrase) -> Reading:
        day = int(phrase.parts["d"][:-2])
        named = phrase.parts.get("mrel", "").lower()
        reference = self._clock.known("month" if named else "day")
        if reference is None:
            return f"XXXX-XX-{day:02d}", ""
        step = 1 if tense(self._text, phrase) == "future" else -1
        for months in (SHIFT[named],) if named else (0, step, 2 * step):
            month = add_months(reference, months)
            if exists(month.year, month.month, day):
                found = month.replace(day=day)
                if named or (found - reference).days * step >= 0:
                    return found.isoformat(), self._clock.label
        return NOTHING

    def _quarter(self, phrase: Phrase) -> Reading:
        if phrase.parts.keys() & {"fiscal", "f2", "f3"}:
            return NOTHING
        quarter = _number_of(phrase)
        year, anchor = self._year_of(phrase, 3 * quarter - 2)
        return (f"{year:04d}-{32 + quarter}", anchor) if year else NOTHING

    def _half(self, phrase: Phrase) -> Reading:
        if "fiscal" in phrase.parts:
            return NOTHING
        half = _number_of(phrase)
        year, anchor = self._year_of(phrase, 6 * half - 5)
        return (f"{write(year, 6 * half - 5)}/{write(year, 6 * half)}", anchor) if year else NOTHING

    def _year_of(self, phrase: Phrase, month: int) -> tuple[int | None, str]:
        written = phrase.parts.get("y")
        return (full_year(written), "") if written else self._when(phrase, month, None)

    def _season(self, phrase: Phrase) -> Reading:
        code = int(date_grammar().words["seasons"][phrase.parts["season"].lower()])
        if "y" in phrase.parts:
            return f"{phrase.parts['y']}-{code}", ""
        relation = phrase.parts.get("rel", "").lower()
        reference = self._clock.known("month")
        if reference is None or code == 24:  # a winter lies in two years
            return NOTHING
        if relation == "this":
            return f"{reference.year:04d}-{code}", self._clock.label
        if relation == "last" and reference.month < 3 * (code - 20):
            return f"{reference.year - 1:04d}-{code}", self._clock.label
        return NOTHING

    def _months(self, phrase: Phrase) -> Reading:
        count = int(number(phrase.parts["n"]))
        year, anchor = self._year_of(phrase, 1)
        if not year or not 0 < count <= 12:
            return NOTHING
        opening = phrase.parts["ord"].lower() in {"first", "opening"}
        low, high = (1, count) if opening else (13 - count, 12)
        return f"{write(year, low)}/{write(year, high)}", anchor


def _anchors(
    text: str, phrases: Sequence[Phrase], timeline: Sequence[DateMention]
) -> tuple[dict[int, Reading], tuple[int, str] | None]:
    """Return the weekdays that full dates fix and the only year they name, each with the words saying so."""
    dated = [(m.edtf, m.text) for m in timeline if re.match(r"\d{4}-\d\d", m.edtf)]
    bare: list[int] = []
    bounds: set[str] = set()  #: ends of what lasts, often years ahead
    for phrase in phrases:
        written = text[phrase.start : phrase.end]
        if phrase.kind in _FINER_THAN_YEAR and "y" in phrase.parts:
            year, month = full_year(phrase.parts["y"]), month_number(phrase)
            day = phrase.parts.get("d", "").rstrip("stndrh")
            full = bool(day and month and exists(year, month, int(day)))
            if phrase.relation == "until":
                bounds.add(written)
            dated.append((write(year, month, int(day)) if full else write(year), written))
        elif (
            phrase.kind == "year" and phrase.relation not in {"by", "until"} and tense(text, phrase) == "past"
        ):
            bare.append(int(phrase.parts["y"]))
    years = {int(edtf[:4]) for edtf, written in dated if written not in bounds}
    # a text that speaks of a later year was written later: its months need not be of the dated year
    only = (
        (years.pop(), f"text: {next(w for _, w in dated if w not in bounds)}")
        if len(years) == 1 and max(bare, default=0) <= min(years)
        else None
    )
    days: dict[int, dict[str, str]] = {}
    for edtf, written in dated:
        weekday = _spelled_weekday(written)
        if weekday is not None and len(edtf) == 10 and date.fromisoformat(edtf).weekday() == weekday:
            days.setdefault(weekday, {}).setdefault(edtf, f"text: {written}")
    return {weekday: next(iter(found.items())) for weekday, found in days.items() if len(found) == 1}, only


def _spelled_weekday(written: str) -> int | None:
    match = re.match(r"[A-Za-z]+", re.sub(r"^(?:(?i:since|until|by|before|after|from)\s)", "", written))
    weekday = date_grammar().words["weekdays"].get(match[0].lower()) if match else None
    return None if weekday is None else int(weekday)


def _weekday_fits(written: str, year: int, month: int, day: int | None) -> bool:
    """Return whether a weekday spelled beside the day is its weekday in this year."""
    weekday = _spelled_weekday(written)
    return (
        weekday is None
        or not day
        or (exists(year, month, day) and date(year, month, day).weekday() == weekday)
    )


def _number_of(phrase: Phrase) -> int:
    """Return which quarter or half a phrase names."""
    digits = phrase.parts.get("q") or phrase.parts.get("q2")
    return int(digits or date_grammar().words["ordinals"][phrase.parts["ord"].lower()])


def _precision(edtf: str, phrase: Phrase) -> str:
    if "XXXX" in edtf:
        return "unresolved"
    parts = phrase.parts
    week = phrase.kind == "weekof" or parts.get("unit") == "week" or "week" in parts.get("part", "").lower()
    week = week and not parts.get("quant") and not parts.get("part", "").startswith(("earl", "lat", "re"))
    if edtf.startswith("[") and week and not phrase.relation:
        return "week"
    if "/" in edtf or ".." in edtf:
        return "range"
    if len(edtf) == 7 and int(edtf[5:]) > 12:
        return "quarter" if int(edtf[5:]) > 32 else "season"
    return {4: "year", 7: "month", 10: "day"}[len(edtf)]
