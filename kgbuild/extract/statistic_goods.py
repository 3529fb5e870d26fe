"""Goods: who exports, imports, makes or keeps so many tons of a material."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.phrase_words import Readings
from kgbuild.extract.statistic_measures import Draft, Measures, amount_of, places
from kgbuild.extract.units import FIRM, Sentence

#: Verbs of trade that need their source: "gets 60 percent of its cobalt from Congo", never "gets 500 tons".
_SOURCED: Final = frozenset({"buy", "get", "source", "obtain", "use"})


class Goods:
    """Reads a mass or an amount of money as goods that somebody moves, makes or keeps."""

    def __init__(self, grammar: Grammar, measures: Measures) -> None:
        self.grammar = grammar
        self.measures = measures

    def goods(self, s: Sentence, i: int, words: Readings) -> Draft | None:
        """Return "SUBJECT exported AMOUNT of MATERIAL", "plans to make AMOUNT", "can process AMOUNT"."""
        left, _ = self.grammar.clause(s, i)
        amount = s.units[i].amount
        verb = self.measures.verb_before(s, i, words, "goods", left)
        if (
            verb is None
            or amount is None
            or (self.measures.verb_at(i - 1, words) is None and i - verb.last > 4)
        ):
            return self._kept(s, i, words, left)
        family = verb.tag.cls.split(".")[1]
        if not self.measures.fits(family, amount) or verb.tag.id in _SOURCED:
            return None
        group = self.measures.group(s, verb)
        heads = self.measures.actor(s, group)
        modal = {u.low for u in s.units[group.first : verb.first]}
        certainty = ""
        if family == "production" and modal & {"can", "could"} and not modal & {"not"}:
            family, certainty = "capacity", "actual" if "can" in modal else ""
        if family == "exports" and modal & {"may", "can"}:
            if any(s.units[h].kind == FIRM for h in heads):
                return None  # what a firm may ship is a license of its own
            family, certainty = "quota", "planned"
        high = i + 1
        while high < len(s.units) and (s.units[high].text in {"a", "'", "'s", "’s"} or s.units[high].low in {
            "year", "worth", "per", "annually", "day", "month", "(", ")",
        } or s.units[high].amount is not None):  # fmt: skip
            high += 1
        of = high < len(s.units) and s.units[high].low == "of"
        end = self.measures.phrase_end(s, high + 1, words) if of else i + 1
        partners = self._sent_to(s, end, family)
        if heads and not self.grammar.is_actor(s.units[heads[0]]):
            return None
        if of and not self.measures.materials(s, high, end) and not self._these(s, high + 1, end):
            return None
        if not heads and not of:
            return None
        return Draft(
            i, family, (verb.first, verb.last), i, end, "goods", verb=group, owners=heads,
            partners=tuple(partners), certainty=certainty,
        )  # fmt: skip

    @staticmethod
    def _these(s: Sentence, low: int, high: int) -> bool:
        """Return whether "of the minerals", "of the metal" takes up a material named before."""
        taken = {
            "mineral",
            "minerals",
            "metal",
            "metals",
            "material",
            "materials",
            "element",
            "elements",
            "ore",
        }
        return (
            low < high
            and s.units[low].low in {"the", "this", "these", "a"}
            and s.units[high - 1].low in taken
        )

    @staticmethod
    def _sent_to(s: Sentence, end: int, family: str) -> list[int]:
        word = {"exports": "to", "imports": "from"}.get(family)
        if word is None or end >= len(s.units) or s.units[end].low != word:
            return []
        return [j for j in places(s, end + 1, end + 3) if not s.units[j].demonym][:1]

    def _kept(self, s: Sentence, i: int, words: Readings, left: int) -> Draft | None:
        """Return "holds 44 million tons of rare earths in its reserves", "has reserves of AMOUNT" aside."""
        verb = self.measures.verb_before(s, i, words, "share.reserves", left)
        if verb is None or amount_of(s.units[i], "mass") is None:
            return None
        nouns = list(words.between(i + 1, min(i + 10, len(s.units)), "measure.reserves"))
        nouns += list(words.between(i + 1, min(i + 10, len(s.units)), "measure.stock"))
        if not nouns:
            return None
        group = self.measures.group(s, verb)
        noun = nouns[0]
        return Draft(
            i, noun.tag.cls.split(".")[1], (noun.first, noun.last), i, noun.last + 4, "kept", verb=group,
            owners=tuple(self.grammar.subject(s, group)),
        )  # fmt: skip
