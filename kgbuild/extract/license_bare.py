"""Licenses told without their word, in the light of the sentence before.

"X, which filed in May, is waiting", "Y was struck off as well", "Z was among those hit", "The exporter is X",
"It belongs to X".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.license_context import LicenseContext
from kgbuild.extract.license_events import LicenseEvents, Told
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.license_roles import LicenseRoles
from kgbuild.extract.license_scenes import unique
from kgbuild.extract.stance import Stance, find_speech, stance_of
from kgbuild.extract.units import FIRM, Sentence
from kgbuild.model import Argument, Event

_ASKED: Final = frozenset({"applied", "filed"})
_WAITS: Final = frozenset({"waiting", "waits", "queuing", "queueing"})
#: What can follow a verb that stands without an object.
_ENDS: Final = frozenset(
    {"too", "also", "as well", "still", "likewise", "again", "and", "but", "while", "so"}
)
_BEFORE_TIME: Final = frozenset({"in", "on", "since", "at", "only", "back", "earlier", "last", "as"})
#: Words of a sentence in which a filing is one to a court or an exchange.
_COURTS: Final = frozenset("court suit lawsuit appeal claim claims judge bankruptcy tribunal".split())
_DECISION: Final = frozenset({"decision", "ruling", "verdict"})
_PUT_OFF: Final = frozenset("put off deferred delayed postponed reserved yet no".split()) | {"put off"}
_HIT: Final = frozenset({"hit", "affected", "concerned", "targeted", "struck"})
_BE: Final = frozenset({"is", "are", "was", "were"})
_HOLDING: Final = frozenset({"exporter", "holder", "recipient", "licensee", "applicant", "permittee"})
_BELONGS: Final = frozenset({"belongs", "belonged", "goes", "went", "held", "owned"})
_NEAR: Final = 2  #: sentences back to the license that is meant


class LicenseBare:
    """Reads clauses that only the license told before gives a sense."""

    def __init__(
        self, grammar: Grammar, roles: LicenseRoles, context: LicenseContext, events: LicenseEvents
    ) -> None:
        self._grammar = grammar
        self._roles = roles
        self._context = context
        self._events = events

    def find(self, s: Sentence, nouns: list[Noun], told: list[Event]) -> list[Event]:
        """Return the events of `s` beside those already `told` of it."""
        if not any(u.kind == FIRM or u.has("role") for u in s.units):
            return []
        out = [*self._asked(s, nouns, told), *self._struck(s, nouns)]
        if not told:
            out += self._put_off(s, nouns) or self._called_holder(s, nouns)
        if not told and not out:
            one = self._hit(s) or self._holder(s)
            out += [one] if one is not None else []
        return out

    # ---- "X filed in May", "X is waiting"

    def _asked(self, s: Sentence, nouns: list[Noun], told: list[Event]) -> list[Event]:
        kind = self._context.near(s, nouns)
        done = {h.start for e in told for h in e.of("holder") if e.action in {"applied", "pending"}}
        if not kind or _COURTS & {u.low for u in s.units}:
            return []
        out: list[Event] = []
        for i in range(len(s.units) - 1, -1, -1):  # who waits has filed: the later verb tells both
            unit = s.units[i]
            waits = unit.low in _WAITS
            if unit.kind or not (waits or unit.low in _ASKED) or not self._alone(s, i):
                continue
            form = "ing" if unit.low.endswith("ing") else "third" if waits else "past"
            tag = Tag("pending" if waits else "applied", "license.apply", "pending", form)
            group = self._grammar.verb_group(s, i, tag)
            if form == "ing" and not any(u.low in _BE for u in s.units[group.first : i]):
                continue
            event = self._event(s, kind, group, "pending" if waits else "applied")
            starts = {h.start for h in event.of("holder")} if event is not None else set()
            if event is not None and not starts & done:
                out.append(event)
                done |= starts
        return out

    def _alone(self, s: Sentence, i: int) -> bool:
        """Return whether a verb has no object: the sentence ends behind it, or only a time follows."""
        k = i + 1
        while k < len(s.units) and (
            s.units[k].low in _BEFORE_TIME or s.units[k].kind in {"Time", "Duration"}
        ):
            k += 1
        if k < len(s.units) and k > i + 1 and not s.units[k - 1].kind and s.units[k - 1].low != "earlier":
            return False  # "filed in Delaware"
        return k >= len(s.units) or not s.units[k].is_word or s.units[k].low in _ENDS

    def _event(self, s: Sentence, kind: str, group: VerbGroup, action: str) -> Event | None:
        heads = self._roles.subjects.find(s, group)
        heads = self._before_relative(s, group) or heads
        holders = [a for h in heads if not self._grammar.possessive(s, h) for a in self._fill(s, h)]
        stance = stance_of(self._grammar, s, group, heads)
        described = action == "pending" and any(h.kind == "UnnamedFirm" for h in holders)
        if stance.refused or not (described or any(h.kind == FIRM for h in holders)):
            return None
        noun = Noun(group.verb, group.verb, kind, None, inferred=True, anaphor=True)
        _, right = self._grammar.clause(s, group.verb)
        speech = find_speech(self._grammar, s, group.verb)
        told = Told(noun, group.verb, (group.verb, min(right, group.verb + 6)), stance, speech)
        return self._events.event(s, "license-bare", action, unique(holders), told)

    def _before_relative(self, s: Sentence, group: VerbGroup) -> list[int]:
        """Return the firm of "X, which filed"."""
        i = group.first - 1
        if i > 1 and s.units[i].low in {"which", "who", "that"}:
            at = i - 2 if s.units[i - 1].text == "," else i - 1
            return [at] if s.units[at].kind == FIRM else []
        return []

    def _fill(self, s: Sentence, head: int) -> list[Argument]:
        return self._roles.fill("holder", s, head)

    # ---- "on its request the ministry has put off a decision"

    def _put_off(self, s: Sentence, nouns: list[Noun]) -> list[Event]:
        for noun in nouns:
            start = noun.first if noun.possessor is None else min(noun.first, noun.possessor)
            if not start or s.units[start - 1].low not in {"on", "over"}:
                continue
            left, right = self._grammar.clause(s, noun.at)
            places = [*range(noun.at + 1, right), *range(left, start)]
            at = next((i for i in places if s.units[i].low in _DECISION), 0)
            low = noun.at + 1 if at > noun.at else left
            off = any(u.low in _PUT_OFF for u in s.units[max(low, at - 4) : at])
            at += low == 0 and not at and s.units[1].low in _DECISION
            if not at or not off or noun.possessor is None:
                continue
            holders = self._fill(s, noun.possessor)
            speech = find_speech(self._grammar, s, noun.at)
            told = Told(noun, at, (noun.first, noun.at + 1), Stance(), speech)
            event = (
                self._events.event(s, "license-bare", "pending", unique(holders), told) if holders else None
            )
            return [event] if event is not None else []
        return []

    # ---- "X is the holder of a mining license"

    def _called_holder(self, s: Sentence, nouns: list[Noun]) -> list[Event]:
        for noun in nouns:
            k = noun.first - 1
            while k > 1 and s.units[k].low != "of" and s.units[k].low in self._grammar.words["determiners"]:
                k -= 1
            if k < 3 or s.units[k].low != "of" or not s.units[k - 1].has("role.licensed"):
                continue
            be = k - 2
            while be > 0 and s.units[be].low in {"the", "a", "sole", "only", "first"}:
                be -= 1
            if s.units[be].low not in _BE:
                continue
            group = self._grammar.verb_group(s, be, Tag("be", "be", "", "past"))
            heads = self._grammar.subject(s, group)
            holders = [a for h in heads for a in self._fill(s, h) if a.kind == FIRM]
            stance = stance_of(self._grammar, s, group, heads)
            if holders and not stance.refused:
                told = Told(noun, be, (noun.first, noun.at + 1), stance, find_speech(self._grammar, s, be))
                event = self._events.event(s, "license-bare", "granted", unique(holders), told)
                return [event] if event is not None else []
        return []

    # ---- "X was struck off as well"

    def _struck(self, s: Sentence, nouns: list[Noun]) -> list[Event]:
        kind = self._context.near(s, nouns)
        for i in range(1, len(s.units) - 1 if kind else 0):
            if s.units[i].low != "struck" or s.units[i + 1].low != "off":
                continue
            group = self._grammar.verb_group(s, i, Tag("strike", "license.revoke", "revoked", "participle"))
            if group.passive:
                event = self._event(s, kind, group, "revoked")
                return [event] if event is not None else []
        return []

    # ---- "X was among those hit", "The exporter is X", "It belongs to X"

    def _hit(self, s: Sentence) -> Event | None:
        last = self._context.last(s, _NEAR)
        if last is None or any(h.name for h in last.of("holder")):
            return None
        for i, unit in enumerate(s.units):
            if unit.low != "among" or i == 0 or s.units[i - 1].low not in _BE | {"also"}:
                continue
            if not any(u.low in _HIT for u in s.units[i + 1 : i + 5]):
                continue
            be = i - 1 - (s.units[i - 1].low == "also")
            group = VerbGroup(be, be, Tag("be", "be", "", "past"), False, False)
            firms = [a for h in self._grammar.subject(s, group) for a in self._fill(s, h)]
            return self._again(s, last, firms)
        return None

    def _holder(self, s: Sentence) -> Event | None:
        """Return the license told before with the holder that `s` names."""
        last = self._context.last(s, _NEAR)
        if last is None or any(h.kind == FIRM for h in last.of("holder")) or len(s.units) < 4:
            return None
        units = s.units
        if units[0].low == "the" and units[1].low in _HOLDING and units[2].low in _BE:
            firms = self._fill(s, 3) if units[3].kind == FIRM else []
            return self._again(s, last, firms)
        if units[0].low != "it":
            return None
        for i in range(1, min(len(units) - 2, 12)):
            if units[i].low in _BELONGS and units[i + 1].low in {"to", "by"}:
                return self._again(s, last, self._behind(s, i + 2))
        return None

    def _behind(self, s: Sentence, low: int) -> list[Argument]:
        """Return the firm or the subsidiary of a firm that begins at unit `low`."""
        for i in range(low, min(len(s.units), low + 4)):
            if s.units[i].kind == FIRM or s.units[i].has("role"):
                return self._fill(s, i)
            if not s.units[i].is_word:
                return []
        return []

    @staticmethod
    def _again(s: Sentence, last: Event, firms: list[Argument]) -> Event | None:
        if not any(f.kind == FIRM or f.text for f in firms):
            return None
        step = "told in the sentence before"
        stay = {"issuer", "kind", "date", "material"}
        kept = [replace(a, inferred=True, derivation=step) for a in last.arguments if a.role in stay]
        arguments = tuple(sorted({*kept, *firms}))
        return replace(
            last, start=s.start, end=s.end, arguments=arguments, rule="license-members", repeats=()
        )
