"""Bounds of EDTF strings (ISO 8601-2:2019 / Library of Congress EDTF, the parts that news dates need)."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_DATE: Final = re.compile(r"(\d{4}|XXXX)(?:-(\d\d|XX)(?:-(\d\d|XX))?)?", re.ASCII)
_SET: Final = re.compile(r"\[([^\[\]]*?)\.\.([^\[\]]*?)\]")
#: ISO 8601-2 codes of seasons (which months they cover depends on the hemisphere), quarters and halves.
_SEASONS: Final = (21, 22, 23)
_WINTER: Final = 24
_PARTS: Final = {33: (1, 3), 34: (4, 6), 35: (7, 9), 36: (10, 12), 40: (1, 6), 41: (7, 12)}
_UNKNOWN: Final = re.compile(r"XXXX(?:-(\d\d|XX)(?:-(\d\d))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bounds:
    """When something can have started and ended: ISO 8601 date-times in UTC; None = no bound is known."""

    earliest_start: str | None = None
    latest_start: str | None = None
    earliest_end: str | None = None
    latest_end: str | None = None


def bounds(edtf: str) -> Bounds:
    """Return the bounds of an event dated `edtf`.

    A day, month, quarter (33-36), half (40, 41) or year, and a set `[a..b]`, are some time
    inside; `a/b` starts within a and ends within b. Seasons lie in their year, a winter may
    reach into the next March: the hemisphere is not known. An unknown year (`XXXX-04`) has no
    bounds. Raises ValueError on what it does not read.
    """
    if match := _SET.fullmatch(edtf):
        first, last = (_ends(part, edtf) for part in match.groups())
        return _ordered(Bounds(first[0], last[1], first[0], last[1]), edtf)
    if "/" in edtf:
        start, _, end = edtf.partition("/")
        (a, b), (c, d) = _ends(start, edtf), _ends(end, edtf)
        return _ordered(Bounds(a, b, c, d), edtf)
    low, high = _ends(edtf, edtf) if edtf else _refuse(edtf)
    return Bounds(low, high, low, high)


def _ordered(found: Bounds, edtf: str) -> Bounds:
    if (
        found.earliest_start is not None
        and found.latest_end is not None
        and found.earliest_start > found.latest_end
    ):
        raise ValueError(f"{edtf!r}: its end lies before its start")
    return found


def _refuse(edtf: str) -> tuple[str | None, str | None]:
    raise ValueError(
        f"{edtf!r} is no date that is read here; write 2025-06-11, 2025-06, 2025-34, a/b or [a..b]"
    )


def _ends(part: str, whole: str) -> tuple[str | None, str | None]:
    """Return the first and last moment of one date; (None, None) for an open end or an unknown year."""
    if part in {"", ".."}:
        return (None, None) if part != whole else _refuse(whole)
    match = _DATE.fullmatch(part)
    if match is None:
        return _refuse(whole)
    year, month, day = match.groups()
    if not _possible(year, month, day):
        return _refuse(whole)
    if year == "XXXX":
        return None, None
    number = int(month) if month and month != "XX" else 0
    first, last = _PARTS.get(number, (number, number) if 1 <= number <= 12 else (1, 12))
    if day and day != "XX":
        return _moments(year, f"{month}-{day}", year, f"{month}-{day}")
    if number == _WINTER:
        return _moments(year, "01-01", f"{int(year) + 1:04d}", "03-31")
    return _moments(year, f"{first:02d}-01", year, f"{last:02d}-{monthrange(int(year), last)[1]}")


def _possible(year: str, month: str | None, day: str | None) -> bool:
    """Return whether the calendar has such a date."""
    if year == "0000" or (year == "9999" and month == str(_WINTER)):
        return False
    if month is None:
        return True
    if month == "XX":
        return day is None or day == "XX" or (year == "XXXX" and 1 <= int(day) <= 31)
    number = int(month)
    if number in _PARTS or number in _SEASONS or number == _WINTER:
        return day is None
    if not 1 <= number <= 12:
        return False
    leap = 2000 if year == "XXXX" else int(year)
    return day is None or day == "XX" or 1 <= int(day) <= monthrange(leap, number)[1]


def _moments(year: str, start: str, last_year: str, end: str) -> tuple[str, str]:
    return f"{year}-{start}T00:00:00Z", f"{last_year}-{end}T23:59:59Z"


def compatible(a: str, b: str) -> bool:
    """Return whether `a` and `b` can be the same time: their bounds overlap, or one is not known ("").

    Where only the year is unknown, `XXXX-04` and `2025-05` are not compatible. Raises ValueError.
    """
    if not a or not b:
        return True
    one, two = bounds(a), bounds(b)
    if _UNKNOWN.fullmatch(a) and _UNKNOWN.fullmatch(b):
        parts = zip(a.split("-"), b.split("-"), strict=False)
        return all(x == y or "X" in x + y for x, y in parts)
    for mask, other in ((a, two), (b, one)):
        if _UNKNOWN.fullmatch(mask) and other.earliest_start and other.latest_end:
            years = range(int(other.earliest_start[:4]), int(other.latest_end[:4]) + 1)
            return any(_overlap(bounds(date), other) for date in _readings(mask, years))
    return _overlap(one, two)


def _readings(mask: str, years: range) -> Iterator[str]:
    """Yield the dates that `mask` (XXXX-04, XXXX-XX-02) can mean in these years."""
    for year in years:
        dated = mask.replace("XXXX", f"{year:04d}")
        months = [f"{m:02d}" for m in range(1, 13)] if "-XX-" in dated else [""]
        for month in months:
            match = _DATE.fullmatch(date := dated.replace("-XX-", f"-{month}-"))
            if match and _possible(*match.groups()):
                yield date


def _overlap(a: Bounds, b: Bounds) -> bool:
    return not (a.earliest_start and b.latest_end and a.earliest_start > b.latest_end) and not (
        b.earliest_start and a.latest_end and b.earliest_start > a.latest_end
    )


def contains(a: str, b: str) -> bool:
    """Return whether all that `b` can be lies within what `a` can be. Raises ValueError on what is not read.

    An unknown time ("" or one without a year) lies within nothing that has bounds.
    """
    outer, inner = (bounds(x) if x else Bounds() for x in (a, b))
    starts = outer.earliest_start is None or (
        inner.earliest_start is not None and outer.earliest_start <= inner.earliest_start
    )
    ends = outer.latest_end is None or (inner.latest_end is not None and inner.latest_end <= outer.latest_end)
    return starts and ends
