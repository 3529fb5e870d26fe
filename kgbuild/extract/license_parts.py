"""Licenses told as a part of what was asked for: "only a quarter of the requests have been granted"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kgbuild.extract.arguments import quantity
from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.license_events import LicenseEvents, Told
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.license_roles import LicenseRoles
from kgbuild.extract.license_scenes import unique
from kgbuild.extract.stance import find_speech, stance_of
from kgbuild.extract.units import Sentence, Unit
from kgbuild.model import Argument, Event

_VERBS: Final = ("license.give", "license.deny")
_FRACTIONS: Final = frozenset({"quarter", "third", "half", "fraction", "handful", "most", "few", "majority"})
_THEM: Final = frozenset({"them", "these", "those", "which", "the"})
_ASKED: Final = ("license.application", "license.request")
_BY: Final = frozenset({"by", "from", "of"})


class LicenseParts:
    """Reads how many of the applications of a sentence were granted or refused."""

    def __init__(self, grammar: Grammar, roles: LicenseRoles, events: LicenseEvents) -> None:
        self._grammar = grammar
        self._roles = roles
        self._events = events

    def find(self, s: Sentence, nouns: Sequence[Noun], told: Sequence[Event]) -> list[Event]:
        """Return the grants and refusals of `s` that have a part of applications for their subject."""
        out: list[Event] = []
        for i, unit in enumerate(s.units):
            for cls in _VERBS if not unit.kind else ():
                for tag in self._grammar.tags_at(s, i, cls)[:1]:
                    group = self._grammar.verb_group(s, i, tag)
                    part = self._part(s, group.first) if group.passive else None
                    noun = self._asked(s, nouns, part) if part is not None else None
                    event = self._event(s, group, part, noun, told) if part is not None and noun else None
                    out += [event] if event is not None else []
        return out

    def _part(self, s: Sentence, end: int) -> int | None:
        """Return the unit that counts the subject that ends before unit `end`: "only a quarter of them"."""
        k = end - 1
        if k > 1 and s.units[k].low in _THEM and s.units[k - 1].low == "of":
            k -= 2
        elif k > 2 and any(s.units[k].has(c) for c in _ASKED):
            while k > 1 and s.units[k].low != "of" and s.units[k].is_word:
                k -= 1
            k -= 1
        return k if k >= 0 and (_counts(s.units[k]) or s.units[k].low in _FRACTIONS) else None

    @staticmethod
    def _asked(s: Sentence, nouns: Sequence[Noun], part: int) -> Noun | None:
        """Return the applications of which a part is told, or the licenses that were asked for."""
        before = [n for n in nouns if n.at < part and not n.anaphor]
        asked = [n for n in before if any(s.units[n.at].has(c) for c in _ASKED)]
        applied = any(u.has("license.apply") and not u.kind for u in s.units[:part])
        return asked[-1] if asked else before[-1] if before and applied else None

    def _event(
        self, s: Sentence, group: VerbGroup, part: int, noun: Noun, told: Sequence[Event]
    ) -> Event | None:
        stance = stance_of(self._grammar, s, group, [part])
        holders = self._applicants(s, noun, part, told)
        if stance.refused or not holders:
            return None
        unit = s.units[part]
        number = unit.amount is not None and unit.amount.kind == "count"
        counted = [replace(quantity("count", unit), unit="license")] if number else []
        about = replace(noun, at=part, first=part, possessor=None, anaphor=True, inferred=True)
        _, right = self._grammar.clause(s, group.verb)
        speech = find_speech(self._grammar, s, group.verb)
        told_here = Told(about, group.verb, (part, right), stance, speech)
        return self._events.event(
            s, "license-part", group.tag.action, unique([*holders, *counted]), told_here
        )

    def _applicants(self, s: Sentence, noun: Noun, part: int, told: Sequence[Event]) -> list[Argument]:
        """Return who asked: the holders of the application told in `s`, or who stands behind "by"."""
        unit, step = s.units[part], "part of what was applied for"
        for event in told:
            if event.action == "applied" and event.of("holder"):
                return [replace(_moved(h, unit), inferred=True, derivation=step) for h in event.of("holder")]
        if noun.possessor is not None:
            return self._roles.fill("holder", s, noun.possessor)
        for i in range(noun.at + 1, part):
            named = self._grammar.is_actor(s.units[i])
            if named and self._grammar.governed(s, i, noun.at) in _BY:
                found = self._roles.fill("holder", s, i)
                if found:
                    return found
        return []


def _moved(holder: Argument, unit: Unit) -> Argument:
    """Return a firm, or an unnamed part of counted firms, at the word for the part."""
    if not holder.name and not _many(holder):
        return holder
    return replace(holder, start=unit.start, end=unit.end, text=unit.text, value="")


def _many(holder: Argument) -> bool:
    """Return whether holders are counted: of "hundreds of firms" a quarter are not hundreds."""
    return bool(holder.value) or " of " in holder.text


def _counts(unit: Unit) -> bool:
    return unit.amount is not None and unit.amount.kind in {"count", "percent", "fraction"}
