"""Times counted from the day of publication: weekdays, "last month", "two weeks ago"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from kgbuild.extract.calendar_parts import (
    NOTHING,
    Reading,
    add_months,
    month_part,
    number,
    one_of,
    outer_days,
    part_of_month,
    quarter_of,
    write,
)
from kgbuild.extract.date_phrases import Phrase, date_grammar

#: How many units of time a word moves: "last month" is -1.
SHIFT: Final[Mapping[str, int]] = {
    "last": -1, "this past": -1, "past": -1, "this": 0, "current": 0, "the current": 0, "the": 0,
    "next": 1, "coming": 1, "this coming": 1,
}  # fmt: skip
#: Not the stop of "U.S.", "Mr." or "Ltd."
_BORDER: Final = re.compile(
    r"[;:!?\n]|(?<![A-Z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})\.(?=[\s\"”’)]+[^a-z\s]|\s*$)"
)
_OPENER: Final = re.compile(
    r"(?:^\s*|[“\"(—–,]\s*)(?:(?i:on|in|by|from|until|at|early|late|and|but|starting|beginning)\s)?$"
)
_CUT: Final = ("earlier", "later", "rest", "remainder")  #: parts that the day of publication bounds
_WINDOW: Final = 160  #: characters in which a sign of the future is looked for


@dataclass(frozen=True, slots=True)
class Clock:
    """The days on which the article can have been published."""

    first: date | None = None
    last: date | None = None
    label: str = ""

    @classmethod
    def of(cls, published: str) -> Clock:
        """Return the clock of a publication date. Raises ValueError when it is no EDTF."""
        first, last = outer_days(published.partition("T")[0])
        return cls(first, last, f"publication date {published}")

    def known(self, unit: str) -> date | None:
        """Return the last day, provided that all days lie in the same day, week, month, quarter or year."""
        a, b = self.first, self.last
        if a is None or b is None:
            return None
        same = {
            "day": a == b,
            "week": a - timedelta(a.weekday()) == b - timedelta(b.weekday()),
            "month": (a.year, a.month) == (b.year, b.month),
            "quarter": (a.year, quarter_of(a)) == (b.year, quarter_of(b)),
            "year": a.year == b.year,
        }
        return b if same[unit] else None


def tense(text: str, phrase: Phrase) -> str:
    """Return "future" where the clause puts the time after publication, "near" where it may, else "past"."""
    signs = date_grammar().tense
    left = text[max(0, phrase.start - _WINDOW) : phrase.start]
    for border in _BORDER.finditer(left):
        left = " " * border.end() + left[border.end() :]
    right = _BORDER.split(text[phrase.end : phrase.end + _WINDOW], maxsplit=1)[0]
    opens = _OPENER.search(left) is not None
    starts = re.match(r"(?i:from|effective|starting|beginning)\b", text[phrase.start : phrase.end])
    found = ["near"] if starts and phrase.relation else []
    for key, name in (("strong", "future"), ("weak", "near")):
        for match in signs[key].finditer(left):
            verb = signs["after_verb"].match(left, match.end())
            if not signs["break"].search(left, verb.end() if verb else match.end()):
                found.append(name)
        ahead = signs[key].search(right)
        done = signs["done"].search(left)  # "curbs announced on October 9 are to be put off"
        if ahead and (
            (ahead.start() <= 1 and not done and (key == "strong" or right.startswith(" deadline")))
            or (opens and not signs["break"].search(right[: ahead.start()]))
        ):
            found.append(name)
    if not found and phrase.relation in {"by", "until"}:
        found.append("past" if signs["past"].search(left) or signs["past"].search(right) else "future")
    return min(found, key=["future", "near", "past"].index, default="past")


class RelativeDates:
    """Reads the phrases that are counted from the day of publication."""

    def __init__(self, text: str, clock: Clock, fixed: Mapping[int, Reading]) -> None:
        self._text, self._clock = text, clock
        self._fixed = fixed  # weekdays that a full date of the text names
        self.readings: dict[str, Callable[[Phrase], Reading]] = {
            "weekday": self._weekday, "dayword": self._dayword, "weekend": self._weekend, "unit": self._unit,
            "yearend": self._yearend, "ago": self._ago, "past": self._past,
        }  # fmt: skip

    def shifted(self, unit: str, shift: int) -> Reading:
        """Return the week, month, quarter or year so many units from that of publication."""
        day = self._clock.known(unit)
        if day is None:
            return NOTHING
        if unit == "week":
            monday = day - timedelta(day.weekday() - 7 * shift)
            return one_of(monday, monday + timedelta(6)), self._clock.label
        if unit == "year":
            return write(day.year + shift), self._clock.label
        month = add_months(day, shift * (3 if unit == "quarter" else 1))
        edtf = (
            f"{month.year:04d}-{33 + quarter_of(month)}"
            if unit == "quarter"
            else write(month.year, month.month)
        )
        return edtf, self._clock.label

    def _weekday(self, phrase: Phrase) -> Reading:
        weekday = int(date_grammar().words["weekdays"][phrase.parts["wd"].lower()])
        relation, week = (phrase.parts.get(key, "").lower() for key in ("rel", "wrel"))
        if any(word and word not in SHIFT for word in (relation, week)):
            return NOTHING
        day = self._clock.known("day")
        if day is None:
            return self._fixed.get(weekday, NOTHING) if not (relation or week) else NOTHING
        back, ahead = (day.weekday() - weekday) % 7, (weekday - day.weekday()) % 7
        if week or relation == "this":
            move = weekday - day.weekday() + 7 * SHIFT.get(week, 0)
        elif relation and SHIFT[relation] < 0:
            move = -(back or 7)
        elif relation and SHIFT[relation] > 0:
            move = ahead or 7
        else:
            move = -back if tense(self._text, phrase) == "past" else ahead
        return (day + timedelta(move)).isoformat(), self._clock.label

    def _dayword(self, phrase: Phrase) -> Reading:
        day = self._clock.known("day")
        if day is None:
            return NOTHING
        word = re.sub(r"\s+", " ", phrase.parts.get("word", "").lower())
        move = -2 if "before" in phrase.parts else 2 if "after" in phrase.parts else 0
        move = {"yesterday": -1, "last night": -1, "tomorrow": 1}.get(word, move)
        return (day + timedelta(move)).isoformat(), self._clock.label

    def _weekend(self, phrase: Phrase) -> Reading:
        day = self._clock.known("day")
        relation = re.sub(r"^the ", "", phrase.parts.get("rel", "the").lower())
        if day is None or relation in {
            "next",
            "that",
            "following",
            "previous",
        }:  # "next" may be either of two
            return NOTHING
        saturday = day + timedelta(5 - day.weekday())
        within = day >= saturday
        if relation in {"last", "past", "this past"}:
            saturday -= timedelta(7)
        elif relation not in {"coming", "this coming"} and not within and tense(self._text, phrase) == "past":
            if relation == "this" and day.weekday() < 3:
                return NOTHING
            saturday -= timedelta(0 if relation == "this" else 7)
        return one_of(saturday, saturday + timedelta(1)), self._clock.label

    def _unit(self, phrase: Phrase) -> Reading:
        parts = phrase.parts
        unit = parts.get("unit") or parts["unit2"]
        relation = re.sub(r"\s+", " ", parts.get("rel", "the").lower())
        if relation in {"past", "coming"}:
            return self._past(phrase)
        if relation not in SHIFT:
            return NOTHING
        edtf, label = self.shifted(unit, SHIFT[relation])
        part = re.sub(r"\s+", " ", (parts.get("part") or parts.get("part2", "")).lower())
        day = self._clock.known("day")
        if not edtf or not part:
            return edtf, label
        first, last = outer_days(edtf)
        if first and last and day and first <= day <= last and part.startswith(_CUT):
            return (one_of(first, day) if part.startswith("earlier") else one_of(day, last)), label
        days = month_part(part) if unit == "month" else None
        return (part_of_month(edtf, *days) if days else edtf), label

    def _yearend(self, _: Phrase) -> Reading:
        return self.shifted("year", 0)

    def _ago(self, phrase: Phrase) -> Reading:
        parts = phrase.parts
        unit, times = _UNITS.get(parts["unit"].lower(), ("", 0))
        count = times * number(parts.get("n", ""))
        day = self._clock.known("day" if unit in {"day", "week"} else unit) if unit else None
        if day is None or not count or count != int(count):
            return NOTHING
        then, edtf = _moved(day, unit, -int(count))
        quantity = parts.get("quant", "").lower()
        if unit == "week" and quantity not in _MORE | _LESS:
            monday = then - timedelta(then.weekday())
            edtf = one_of(monday, monday + timedelta(6))
        if quantity in _MORE:
            return f"[..{edtf.strip('[]').rpartition('..')[2]}]", self._clock.label
        if quantity in _LESS:
            return (
                f"[{edtf.strip('[]').partition('..')[0]}..{day.isoformat()[: len(edtf)]}]",
                self._clock.label,
            )
        return edtf, self._clock.label

    def _past(self, phrase: Phrase) -> Reading:
        parts = phrase.parts
        count = number(parts["n"]) if "n" in parts else 1
        unit, times = _UNITS.get(parts["unit"], ("", 0))
        count *= times
        day = self._clock.known("day" if unit in {"day", "week"} else unit) if unit else None
        if day is None or not count or count != int(count):
            return NOTHING
        sign = 1 if parts["rel"].lower() in {"next", "coming"} else -1
        ends = sorted([_moved(day, unit, 0)[1], _moved(day, unit, sign * int(count))[1]])
        return "/".join(ends), self._clock.label


_MORE: Final = frozenset({"more than", "over", "just over", "at least"})
_LESS: Final = frozenset({"less than", "nearly", "almost", "just under"})
#: Units in which distances are counted, and how many of them a word means.
_UNITS: Final[Mapping[str, tuple[str, int]]] = {
    "day": ("day", 1), "week": ("week", 1), "fortnight": ("week", 2), "month": ("month", 1),
    "quarter": ("month", 3), "year": ("year", 1), "decade": ("year", 10),
}  # fmt: skip


def _moved(day: date, unit: str, count: int) -> tuple[date, str]:
    """Return the day so many units away and its EDTF, no finer than the unit."""
    if unit in {"day", "week"}:
        then = day + timedelta(count * (7 if unit == "week" else 1))
        return then, then.isoformat()
    then = add_months(day, count * (12 if unit == "year" else 1))
    return then, write(then.year, then.month if unit == "month" else None)
