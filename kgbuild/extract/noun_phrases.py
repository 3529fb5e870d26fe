"""Noun phrases over units: who can act, what governs a name, lists, descriptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kgbuild.extract.lexicon import Lexicon
from kgbuild.extract.units import BODIES, FIRM, MATERIALS, PLACES, Sentence, Unit

PRONOUNS: Final = frozenset({"it", "they", "he", "she", "we", "which", "who"})
POSSESSIVES: Final = frozenset({"'s", "’s", "'", "’"})
_BOUND: Final = frozenset({"linked", "tied", "connected", "working", "serving", "selling", "delivering"})
_BINDING: Final = frozenset({"of", "to", "for", "with", "such", "like"})
ACTORS: Final = frozenset({FIRM, "Person", "TradeAssociation", "NewsOrganization", "Organization"}) | BODIES


@dataclass(frozen=True, slots=True)
class Description:
    """A noun phrase such as "three Chinese rare earth companies": units [first, head]."""

    first: int
    head: int
    plural: bool
    definite: bool
    count: int | None
    country: Unit | None


class NounPhrases:
    """Reads noun phrases with the word lists of a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.words = lexicon.words

    def is_actor(self, unit: Unit) -> bool:
        """Return whether the unit can do something.

        A firm, body, person, government, role word or pronoun.
        """
        if unit.kind in ACTORS or unit.reading(BODIES):
            return True
        if unit.kind in PLACES:
            return not unit.demonym
        return unit.has("role") or unit.has("authority") or unit.has("source") or unit.low in PRONOUNS

    def governed(self, s: Sentence, i: int, low: int) -> str:
        """Return the preposition before the noun phrase of unit `i`, or ""."""
        opener = s.units[i - 2 : i] if i > 1 and s.units[i].kind == FIRM else []
        placed = opener and opener[0].low == "in" and opener[1].kind in PLACES and not opener[1].demonym
        if placed and (i == 2 or s.units[i - 3].text in {",", ";"}):
            return ""  # "In Pakistan Example Mining holds": the place opens the clause
        j = i - 1
        while j >= low:
            unit = s.units[j]
            if unit.low in self.words["prepositions"] and not unit.kind:
                return unit.low
            if s.units[i].low in PRONOUNS and not s.units[i].kind:
                return ""  # "said on Monday it would": a pronoun has no words before it in its phrase
            if (unit.low in self.words["time_nouns"] and not unit.kind) or unit.kind == "Time":
                return ""  # "For the quarter Example Mining holds", "On May 2 China granted": the name opens
            joined = unit.text == "," or unit.low in {"and", "or"}
            if unit.text == "," and self._fronted(s, j, i):
                return ""
            before = s.units[j - 2 if j > low + 1 and s.units[j - 1].kind == "Ticker" else j - 1]
            if joined and (j == low or not (self.is_actor(before) or before.kind in PLACES)):
                return ""
            inner = bool(unit.kind) or joined or unit.text in {"-", *POSSESSIVES} or not unit.tags
            inner = inner or unit.has("word.mining") or unit.has("word.operating")
            if not inner and not unit.has("role"):
                return ""
            j -= 1
        return ""

    def is_auxiliary_word(self, unit: Unit) -> bool:
        """Return whether the unit is an auxiliary verb: no clause has one before its subject."""
        return unit.low in self.words["auxiliaries"] and not unit.kind and unit.text not in POSSESSIVES

    def _fronted(self, s: Sentence, comma: int, i: int) -> bool:
        """Return whether a comma ends a place in front: "In Geneva, Washington and Beijing agreed"."""
        place = s.units[comma - 1]
        if not comma or not place.reading(PLACES) or place.demonym:
            return False
        opens = self.words["clause_openers"] | {"that", "and", "but"}
        first = comma - 1  # "In Geneva", "After talks in Geneva"
        while first and _joins(s.units[first - 1]) and s.units[first - 1].low not in opens:
            first -= 1
        opener = s.units[first - 1].low if first and s.units[first - 1].low in {"after", "following"} else ""
        if not opener and s.units[first].low not in self.words["prepositions"]:
            return False
        if any(self.is_auxiliary_word(u) for u in s.units[first : comma - 1]):
            return False
        end = i
        while end + 1 < len(s.units) and (
            s.units[end + 1].low in {"and", "the", "both"} or self.is_actor(s.units[end + 1])
        ):
            end += 1
        # "In Japan, Korea and Taiwan, firms ...": a list goes on to its own comma
        return end + 1 < len(s.units) and s.units[end + 1].text != ","

    def named_behind(self, s: Sentence, comma: int) -> bool:
        """Return whether a firm behind the comma is the one that the words before describe."""
        if comma < 3 or comma + 1 >= len(s.units) or s.units[comma + 1].kind != FIRM:
            return False
        role = s.units[comma - 1]
        if role.kind or not role.has("role") or role.low.endswith("s"):
            return False
        first = self.describe(s, comma - 1).first
        return any(u.low == "and" for u in s.units[max(0, first - 4) : first])

    def part_of(self, s: Sentence, i: int, low: int) -> bool:
        """Return whether "of" before unit `i` only takes a part.

        "a number of its suppliers", "two of the firms".
        """
        j = i - 1
        while j > low and s.units[j].low != "of":
            if s.units[j].low in self.words["prepositions"] or not s.units[j].is_word:
                return False
            j -= 1
        if j <= low:
            return False
        before = s.units[j - 1]
        return before.amount is not None or bool({*before.low.split()} & self.words["parts"])

    @staticmethod
    def possessive(s: Sentence, i: int) -> bool:
        """Return whether unit `i` is followed by a possessive ending."""
        return (
            i + 1 < len(s.units)
            and s.units[i + 1].text in POSSESSIVES
            and s.units[i + 1].start == s.units[i].end
        )

    def listed(self, s: Sentence, low: int, high: int) -> list[int]:
        """Return the names listed in units [low, high]: "A, B and C"."""
        return [
            i
            for i in range(low, high + 1)
            if s.units[i].kind in ACTORS and not self.possessive(s, i) and not self.governed(s, i, low)
        ]

    def served(self, s: Sentence) -> set[int]:
        """Return the firms that others supply or buy from: "suppliers of A, B and C" are not A, B or C."""
        out: set[int] = set()
        for i, unit in enumerate(s.units):
            if not (unit.has("role.supplier") or unit.has("role.customer") or unit.has("role.unit")):
                continue
            if i and s.units[i - 1].kind == FIRM and self.belongs(unit):
                out.add(i - 1)  # "an X supplier", "the X subsidiary"
            j = i + 1
            if j + 1 < len(s.units) and s.units[j].low in _BOUND:
                j += s.units[j + 1].low in _BINDING  # "suppliers linked to X", "suppliers serving X"
            if j >= len(s.units) or s.units[j].low not in _BINDING | {"serving"}:
                continue
            while j + 1 < len(s.units):
                j += 1
                here = s.units[j]
                if here.kind == FIRM or here.has("role"):
                    out.add(j)
                elif not (
                    here.text in {",", "and", "-", "or", "as"} or here.demonym or here.has("role")
                    or here.kind in {"Ticker", *MATERIALS}
                    or (here.text[:1].isupper() and not here.kind) or here.low in self.words["determiners"]
                    or here.kind in {"Quantity", "Country"} or self._describing(here)
                    or here.low in {"state", "owned", "listed", "based"}
                ):  # fmt: skip
                    break
        return out

    def _describing(self, unit: Unit) -> bool:
        """Return whether a word can describe those who are supplied: "suppliers of the top three makers"."""
        closed = self.words["prepositions"] | self.words["auxiliaries"] | self.words["clause_openers"]
        return unit.is_word and not unit.kind and not unit.tags and unit.low not in closed | {"that", "who"}

    @staticmethod
    def belongs(unit: Unit) -> bool:
        """Return whether a unit describes firms by the firm that they supply, buy from or belong to."""
        return not unit.kind and any(unit.has(c) for c in ("role.unit", "role.supplier", "role.customer"))

    def unknown_name(self, s: Sentence, low: int, high: int) -> tuple[int, int] | None:
        """Return the units [first, last] of a capitalized name nobody knows that ends there, or None."""
        last = high
        while last >= low and (s.units[last].kind == "Ticker" or s.units[last].text in {",", "”", '"'}):
            last -= 1
        first = last + 1
        while first - 1 >= low and self.name_word(s.units[first - 1]):
            first -= 1
        while (
            first <= last
            and s.units[first].low
            in self.words["determiners"] | self.words["prepositions"] | self.words["adverbs"]
        ):
            first += 1
        words = [
            u
            for u in s.units[first : last + 1]
            if not u.kind and len(u.text) > 2 and u.text[0].isupper() and not u.tags
        ]
        opening = first == 0 and first == last  # one capitalized word at the start of a sentence is any word
        return (first, last) if words and not opening else None

    @staticmethod
    def name_word(unit: Unit) -> bool:
        """Return whether a unit can be part of a capitalized name that nobody knows."""
        if unit.text in {"&", "-"}:
            return True
        part = (unit.kind in PLACES and not unit.demonym) or unit.kind in MATERIALS
        return unit.text[:1].isupper() and (not unit.kind or part) and unit.low not in PRONOUNS

    def describe(self, s: Sentence, head: int) -> Description:
        """Return the noun phrase whose head is the role word at `head`."""
        first, country, count = head, None, None
        definite = False
        j = head - 1
        while j >= 0:
            unit = s.units[j]
            if unit.kind == "Quantity" and unit.amount is not None:
                count = _whole(unit)
                if j and any(t.form == "ing" for t in s.units[j - 1].tags):
                    first = j
                    break  # "allowing three companies"
            elif unit.demonym or unit.kind in PLACES:
                country = unit
            elif unit.low == "that":
                break  # far more often the conjunction: "reported that three companies"
            elif unit.low in {"other", "more"} and j and s.units[j - 1].kind == "Quantity":
                pass  # "four other firms"
            elif unit.low in self.words["determiners"]:
                definite = unit.low in self.words["definite"]
                first = j
                break
            elif unit.text in POSSESSIVES:
                definite = True
                first = j
                break
            elif not (
                unit.kind in MATERIALS or unit.text == "-" or (unit.is_word and _plain(unit, self.words))
            ):
                break
            first = j
            j -= 1
        unit = s.units[head]
        if unit.amount is not None:  # "three companies" is one unit
            count = _whole(unit)
        if (
            first > 1 and s.units[first - 1].low == "of"
        ):  # "two of the three exporters", "one of its suppliers"
            part = s.units[first - 2]
            if part.amount is not None or part.low == "one":
                first, count = first - 2, _whole(part) if part.amount else 1
        last_word = unit.low.split()[-1]
        plural = last_word.endswith("s") and not last_word.endswith("ss")
        return Description(first, head, plural or (count or 0) > 1, definite, count, country)


def _whole(unit: Unit) -> int | None:
    amount = unit.amount
    return int(amount.value) if amount and amount.kind == "count" and amount.value.isdigit() else None


def _plain(unit: Unit, words: Mapping[str, frozenset[str]]) -> bool:
    """Return whether a word can stand inside a noun phrase before its head.

    No verb, preposition or conjunction.
    """
    closed = (
        words["prepositions"] | words["auxiliaries"] | words["clause_openers"] | {"and", "or", "that", "to"}
    )
    return not unit.kind and unit.low not in closed and not any(t.form and t.form != "ing" for t in unit.tags)


def _joins(unit: Unit) -> bool:
    return unit.is_word or unit.text == "-"


def told_by(s: Sentence, i: int) -> bool:
    """Return whether unit `i` is a verb nobody knows between a speaker and who acts: "Greer noted China"."""
    unit, behind = s.units[i], s.units[i + 1 : i + 2]
    plain = unit.text.islower() and unit.low.endswith("ed") and (not unit.tags or unit.has("speech"))
    acts = bool(behind) and behind[0].kind in {"Country", *BODIES} and not behind[0].demonym
    return plain and i > 0 and s.units[i - 1].kind in {"Person", *BODIES} and acts
