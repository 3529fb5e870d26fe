"""Firms listed behind a word for their group: "three firms, including A, B and suppliers of C"."""

from __future__ import annotations

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Sentence, Unit
from kgbuild.model import Argument

_OPENS_LIST = frozenset({",", "(", "—", "–", ":"})
#: What stands between "suppliers" and the firms that they supply.
_OF_SUPPLIERS = frozenset({"of", "to", "for", "linked", "tied", "connected", "working", "with", "and"})


class FirmLists:
    """Reads lists of firms in the sentences of one article."""

    def __init__(self, text: str, grammar: Grammar) -> None:
        self._text = text
        self._grammar = grammar

    def members(self, role: str, s: Sentence, head: int) -> list[Argument]:
        """Return the firms listed behind a group noun: "three firms, including A and B"."""
        i = head + 1
        while i < min(head + 4, len(s.units)) and not s.units[i].has("enumeration"):
            if s.units[i].text not in {",", "(", "—", "–"}:
                break
            i += 1
        if i < len(s.units) and s.units[i].low in {"that", "which", "who"}:
            # "companies that have received approvals include A, B and C"
            i = next(
                (k for k in range(i, len(s.units)) if s.units[k].low in {"include", "includes", "included"}),
                len(s.units),
            )
        if i >= len(s.units) or not s.units[i].has("enumeration"):
            return self._apposed(role, s, head)
        served = self._grammar.served(s)
        out, i = [], i + 1
        while i < len(s.units):
            unit = s.units[i]
            if unit.kind == FIRM and i not in served:
                out.append(
                    Argument(role, FIRM, unit.text, unit.start, unit.end, unit.name, derivation=unit.via)
                )
            elif unit.has("role.supplier") and not unit.kind:
                out.append(self._unnamed(role, s, i))  # "include A, B and suppliers of C"
                while i + 1 < len(s.units) and (i + 1 in served or s.units[i + 1].low in _OF_SUPPLIERS):
                    i += 1
            elif unit.text == "," and out and (closed := self._aside(s, i)):
                i = closed
            elif out and s.units[i - 1].kind == FIRM and unit.kind in PLACES and not unit.demonym:
                pass  # "Example India"
            elif (last := self._unknown_member(s, i)) > i - 1:
                start, end = unit.start, s.units[last].end
                name = self._text[start:end]
                note = "member of a list of firms"
                out.append(Argument(role, FIRM, name, start, end, name, derivation=note))
                i = last
            elif not (
                unit.text in {",", "and", "-", "(", ")"}
                or (unit.low == "the" and i + 1 < len(s.units) and s.units[i + 1].kind == FIRM)
                or unit.kind in {"Ticker", *MATERIALS}
                or unit.demonym
                or unit.has("role")
            ):
                break
            i += 1
        return out

    def _unknown_member(self, s: Sentence, i: int) -> int:
        """Return where a name of several words that nobody knows ends, in a list of firms; -1 for none."""
        last = i
        while last < len(s.units) and self._grammar.name_word(s.units[last]) and s.units[last].text != "-":
            last += 1
        last -= 1
        plain = [u for u in s.units[i : last + 1] if not u.kind and not u.tags]
        before = s.units[i - 1]
        placed = before.text == "," or before.low == "and" or before.has("enumeration")
        closed = (
            last + 1 == len(s.units)
            or s.units[last + 1].text in {",", ".", ";"}
            or s.units[last + 1].low == "and"
        )
        fits = last > i and plain and placed and closed and s.units[i].kind not in PLACES
        return last if fits else -1

    def _aside(self, s: Sentence, comma: int) -> int:
        """Return the comma that ends an aside on a member, or 0: "A, the largest producer, and B"."""
        behind = range(comma + 2, min(len(s.units), comma + 10))
        if comma + 1 >= len(s.units) or s.units[comma + 1].low not in {"the", "a", "an", "its"}:
            return 0
        closed = next((k for k in behind if s.units[k].text == ","), 0)
        inside = s.units[comma + 1 : closed]
        told = any(u.has("role") for u in inside) and not any(u.kind == FIRM for u in inside)
        return closed if told and closed + 1 < len(s.units) and s.units[closed + 1].low == "and" else 0

    def _unnamed(self, role: str, s: Sentence, i: int) -> Argument:
        """Return the firms that the role word at `i` describes, as an argument without a name."""
        described = self._grammar.describe(s, i)
        opened = [k for k in range(described.first, i) if s.units[k].has("enumeration")]
        first = opened[-1] + 1 if opened else described.first  # "four firms including suppliers": not four
        start, end = s.units[first].start, s.units[i].end
        count = str(described.count) if described.count and not opened else ""
        return Argument(
            role, "UnnamedFirm", self._text[start:end], start, end, "", count, derivation="unnamed"
        )

    def _apposed(self, role: str, s: Sentence, head: int) -> list[Argument]:
        """Return the firms listed right behind a group noun: "two exporters, A and B", "firms (A, B, C)"."""
        if head + 2 >= len(s.units) or s.units[head + 1].text not in _OPENS_LIST:
            return []
        out, i = [], head + 2
        while i < len(s.units):
            unit = s.units[i]
            if unit.kind == FIRM:
                if self._grammar.possessive(s, i):
                    return []
                out.append(named(role, unit))
            elif not (unit.text in {",", "(", "&"} or unit.low == "and" or unit.kind == "Ticker") or (
                unit.text == "," and (i + 1 == len(s.units) or not _lists_on(s.units[i + 1]))
            ):
                break
            i += 1
        tells = i < len(s.units) and (s.units[i].has("speech") or s.units[i].has("license"))
        count = self._grammar.describe(s, head).count
        closed = s.units[head + 1].text != "," or not tells
        return out if closed and (len(out) > 1 or count == len(out) == 1) else []


def named(role: str, unit: Unit) -> Argument:
    """Return a unit that names a thing as an argument."""
    return Argument(role, unit.kind, unit.text, unit.start, unit.end, unit.name, derivation=unit.via)


def _lists_on(unit: Unit) -> bool:
    return unit.kind in {FIRM, "Ticker"} or unit.low in {"and", "the"}
