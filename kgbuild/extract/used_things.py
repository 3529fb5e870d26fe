"""The materials and goods that a text says are used for something: named, listed, or spoken of before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kgbuild.extract.grammar import POSSESSIVES, Grammar
from kgbuild.extract.relation_events import Context
from kgbuild.extract.relation_words import RelationWords
from kgbuild.extract.units import MATERIALS, Sentence, Unit
from kgbuild.model import Argument

_ELEMENTS: Final = frozenset({"RareEarthElement", "Mineral"})
#: Sentences to look back for what "these elements" are.
_BACK: Final = 5
_BETWEEN: Final = frozenset(
    "widely mainly mostly commonly chiefly primarily all both remain remains remained become becomes became "
    "considered seen deemed regarded as heavily largely extensively particularly especially increasingly "
    "often "
    "predominantly principally typically absolutely so thus hence said known thought be being been is are "
    "critically notably highly most more very almost exclusively mainly themselves".split()
)
_DASHES: Final = frozenset({"—", "–", "--", "-"})
_CLAUSE: Final = frozenset({"and", "that", "because", "as", "where", "when", "but", "since"})
_ADDING: Final = frozenset({"especially", "particularly", "notably", "in particular", "above all"})
_NUMBERS: Final = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "both": 2,
    "seventeen": 17,
}


class UsedThings:
    """Finds what is used, left of the words that say so."""

    def __init__(self, text: str, grammar: Grammar, words: RelationWords) -> None:
        self._text = text
        self._grammar = grammar
        self._things = words.words("use.thing")
        self._seen: list[Sentence] = []

    def note(self, s: Sentence) -> None:
        """Remember a sentence, for what later ones refer to."""
        self._seen.append(s)

    def before(self, c: Context, at: int, end: int, *, verb: bool = False) -> tuple[list[Argument], int]:
        """Return what the words at unit `at` say the use of, and the unit behind its name.

        An empty list where it cannot be made out; `end` is the unit behind the uses. With `verb` the
        words are a verb, else perhaps a participle: "gallium, used in lasers".
        """
        s, j = c.s, at - 1
        verb = verb or s.units[at].low.partition(" ")[0] in {"is", "are"}
        while j >= 0 and self._between(s, j):
            verb = verb or self._grammar.is_auxiliary(s.units[j]) or s.units[j].low.startswith("remain")
            j -= 1
        if j < 0:
            return self._opening(c, at, end)
        added: list[Argument] = []
        unit = s.units[j]
        if unit.low in {"that", "which"} and not unit.kind and j:
            j -= 2 if s.units[j - 1].text == "," else 1
        elif unit.text in {",", *_DASHES} and unit.start > s.units[j - 1].end - 1 and j:
            if verb:
                opened = next((k for k in range(j - 1, -1, -1) if s.units[k].text == unit.text), None)
                if opened is None:
                    return [], at
                if s.units[opened + 1].low in _ADDING:
                    added = self._materials(s, j - 1)
                elif s.units[opened + 1].kind in MATERIALS and not self._phrase(c, opened - 1):
                    return self._materials(s, j - 1), j  # "its products, gallium and indium, are"
                j = opened
            j -= 1
        j = self._before_brackets(s, j)
        if j < 0:
            return [], at
        found = self._phrase(c, j)
        return ([*found, *added] if found else []), j + 1

    def _between(self, s: Sentence, j: int) -> bool:
        unit = s.units[j]
        if unit.text in POSSESSIVES:
            return j == 1 and s.units[0].low == "it"  # "It's also found in"
        if unit.text in {"'re", "’re"}:
            return True
        if unit.kind or (
            unit.low in {"both", "all"} and not (j and self._grammar.is_auxiliary(s.units[j - 1]))
        ):
            return False
        cue = unit.has("negation") or unit.has("possible") or unit.has("planned") or unit.has("duty")
        return (
            cue
            or self._grammar.is_auxiliary(unit)
            or unit.low in self._grammar.words["adverbs"]
            or unit.low in _BETWEEN
        ) and unit.low not in {"these", "which", "who"}

    def _opening(self, c: Context, at: int, end: int) -> tuple[list[Argument], int]:
        """Return the subject behind an opening phrase that ends before unit `end`.

        "Used in lasers and radar, gallium is ...".
        """
        units = c.s.units
        if at > 1 or end >= len(units) or units[end].text != ",":
            return [], at
        first = end + 1
        while first < len(units) and (
            units[first].low in self._grammar.words["determiners"] or units[first].text in {'"', "“"}
        ):
            first += 1
        if first < len(units) and units[first].kind in MATERIALS:
            return [self._named(units[first])], at
        return [], at

    @staticmethod
    def _before_brackets(s: Sentence, j: int) -> int:
        if j >= 0 and s.units[j].text == ")":
            while j >= 0 and s.units[j].text != "(":
                j -= 1
            j -= 1
        return j

    def _phrase(self, c: Context, j: int) -> list[Argument]:
        """Return what the noun phrase that ends at unit `j` stands for."""
        s, unit = c.s, c.s.units[j]
        if unit.kind == "ElementGroup" and not unit.low.endswith("s"):
            return self._thing(c, j)  # "antimony is a strategic metal used in"
        if unit.kind in MATERIALS:
            return self._materials(s, j)
        if unit.kind:
            return []
        if unit.low in {"its", "their"}:
            return self._spoken_of(s, j, j, count=None, one=unit.low == "its")
        if unit.low in {"they", "these", "both", "it"} and self._starts_clause(s, j):
            count = 2 if unit.low == "both" else None
            return self._spoken_of(s, j, j, count=count, one=unit.low == "it")
        if unit.low in self._things:
            return self._thing(c, j)
        return self._own(s, j)

    def _starts_clause(self, s: Sentence, j: int) -> bool:
        return j == 0 or not s.units[j - 1].is_word or s.units[j - 1].low in _CLAUSE

    def _materials(self, s: Sentence, j: int) -> list[Argument]:
        """Return the materials listed up to unit `j`: "gallium, germanium and antimony"."""
        out: list[Argument] = []
        while j >= 0 and s.units[j].kind in MATERIALS:
            out.append(self._named(s.units[j]))
            k = j - 1
            joined = k >= 0 and s.units[k].text in {"and", "or", "&", ","}
            while k >= 0 and s.units[k].text in {"and", "or", "&", ","}:
                k -= 1
            k = self._before_brackets(s, k)
            if not joined or k < 0:
                break
            j = k
        return out[::-1]

    def _thing(self, c: Context, j: int) -> list[Argument]:
        """Return what "these elements", "the metal", "two heavy metals" or "gallium metal" is."""
        s = c.s
        if j and s.units[j - 1].kind in MATERIALS:
            return self._materials(s, j - 1)
        k, count = j - 1, None
        determiner = ""
        while k >= 0 and j - k <= 6:
            unit = s.units[k]
            number = _number(unit)
            if number is not None:
                count = number
            elif unit.low in self._grammar.words["determiners"] and not unit.kind:
                determiner = unit.low
                k -= 1
                break
            elif (
                not (unit.is_word or unit.text == "-")
                or unit.low in self._grammar.words["prepositions"]
                or self._grammar.is_auxiliary(unit)
                or (unit.kind and not unit.demonym)
            ):
                break
            k -= 1
        beside = k >= 0 and s.units[k].text in {",", *_DASHES}
        definite = determiner in self._grammar.words["definite"] and determiner not in {"its", "their"}
        if beside and not definite:
            last = self._before_brackets(s, k - 1)
            return self._materials(s, last) if last >= 0 and s.units[last].kind in MATERIALS else []
        if not definite:
            said = k > 0 and s.units[k].low in self._grammar.words["be"]
            return self._materials(s, k - 1) if said and s.units[k - 1].kind in MATERIALS else []
        one = not s.units[j].low.endswith("s")
        return self._spoken_of(s, k + 1, j, count=count or (2 if determiner == "both" else None), one=one)

    def _own(self, s: Sentence, j: int) -> list[Argument]:
        """Return the goods of a firm that have no name: "its substrates", "Example's wafers"."""
        unit = s.units[j]
        if j < 1 or not unit.low.endswith("s") or unit.tags or unit.low in {"exports", "sales", "shares"}:
            return []
        before = s.units[j - 1]
        if before.low not in {"its", "their"} and before.text not in POSSESSIVES:
            return []
        start = before.start if before.low in {"its", "their"} else unit.start
        words = self._text[start : unit.end]
        return [Argument("subject", "Good", words, start, unit.end, "", unit.low, derivation="not named")]

    def _named(self, unit: Unit) -> Argument:
        """Return a material; mere "magnets" are those that the text has spoken of before."""
        named = Argument("subject", unit.kind, unit.text, unit.start, unit.end, unit.name)
        if unit.low not in {"magnets", "magnet"}:
            return named
        for s in reversed(self._seen):
            for other in reversed(s.units):
                if other.kind == unit.kind and other.name != unit.name and other.end <= unit.start:
                    how = f"coreference: {unit.text} = {other.text}"
                    return replace(named, name=other.name, inferred=True, derivation=how)
        return named

    # ---- what was spoken of before

    def _spoken_of(
        self, s: Sentence, first: int, last: int, *, count: int | None, one: bool
    ) -> list[Argument]:
        """Return the materials that units [first, last] of `s` refer to, one argument for each."""
        units: Sequence[Unit] = s.units[:first]
        for earlier in [None, *reversed(self._seen[-_BACK - 1 : -1])]:
            if earlier is not None:
                units = earlier.units
            found = _antecedent(units, count, one, s.units[last].low)
            if found is None:
                continue
            start, end = s.units[first].start, s.units[last].end
            words = self._text[start:end]
            return [
                Argument(
                    "subject", u.kind, words, start, end, u.name, inferred=True,
                    derivation=f"coreference: {' '.join(words.split())} = {u.text}",
                )
                for u in found
            ]  # fmt: skip
        return []


def _number(unit: Unit) -> int | None:
    if unit.amount is not None and unit.amount.value.isdigit():
        return int(unit.amount.value)
    return _NUMBERS.get(unit.low) or (int(unit.low) if re.fullmatch(r"\d{1,2}", unit.low) else None)


def _antecedent(units: Sequence[Unit], count: int | None, one: bool, noun: str) -> list[Unit] | None:
    """Return what a sentence offers for "the metal" or "these elements"; None where that is nothing."""
    groups = [u for u in units if u.kind == "ElementGroup" and (count == 17) <= (u.name == "rare earths")]
    groups = [u for u in groups if noun == "minerals" or not u.name.endswith("minerals")]
    elements = {u.name: u for u in units if u.kind in _ELEMENTS}
    goods = {u.name: u for u in units if u.kind in MATERIALS}
    if noun in {"they", "these", "it"} and len(goods) == 1:
        return list(goods.values())
    if one:
        if len(elements) > 1:
            opening = [u for u in units[:2] if u.kind in _ELEMENTS]  # what the sentence is about
            return opening[:1]
        return list(elements.values()) or None
    if count is not None and count == len(elements) and count > 1:
        return list(elements.values())
    if count is not None and count < 15:
        return None
    if groups:
        return [groups[-1]]
    return list(elements.values()) if len(elements) > 1 and count is None else None
