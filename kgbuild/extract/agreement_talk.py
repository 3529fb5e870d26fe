"""Agreements that are only talked of: "negotiators speak of a truce", "both sides are weighing a package"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kgbuild.extract.agreement_mentions import Mention, OnlyPair, sides_at
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.parties import Parties
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import BODIES, PLACES, Sentence
from kgbuild.model import Argument

_NEAR: Final = 7  #: units between the verb and the deal
_PARTICLES: Final = frozenset({"of", "about", "on", "out", "toward", "towards", "up"})
_LINKS: Final = frozenset({"are", "were", "is", "was", "be", "been", "have", "has", "had"})
_INDEFINITE: Final = frozenset({"a", "an", "some", "possible", "potential", "another"})


class AgreementTalk:
    """Finds deals that negotiators only speak of, float, weigh or work on."""

    def __init__(self, grammar: Grammar, parties: Parties, only_pair: OnlyPair) -> None:
        self._grammar = grammar
        self._words = grammar.words
        self._parties = parties
        self._only_pair = only_pair

    def find(self, s: Sentence) -> Iterator[Mention]:
        """Yield the first deal of `s` that is talked of, with its two sides, as possible."""
        for i, unit in enumerate(s.units):
            if unit.kind or unit.low.split()[0] not in self._words["deal_talk"]:
                continue
            if unit.low == "near" and i and s.units[i - 1].low in {"nowhere", "not", "anywhere"}:
                continue
            deal = self._deal(s, i)
            sides = self._sides(s, i) if deal is not None else []
            if deal is not None and len({a.name for a in sides}) == 2:
                yield Mention(deal, i, tuple(sides), Stance(certainty="possible"), "agreement-talked-of")
                return

    def _deal(self, s: Sentence, verb: int) -> int | None:
        """Return the deal that the verb at unit `verb` is about; it must be no definite one."""
        particle = verb + 1 if s.units[verb + 1 : verb + 2] and s.units[verb + 1].low in _PARTICLES else verb
        last = s.units[verb].low.split()[-1]
        if s.units[verb].low.split()[0] in self._words["deal_talk_of"] and not (
            particle > verb or last in _PARTICLES
        ):
            return None  # "speak" needs "of"
        window = s.units[particle + 1 : particle + 1 + _NEAR]
        if not window or window[0].low not in _INDEFINITE:
            return None
        for k, unit in enumerate(window):
            if unit.text in {",", ";", "—"} or unit.low in {"and", "that", "which", "to", "with"}:
                return None
            named = unit.has("agreement") and not unit.kind
            if named or unit.low in self._words["deal_like_nouns"]:
                return particle + 1 + k
        return None

    def _sides(self, s: Sentence, verb: int) -> list[Argument]:
        """Return the two governments whose negotiators, or who themselves, are the subject."""
        left, _ = self._grammar.clause(s, verb)
        end = verb
        while end > left and (
            s.units[end - 1].low in _LINKS | self._words["adverbs"] or s.units[end - 1].text == ","
        ):
            end -= 1
        if end <= left or any(u.has("negation") or u.has("unreal") for u in s.units[left:verb]):
            return []
        named = [a for a in self._parties.within(s, left, end) if a.role == "party"]
        head = s.units[end - 1]
        speaking = head.low in self._words["deal_talkers"]
        if len({a.name for a in named}) == 2 and (speaking or head.kind in BODIES | PLACES):
            return named
        if len(named) == 1 and s.units[verb].low.startswith("near"):
            others = [
                a for a in self._parties.listed_behind(s, verb, {"with"}, len(s.units)) if a.role == "party"
            ]
            apart = len(others) == 1 and others[0].name != named[0].name
            return [*named, *others] if apart else []  # "the EU nears a trade agreement with the U.S."
        if named or not speaking:
            return []
        pair = self._parties.pair or self._only_pair()
        return list(sides_at(pair, head))
