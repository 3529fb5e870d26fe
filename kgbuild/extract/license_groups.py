"""Who "the four" or "the other three" are: the firms of a list that the article gave before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.units import FIRM, Sentence, Unit
from kgbuild.model import Argument, Event

_NUMBERS: Final = {
    word: n for n, word in enumerate("two three four five six seven eight nine ten".split(), 2)
}  # fmt: skip
_ALL: Final = frozenset({"the", "all", "these", "those"})
_REST: Final = frozenset({"other", "remaining", "rest"})


class LicenseGroups:
    """Remembers the lists of holders of one article."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._groups: list[list[Argument]] = []  #: the last one first

    def remember(self, events: Sequence[Event]) -> None:
        """Keep the named holders of events that have several."""
        for event in events:
            firms = {h.name: h for h in event.of("holder") if h.kind == FIRM}
            if len(firms) > 1:
                self._groups.insert(0, list(firms.values()))

    def members(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return the firms that a number in units [low, high) stands for; nobody where it does not fit."""
        named = {u.name for u in s.units if u.kind == FIRM}
        for i in range(max(low, 1), high if self._groups else low):
            number = self._number(s, i)
            before = {u.low for u in s.units[max(0, i - 2) : i]}
            if not number or s.units[i - 1].low not in _ALL | _REST or not self._alone(s, i):
                continue
            for group in self._groups:
                rest = [m for m in group if m.name not in named] if _REST & before else group
                if len(rest) == number:
                    return [self._told(s.units[i], m) for m in rest]
            return []
        return []

    @staticmethod
    def _told(unit: Unit, member: Argument) -> Argument:
        step = f"coreference: {unit.text} = firms listed before"
        return replace(member, start=unit.start, end=unit.end, text=unit.text, inferred=True, derivation=step)

    @staticmethod
    def _number(s: Sentence, i: int) -> int:
        unit = s.units[i]
        if unit.amount is not None:
            plain = unit.amount.kind == "count" and unit.amount.unit in {"", "company"}
            return int(unit.amount.value) if plain and unit.amount.value.isdigit() else 0
        return _NUMBERS.get(unit.low, 0)

    def _alone(self, s: Sentence, i: int) -> bool:
        """Return whether a number counts firms or stands alone, not "the four days"."""
        rest = s.units[i + 1 :]
        if not rest:
            return True
        following = rest[0]
        if following.has("role") or not following.is_word:
            return True
        things = following.text.endswith("s") and not following.tags and not following.kind
        return not things  # "the four appeal", "the four have", not "the four days"
