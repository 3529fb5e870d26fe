"""Figures that share the words of the figure before, and what single buyers took of exports told before."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.phrase_words import Found, Readings
from kgbuild.extract.statistic_measures import Draft, Measures, amount_of, places
from kgbuild.extract.statistic_roles import Memory, possessor
from kgbuild.extract.units import FIRM, PLACES, Sentence

_JOINTS: Final = frozenset({"while", "and", "whereas", "but", ",", ";", "compared", "with", "against"})
_HAVE: Final = frozenset({"has", "have", "had", "holds", "held"})
_BACK: Final = 3  #: sentences that the exports of which a buyer took a part may be told before
_GAP: Final = 12  #: units between the rank of a buyer and its figure
_REPEATED: Final = frozenset({"share-held", "kept", "goods"})


class Repeats:
    """Reads an amount by the figure before it."""

    def __init__(self, grammar: Grammar, measures: Measures, memory: Memory) -> None:
        self.grammar = grammar
        self.measures = measures
        self._memory = memory

    def reaching(self, s: Sentence, i: int, words: Readings, last: Draft | None) -> Draft | None:
        """Return ", reaching AMOUNT" behind a change: "rose 75 percent from June, reaching 5,577 tons"."""
        amount = s.units[i].amount
        if last is None or not last.change or amount is None or not self.measures.fits(last.family, amount):
            return None
        verb = self.measures.verb_before(s, i, words, "level", last.at + 1)
        if verb is None or verb.tag.form != "ing" or s.units[verb.first - 1].text != ",":
            return None
        return replace(last, at=i, change="", changed=None, rule="level-shared", verb=None)

    def again(self, s: Sentence, i: int, words: Readings, last: Draft | None) -> Draft | None:
        """Return "while B accounts for PERCENT", "while B has just AMOUNT" behind the figure of A."""
        before = s.units[last.at].amount if last is not None else None
        amount = s.units[i].amount
        if last is None or before is None or amount is None or amount.kind != before.kind:
            return None
        if last.rule not in _REPEATED or (i + 1 < len(s.units) and s.units[i + 1].low == "of"):
            return None
        verb = self._verb(s, i, words, last)
        first = verb.first if isinstance(verb, Found) else verb
        if first is None or first - 1 <= last.at:
            return None
        holder = first - 1
        unit = s.units[holder]
        named = (unit.kind in PLACES and not unit.demonym) or unit.kind == FIRM
        joint = next((j for j in range(holder - 1, last.at, -1) if s.units[j].low != "the"), last.at)
        if not named or s.units[joint].low not in _JOINTS:
            return None
        group = self.measures.group(s, verb) if isinstance(verb, Found) else None
        return replace(last, at=i, owners=(holder,), verb=group)

    def _verb(self, s: Sentence, i: int, words: Readings, last: Draft) -> Found | int | None:
        """Return the verb of the same kind, or the unit of the "has", that governs the amount at `i`."""
        cls = {"share-held": "share", "goods": f"goods.{last.family}"}.get(last.rule, "share.reserves")
        found = self.measures.verb_before(s, i, words, cls, last.at + 1)
        if found is not None or last.rule != "kept":
            return found
        return next((j for j in range(i - 1, max(last.at, i - 4), -1) if s.units[j].low in _HAVE), None)

    def taken(self, s: Sentence, i: int, words: Readings) -> Draft | None:
        """Return "Germany received AMOUNT", "Germany was the top destination with AMOUNT"."""
        if amount_of(s.units[i], "mass") is None:
            return None
        left, _ = self.grammar.clause(s, i)
        verb = self.measures.verb_before(s, i, words, "receive", left)
        memory = self._memory
        known = memory.family in {"exports", "destinations"} and s.index - memory.index <= _BACK
        if verb is not None and known:
            holder = [j for j in places(s, left, verb.first) if not s.units[j].demonym]
            if len(holder) == 1 and not self.grammar.governed(s, holder[0], left):
                return Draft(
                    i, "exports", (verb.first, verb.last), i, i, "taken",
                    verb=self.measures.group(s, verb), partners=(holder[0],),
                )  # fmt: skip
        return self._listed(s, i, words) or self._ranked(s, i, words)

    def _listed(self, s: Sentence, i: int, words: Readings) -> Draft | None:
        """Return "the main destinations were A, with AMOUNT, and B, with AMOUNT"."""
        if i < 3 or s.units[i - 1].low not in {"with", "at"}:
            return None
        holder = i - 3 if s.units[i - 2].text in {",", "("} else i - 2
        nouns = [*words.between(0, holder, "destinations"), *words.between(0, holder, "destination")]
        unit = s.units[holder]
        if not nouns or unit.kind not in PLACES or unit.demonym:
            return None
        noun = nouns[-1]
        return Draft(i, "exports", (noun.first, noun.last), i, i, "listed", partners=(holder,))

    def _ranked(self, s: Sentence, i: int, words: Readings) -> Draft | None:
        for noun in words.between(0, i, "destination"):
            ranks = words.between(max(0, noun.first - 4), noun.first, "rank")
            behind = places(s, noun.last + 1, i)
            if not ranks or i - noun.last > _GAP or any(not s.units[j].demonym for j in behind):
                continue
            others = [u for u in s.units[noun.last + 1 : i] if amount_of(u, "mass", "money")]
            holder = [j for j in places(s, 0, ranks[0].first) if not s.units[j].demonym]
            holder = [j for j in holder if not self.grammar.possessive(s, j)]
            if others or len(holder) != 1 or self.grammar.governed(s, holder[0], 0):
                continue
            owners = [j for j in possessor(s, holder[0] + 1, ranks[0].first) if s.units[j].kind] + behind
            return Draft(
                i, "exports", (ranks[0].first, noun.last), noun.first, noun.last + 4, "ranked",
                owners=tuple(owners[:1]), partners=(holder[0],),
            )  # fmt: skip
        return None
