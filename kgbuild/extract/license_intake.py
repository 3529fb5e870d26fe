"""Applications that somebody hands to an authority: "the ministry received applications from X"."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.license_events import LicenseEvents, Told
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.license_roles import LicenseRoles
from kgbuild.extract.license_scenes import unique
from kgbuild.extract.stance import find_speech, stance_of
from kgbuild.extract.units import FIRM, Sentence
from kgbuild.model import Argument, Event

#: Verbs of an authority to which an application comes, by their forms.
_TAKES: Final = {
    "received": "past", "receives": "third", "receiving": "ing", "accepted": "past", "registered": "past",
}  # fmt: skip
_ASKED: Final = ("license.application", "license.request")
_GIVERS: Final = frozenset({"from", "by", "of"})


class LicenseIntake:
    """Reads what authorities tell of the applications that they received."""

    def __init__(self, grammar: Grammar, roles: LicenseRoles, events: LicenseEvents) -> None:
        self._grammar = grammar
        self._roles = roles
        self._events = events

    def find(self, s: Sentence, nouns: list[Noun]) -> list[Event]:
        """Return the applications that a body is told in `s` to have received."""
        asked = [n for n in nouns if any(s.units[n.at].has(c) for c in _ASKED)]
        for i, unit in enumerate(s.units if asked else ()):
            form = _TAKES.get(unit.low, "") if not unit.kind else ""
            noun = next((n for n in asked if n.at > i), None)
            if not form or noun is None or not self._governs(s, i, noun):
                continue
            group = self._grammar.verb_group(s, i, Tag("receive", "license.apply", "applied", form))
            subject = [] if group.passive else self._roles.subjects.find(s, group)
            issuers = [a for h in subject for a in self._roles.fill("issuer", s, h)]
            stance = stance_of(self._grammar, s, group, subject)
            if not issuers or stance.refused:
                continue
            _, right = self._grammar.clause(s, i)
            found = [*issuers, *self._applicants(s, noun, right)]
            told = Told(noun, i, (i, right), stance, find_speech(self._grammar, s, i))
            event = self._events.event(s, "license-intake", "applied", unique(found), told)
            return [event] if event is not None else []
        return []

    def _governs(self, s: Sentence, verb: int, noun: Noun) -> bool:
        """Return whether only words of the noun's own phrase stand between a verb and a noun."""
        words = self._grammar.words
        opens = words["clause_openers"] | words["auxiliaries"] | {",", "to", "that"}
        return not any(u.low in opens for u in s.units[verb + 1 : noun.first])

    def _applicants(self, s: Sentence, noun: Noun, right: int) -> list[Argument]:
        """Return who applied: "from X", "by exporters"; the owner of "X's application"."""
        if noun.possessor is not None:
            return self._roles.fill("holder", s, noun.possessor)
        out: list[Argument] = []
        for i in range(noun.at + 1, right):
            actor = s.units[i].kind == FIRM or s.units[i].has("role")
            owner = actor and self._grammar.governed(s, i, noun.at) in _GIVERS
            if owner and not self._grammar.possessive(s, i):
                out += self._roles.fill("holder", s, i)
        return out
