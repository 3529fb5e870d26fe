"""Times of a statistic: the period of its figure, and what it is compared with."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.stance import Speech
from kgbuild.extract.statistic_measures import Draft
from kgbuild.extract.statistic_roles import Memory
from kgbuild.extract.units import PLACES, Sentence, Unit
from kgbuild.model import Argument

_AGAINST: Final = frozenset({"than", "from", "versus", "against", "compared", "since"})
_COMPARING: Final = frozenset(
    "up down half double twice triple compared against versus from below above more less higher lower rising "
    "falling jumping dropping than the a an marking".split()
)
#: Words that a time or figure compared with can open with: "from the month before", "from its June peak".
_BASE: Final = frozenset("a an the its their same about around in of last previous prior record".split())
_THAN: Final = frozenset({"more", "less", "higher", "lower", "below", "above", "smaller", "larger", "fewer"})
_PEAKS: Final = frozenset(
    {"peak", "high", "low", "record", "year", "month", "quarter", "earlier", "those", "level"}
)


#: Families whose figures can be those of one day; a day beside others is that of saying them.
_DAILY: Final = frozenset({"price", "stock", "quota"})
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


class StatisticTimes:
    """Finds the period of a figure and its comparison."""

    def __init__(self, grammar: Grammar, memory: Memory) -> None:
        self.grammar = grammar
        self._memory = memory

    def period(self, s: Sentence, draft: Draft, covered: set[int], speech: Speech | None) -> Argument | None:
        """Return the time of a figure: named near it, else by the heading or the figure before.

        Times in `covered`, the units of the comparison, are none.
        """
        at, verb, family = draft.at, draft.verb, draft.family
        left, right = self.grammar.clause(s, at)
        best: tuple[int, int] | None = None
        for i, unit in enumerate(s.units):
            if (
                unit.kind != "Time"
                or unit.date is None
                or not unit.date.edtf
                or self._apart(s, i, at, speech)
            ):
                continue
            open_ended = unit.date.edtf.endswith("/..")
            apart = any(u.text == "," for u in s.units[min(i, at) : max(i, at)])
            a_day = _DAY.fullmatch(unit.date.edtf) is not None and family not in _DAILY
            if speech is not None and i < speech.verb < at and self._dated(s, speech.verb, at):
                continue  # "In May the agency said that in 2020 ..."
            if i in covered or a_day or (open_ended and (apart or not draft.change)):
                continue
            if self._of_another(s, i, at, verb):
                continue
            inside = left <= i < right
            rank = (abs(i - at) if inside else abs(i - at) + 20, i)
            if best is None or rank < best:
                best = rank
        if best is not None and (best[0] < 60):
            return _time(s.units[best[1]])
        for date in s.heading:
            how = f"{date.rule}, heading of the list"
            return Argument(
                "period", "Time", date.text, date.start, date.end, value=date.edtf, derivation=how
            )
        if any(u.low in {"date", "far", "cumulative", "annual"} for u in s.units[:8]):
            return None  # "Year to date": another time than that of the figure before
        memory = self._memory
        same = family == memory.family or {family, memory.family} <= {"exports", "destinations"}
        if memory.period is not None and same and s.index - memory.index <= 1 and family != "price":
            a, here = memory.period, s.units[0]
            note = f"that of the figure before: {a.text}"
            return replace(a, text=here.text, start=here.start, end=here.end, inferred=True, derivation=note)
        return None

    @staticmethod
    def _dated(s: Sentence, low: int, high: int) -> bool:
        return any(u.kind == "Time" and u.date is not None and u.date.edtf for u in s.units[low:high])

    def _of_another(self, s: Sentence, i: int, at: int, verb: VerbGroup | None) -> bool:
        """Return whether a time dates another verb of the sentence, or the figure before."""
        if i > at:
            own = range(verb.first, verb.verb + 1) if verb is not None else range(0)
            return any(self._finite(s, j) for j in range(at + 1, i) if j not in own)
        if verb is None or i > verb.first:
            return False
        figure = any(u.amount is not None and u.amount.kind != "count" for u in s.units[:i])
        return figure and s.units[verb.first - 1].low in {"and", "but", ","}

    def _finite(self, s: Sentence, j: int) -> bool:
        unit = s.units[j]
        if unit.kind:
            return False
        verb = any(t.form in {"past", "third"} for t in unit.tags) and not any(not t.form for t in unit.tags)
        return self.grammar.is_auxiliary(unit) or (verb and not self.grammar.is_noun(s, j))

    def _apart(self, s: Sentence, i: int, at: int, speech: Speech | None) -> bool:
        """Return whether a time belongs to what is compared, or to when it was said."""
        for j in range(i - 1, max(-1, i - 8), -1):
            unit = s.units[j]
            if unit.low in _AGAINST and not unit.kind:
                between = s.units[j + 1 : i]
                return unit.low != "from" or all(u.amount is not None or u.low in _BASE for u in between)
            if unit.text in {",", ";"} or unit.amount is not None or j == at:
                break
            if unit.low in {"half", "volume", "level", "peak", "high"} and s.units[j + 1].low == "of":
                return True
        if speech is not None and abs(i - speech.verb) <= 3:
            between = s.units[min(i, speech.verb) + 1 : max(i, speech.verb)]
            if not any(u.text == "," or u.amount is not None for u in between):
                return True
        behind = s.units[i - 1].low if i else ""
        reported = (
            i > 1
            and behind == "on"
            and s.units[i - 2].low in {"showed", "show", "said", "announced", "shows"}
        )
        if behind == "to" and i > 1 and s.units[i - 2].kind == "Duration":
            return True  # "the three months to March": a time the dates do not tell
        if i + 1 < len(s.units) and s.units[i + 1].low in {"quarter", "half"}:
            return True  # "the December quarter" is no month
        until = s.units[i].date
        if self.grammar.possessive(s, i) or reported:
            return True
        ended = until is not None and until.edtf.startswith("../")
        return ended or (i > at and any(u.text in {"—", "–", ";", "("} for u in s.units[at:i]))

    def comparison(self, s: Sentence, at: int) -> tuple[int, int] | None:
        """Return the units [first, last] of "half the volume of March", "up 23 percent on the month"."""
        for j in range(at + 1, min(at + 26, len(s.units) - 1)):
            unit = s.units[j]
            if unit.text in {";", ".", ":"} or (unit.low in {"and", "but", "with"} and unit.low != "and"):
                return None
            after = s.units[j + 1]
            if unit.text in {",", "—", "–", "("} or unit.low == "and":
                k = j + 1
                while k < len(s.units) - 1 and s.units[k].low in {"just", "only", "some", "about", "or"}:
                    k += 1
                amount = s.units[k].amount
                plain = amount is not None and not any(c.isdigit() for c in amount.text)
                half = amount is not None and plain and amount.unit in {"%", ""} and any(
                    u.low in {"volume", "level", "amount", "total", "what", "as", "rate"} or u.kind == "Time"
                    for u in s.units[k + 1 : k + 6]
                ) and not any(u.has("speech") for u in s.units[k + 1 : k + 6])  # fmt: skip
                than = amount is not None and any(u.low in _THAN for u in s.units[k + 1 : k + 3])
                if half or (unit.low != "and" and (than or self._compares(s, k))):
                    return (j + 1, self._segment_end(s, k))
            elif unit.low in {"than", "compared"} or (
                unit.low == "from"
                and (after.amount is not None or after.kind == "Time" or after.low in _BASE)
            ):
                timed = any(
                    u.kind == "Time" or u.amount is not None or u.low in _PEAKS for u in s.units[j : j + 7]
                )
                if timed and after.kind not in PLACES:
                    return (j, self._segment_end(s, j))
        return None

    @staticmethod
    def _compares(s: Sentence, k: int) -> bool:
        window = s.units[k : k + 10]
        end = next((n for n, u in enumerate(window) if u.text in {",", ";"}), len(window))
        window = window[:end]
        return s.units[k].low in _COMPARING and any(
            u.amount is not None or u.low in {"half", "double", "twice"} for u in window
        )

    @staticmethod
    def _segment_end(s: Sentence, k: int) -> int:
        j = k
        while j + 1 < len(s.units):
            behind = s.units[j + 1]
            ends = behind.text in {",", ";", "—", "–", ")", ":"} or behind.low in {
                "while",
                "as",
                "but",
                "after",
            }
            if ends or (behind.text == "." and j + 2 >= len(s.units)):
                break
            j += 1
        return j


def _time(unit: Unit) -> Argument:
    date = unit.date
    value, rule, anchor = (date.edtf, date.rule, date.anchor) if date is not None else ("", "", "")
    how = f"{rule}, from {anchor}" if anchor else rule
    return Argument("period", "Time", unit.text, unit.start, unit.end, value=value, derivation=how)
