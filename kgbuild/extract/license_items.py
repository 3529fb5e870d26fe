"""Licenses told by lines under a date: "14 March: Green light from the ministry for 1.2 million tons"."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.arguments import named
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.license_context import LicenseContext
from kgbuild.extract.license_events import LicenseEvents, Told
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.license_roles import LicenseRoles
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import FIRM, Sentence
from kgbuild.model import Argument, Event

_OPENS: Final = frozenset({":", "-", "–", "—"})
_BEHIND: Final = frozenset({"from", "for", "to", "until", "of", "in", "on", ",", ".", "over"})
_NEW: Final = frozenset({"a", "an", "new", "first", "second", "third", "another", "fresh", "further"})
_TOLD: Final = frozenset({"announces", "announced", "unveils", "unveiled", "reports", "reported"})
_HEDGES: Final = ("possible", "planned", "negation", "duty", "hypothetical", "doubt", "unreal")


class LicenseItems:
    """Reads lines that open with a date and tell a license by its noun."""

    def __init__(
        self, grammar: Grammar, coreference: Coreference, roles: LicenseRoles, context: LicenseContext,
        events: LicenseEvents,
    ) -> None:  # fmt: skip
        self._grammar = grammar
        self._coreference = coreference
        self._roles = roles
        self._context = context
        self._events = events

    def find(self, s: Sentence, nouns: list[Noun]) -> list[Event]:
        """Return the license of a line under a date."""
        low = self._opened(s)
        noun = nouns[0] if nouns and low else None
        if noun is None or any(u.has(h) for u in s.units for h in _HEDGES):
            return []
        action = self._action(s, noun, low)
        if not action:
            return []
        holders = self._holders(s, noun)
        told = Told(noun, noun.at, (0, len(s.units)), Stance(), None)
        event = self._events.event(s, "license-item", action, holders, told) if holders else None
        return [event] if event is not None else []

    @staticmethod
    def _opened(s: Sentence) -> int:
        """Return where a line goes on behind its date, 0 where it opens with none."""
        if len(s.units) < 4 or s.units[0].kind != "Time" or s.units[1].text not in _OPENS:
            return 0
        return 2

    def _action(self, s: Sentence, noun: Noun, low: int) -> str:
        first = noun.first if noun.possessor is None else min(noun.first, noun.possessor)
        behind = s.units[noun.at + 1] if noun.at + 1 < len(s.units) else None
        before = s.units[low:first]
        if [u.low for u in s.units[low : low + 3]] == ["last", "day", "of"]:
            return "expired"
        ends = behind is None or behind.low in _BEHIND or behind.kind in {"Time", "Duration"}
        if not ends or noun.possessor is not None:
            return ""
        if all(u.low in _NEW for u in before):
            return "granted"
        told = [k for k in range(low, noun.first) if s.units[k].low in _TOLD]
        rest = s.units[told[0] + 1 : noun.first] if told else []
        plain = any(u.low in _NEW for u in (*rest, *s.units[noun.first : noun.at]))
        return "granted" if told and plain and all(u.low in _NEW for u in rest) else ""

    def _holders(self, s: Sentence, noun: Noun) -> list[Argument]:
        if noun.possessor is not None:
            return self._roles.fill("holder", s, noun.possessor)
        for i in range(noun.at + 1, len(s.units)):
            unit = s.units[i]
            if unit.kind == FIRM and not self._grammar.possessive(s, i):
                to = self._grammar.governed(s, i, noun.at) in {"to", "for"}
                return [named("holder", unit)] if to else []
        last = self._context.last(s, 3) or self._context.sole
        firms = {h.name: h for h in last.of("holder") if h.kind == FIRM} if last is not None else {}
        at = s.units[noun.at]
        step = f"coreference: {at.text}, of the firm told last"
        if len(firms) == 1:
            found = next(iter(firms.values()))
        else:
            salient = self._coreference.salient(s, 0) if not firms else None
            if salient is None:
                return []
            found = named("holder", salient)
        return [replace(found, start=at.start, end=at.end, text=at.text, inferred=True, derivation=step)]
