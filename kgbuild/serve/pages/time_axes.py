"""A scale of days and its ticks, for charts made on the server."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

#: Months between ticks; the first that gives few enough is taken.
_STEPS: Final = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 3000, 6000, 12_000, 24_000)
_MOST_TICKS: Final = 8
_FEW_DAYS: Final = 75
_MONTH: Final = 30.43
_LAST_YEAR: Final = 9998


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """Days from `first` to `last` on the pixels from `left` to `right`."""

    first: int
    last: int
    left: float
    right: float

    def x(self, day: int) -> float:
        """Return where a day is; days outside are put on the edge."""
        share = (min(max(day, self.first), self.last) - self.first) / max(self.last - self.first, 1)
        return round(self.left + share * (self.right - self.left), 1)

    def ticks(self) -> tuple[Tick, ...]:
        """Return at most eight ticks: at the beginning of years, quarters or months, or some days."""
        if self.last - self.first < _FEW_DAYS:
            step = max((self.last - self.first) // 5, 1)
            return tuple(
                Tick(self.x(day), dt.date.fromordinal(day).isoformat())
                for day in range(self.first + step // 2, self.last, step)
            )
        months = (self.last - self.first) / _MONTH
        step = next(step for step in _STEPS if months / step <= _MOST_TICKS - 1)
        days = list(self._starts(step))
        yearly = step >= 12
        shown = (dt.date.fromordinal(day).strftime("%Y" if yearly else "%b %Y") for day in days)
        return tuple(Tick(self.x(day), label) for day, label in zip(days, shown, strict=True))

    def _starts(self, step: int) -> Iterator[int]:
        begin = dt.date.fromordinal(self.first)
        month = (begin.year * 12 + begin.month - 1) // step * step
        while month // 12 <= _LAST_YEAR:
            day = dt.date(max(month // 12, 1), month % 12 + 1, 1).toordinal()
            if day > self.last:
                return
            if day >= self.first:
                yield day
            month += step


def axis_over(days: Iterable[int], left: float, right: float) -> Axis | None:
    """Return an axis that holds all days with some room at both ends; None where there is no day."""
    known = sorted(days)
    if not known:
        return None
    room = max((known[-1] - known[0]) // 20, 5)
    latest = dt.date.max.toordinal()
    return Axis(max(known[0] - room, 1), min(known[-1] + room, latest), left, right)


def day_number(text: str) -> int | None:
    """Return the number of the day of an xsd:dateTime or a date, None where there is none.

    >>> day_number("0001-01-02T00:00:00Z"), day_number("soon")
    (2, None)
    """
    try:
        return dt.date.fromisoformat(text[:10]).toordinal()
    except ValueError:
        return None
