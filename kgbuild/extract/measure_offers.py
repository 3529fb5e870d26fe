"""Support that governments offer: "has dangled subsidies for new suppliers", "pledged loans to mines"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.measure_roles import Found, MeasureRoles
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import BODIES, Sentence
from kgbuild.model import Argument

_NEAR: Final = 6  #: units between the verb and the support
_SERVED: Final = 7  #: units between the support and whom it is for
_ASIDE: Final = frozenset({",", "and", "or"})


class MeasureOffers:
    """Finds subsidies, loans and price floors that a government offers to firms: planned policy measures."""

    def __init__(self, grammar: Grammar, roles: MeasureRoles) -> None:
        self._grammar = grammar
        self._words = grammar.words
        self._roles = roles

    def around(self, s: Sentence) -> Iterator[Found]:
        """Yield the offers of `s`."""
        for i, unit in enumerate(s.units):
            if unit.kind or unit.low not in self._words["offer_verbs"] or i == 0:
                continue
            noun = self._support(s, i)
            imposers = self._offering(s, i) if noun is not None else []
            if noun is None or not imposers:
                continue
            left, right = self._grammar.clause(s, i)
            denied = any(u.has("negation") for u in s.units[left:i])
            if denied or any(u.has("unreal") or u.has("hypothetical") for u in s.units[left:i]):
                continue
            # what is supported is restricted by nothing: the measure has no items
            yield Found(
                "measure-offer", "imposed", noun, i, tuple(imposers), noun, noun, Stance(certainty="planned"),
                when=(left, right), kind="PolicyMeasure", filled=True,
            )  # fmt: skip

    def _support(self, s: Sentence, verb: int) -> int | None:
        """Return the support that the verb is about, if it is for firms that supply, mine or make."""
        nouns = self._words["support_nouns"]
        for k in range(verb + 1, min(len(s.units), verb + 1 + _NEAR)):
            if s.units[k].text in {";", ":"} or s.units[k].low in {"that", "which", "to", "if"}:
                return None
            compound = k + 1 < len(s.units) and s.units[k + 1].low in nouns  # "loan guarantees"
            if s.units[k].low.split()[-1] in nouns and not compound:
                behind = s.units[k + 1 : k + 1 + _SERVED]
                given = any(u.low in {"for", "to"} for u in behind)
                served = any(u.low in self._words["supported"] or u.has("role") for u in behind)
                return k if given and served else None
        return None

    def _offering(self, s: Sentence, verb: int) -> list[Argument]:
        """Return the body that is the subject of the verb at unit `verb`, perhaps with an aside behind it."""
        left, _ = self._grammar.clause(s, verb)
        k = verb - 1
        while k >= 0 and (s.units[k].low in self._words["auxiliaries"] | self._words["adverbs"]):
            k -= 1
        if k >= 0 and s.units[k].text == ",":  # "Western capitals, in turn, have offered"
            opened = next((j for j in range(k - 1, max(-1, k - 9), -1) if s.units[j].text == ","), 0)
            k = opened - 1
        if k < 0 or (k < left - 1 and s.units[k].kind not in BODIES):
            return []
        unit = s.units[k]
        if unit.low in _ASIDE or self._grammar.possessive(s, k):
            return []
        actor = self._roles.body(s, k)
        return [actor] if actor is not None else []
