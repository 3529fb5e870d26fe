"""Figures beside their noun: "exports of AMOUNT", "the quota, AMOUNT,", "PERCENT of the Chinese market"."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.phrase_words import Readings
from kgbuild.extract.statistic_measures import Draft, Measures, amount_of, places
from kgbuild.extract.statistic_roles import Memory, possessor
from kgbuild.extract.units import BODIES, FIRM, PLACES, Sentence

#: Families whose noun can have its figure behind "of".
_OF: Final = frozenset(
    "exports imports production capacity reserves resources quota consumption stock revenue sales".split()
)
_CONTAIN: Final = frozenset({"holds", "hold", "held", "contains", "contain", "contained", "hosts", "host"})
_GROUND: Final = frozenset(
    "deposit deposits mine project orebody field prospect site concession tenement reef basin seam".split()
)
_BRINGS: Final = frozenset({"brings", "brought", "bringing", "takes", "took", "taking", "lifts", "lifted"})
_SUMS: Final = frozenset({"total", "quota", "sum", "volume", "figure"})
_MET: Final = frozenset({"serve", "meet", "cover", "satisfy", "fill", "meets", "met", "covers", "covered"})
_THERE: Final = frozenset({"there"})
_MARKET: Final = frozenset({"market", "markets"})
_MODAL: Final = frozenset({"could", "may", "might", "would", "can"})
_REACH: Final = 9
_GROUPED: Final = 7


class Phrases:
    """Reads an amount by the noun right beside it."""

    def __init__(self, grammar: Grammar, measures: Measures, memory: Memory) -> None:
        self.grammar = grammar
        self.measures = measures
        self._memory = memory

    # ---- levels

    def level(self, s: Sentence, i: int, words: Readings) -> Draft | None:
        """Return the level that the noun before the amount at `i` gives."""
        return (
            self._noun_of(s, i, words)
            or self._apposed(s, i, words)
            or self._contained(s, i, words)
            or self._brought(s, i)
            or self._opening(s, i, words)
        )

    def _noun_of(self, s: Sentence, i: int, words: Readings) -> Draft | None:
        """Return "allowed exports of AMOUNT of nickel ore", "its revenue of AMOUNT"."""
        noun = words.ending(i - 2, "measure") if i > 1 and s.units[i - 1].low == "of" else None
        amount = s.units[i].amount
        if noun is None or amount is None or noun.has("measure.price"):
            return None
        family = noun.tag.cls.split(".")[1]
        if family not in _OF or not self.measures.fits(family, amount):
            return None
        left, _ = self.grammar.clause(s, i)
        owners = possessor(s, left, noun.first) or self._actors(s, left, noun.first)
        of = i + 1 < len(s.units) and s.units[i + 1].low == "of"
        high = self.measures.phrase_end(s, i + 2, words) if of else i + 1
        if not owners or (family in {"exports", "imports"} and not self.measures.materials(s, i, high)):
            return None
        if family == "quota" and s.units[owners[0]].kind == FIRM:
            return None  # what one firm may ship is a license of its own
        return Draft(i, family, (noun.first, noun.last), i, high, "noun-of", owners=tuple(owners[:1]))

    def _actors(self, s: Sentence, low: int, high: int) -> list[int]:
        """Return the first place, body or firm, or "the ministry", that can be the subject in [low, high)."""
        for j in range(low, high):
            unit = s.units[j]
            named = (unit.kind in PLACES | BODIES | {FIRM} and not unit.demonym) or unit.has("authority")
            if named and not self.grammar.governed(s, j, low) and not self.grammar.possessive(s, j):
                return [j]
        return []

    def _apposed(self, s: Sentence, i: int, words: Readings) -> Draft | None:
        """Return "the second batch of this year's quota, AMOUNT," with who gives it out."""
        closed = i + 1 < len(s.units) and s.units[i + 1].text in {",", "."}
        noun = words.ending(i - 2, "measure.quota") if i > 1 and s.units[i - 1].text == "," else None
        if noun is None or not closed or amount_of(s.units[i], "mass") is None:
            return None
        left, _ = self.grammar.clause(s, noun.first)
        owners = possessor(s, left, noun.first) or self._actors(s, left, noun.first)
        span = (noun.first, noun.last)
        return Draft(i, "quota", span, left, noun.last, "apposed", owners=tuple(owners[:1]))

    def _contained(self, s: Sentence, i: int, words: Readings) -> Draft | None:
        """Return "The deposit holds AMOUNT of metal"."""
        if amount_of(s.units[i], "mass") is None or i < 2:
            return None
        verb = next((j for j in range(i - 1, max(-1, i - 4), -1) if s.units[j].low in _CONTAIN), None)
        of = i + 1 < len(s.units) and s.units[i + 1].low == "of"
        if verb is None or not of:
            return None
        near = s.units[max(0, verb - _GROUPED) : verb]
        if not any(u.low in _GROUND for u in near):
            return None
        owners = [j for j in places(s, 0, verb) if s.units[j].kind == "Country" and not s.units[j].demonym]
        high = self.measures.phrase_end(s, i + 2, words)
        certainty = "possible" if any(u.low in _MODAL for u in near) else ""
        return Draft(
            i, "resources", (verb, verb), i, high, "contained", owners=tuple(owners[:1]), certainty=certainty
        )

    def _brought(self, s: Sentence, i: int) -> Draft | None:
        """Return "That brings the year's total to AMOUNT" behind a figure of the same family."""
        memory = self._memory
        amount = s.units[i].amount
        fresh = memory.family and s.index - memory.index <= 1
        if not fresh or amount is None or s.units[i - 1].low != "to" or i < 2:
            return None
        noun = next((j for j in range(i - 2, max(-1, i - 6), -1) if s.units[j].low in _SUMS), None)
        told = noun is not None and any(u.low in _BRINGS for u in s.units[max(0, noun - 6) : noun])
        if noun is None or not told or not self.measures.fits(memory.family, amount):
            return None
        return Draft(i, memory.family, (noun, noun), i, i, "brought")

    def _opening(self, s: Sentence, i: int, words: Readings) -> Draft | None:
        """Return "With AMOUNT of lithium carbonate a year, the mine could ..."."""
        if i != 1 or s.units[0].low != "with" or amount_of(s.units[i], "mass") is None:
            return None
        comma = next((j for j in range(i, min(i + _REACH, len(s.units))) if s.units[j].text == ","), None)
        if comma is None or not (words.at(comma - 2, "a-year") or s.units[comma - 1].low == "year"):
            return None
        hedged = any(u.low in _MODAL for u in s.units[comma : comma + _REACH])
        return Draft(
            i, "production", (comma - 2, comma - 1), i, comma, "opening",
            certainty="possible" if hedged else "",
        )  # fmt: skip

    # ---- shares

    def share(self, s: Sentence, i: int, words: Readings, last: Draft | None) -> Draft | None:
        """Return the share of a market, of needs or of revenue that the percentage at `i` is."""
        if amount_of(s.units[i], "percent") is None:
            return None
        again = self._of_another(s, i, last)
        if again is not None or i + 2 >= len(s.units) or s.units[i + 1].low != "of":
            return again
        return self._of_market(s, i, words) or self._of_needs(s, i, words) or self._of_revenue(s, i, words)

    def _of_market(self, s: Sentence, i: int, words: Readings) -> Draft | None:
        """Return "hold PERCENT of the Chinese market"."""
        market = next((j for j in range(i + 2, min(i + 8, len(s.units))) if s.units[j].low in _MARKET), None)
        left, _ = self.grammar.clause(s, i)
        verb = self.measures.verb_before(s, i, words, "share", left)
        if market is None or verb is None or verb.has("share.adjective"):
            return None
        where = places(s, i + 2, market)
        world = self.measures.world(i + 2, market, words)
        if not where and world is None:
            return None
        group = self.measures.group(s, verb)
        high = self.measures.phrase_end(s, market + 2, words) if market + 1 < len(s.units) else market + 1
        return Draft(
            i, "other", (i + 1, market), i, max(high, market + 1), "market-share", verb=group,
            owners=self.measures.actor(s, group), share=(i + 1, market),
            partners=tuple(where[:1]) or ((world,) if world is not None else ()),
        )  # fmt: skip

    def _of_needs(self, s: Sentence, i: int, words: Readings) -> Draft | None:
        """Return "could serve PERCENT of Europe's present needs"."""
        verb = next((j for j in range(i - 1, max(-1, i - 5), -1) if s.units[j].low in _MET), None)
        high = self.measures.phrase_end(s, i + 2, words)
        noun = next(iter(words.between(i + 2, high, "measure.consumption")), None)
        if verb is None or noun is None:
            return None
        left, _ = self.grammar.clause(s, i)
        hedged = any(u.low in _MODAL for u in s.units[max(left, verb - 3) : verb])
        partners = possessor(s, i + 2, noun.first)
        return Draft(
            i, "consumption", (noun.first, noun.last), i, high, "needs", share=(i + 1, high - 1),
            owners=tuple(self._actors(s, left, verb)), certainty="possible" if hedged else "",
            partners=tuple(j for j in partners if s.units[j].reading(PLACES))[:1],
        )  # fmt: skip

    def _of_revenue(self, s: Sentence, i: int, words: Readings) -> Draft | None:
        """Return "earned PERCENT of its revenue in China", "makes PERCENT of its sales there"."""
        nouns = words.between(i + 2, i + 5, "measure")
        noun = next((n for n in nouns if n.has("measure.revenue") or n.has("measure.sales")), None)
        if noun is None or noun.last + 1 >= len(s.units):
            return None
        left, _ = self.grammar.clause(s, i)
        verb = next(
            (v for c in ("earn", "goods") if (v := self.measures.verb_before(s, i, words, c, left))), None
        )
        near = s.units[noun.last + 1]
        where = places(s, noun.last + 2, noun.last + 4) if near.low in {"in", "from"} else []
        if verb is None or (near.low not in _THERE and not where):
            return None
        group = self.measures.group(s, verb)
        heads = self.measures.actor(s, group)
        firms = [j for j in heads if s.units[j].kind == FIRM or s.units[j].low == "it"]
        if not firms:
            return None
        return Draft(
            i, noun.tag.cls.split(".")[1], (noun.first, noun.last), noun.first, noun.first, "revenue-share",
            verb=group, owners=tuple(firms), share=(i + 1, noun.last), partners=tuple(where[:1]),
        )  # fmt: skip

    @staticmethod
    def _of_another(s: Sentence, i: int, last: Draft | None) -> Draft | None:
        """Return ", Example Corp. PERCENT" behind the figure of another firm."""
        if last is None or last.share is None or i < 2 or i <= last.at + 2:
            return None
        holder, joint = s.units[i - 1], s.units[i - 2]
        if holder.kind != FIRM or joint.low not in {",", ";", "and"}:
            return None
        if i + 1 < len(s.units) and s.units[i + 1].low == "of":
            return None
        return Draft(
            i, last.family, last.measure, last.low, last.high, f"{last.rule}-again", verb=last.verb,
            owners=(i - 1,), share=last.share, partners=last.partners, certainty=last.certainty,
        )  # fmt: skip
