"""Which industries and firms depend on which materials, and what is built with them."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import POSSESSIVES, Grammar
from kgbuild.extract.relation_events import Context, RelationReader
from kgbuild.extract.relation_words import Hit
from kgbuild.extract.units import FIRM, MATERIALS, PLACES
from kgbuild.extract.use_lists import UseLists
from kgbuild.model import Argument, Event

_SUPPLY: Final = frozenset(
    "a an the steady imported imports import supply supplies shipments of access to on heavily deliveries "
    "cheap these those such certain some domestic both foreign sources".split()
)
#: Kinds of things that are built and need materials.
_USED: Final = frozenset({"EndUse", "Good", "Component"})


class Dependence(RelationReader):
    """Finds `depends_on`, and `used_in` told from the side of the user."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        super().__init__(text, grammar, coreference)
        self._lists = UseLists(text, grammar, self.words)

    def find(self, c: Context) -> list[Event]:
        """Return which industry or firm the sentence says needs which material."""
        if c.s.units[-1].text == "?":
            return []
        found = [self._needs(c, hit) for hit in c.all("need.verb")]
        return [e for e in found if e is not None]

    def _needs(self, c: Context, hit: Hit) -> Event | None:
        """Read "carmakers, which rely on rare earths" and "the chip industry depends on gallium"."""
        s = c.s
        objects = self._needed(c, hit.end)
        if not objects or self.unreal(s, hit.first):
            return None
        j = hit.first - 1
        while j >= 0 and (
            self.grammar.is_auxiliary(s.units[j])
            or s.units[j].low in self.grammar.words["adverbs"] | {"heavily", "entirely", "all", "almost"}
            or (s.units[j].tags and not s.units[j].kind and not s.units[j].has("role")
                and (s.units[j].has("negation") or s.units[j].has("possible") or s.units[j].has("planned")))
        ):  # fmt: skip
            j -= 1
        if j > 0 and s.units[j].low in {"which", "that", "who"}:
            j -= 2 if s.units[j - 1].text == "," else 1
        subjects = self._needing(c, j)
        if not subjects:
            return self._uses_need(c, j, hit, objects)
        return self.event(
            s, "depends_on", subjects, objects, hit.first, self.stance(s, j + 1, hit.first), hit.id
        )

    def _uses_need(self, c: Context, j: int, hit: Hit, objects: list[Argument]) -> Event | None:
        """Read "wind turbines and electric cars need dysprosium" as what dysprosium is used in."""
        members = self._lists.read(c, self._phrase_start(c, j), j + 1) if j >= 0 else []
        whole = bool(members) and members[-1].end == j + 1
        if not whole or not all(m.known and m.argument.kind in _USED for m in members):
            return None
        uses = [m.argument for m in members]
        stance = self.stance(c.s, j + 1, hit.first)
        return self.event(c.s, "used_in", objects, uses, hit.first, stance, "needs")

    def _needed(self, c: Context, i: int) -> list[Argument]:
        """Return the materials listed from unit `i` on, behind words such as "imports of"."""
        s, start = c.s, i
        while i < len(s.units) and i - start <= 7:
            unit = s.units[i]
            if unit.kind in MATERIALS:
                break
            skipped = unit.low in _SUPPLY or unit.demonym or unit.low in self.grammar.words["determiners"]
            if not skipped and not (unit.kind in PLACES and self._for_next(c, i)) and unit.low != "for":
                return []
            i += 1
        out: list[Argument] = []
        while i < len(s.units) and s.units[i].kind in MATERIALS:
            unit = s.units[i]
            out.append(Argument("object", unit.kind, unit.text, unit.start, unit.end, unit.name))
            i += 1
            while i < len(s.units) and s.units[i].text in {",", "and", "or"}:
                i += 1
        return out

    @staticmethod
    def _for_next(c: Context, i: int) -> bool:
        return i + 1 < len(c.s.units) and c.s.units[i + 1].low == "for"

    def _needing(self, c: Context, j: int) -> list[Argument]:
        """Return the firm or the industries in the noun phrase that ends at unit `j`."""
        s = c.s
        if j < 0:
            return []
        if s.units[j].kind == FIRM:
            found = self.firm("subject", s, j)
            return [found] if found is not None else []
        return self._lists.industries(c, self._phrase_start(c, j), j + 1)

    def _phrase_start(self, c: Context, j: int) -> int:
        """Return where the list of nouns that ends at unit `j` starts."""
        low = j
        while low > 0 and not self._ends_left(c, low - 1):
            low -= 1
        while low < j and (not c.s.units[low].is_word or c.s.units[low].text in POSSESSIVES):
            low += 1
        return low

    def _ends_left(self, c: Context, k: int) -> bool:
        unit = c.s.units[k]
        if unit.kind and unit.kind not in MATERIALS:
            return True
        if unit.text in {",", "-", "and", "or"}:
            return False
        return (
            not unit.is_word
            or unit.low in self.grammar.words["prepositions"] | self.grammar.words["determiners"]
            or unit.low in self.grammar.words["clause_openers"] | self.grammar.words["relative"]
            or self.grammar.is_auxiliary(unit)
            or unit.has("speech")
            or unit.low in {"said", "hit", "hurt", "not", "to"}
        )
