"""Holders whose names nobody knows: only their place in a list or behind "to" gives them away."""

from __future__ import annotations

import re
from itertools import pairwise

from kgbuild.extract.arguments import named
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.units import FIRM, PLACES, Sentence
from kgbuild.model import Argument


class LicenseNames:
    """Finds names of firms that are in no list of names."""

    def __init__(self, text: str, grammar: Grammar) -> None:
        self._text = text
        self._grammar = grammar

    def members(self, s: Sentence, heads: list[int]) -> list[Argument]:
        """Return the names that nobody knows beside known firms of one list: "A, Unknown and B"."""
        firms = [h for h in heads if s.units[h].kind == FIRM]
        out: list[Argument] = []
        for low, high in pairwise(firms):
            i = low + 1
            while i < high:
                first = i
                while i < high and self._part(s, i):
                    i += 1
                if i > first and s.units[i].text in {",", "and"} and s.units[first - 1].text in {",", "and"}:
                    out.append(self._member(s, first, i - 1))
                i += 1
        return [*self._first(s, firms), *out, *self._last(s, firms)]

    def all_unknown(self, s: Sentence, noun: int, high: int) -> list[Argument]:
        """Return the names of a list that nobody knows between a license and its verb.

        "The permits of Example Mine, Sample Mine and Third Mine were cancelled".
        """
        if noun + 2 >= high or s.units[noun + 1].low not in {"of", "for"}:
            return []
        out: list[Argument] = []
        i = noun + 2
        while i < high:
            first = i
            while i < high and (self._part(s, i) or s.units[i].kind == FIRM):
                i += 1
            if out and i == first and s.units[i - 1].text == ",":
                break  # "of A and B, both in the south, were revoked"
            if i == first or not (i == high or s.units[i].text == "," or s.units[i].low == "and"):
                return []
            out.append(self._member(s, first, i - 1))
            i += 1
            i += i < high and s.units[i].low == "and"
        return out if len(out) > 1 else []

    def list_from(self, s: Sentence, low: int, *, closed: bool = True) -> list[Argument]:
        """Return the names, known or not, of a list: "A, B and C".

        One that is `closed` ends its sentence.
        """
        out: list[Argument] = []
        i = low
        while i < len(s.units) and s.units[i].is_word:
            if s.units[i].kind == FIRM:
                out.append(named("holder", s.units[i]))
                i += 1
            else:
                first = i
                while i < len(s.units) and self._part(s, i):
                    i += 1
                if i == first:
                    return [] if closed else out
                out.append(self._member(s, first, i - 1))
            while i < len(s.units) and (s.units[i].text == "," or s.units[i].low == "and"):
                i += 1
        return out

    def _last(self, s: Sentence, firms: list[int]) -> list[Argument]:
        """Return the name that ends a list: "A, B and Unknown Chemical have received"."""
        low = firms[-1] + 1 if len(firms) > 1 else len(s.units)
        while low < len(s.units) and s.units[low].text == ",":
            low += 1
        if low >= len(s.units) or s.units[low].low != "and":
            return []
        end = low + 1
        while end < len(s.units) and self._part(s, end):
            end += 1
        return [self._member(s, low + 1, end - 1)] if end - low > 2 else []

    def _first(self, s: Sentence, firms: list[int]) -> list[Argument]:
        """Return the name that opens a sentence and a list: "Unknown Chemical, A and B were cleared"."""
        end = 0
        while end < len(s.units) and self._part(s, end):
            end += 1
        listed = bool(firms) and end == firms[0] - 1 and s.units[end].text in {",", "and"}
        short = end == 1 and s.units[0].text.isupper() and len(s.units[0].text) > 1
        return [self._member(s, 0, end - 1)] if listed and (end > 1 or short) else []

    def _part(self, s: Sentence, i: int) -> bool:
        unit = s.units[i]
        return self._grammar.name_word(unit) and unit.kind not in PLACES and not unit.has("role")

    def _member(self, s: Sentence, first: int, last: int) -> Argument:
        start, end = s.units[first].start, s.units[last].end
        name = self._text[start:end]
        return Argument("holder", FIRM, name, start, end, name, derivation="member of a list of firms")

    def repeated(self, s: Sentence, i: int) -> bool:
        """Return whether one word is the name of a firm: told again, and never as a person or a place."""
        unit = s.units[i]
        plain = not unit.kind and not unit.tags and unit.text[:1].isupper() and unit.text[1:].islower()
        if not plain or len(unit.text) < 5:
            return False
        name = re.escape(unit.text)
        other = rf"(?:\b[A-Z][\w-]*|\b(?:in|at|near|of|from|the|around)) {name}\b"
        return len(re.findall(rf"\b{name}\b", self._text)) > 1 and not re.search(other, self._text)

    def behind(self, s: Sentence, verb: int, right: int) -> tuple[int, int] | None:
        """Return a name that nobody knows behind "to": "a license issued to Example Investments"."""
        for i in range(verb + 1, right - 1):
            if s.units[i].low != "to":
                continue
            last = i
            while last + 1 < right and self._grammar.name_word(s.units[last + 1]):
                last += 1
            found = self._grammar.unknown_name(s, i + 1, last) if last >= i + 2 else None
            if last == i + 1 and self.repeated(s, last):
                found = (last, last)
            if found is not None:
                return found
        return None
