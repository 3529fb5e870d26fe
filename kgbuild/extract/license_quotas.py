"""Quotas told by their size: "CMOC's quota is 6,650 tons and Glencore's 3,925 tons"."""

from __future__ import annotations

from dataclasses import replace

from kgbuild.extract.arguments import named, quantity
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.license_events import LicenseEvents, Told
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.stance import Stance, find_speech
from kgbuild.extract.units import FIRM, Sentence, Unit
from kgbuild.model import Argument, Event

_HEDGES = ("possible", "planned", "negation", "hypothetical", "unreal")


class LicenseQuotas:
    """Reads quotas that a firm is told to have with their size."""

    def __init__(self, grammar: Grammar, events: LicenseEvents) -> None:
        self._grammar = grammar
        self._events = events

    def shared_out(self, s: Sentence, events: list[Event]) -> list[Event]:
        """Return `events` with tons given "respectively" told of each firm apart; unfit ones are left out."""
        if not any(u.low == "respectively" for u in s.units):
            return events
        out: list[Event] = []
        for event in events:
            tons = [u for u in s.units if u.amount is not None and u.amount.kind == "mass"]
            firms = sorted((h for h in event.of("holder")), key=lambda h: h.start)
            if len(tons) < 2 or not event.of("quantity"):
                out.append(event)
                continue
            kept = [a for a in event.arguments if a.role not in {"holder", "quantity"}]
            if len(firms) == len(tons):
                out += [
                    replace(event, arguments=tuple(sorted({*kept, firm, quantity("quantity", ton)})))
                    for firm, ton in zip(firms, tons, strict=True)
                ]
        return out

    def find(self, s: Sentence, nouns: list[Noun]) -> list[Event]:
        """Return the quotas of `s`."""
        out: list[Event] = []
        for noun in nouns:
            if not s.units[noun.at].has("quota") or noun.possessor is None:
                continue
            owner = s.units[noun.possessor]
            left, right = self._grammar.clause(s, noun.at)
            hedged = any(u.has(h) for u in s.units[left:right] for h in _HEDGES)
            size = self._size(s, noun.at + 1)
            if hedged or size is None or owner.kind != FIRM:
                continue
            out += self._event(s, noun, owner, size)
            out += self._next(s, noun, s.units.index(size))
        return out

    def _next(self, s: Sentence, noun: Noun, after: int) -> list[Event]:
        """Return the quotas that follow without the word: "and Glencore's is 3,925 tons"."""
        out: list[Event] = []
        for i in range(after + 1, len(s.units) - 2):
            if s.units[i].kind == FIRM and self._grammar.possessive(s, i):
                size = self._size(s, i + 2)
                if size is not None:
                    out += self._event(s, noun, s.units[i], size)
        return out

    @staticmethod
    def _size(s: Sentence, low: int) -> Unit | None:
        """Return the tons that follow "is", "stands at" or nothing."""
        for unit in s.units[low : low + 9]:
            if unit.amount is not None and unit.amount.kind == "mass":
                return unit
            if unit.text in {",", ";", "."} or unit.kind == FIRM:
                return None
        return None

    def _event(self, s: Sentence, noun: Noun, owner: Unit, size: Unit) -> list[Event]:
        at = s.units.index(size)
        told = Told(
            replace(noun, possessor=None),
            noun.at,
            (noun.at, at),
            Stance(),
            find_speech(self._grammar, s, noun.at),
        )
        roles: list[Argument] = [named("holder", owner)]
        event = self._events.event(s, "license-quota", "granted", roles, told)
        if event is None:
            return []
        kept = [a for a in event.arguments if a.role != "quantity"]
        return [replace(event, arguments=tuple(sorted({*kept, quantity("quantity", size)})))]
