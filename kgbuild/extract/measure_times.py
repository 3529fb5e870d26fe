"""When a measure was imposed, announced or ends, and for how long it holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.measure_roles import Found
from kgbuild.extract.stance import Speech
from kgbuild.extract.units import Sentence
from kgbuild.model import Argument

_PERFECT: Final = frozenset({"has", "have", "had", "'ve", "’ve", "been"})


class MeasureTimes:
    """Finds the times of a measure around its noun and verb."""

    def __init__(self, grammar: Grammar, arguments: Arguments) -> None:
        self._grammar = grammar
        self._arguments = arguments

    def times(self, s: Sentence, found: Found, speech: Speech | None) -> list[Argument]:
        """Return the times of a measure: "date", "announced", or "until" where only its end is told."""
        apart = {u.start for u in s.units[found.skipped[0] : found.skipped[1]]}
        for k in range(found.verb + 1, found.noun):
            # "suspended its October controls": the month is the noun's
            before = s.units[k - 1]
            if s.units[k].kind == "Time" and (
                before.low in self._grammar.words["determiners"] or before.text in {"'s", "’s"}
            ):
                apart.add(s.units[k].start)
        planned = found.group is not None and found.group.tag.cls == "control.plan"
        if planned and found.noun > found.verb and s.units[found.verb - 1].text in {"'s", "’s"}:
            return []  # "a delay in China's planned controls": when is not told
        low, high = found.when or self._grammar.clause(s, found.verb)
        if found.when is None and found.group is not None:
            low = self._began(s, found.group, found, low, high)
        own = s.units[low] if found.when is not None and high == low + 1 else None
        if own is not None and own.kind == "Time" and own.date is not None:
            value = own.date.edtf.removesuffix("/..")
            return [
                Argument("date", "Time", own.text, own.start, own.end, value=value, derivation=own.date.rule)
            ]
        began = self._since(s, found, low, high)
        if began is not None:
            return [began]
        pieces, start = [], low
        for k in range(low, high + 1):
            if k == high or s.units[k].start in apart:
                pieces.append((start, k))
                start = k + 1
        # the stretch that holds the verb first, then the nearest one with a time
        pieces.sort(
            key=lambda p: (not p[0] <= found.verb < p[1], min(abs(p[0] - found.verb), abs(p[1] - found.verb)))
        )
        out: list[Argument] = []
        for piece in pieces:
            taken = {a.role for a in out}
            out += [a for a in self._arguments.times(s, *piece, speech, found.verb) if a.role not in taken]
        if found.when is not None:  # the date over a list item is that of its verb
            out = [a for a in out if a.start >= s.start]
        if found.when is None:
            out += self._opening(s, low, out)
        ends = {
            u.start for j, u in enumerate(s.units) if j and s.units[j - 1].low in {"through", "until", "till"}
        }
        return [replace(a, role="until") if a.role == "date" and a.start in ends else a for a in out]

    @staticmethod
    def _opening(s: Sentence, low: int, out: list[Argument]) -> list[Argument]:
        """Return the time before a clause: "10 June 2023: Exports are banned", "in 2010, when China cut ...".

        `low` is where the clause begins, `out` what is known of its times.
        """
        headed = len(s.units) > 2 and s.units[1].text in {":", "–", "—"}
        unit = s.units[0] if headed and not any(a.role in {"date", "announced"} for a in out) else None
        if low > 1 and s.units[low].low == "when" and not any(a.role == "date" for a in out):
            unit = s.units[low - 1 - (s.units[low - 1].text == ",")]
        if unit is None or unit.kind != "Time" or unit.date is None:
            return []
        value, how = unit.date.edtf, unit.date.rule
        return [Argument("date", "Time", unit.text, unit.start, unit.end, value=value, derivation=how)]

    @staticmethod
    def _began(s: Sentence, group: VerbGroup, found: Found, low: int, high: int) -> int:
        """Return where the times of a second verb begin: "banned it in May and relaxed it in June"."""
        joined = s.units[group.first - 1]
        if (
            group.first <= low
            or found.noun < group.verb
            or (joined.low not in {"and", "but"} and joined.text != ",")
        ):
            return low
        earlier = any(u.kind == "Time" for u in s.units[low : group.first])
        later = any(u.kind == "Time" or u.low in {"later", "afterwards"} for u in s.units[group.verb : high])
        return group.first if earlier and later else low

    @staticmethod
    def _since(s: Sentence, found: Found, low: int, high: int) -> Argument | None:
        """Return when something that lasts began: "has banned exports since 2020", "from December 1"."""
        if found.action != "imposed":
            return None
        group = found.group
        perfect = group is not None and any(u.low in _PERFECT for u in s.units[group.first : group.verb])
        for unit in s.units[low : len(s.units) if found.since else high]:
            if unit.kind != "Time" or unit.date is None or not unit.date.edtf.endswith("/.."):
                continue
            if found.since or perfect or not unit.low.startswith("since"):
                value = unit.date.edtf.removesuffix("/..")
                how = f"{unit.date.rule}: its start"
                return Argument("date", "Time", unit.text, unit.start, unit.end, value=value, derivation=how)
        return None

    def durations(self, s: Sentence, noun: int, verb: int, high: int) -> list[Argument]:
        """Return the lengths of time beside the noun or behind the verb: "a 90-day pause", "for a year"."""
        out = []
        for i in (
            *range(max(0, min(noun, verb) - 2), min(noun, verb)),
            *range(verb, min(high, len(s.units))),
        ):
            unit = s.units[i]
            if unit.kind != "Duration" or unit.date is None or not unit.date.duration:
                continue
            before = s.units[i - 1].low if i else ""
            if before in {"over", "past", "last", "previous", "in", "within", "after"}:
                continue
            value = unit.date.duration
            out.append(Argument("validity", "Duration", unit.text, unit.start, unit.end, value=value))
        return out
