"""Which office a person holds: "Commerce Secretary Howard Lutnick", "Ron Douglas, chief executive of VHM"."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import POSSESSIVES
from kgbuild.extract.relation_events import Context, RelationReader, by_writer
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import BODIES, FIRM, PLACES, Unit
from kgbuild.model import Argument, Event

#: Words that make an office one of the past or the future.
_NOT_NOW: Final = frozenset(
    {"former", "ex", "then", "late", "future", "next", "designate", "elect", "acting"}
)
_OFFICES_OF: Final = frozenset({"of", "for", "at"})


class OfficeHolders(RelationReader):
    """Finds `holds_office`; the office is kept in the words of the text."""

    def find(self, c: Context) -> list[Event]:
        """Return the offices that the sentence gives people by title."""
        s = c.s
        out: list[Event] = []
        for i, unit in enumerate(s.units):
            if unit.kind != "Person":
                continue
            office = self._before(c, i) or self._behind(c, i)
            if office is None:
                continue
            person = Argument("subject", "Person", unit.text, unit.start, unit.end, unit.name)
            out.append(by_writer(self.event(s, "holds_office", [person], [office], i, Stance(), "title")))
        return out

    def _before(self, c: Context, i: int) -> Argument | None:
        """Read a title right before a name, with the body, place or firm that it belongs to."""
        s, j = c.s, i - 1
        if j >= 0 and s.units[j].text == ",":
            j -= 1  # "the planning minister, X,"
        first = next((k for k in range(max(0, j - 3), j + 1) if self._title_to(c, k, j + 1)), None)
        if first is None:
            return None
        while first and (self._belongs(s.units[first - 1]) or self._joins(c, first - 1)):
            first -= 1
        while first < j and s.units[first].text in {*POSSESSIVES, "-", ","}:
            first += 1
        near = s.units[max(0, first - 2) : j + 1]
        if any(u.low in _NOT_NOW for u in near):
            return None
        return self.phrase("object", "Text", s, first, j)

    def _title_to(self, c: Context, k: int, end: int) -> bool:
        hit = c.at(k, "office.title")
        return hit is not None and hit.end == end

    @staticmethod
    def _belongs(unit: Unit) -> bool:
        """Return whether a unit before a title says what it is a title of."""
        if unit.kind in {FIRM, *BODIES} or unit.reading(PLACES) is not None or unit.text in POSSESSIVES:
            return True
        word = (
            not unit.kind
            and unit.text[:1].isupper()
            and unit.text.isalpha()
            and (not unit.tags or unit.low == "state")
        )
        return word and unit.low not in {"the", "a", "and", "mr", "ms", "when", "as", "but", "on", "in"}

    def _joins(self, c: Context, j: int) -> bool:
        """Return whether unit `j` is the "and" of "Energy and Mineral Resources Minister"."""
        if c.s.units[j].low != "and" or j == 0:
            return False
        both = (c.s.units[j - 1], c.s.units[j + 1])
        return c.at(j + 1, "office.title") is None and all(self._belongs(u) and not u.kind for u in both)

    @staticmethod
    def _before_title(unit: Unit) -> bool:
        owner = unit.demonym or unit.kind in {FIRM, *BODIES} or unit.text in POSSESSIVES
        return owner or unit.low in {"the", "a", "an"}

    def _behind(self, c: Context, i: int) -> Argument | None:
        """Read "X, the chief executive of Example" and "X, a spokesman for the ministry"."""
        s, j = c.s, i + 1
        if j >= len(s.units) or s.units[j].text != ",":
            return None
        j += 1
        while j < len(s.units) and self._before_title(s.units[j]):
            j += 1
        hit = c.at(j, "office.title") if j < len(s.units) else None
        if hit is None:
            return None
        end = hit.end
        if end + 1 < len(s.units) and s.units[end].low in _OFFICES_OF:
            k = end + 1
            while k < len(s.units) and s.units[k].low in {"the", "dutch", "chinese"}:
                k += 1
            if k < len(s.units) and (s.units[k].kind in {FIRM, *BODIES} or s.units[k].reading(PLACES)):
                end = k + 1
        first = i + 2
        while s.units[first].low in {"the", "a", "an"}:
            first += 1
        return self.phrase("object", "Text", s, first, end - 1)
