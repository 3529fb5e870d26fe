"""Licenses told by what has become of them: "untouched is the permit of X", "one of them was gone"."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.grammar import Grammar, positions
from kgbuild.extract.license_context import LicenseContext
from kgbuild.extract.license_events import LicenseEvents, Told
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.license_roles import LicenseRoles
from kgbuild.extract.license_scenes import unique
from kgbuild.extract.stance import Stance, find_speech
from kgbuild.extract.units import FIRM, Sentence
from kgbuild.model import Argument, Event

_COPULAS: Final = frozenset("is are was were be been remain remains remained stay stays stayed".split())
_RULED: Final = frozenset({"declared", "declares", "ruled", "rules", "deemed", "found", "pronounced"})
_HEDGES: Final = ("possible", "planned", "hypothetical", "duty", "unreal")


class LicenseStates:
    """Reads licenses that are called untouched or gone."""

    def __init__(
        self, grammar: Grammar, roles: LicenseRoles, context: LicenseContext, events: LicenseEvents
    ) -> None:
        self._grammar = grammar
        self._roles = roles
        self._context = context
        self._events = events

    def find(self, s: Sentence, nouns: list[Noun]) -> list[Event]:
        """Return the events of `s`."""
        out: list[Event] = []
        for i in positions(s, "permit-state"):
            unit = s.units[i]
            kept = unit.has("permit-state.kept")
            left, right = self._grammar.clause(s, i)
            struck = unit.has("permit-state.struck") and any(u.low in _RULED for u in s.units[left:i])
            if not kept and not struck and not unit.has("permit-state.lost"):
                continue
            if any(u.has(h) for u in s.units[left:i] for h in _HEDGES):
                continue
            negated = any(u.has("negation") for u in s.units[left:i])
            noun = self._noun(s, i, nouns, left)
            if noun is None or negated:
                continue
            holders = self._holders(s, noun) or [
                h for e in out for h in e.of("holder") if noun.anaphor
            ]  # "one of its licenses was gone; another had not been touched"
            if not any(h.kind == FIRM for h in holders):
                continue
            speech = find_speech(self._grammar, s, noun.at)
            stance = Stance("denied") if kept else Stance()
            told = Told(noun, i, (noun.first, right), stance, speech)
            rule = "license-kept" if kept else "license-gone"
            event = self._events.event(s, rule, "revoked", unique(holders), told)
            if event is not None:
                out.append(event)
        return out

    def _noun(self, s: Sentence, i: int, nouns: list[Noun], left: int) -> Noun | None:
        """Return the license that unit `i` tells the state of: its subject, or what stands behind "is"."""
        behind = s.units[i + 1] if i + 1 < len(s.units) else None
        if behind is not None and behind.low in _COPULAS:
            return next((n for n in nouns if i < n.at <= i + 6), None)
        before = [n for n in nouns if left <= n.at < i]
        ruled = bool(before) and any(u.low in _RULED for u in s.units[left : before[-1].at])
        linked = (
            s.units[i].has("permit-state.struck")
            or ruled
            or any(u.low in _COPULAS | {"has", "have", "had"} for u in s.units[max(left, i - 4) : i])
        )
        if not linked:
            return None
        if before:
            return before[-1]
        opener = s.units[left + 1] if left + 1 < i and s.units[left].text in {";", ","} else s.units[left]
        known = self._context.near(s, [n for n in nouns if n.at < i])
        if opener.low in {"another", "others"} and known:
            at = s.units.index(opener)
            return Noun(at, at, known, None, inferred=True, anaphor=True)
        return None

    def _holders(self, s: Sentence, noun: Noun) -> list[Argument]:
        if noun.possessor is not None:
            return self._roles.fill("holder", s, noun.possessor)
        out: list[Argument] = []
        served = self._grammar.served(s)
        for i in range(noun.at + 1, len(s.units)):
            owner = s.units[i].kind == FIRM or s.units[i].has("role")
            if owner and i not in served and self._grammar.governed(s, i, noun.at) == "of":
                out += self._roles.fill("holder", s, i)
            elif s.units[i].text in {";", ":"} or s.units[i].low in self._grammar.words["be"]:
                break
        if out:
            return out
        if noun.anaphor:
            return []
        return [replace(h) for h in self._context.holders(s, noun, also_salient=True)]
