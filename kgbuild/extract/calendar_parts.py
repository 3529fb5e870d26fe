"""Arithmetic of the calendar, and the numbers and parts of months that words name."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final, TypeAlias

from kgbuild.extract.date_phrases import Phrase, date_grammar

#: (EDTF, what it was counted from); "" = not known, or not counted.
Reading: TypeAlias = tuple[str, str]
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
    """Return the EDTF of one day out of days `low` to `high` of a month; a negative `low` counts from its end."""
    year, month = int(edtf[:4]), int(edtf[5:7])
    length = monthrange(year, month)[1]
    return one_of(date(year, month, low if low > 0 else length + 1 + low), date(year, month, min(high, length)))


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
    if phrase.kind not in {"duration", "past"} or (phrase.kind == "past" and "n" not in parts and parts.get("plural")):
        return ""
    count = number(parts["n"]) if "n" in parts else 1
    count += 0.5 if "half" in parts else 0
    unit = str(date_grammar().words["units"][parts["unit"].lower()])
    if len(unit) == 2 and unit[0].isdigit() or len(unit) == 3:
        count, unit = count * int(unit[:-1]), unit[-1]
    if count != int(count) and unit == "Y":
        count, unit = count * 12, "M"
    if not count or count != int(count):
        return ""
    return f"PT{int(count)}{unit[1]}" if unit.startswith("T") else f"P{int(count)}{unit}"
