"""Money: what a ton of a material costs, what exports bring in."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.phrase_words import Readings
from kgbuild.extract.statistic_figures import Figures
from kgbuild.extract.statistic_measures import Draft, Measures, amount_of, places
from kgbuild.extract.units import Sentence

#: Words beside an amount of money a ton that make it no price of the material.
_COSTS: Final = frozenset(
    "cost costs fee fees tax taxes premium discount profit profits loss subsidy fine breakeven "
    "charge charges royalty margin".split()
)


class Money:
    """Reads an amount of money as a price or as what was earned."""

    def __init__(self, grammar: Grammar, measures: Measures, figures: Figures) -> None:
        self.grammar = grammar
        self.measures = measures
        self.figures = figures

    def price(self, s: Sentence, i: int, words: Readings) -> Draft | None:
        """Return "traded at 81,000 yuan a ton", "prices rose to $33,000 per metric ton"."""
        per = words.at(i + 1, "per")
        if per is None or amount_of(s.units[i], "money") is None or s.units[i - 1].low == "from":
            return None
        if self._same_change(s, i):
            return None
        left, _ = self.grammar.clause(s, i)
        verb = next(
            (v for cls in ("level", "change") if (v := self.measures.verb_before(s, i, words, cls, left))),
            None,
        )
        told = verb.first if verb is not None else i
        if {u.low for k, u in enumerate(s.units[:i]) if k >= max(left, i - 9) and k != told} & _COSTS:
            return None
        nouns = words.between(left, i, "measure.price")
        if nouns and s.units[nouns[-1].first - 1].low in {
            "floor",
            "minimum",
            "guaranteed",
            "target",
            "share",
        }:
            return None
        if verb is None and not nouns:
            return None
        start = self.grammar.clause(s, verb.first)[0] if verb is not None else left
        materials = self.measures.materials(s, start, i)
        if not materials or self._priced(s, i, words, materials) is None:
            whole = self.measures.materials(s, 0, i)
            head = self._priced(s, i, words, whole)
            materials = materials if materials and head is None else whole
        low = materials[-1] if materials else i
        named = self._priced(s, i, words, materials)
        low = low if named is None else named
        measure = (nouns[-1].first, nouns[-1].last) if nouns else (per.first, per.last)
        told = verb is not None and any(u.amount is not None for u in s.units[verb.first : i])
        changed = (verb.first, i - 2) if verb is not None and verb.has("change") and told else None
        return Draft(
            i,
            "price",
            measure,
            low,
            i if named is None else named + 1,
            "price",
            verb=self.measures.group(s, verb) if verb is not None else None,
            changed=changed,
            price_of=(per.first, per.last),
        )

    @staticmethod
    def _priced(s: Sentence, i: int, words: Readings, materials: list[int]) -> int | None:
        """Return the one of `materials` that a price is of: "prices of antimony, used in chips"."""
        for noun in reversed(words.between(0, i, "measure.price")):
            of = noun.last + 1
            if s.units[of].low in {"of", "for"}:
                return next((j for j in materials if of < j <= of + 3), None)
        return None

    @staticmethod
    def _same_change(s: Sentence, i: int) -> bool:
        """Return whether an amount only tells a percentage in money: "rose 13%, or $2,000 a ton"."""
        j = next((k for k in range(i - 1, max(-1, i - 4), -1) if s.units[k].low == "or"), None)
        return j is not None and any(amount_of(u, "percent") for u in s.units[max(0, j - 3) : j])

    def earned(self, s: Sentence, i: int, words: Readings, last: Draft | None) -> Draft | None:
        """Return "generated AMOUNT from exports", and behind it "with AMOUNT attributed to shipments to"."""
        amount = amount_of(s.units[i], "money")
        if amount is None:
            return None
        left, _ = self.grammar.clause(s, i)
        part = words.at(i + 1, "part-of")
        if part is not None and last is not None and last.family in {"revenue", "sales", "exports"}:
            nouns = words.between(part.last + 1, min(part.last + 5, len(s.units)), "measure")
            if not nouns:
                return None
            partners = places(s, nouns[0].last + 1, nouns[0].last + 4)
            return Draft(
                i, last.family, (nouns[0].first, nouns[0].last), last.low, last.low, "part-shared",
                partners=tuple(partners[:1]),
            )  # fmt: skip
        of = words.ending(i - 2, "measure") if i > 2 and s.units[i - 1].low == "of" else None
        at = of.first if of is not None and of.tag.cls.split(".")[1] in {"revenue", "sales", "exports"} else i
        verb = self.measures.verb_before(s, at, words, "earn", left)
        if verb is None:
            return None
        group = self.measures.group(s, verb)
        nouns = [
            n for n in words.between(max(left, verb.last + 1), min(i + 10, len(s.units)), "measure")
            if n.has("measure.exports") or n.has("measure.revenue") or n.has("measure.sales")
        ]  # fmt: skip
        head = self.measures.head_noun(s, left, group.first, words)
        if head is not None and head.has("measure.exports"):  # "exports of niobium brought in AMOUNT"
            return Draft(
                i, "exports", (head.first, head.last), left, group.first, "level", verb=group,
                owners=tuple(self.figures.owners(s, left, head, group.first)),
                partners=tuple(self.figures.partners(s, head, group.first)),
            )  # fmt: skip
        shipped = [j for j in places(s, left, group.first) if s.units[j - 1].low == "from"]
        heads = self.measures.actor(s, group)
        if nouns and not (nouns[0].first > i and any(u.text == "," for u in s.units[i : nouns[0].first])):
            behind = places(s, nouns[0].last + 1, nouns[0].last + 4)
            partners = [j for j in behind if s.units[j - 1].low in {"to", "in"}]
            told = Draft(
                i, "revenue", (nouns[0].first, nouns[0].last), i, i, "earned", verb=group,
                owners=tuple(heads), partners=tuple(partners),
            )  # fmt: skip
            return told if heads else None
        if shipped and self.measures.materials(s, left, group.first):
            return Draft(
                i, "revenue", (verb.first, verb.last), left, group.first, "shipped", verb=group,
                owners=tuple(shipped[:1]),
            )  # fmt: skip
        return None
