"""Arithmetic of the calendar, and the numbers and parts of months that words name."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final, TypeAlias

from kgbuild.edtf import bounds
from kgbuild.extract.date_phrases import Phrase, date_grammar

#: (EDTF, what it was counted from); "" = not known, or not counted.
Reading: TypeAlias = tuple[str, str]
NOTHING: Final[Reading] = ("", "")
_WORDED: Final = re.compile(r"([a-z]+)-and-a-half")


def exists(year: int, month: int, day: int) -> bool:
    """Return whether the calendar has the day."""
    return 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def write(year: int | None, month: int | None = None, day: int | None = None) -> str:
    """Return the EDTF of a year, month or day; None for the year writes XXXX."""
    parts = ["XXXX" if year is None else f"{year:04d}", *(f"{n:02d}" for n in (month, day) if n is not None)]
    return "-".join(parts)


def one_of(first: date, last: date) -> str:
    """Return the EDTF of one day out of [first, last]."""
    return f"[{first.isoformat()}..{last.isoformat()}]"


def outer_days(edtf: str) -> tuple[date | None, date | None]:
    """Return the first and the last day that `edtf` can touch. Raises ValueError when it is no EDTF."""
    span = bounds(edtf)
    first, last = (date.fromisoformat(x[:10]) if x else None for x in (span.earliest_start, span.latest_end))
    return first, last


def add_months(day: date, months: int) -> date:
    """Return the first of the month so many months away. Raises ValueError outside of years 1 to 9999."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def quarter_of(day: date) -> int:
    """Return the quarter of a day, from 0."""
    return (day.month - 1) // 3


def month_part(words: str) -> tuple[int, int] | None:
    """Return first and last day of a part of a month ("early", "end of"), None for other words."""
    days = date_grammar().words["parts"].get(words)
    return (days[0], days[1]) if days else None


def part_of_month(edtf: str, low: int, high: int) -> str:
    """Return the EDTF of one day out of `low` to `high` of a month; a negative `low` counts from its end."""
    year, month = int(edtf[:4]), int(edtf[5:7])
    length = monthrange(year, month)[1]
    return one_of(
        date(year, month, low if low > 0 else length + 1 + low), date(year, month, min(high, length))
    )


def number(words: str) -> float:
    """Return the number that digits or words name ("90", "twenty-five", "two-and-a-half"), 0 for none."""
    words = re.sub(r"\s+", " ", words.lower()).replace("half-a", "half a")
    known = date_grammar().words["numbers"]
    if match := _WORDED.fullmatch(words):
        return float(known[match[1]]) + 0.5
    if words.isdigit():
        return int(words)
    if words in known:
        return float(known[words])
    tens, _, ones = words.partition("-")
    return float(known[tens] + known[ones]) if tens in known and ones in known else 0


def duration(phrase: Phrase) -> str:
    """Return the length of time that a phrase names, as ISO 8601 ("P90D"); "" when it names none."""
    parts = phrase.parts
    if phrase.kind not in {"duration", "past"} or (
        phrase.kind == "past" and "n" not in parts and parts.get("plural")
    ):
        return ""
    count = number(parts["n"]) if "n" in parts else 1
    count += 0.5 if "half" in parts else 0
    unit = str(date_grammar().words["units"][parts["unit"].lower()])
    if re.match(r"\d", unit):
        count, unit = count * int(unit[:-1]), unit[-1]
    if count != int(count) and unit == "Y":
        count, unit = count * 12, "M"
    if not count or count != int(count):
        return ""
    return f"PT{int(count)}{unit[1]}" if unit.startswith("T") else f"P{int(count)}{unit}"


def month_number(phrase: Phrase) -> int:
    """Return the month that a phrase names, 0 for none."""
    if "m" in phrase.parts:
        return int(phrase.parts["m"])
    name = phrase.parts.get("month", "").rstrip(".").lower()
    return int(date_grammar().words["months"][name]) if name else 0


def full_year(written: str) -> int:
    """Return the year of four digits, or of two in this century ("25", "'25")."""
    digits = written.lstrip("'")
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def numeric_day(phrase: Phrase) -> Reading:
    """Read 11.06.2025 day first; 06/11/2025 only where one order is possible."""
    first, second, year = (int(phrase.parts[key]) for key in ("a", "b", "y"))
    orders = [(second, first)] if phrase.parts["sep"] == "." else [(first, second), (second, first)]
    days = sorted({write(year, month, day) for month, day in orders if exists(year, month, day)})
    return (days[0], "") if len(days) == 1 else (write(year), "") if days else NOTHING


def single_year(phrase: Phrase) -> Reading:
    """Read 2019."""
    return phrase.parts["y"], ""


def year_span(phrase: Phrase) -> Reading:
    """Read 2010-2014 and 2024-25; 2010-12 may be a month as well."""
    first, last = phrase.parts["y"], phrase.parts["y2"]
    if len(last) == 2:
        if phrase.parts["sep"] == "-" and int(last) <= 12:
            return NOTHING
        last = first[:2] + last
    return (f"{first}/{last}", "") if first < last else NOTHING


def ends(edtf: str) -> tuple[str, str]:
    """Return the first and the last date of an interval or set."""
    first, _, last = edtf.strip("[]").replace("..", "/").partition("/")
    return first, last or first


def on_side(edtf: str, relation: str) -> str:
    """Return the time since, until, by or after `edtf`, "" where it cannot be told."""
    first, last = ends(edtf)
    if relation == "by":
        return f"[..{last}]"
    if relation == "after":
        return f"[{first}..]"
    if relation == "until":
        return f"../{last}"
    if edtf.startswith("["):  # on which of the days it began is not known; the month or year they share is
        shared = next((n for n in (7, 4) if len(first) >= n and first[:n] == last[:n]), 0)
        return f"{first[:shared]}/.." if shared else ""
    return f"{first}/.."
