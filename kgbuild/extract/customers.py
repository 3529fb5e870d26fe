"""Whom firms have as customers, and in which places they have customers and units."""

from __future__ import annotations

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.counted_firms import CountedFirms
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.relation_events import Context, RelationReader
from kgbuild.extract.relation_words import Hit
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import FIRM
from kgbuild.model import Argument, Event


class Customers(RelationReader):
    """Finds `supplies` by the noun "customer", `customer_in` and `subsidiary_in`."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        super().__init__(text, grammar, coreference)
        self._counted = CountedFirms(self.arguments, text)

    def find(self, c: Context) -> list[Event]:
        """Return whom the sentence says firms have as customers, and where."""
        self._counted.note(c.s)
        if c.s.units[-1].text == "?":
            return []
        found: list[Event | None] = []
        for hit in c.all("supply.customer"):
            found.append(self._customers(c, hit))
            found.append(self._has_in(c, hit, "customer_in"))
        for hit in c.all("unit.noun"):
            found.append(self._has_in(c, hit, "subsidiary_in"))
        return [e for e in found if e is not None]

    def _customers(self, c: Context, hit: Hit) -> Event | None:
        """Read "its customers include A and B", "A's customers such as B", "counts B among its clients"."""
        s, i = c.s, hit.first
        owner = self.owner("subject", s, i, max(0, i - 6))
        if owner is None and i and s.units[i - 1].low == "whose":
            named = self.name_at("subject", s, max(0, i - 8), i - 3 if s.units[i - 2].text == "," else i - 2)
            owner = (named, i - 1) if named is not None else None
        k = hit.end
        if owner is None and k + 1 < len(s.units) and s.units[k].low == "of" and s.units[k + 1].kind == FIRM:
            named = self.firm("subject", s, k + 1)
            owner, k = ((named, k + 1), k + 2) if named is not None else (None, k)
        if owner is None:
            return None
        k += k < len(s.units) and s.units[k].text == ","
        objects: list[Argument] = []
        listed = {"include", "includes", "included", "including", "such as", "like", "are", "is"}
        if k < len(s.units) and s.units[k].low in listed:
            objects, _ = self.firms_from("object", s, k + 1)
        elif k < len(s.units) and s.units[k].kind == FIRM and k == hit.end:
            objects = [f for f in [self.firm("object", s, k)] if f is not None]
        elif any(u.low in {"among", "as"} for u in s.units[max(0, owner[1] - 2) : owner[1]]):
            counts = next(
                (n for n in range(owner[1], -1, -1) if s.units[n].low in {"counts", "count", "lists"}), None
            )
            objects = self.firms_from("object", s, counts + 1)[0] if counts is not None else []
        names = {owner[0].name}
        objects = [o for o in objects if o.name not in names]
        if not objects or self.unreal(s, i):
            return None
        return self.event(s, "supplies", [owner[0]], objects, i, Stance(), hit.id)

    def _has_in(self, c: Context, hit: Hit, action: str) -> Event | None:
        """Read "A has a subsidiary in Europe" and "A has customers in Europe and the Americas"."""
        s, i = c.s, hit.first
        if hit.end + 1 >= len(s.units) or s.units[hit.end].low not in {"in", "across", "throughout"}:
            return None
        places = self.places("object", s, hit.end + 1)[0]
        j = i - 1
        while j >= 0 and i - j <= 5 and c.at(j, "unit.has") is None:
            unit = s.units[j]
            if unit.kind == FIRM or unit.low in self.grammar.words["prepositions"] or unit.text == ",":
                return None
            j -= 1
        verb = c.at(j, "unit.has") if j >= 0 else None
        if not places or verb is None:
            return None
        if s.units[j].low in {"with", "having"}:
            k = j - 2 if j > 1 and s.units[j - 1].text == "," else j - 1
            named = self.name_at("subject", s, max(0, k - 6), k) if k >= 0 else None
            firms, stance = ([named] if named is not None else []), Stance()
        else:
            group = self.grammar.verb_group(s, j, Tag("have", "have", "", "third"))
            heads = self.grammar.subject(s, group)
            firms = self._counted.firms(s, heads)
            if not firms and group.first:
                named = self.name_at("subject", s, max(0, group.first - 6), group.first - 1)
                named = named or self.first_word("subject", s, group.first - 1, place=True)
                firms = [named] if named is not None else []
            stance = self.stance(s, max((h + 1 for h in heads), default=group.first), i)
        if not firms or self.unreal(s, i):
            return None
        return self.event(s, action, firms, places, i, stance, f"{hit.id}-in")
