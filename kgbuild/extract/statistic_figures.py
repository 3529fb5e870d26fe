"""Levels and changes: "exports totaled 2,600 tons", "prices rose 25 percent"."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.grammar import POSSESSIVES, Grammar
from kgbuild.extract.phrase_words import Found, Readings
from kgbuild.extract.statistic_measures import Draft, Measures, amount_of, places
from kgbuild.extract.statistic_roles import possessor
from kgbuild.extract.units import FIRM, MATERIALS, Sentence

_FORMS: Final = frozenset({"past", "third", "participle", "base", "ing"})
_RATIOS: Final = {"0.5": "down"}


class Figures:
    """Reads an amount as the level or the change of a measure."""

    def __init__(self, grammar: Grammar, measures: Measures) -> None:
        self.grammar = grammar
        self.measures = measures

    # ---- levels

    def level(self, s: Sentence, i: int, words: Readings) -> Draft | None:
        """Return "exports totaled AMOUNT", "output fell 30 percent to AMOUNT", "reserves stand at AMOUNT"."""
        left, _ = self.grammar.clause(s, i)
        amount = s.units[i].amount
        if words.at(i + 1, "compare"):
            return None  # "would be some $8 billion lower": a difference
        verb = self.measures.verb_before(s, i, words, "level", left)
        changed: tuple[int, int] | None = None
        if verb is None or amount is None:
            if i > 2 and s.units[i - 1].low == "to" and amount_of(s.units[i - 2], "ratio"):
                return self._multiplied(s, i, words, left)
            verb = self.measures.verb_before(s, i, words, "change", left)
            compared = self._compared(s, i, words, left) if s.units[i - 1].low == "at" else None
            verb = verb if compared is None else compared
            if verb is None or s.units[i - 1].low not in {"to", "at"}:
                return self._dropped(s, i, words, left)
            told = any(u.amount is not None for u in s.units[verb.first : i])
            changed = (verb.first if compared is None else verb.last + 1, i - 2) if told else None
        if amount is None:
            return None
        group = self.measures.group(s, verb)
        left, _ = self.grammar.clause(s, group.first)
        head = self.measures.head_noun(s, left, group.first, words)
        if head is None or head.has("measure.price"):
            return None
        family = head.tag.cls.split(".")[1]
        high = self.measures.phrase_end(s, i + 2, words) if self._of(s, i) else i + 1
        draft = Draft(
            i, family, (head.first, head.last), left, high, "level", verb=group,
            changed=changed, owners=tuple(self.owners(s, left, head, verb.first)),
            partners=tuple(self.partners(s, head, verb.first)),
        )  # fmt: skip
        return draft if self.measures.fits(family, amount) else None

    def _dropped(self, s: Sentence, i: int, words: Readings, left: int) -> Draft | None:
        """Return "reported a 30 percent drop in neodymium output to AMOUNT"."""
        amount = s.units[i].amount
        if s.units[i - 1].low != "to" or amount is None:
            return None
        for noun in reversed(words.between(left, i, "change-noun")):
            low = noun.last + 2
            if s.units[noun.last + 1].low != "in" or low >= i:
                continue
            family, head = self.measures.zone_family(s, low, i - 1, words)
            if (
                head is None
                or not self.measures.fits(family, amount)
                or family in {"revenue", "sales", "price"}
            ):
                return None
            owners = possessor(s, low, head.first) or [
                j for j in range(left, noun.first)
                if s.units[j].kind == FIRM and not self.grammar.possessive(s, j)
            ][:1]  # fmt: skip
            told = s.units[noun.first - 1].amount is not None
            return Draft(
                i, family, (head.first, head.last), low, i, "level", owners=tuple(owners),
                changed=(noun.first - 1, noun.last) if told else None,
            )  # fmt: skip
        return None

    @staticmethod
    def _compared(s: Sentence, i: int, words: Readings, left: int) -> Found | None:
        """Return the "were" of "were up 2 percent on the year at AMOUNT"."""
        for be in reversed(words.between(left, i, "level.be")):
            between = s.units[be.last + 1 : i]
            if words.at(be.last + 1, "compare") and not any(u.text in {",", ";"} for u in between):
                return be
        return None

    def _multiplied(self, s: Sentence, i: int, words: Readings, left: int) -> Draft | None:
        """Return "imports nearly doubled to AMOUNT"."""
        first = self._auxiliary(s, i - 2)
        head = self.measures.head_noun(s, left, first, words)
        amount = s.units[i].amount
        family = head.tag.cls.split(".")[1] if head is not None else ""
        if (
            head is None
            or amount is None
            or not self.measures.fits(family, amount)
            or family in {"revenue", "sales"}
        ):
            return None
        return Draft(
            i, family, (head.first, head.last), left, i, "level", changed=(i - 2, i - 2),
            owners=tuple(self.owners(s, left, head, first)), partners=tuple(self.partners(s, head, first)),
        )  # fmt: skip

    @staticmethod
    def _of(s: Sentence, i: int) -> bool:
        return i + 1 < len(s.units) and s.units[i + 1].low == "of"

    def owners(self, s: Sentence, left: int, head: Found, verb: int) -> list[int]:
        """Return whose exports, output or reserves they are: in front of the noun, behind it, opening it."""
        owned = possessor(s, left, head.first)
        family = head.tag.cls.split(".")[1]
        if family in {"revenue", "sales"}:
            owned = [j for j in owned if s.units[j].kind == FIRM or s.units[j].low in {"its", "their"}]
        if owned:
            return owned
        inside = {"exports": {"from"}, "imports": {"into", "by"}, "production": {"in", "at", "of", "by"}}
        for j in places(s, head.last + 1, verb):
            before = s.units[j - 2].low if s.units[j - 1].low == "the" else s.units[j - 1].low
            if before in inside.get(family, {"in", "of"}) and not s.units[j].demonym:
                return [j]
        if (
            left + 1 < len(s.units)
            and s.units[left].low == "in"
            and family in {"production", "reserves", "capacity"}
        ):
            return places(s, left + 1, left + 2)
        return [
            j for j in range(head.last + 1, verb)
            if s.units[j].kind == FIRM and s.units[j - 1].low in {"of", "by", "at"}
        ]  # fmt: skip

    @staticmethod
    def partners(s: Sentence, head: Found, verb: int) -> list[int]:
        """Return the places that exports go to and imports come from."""
        wanted = {"exports": {"to"}, "imports": {"from"}, "revenue": {"in", "from"}, "sales": {"in", "to"}}
        allowed = wanted.get(head.tag.cls.split(".")[1], set())
        out: list[int] = []
        if head.tag.cls.endswith(("sales", "revenue")):  # "Example's China sales"
            out = [j for j in places(s, head.first - 1, head.first) if s.units[j - 1].text in POSSESSIVES]
        reached = False
        for j in range(head.last + 1, verb):
            unit = s.units[j]
            if unit.low in allowed and not unit.kind:
                reached = True
            elif places(s, j, j + 1) and reached and not unit.demonym:
                out.append(j)
            elif not (unit.text in {",", "and"} or unit.low == "the"):
                reached = False
        return out

    # ---- changes

    def change(self, s: Sentence, i: int, words: Readings, last: Draft | None) -> Draft | None:
        """Return "exports fell 22 percent", "has trebled in price", "quotas are 40 percent smaller"."""
        left, right = self.grammar.clause(s, i)
        left = (
            left - 1
            if left and s.units[left].low == "since" and s.units[left - 1].low in {"has", "have"}
            else left
        )
        if self._of_shares(s, left, right) or self._level_follows(s, i, right):
            return None
        found = self._moved(s, i, words, left)
        if found is None:
            return self._transitive(s, i, words, left) or self._noun(s, i, words)
        verb, direction, span = found
        group = self.measures.group(s, verb) if verb is not None else None
        left, _ = self.grammar.clause(s, group.first) if group is not None else (left, right)
        first = group.first if group is not None else self._auxiliary(s, i)
        head = self.measures.head_noun(s, left, first, words)
        draft = Draft(i, "", (first, i), left, first, "change", verb=group, change=direction, changed=span)
        draft = replace(draft, only=self._paired(s, draft))
        if head is None:
            head = self._relative(s, left, words)
        if head is None:
            return self._priced(s, draft, words, last)
        family = head.tag.cls.split(".")[1]
        if family in {"resources", "reserves"} and group is None:
            return None
        return replace(
            draft, family=family, measure=(head.first, head.last),
            owners=() if family == "price" else tuple(self.owners(s, left, head, first)),
            partners=() if family == "price" else tuple(self.partners(s, head, first)),
        )  # fmt: skip

    @staticmethod
    def _relative(s: Sentence, left: int, words: Readings) -> Found | None:
        """Return the measure that a relative clause goes on about: "prices, which have fallen by half"."""
        j = left if s.units[left].low in {"which", "that"} else left - 1
        if j < 1 or s.units[j].low not in {"which", "that"}:
            return None
        return words.ending(j - 2 if s.units[j - 1].text == "," else j - 1, "measure")

    @staticmethod
    def _of_shares(s: Sentence, left: int, right: int) -> bool:
        """Return whether units [left, right) speak of shares: "Example's stock", not "cobalt stocks"."""
        return any(
            s.units[j].has("share")
            and not (s.units[j].low == "stocks" and j and s.units[j - 1].kind in MATERIALS)
            for j in range(left, right)
        )

    @staticmethod
    def _auxiliary(s: Sentence, i: int) -> int:
        """Return the first of the auxiliaries before unit `i`: "has trebled"."""
        while i and s.units[i - 1].low in {"has", "have", "had", "since", "almost", "nearly", "also"}:
            i -= 1
        return i

    def _paired(self, s: Sentence, draft: Draft) -> int | None:
        """Return the material that one of two figures is of: "A and B fell 3 and 5 percent"."""
        materials = self.measures.materials(s, draft.low, draft.high)
        i = draft.at
        if len(materials) != 2:
            return None
        if i + 2 < len(s.units) and s.units[i + 1].low == "and" and amount_of(s.units[i + 2], "percent"):
            return materials[0]
        if s.units[i - 1].low == "and" and amount_of(s.units[i - 2], "percent"):
            return materials[1]
        return None

    @staticmethod
    def _level_follows(s: Sentence, i: int, right: int) -> bool:
        """Return whether the change leads up to a level: "fell 30 percent to 1,404 tons"."""
        for j in range(i + 1, min(i + 9, right, len(s.units) - 1)):
            if s.units[j].text in {",", ";"}:
                return False
            behind = next((u for u in s.units[j + 1 : j + 4] if u.amount is not None), None)
            if behind is None:
                continue
            to = s.units[j].low == "to" and amount_of(behind, "mass", "money") is not None
            at = s.units[j].low == "at" and amount_of(behind, "mass") is not None
            if to or at:
                return True
        return False

    def _moved(
        self, s: Sentence, i: int, words: Readings, left: int
    ) -> tuple[Found | None, str, tuple[int, int]] | None:
        """Return the verb, the direction and the words of a change."""
        amount = s.units[i].amount
        if amount is None:
            return None
        if amount.kind == "ratio" and amount.text.lower().endswith("fold"):
            verb = self.measures.verb_before(s, i, words, "change.up", left)
            return (verb, "up", (verb.first, i)) if verb is not None else None
        if amount.kind == "ratio":
            plain = amount.text.lower().split()[-1].endswith(("ed", "ing"))
            direction = _RATIOS.get(amount.value, "up")
            return (None, direction, (i, i)) if plain and not s.units[i - 1].low.startswith("be") else None
        verb = self.measures.verb_before(s, i, words, "change", left)
        other = (
            verb is not None
            and s.units[i - 1].low == "or"
            and any(amount_of(u, "percent") for u in s.units[verb.last : i])
        )
        if other:
            return None  # "rose 23 percent to 35,000 tons, or 74 percent of the total"
        if verb is not None and s.units[i - 1].low not in {"to", "at", "from"}:
            return verb, verb.tag.cls.split(".")[1], (verb.first, i)
        compared = words.at(i + 1, "compare")
        be = self.measures.verb_before(s, i, words, "level.be", left)
        if compared is not None and be is not None:
            return be, compared.tag.cls.split(".")[1], (i, compared.last)
        direction_word = words.ending(i - 1, "compare") if i else None
        if direction_word is not None and direction_word.tag.id in {"up", "down"} and i >= 2:
            be = self.measures.verb_before(s, i - 1, words, "level.be", left)
            if be is not None:
                return be, direction_word.tag.cls.split(".")[1], (i - 1, i)
        return None

    def _priced(self, s: Sentence, draft: Draft, words: Readings, last: Draft | None) -> Draft | None:
        """Return the change of a material's price: "antimony has come off 12 percent from its peak"."""
        materials = self.measures.materials(s, draft.low, draft.high)
        behind = s.units[draft.at + 1 : draft.at + 8]
        told = [u.low for u in behind[:3]] in (["in", "price", b] for b in [u.low for u in behind[2:3]])
        lows = {u.low for u in behind}
        peak = bool(lows & {"peak", "high", "low", "highs"}) and bool(lows & {"from", "off", "since"})
        again = last is not None and last.family == "price" and last.change != ""
        between = s.units[draft.low : draft.high]
        if not materials or any(u.kind == FIRM or u.has("share") for u in between):
            return None
        if not (told or peak or again) or len(materials) > 2:
            return None
        if s.units[materials[-1] + 1].low in {"exports", "output", "production", "imports", "stocks"}:
            return None
        noun = words.between(draft.at, min(draft.at + 8, len(s.units)), "measure.price")
        measure = (noun[0].first, noun[0].last) if noun else draft.measure
        return replace(draft, family="price", measure=measure, low=materials[-1], rule="price-change")

    def _transitive(self, s: Sentence, i: int, words: Readings, left: int) -> Draft | None:
        """Return "cut its export quota by 35 percent"."""
        if not i or s.units[i - 1].low != "by":
            return None
        for verb in reversed(words.between(left, i, "fix")):
            nouns = [
                n for n in words.between(verb.last + 1, i - 1, "measure")
                if n.tag.cls.split(".")[1] in {"quota", "production", "exports", "imports", "capacity"}
            ]  # fmt: skip
            if (
                not nouns
                or i - nouns[-1].last > 8
                or any(u.text in {",", ";"} for u in s.units[verb.last : i])
            ):
                continue
            group = self.measures.group(s, verb)
            owners = tuple(possessor(s, verb.last, nouns[-1].first)) or self.measures.actor(s, group)
            down = verb.tag.id in {"cut", "lower", "reduce"}
            return Draft(
                i,
                nouns[-1].tag.cls.split(".")[1],
                (nouns[-1].first, nouns[-1].last),
                verb.last + 1,
                i,
                "change",
                verb=group,
                owners=owners,
                change="down" if down else "up",
                changed=(verb.first, verb.last),
            )
        return None

    def _noun(self, s: Sentence, i: int, words: Readings) -> Draft | None:
        """Return "reported a 20 percent increase in cobalt production"."""
        noun = words.at(i + 1, "change-noun")
        if noun is None or noun.last + 2 >= len(s.units) or s.units[noun.last + 1].low != "in":
            return None
        left, _ = self.grammar.clause(s, i)
        governed = [
            f
            for f in words.between(left, i, "earn")
            if f.tag.form in _FORMS and f.tag.id in {"post", "record"}
        ]
        said = any(
            u.low in {"reported", "reports", "saw", "announced", "showed", "disclosed"}
            for u in s.units[left:i]
        )
        low = noun.last + 2
        high = self.measures.phrase_end(s, low, words)
        family, head = self.measures.zone_family(s, low, high, words)
        if not (governed or said) or head is None or family in {"price", "stock"}:
            return None
        owners = (
            possessor(s, low, head.first)
            or [j for j in range(left, i) if s.units[j].kind == FIRM and not self.grammar.possessive(s, j)][
                :1
            ]
        )
        return Draft(
            i, family, (head.first, head.last), low, high, "change-noun", owners=tuple(owners),
            change=noun.tag.cls.split(".")[1], changed=(i, noun.last),
        )  # fmt: skip
