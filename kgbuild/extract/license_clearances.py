"""Licenses told without a word for them: goods that are cleared, firms that are waved through."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.arguments import Arguments, named
from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.license_buyers import buyers
from kgbuild.extract.license_context import LicenseContext
from kgbuild.extract.license_events import LicenseEvents, Told
from kgbuild.extract.license_nouns import LicenseNouns, Noun
from kgbuild.extract.license_roles import LicenseRoles
from kgbuild.extract.license_scenes import unique
from kgbuild.extract.stance import find_speech, stance_of
from kgbuild.extract.units import FIRM, MATERIALS, Sentence
from kgbuild.model import Argument, Event

#: Beginnings of the verbs that tell a clearance by themselves.
_CLEARING: Final = ("clear", "approv", "wave", "waving", "greenli", "green-li", "okay", "oks")
#: Words that goods are shipped as.
_CARGO: Final = frozenset(
    "shipment shipments consignment consignments cargo cargoes delivery deliveries order orders batch "
    "batches materials products goods".split()
)
_ALSO: Final = frozenset({"too", "also", "likewise", "well", "as well"})
#: What a firm is cleared of or for, that is no license: "cleared of fraud", "approved as a supplier".
_OTHER: Final = frozenset({"of", "as", "at", "over", "in", "into", "against", "for", "to"})
#: Sentences to look back for the license that a bare "were cleared" means.
_BACK: Final = 6


class LicenseClearances:
    """Reads clearances of goods and firms."""

    def __init__(
        self, grammar: Grammar, arguments: Arguments, roles: LicenseRoles, context: LicenseContext,
        nouns: LicenseNouns, events: LicenseEvents,
    ) -> None:  # fmt: skip
        self._grammar = grammar
        self._arguments = arguments
        self._roles = roles
        self._context = context
        self._nouns = nouns
        self._events = events

    def find(self, s: Sentence) -> list[Event]:
        """Return the clearances told in `s`, a sentence that tells no license otherwise."""
        out = []
        for i, unit in enumerate(s.units):
            if unit.kind or not unit.low.startswith(_CLEARING):
                continue
            for tag in self._grammar.tags_at(s, i, "license.allow")[:1]:
                group = self._grammar.verb_group(s, i, tag)
                event = self._passive(s, group) if group.passive else self._active(s, group)
                out += [event] if event is not None else []
        return out

    # ---- "Beijing clears graphite for Korean battery makers"

    def _active(self, s: Sentence, group: VerbGroup) -> Event | None:
        if group.tag.form == "ing" or not self._nouns.about_exports:
            return None
        subject = self._roles.subjects.find(s, group)
        issuers = [a for h in subject for a in self._roles.fill("issuer", s, h)]
        goods = self._goods_behind(s, group.verb)
        if not issuers or goods is None:
            return None
        _, right = self._grammar.clause(s, group.verb)
        noun = Noun(goods, goods, "ExportLicense", None, inferred=True, shipment=True)
        buying = self._buyers(s, goods + 1, right)
        reached = self._arguments.destinations(s, goods + 1, right)
        if not buying and not reached and not buyers(self._grammar, s, goods + 1, right, goods=True):
            return None  # "approved lithium for takeoff"
        found = [*issuers, *buying]
        return self._event(s, group, subject, noun, found, (goods, right))

    def _goods_behind(self, s: Sentence, verb: int) -> int | None:
        """Return the goods that a verb has as its object, where they go to somebody."""
        for i in range(verb + 1, min(len(s.units) - 1, verb + 6)):
            unit = s.units[i]
            following = s.units[i + 1]
            if unit.kind in MATERIALS:
                if following.kind in MATERIALS or following.text == "-":
                    continue
                return i if following.low in {"for", "to"} or following.has("word.export") else None
            if unit.has("license") or unit.low in self._grammar.words["prepositions"] or not unit.is_word:
                return None
        return None

    # ---- "anodes for X were cleared as well", "X was waved through"

    def _passive(self, s: Sentence, group: VerbGroup) -> Event | None:
        last = self._context.last(s, _BACK)
        left, right = self._grammar.clause(s, group.verb)
        if not self._stands_alone(s, group.verb):
            return None
        subject = self._roles.subjects.find(s, group)
        goods = self._goods_before(s, left, group.first)
        if goods is not None and not any(s.units[h].kind == FIRM for h in subject if h > goods):
            return self._cleared_goods(s, group, goods, (left, right), last)
        firms = [h for h in subject if s.units[h].kind == FIRM or s.units[h].has("role")]
        kind = self._context.near(s, []) or (next((k.value for k in last.of("kind")), "") if last else "")
        if not firms or not kind:
            return None
        found = [a for h in firms for a in self._roles.fill("holder", s, h)]
        served = self._grammar.served(s)
        if any(a.kind == "UnnamedFirm" for a in found):
            found += [named("beneficiary", s.units[i]) for i in sorted(served) if s.units[i].kind == FIRM]
        noun = Noun(group.verb, group.verb, kind, None, inferred=True)
        return self._event(s, group, subject, noun, found, (group.verb, right))

    def _cleared_goods(
        self, s: Sentence, group: VerbGroup, goods: int, clause: tuple[int, int], last: Event | None
    ) -> Event | None:
        issuers = last.of("issuer") if last is not None else ()
        if last is None or not issuers or last.action != "granted":
            return None
        verb = s.units[group.verb]
        step = "told in the sentence before"
        taken = (
            ("issuer", "destination") if any(u.low in _ALSO for u in s.units[group.verb :]) else ("issuer",)
        )
        found = [
            replace(a, start=verb.start, end=verb.end, text=verb.text, inferred=True, derivation=step)
            for a in last.arguments
            if a.role in taken
        ]
        found += self._buyers(s, goods + 1, group.first)
        noun = Noun(goods, goods, "ExportLicense", None, inferred=True, shipment=True)
        return self._event(s, group, [], noun, found, clause)

    def _goods_before(self, s: Sentence, left: int, high: int) -> int | None:
        """Return the goods or shipments that a verb has as its subject."""
        for i in range(left, high):
            unit = s.units[i]
            if unit.kind in MATERIALS or unit.low in _CARGO or unit.has("word.export"):
                last = i
                while last + 1 < high and (
                    s.units[last + 1].kind in MATERIALS or s.units[last + 1].low in _CARGO
                ):
                    last += 1
                ends = last + 1 == high or s.units[last + 1].low in {"for", "to", "by", "of", "from"}
                return last if ends else None
            if unit.kind in {FIRM, "Person"} or unit.has("license") or unit.low in {"for", "to", "of"}:
                return None
        return None

    def _stands_alone(self, s: Sentence, verb: int) -> bool:
        """Return whether nothing behind a verb says of what or for what else somebody was cleared."""
        following = s.units[verb + 1] if verb + 1 < len(s.units) else None
        if following is None or not following.is_word:
            return True
        if following.low == "as" and verb + 2 < len(s.units) and s.units[verb + 2].low == "well":
            return True
        if following.low == "by":
            behind = s.units[verb + 2 : verb + 6]
            return any(self._grammar.is_actor(u) and u.kind != FIRM for u in behind)
        return following.low not in _OTHER - {"in"} and not following.has("license")

    def _buyers(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return the firms in units [low, high) that goods are for."""
        return [
            named("beneficiary", s.units[i])
            for i in range(low, high)
            if s.units[i].kind == FIRM
            and self._grammar.governed(s, i, low) in {"for", "to"}
            and not self._grammar.possessive(s, i)
        ]

    def _event(
        self, s: Sentence, group: VerbGroup, subject: list[int], noun: Noun, found: list[Argument],
        region: tuple[int, int],
    ) -> Event | None:  # fmt: skip
        stance = stance_of(self._grammar, s, group, subject)
        if stance.refused or not found:
            return None
        told = Told(noun, group.verb, region, stance, find_speech(self._grammar, s, group.verb))
        return self._events.event(s, "license-cleared", group.tag.action, unique(found), told)
