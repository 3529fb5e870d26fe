"""Who supplies whom: by verbs of selling and buying, and by the noun "supplier"."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.counted_firms import CountedFirms
from kgbuild.extract.grammar import POSSESSIVES, Grammar, VerbGroup
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.relation_events import Context, RelationReader, by_writer
from kgbuild.extract.relation_words import Hit
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import FIRM, MATERIALS, Sentence
from kgbuild.model import Argument, Event

_PAST: Final = frozenset(
    {"sold", "supplied", "provided", "delivered", "bought", "purchased", "sourced", "procured"}
)
#: "to supply" is a fact only behind verbs such as these.
_GOING_ON: Final = frozenset(
    {"began", "begun", "started", "continues", "continued", "starts", "begins", "continue"}
)
_GOODS_END: Final = frozenset({",", ";", ":", "(", ")", ".", "which", "that", "who", "and"})


class Supply(RelationReader):
    """Finds `supplies`."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference) -> None:
        super().__init__(text, grammar, coreference)
        self._seen: list[Sentence] = []
        self._counted = CountedFirms(self.arguments, text)
        self._awaited: tuple[Argument, int] | None = None  #: whom an unnamed supplier of the opening supplies

    def find(self, c: Context) -> list[Event]:
        """Return who the sentence says supplies whom, one event a construction."""
        self._seen.append(c.s)
        self._counted.note(c.s)
        if c.s.units[-1].text == "?":
            return []
        found: list[Event | None] = [self._named_later(c)]
        for hit in c.all("supply.to"):
            found.append(self._sells(c, hit))
        for hit in c.all("supply.direct"):
            found.append(self._direct(c, hit))
        for hit in c.all("supply.buy"):
            found.append(self._buys(c, hit))
        for hit in c.all("supply.noun"):
            found.append(self._supplier(c, hit))
        return [e for e in found if e is not None]

    def _supplies(
        self,
        c: Context,
        subjects: list[Argument],
        objects: list[Argument],
        at: int,
        stance: Stance,
        rule: str,
    ) -> Event | None:
        names = {s.name for s in subjects} - {""}
        objects = [o for o in objects if o.name not in names]
        if not subjects or not objects or self.unreal(c.s, at):
            return None
        return self.event(c.s, "supplies", subjects, objects, at, stance, rule)

    # ---- verbs

    def _subjects(self, c: Context, hit: Hit) -> tuple[list[Argument], VerbGroup, Stance] | None:
        """Return who does what the verb at `hit` says, and how it is told; None where it tells nothing."""
        s, low = c.s, c.s.units[hit.first].low
        form = (
            "past"
            if low in _PAST
            else "ing"
            if low.endswith("ing")
            else "third"
            if low.endswith("s")
            else "base"
        )
        group = self.grammar.verb_group(s, hit.first, Tag("supply", low, "", form))
        if group.passive or form == "ing" or self.grammar.is_noun(s, hit.first):
            return None
        heads = self.grammar.subject(s, group) or self.grammar.shared_subject(s, group)
        if group.first and s.units[group.first - 1].kind == FIRM:
            heads = self.joined(s, heads, group.first - 1)
        firms = self._counted.firms(s, heads)
        if not firms and group.first and s.units[group.first - 1].kind == "Ticker":
            named = self.firm_like("subject", s, max(0, group.first - 6), group.first - 1)
            firms = [named] if named is not None else []
        low_end = max((h + 1 for h in heads if h < group.first), default=group.first)
        window = s.units[low_end : hit.first]
        if any(u.has("duty") or u.has("unreal") or u.low in {"license", "allowed", "able"} for u in window):
            return None
        stance = self.stance(s, low_end, hit.first)
        begun = any(u.low in _GOING_ON for u in s.units[max(0, group.first - 2) : hit.first])
        if group.infinitive and stance.certainty == "actual" and not begun:
            return None
        if any(u.has("license") for u in s.units[max(0, group.first - 4) : hit.first]):
            return None
        return (firms, group, stance) if firms else None

    def _takers(self, c: Context, i: int) -> list[Argument]:
        """Return the firms or industries that unit `i` starts to list."""
        s = c.s
        firms, _ = self.firms_from("object", s, i)
        if firms:
            return firms
        out: list[Argument] = []
        k = i
        while k < len(s.units):
            unit = s.units[k]
            use = next((u for u in s.uses if u.kind == "Industry" and u.start == unit.start), None)
            if use is not None:
                out.append(Argument("object", "Industry", use.text, use.start, use.end, use.name))
                n = next((n for n in range(k, len(s.units)) if s.units[n].start >= use.end), len(s.units))
                if n < len(s.units) and s.units[n].low in {"such as", "like", "including"}:
                    named, _ = self.firms_from("object", s, n + 1)
                    return named or out
                k = next((n for n in range(k, len(s.units)) if s.units[n].start >= use.end), len(s.units))
                continue
            if not (
                unit.text in {",", "and"} or unit.demonym or unit.low in self.grammar.words["determiners"]
                or unit.low in {"global", "foreign", "large", "major", "big", "leading"}
            ):  # fmt: skip
                break
            k += 1
        if not out and i + 1 < len(s.units) and (s.units[i].demonym or s.units[i].has("role")):
            k = i + 1 + s.units[i + 1].has("role")
            named_one = self.name_from("object", s, k)
            return [named_one] if named_one is not None else []
        return out

    def _sells(self, c: Context, hit: Hit) -> Event | None:
        """Read "A sells magnets to B"."""
        s, k = c.s, hit.end
        while k < len(s.units) and k - hit.end <= 12:
            unit = s.units[k]
            if unit.low == "to" and k > hit.end - 1:
                break
            if (
                (unit.text in _GOODS_END and unit.low != "and")
                or unit.kind == FIRM
                or self.grammar.is_auxiliary(unit)
            ):
                return None
            if unit.low in self.grammar.words["prepositions"] - {"of", "for", "per", "between"}:
                return None
            k += 1
        if k >= len(s.units) or s.units[k].low != "to":
            return None
        objects = self._takers(c, k + 1)
        told = self._subjects(c, hit) if objects else None
        return self._supplies(c, told[0], objects, hit.first, told[2], hit.id) if told else None

    def _direct(self, c: Context, hit: Hit) -> Event | None:
        """Read "A supplies B with magnets" and "A supplies Volkswagen and Tesla"."""
        objects = self._takers(c, hit.end)
        if not objects:
            return None
        end = next(
            (k for k in range(hit.end, len(c.s.units)) if c.s.units[k].end == objects[-1].end), hit.end
        )
        after = c.s.units[end + 1] if end + 1 < len(c.s.units) else None
        if after is not None and (after.text in POSSESSIVES or after.kind in MATERIALS):
            return None
        told = self._subjects(c, hit)
        return self._supplies(c, told[0], objects, hit.first, told[2], hit.id) if told else None

    def _buys(self, c: Context, hit: Hit) -> Event | None:
        """Read "B buys magnets from A" and "B has agreed to buy the concentrate"."""
        s, k = c.s, hit.end
        goods = definite = False
        while k < len(s.units) and k - hit.end <= 12:
            unit = s.units[k]
            if unit.low == "from" or (unit.text in _GOODS_END and unit.low != "and"):
                break
            if unit.kind == FIRM:
                return None
            goods = goods or unit.kind in MATERIALS or unit.low in self.words.words("supply.output")
            definite = definite or (unit.low in {"the", "its", "all"} and k == hit.end)
            if unit.low in self.grammar.words["prepositions"] - {"of"} and unit.low != "from":
                break
            k += 1
        if not goods:
            return None
        told = self._subjects(c, hit)
        if told is None:
            return None
        buyers, group, stance = told
        if k < len(s.units) and s.units[k].low == "from":
            sellers, _ = self.firms_from("subject", s, k + 1)
        elif definite and stance.certainty == "planned":
            # what is bought is the output of the firm that the text is about
            seller = self.salient("subject", s, group.first, hit.end, besides=(b.name for b in buyers))
            seller = seller or self._before(c, hit.end, {b.name for b in buyers})
            sellers = [seller] if seller is not None else []
        else:
            return None
        return self._supplies(c, sellers, buyers, hit.first, stance, hit.id)

    def _before(self, c: Context, at: int, besides: set[str]) -> Argument | None:
        """Return the one firm, none of `besides`, that the sentences before are about."""
        for earlier in reversed(self._seen[-6:-1]):
            names = {u.name: u for u in earlier.units if u.kind == FIRM and u.name not in besides}
            if len(names) > 1:
                return None
            for unit in names.values():
                place = c.s.units[at]
                how = f"coreference: {place.text} = of {unit.text}"
                return Argument(
                    "subject", FIRM, place.text, place.start, place.end, unit.name, "", "", "", True, how
                )
        return None

    # ---- nouns

    def _supplier(self, c: Context, hit: Hit) -> Event | None:
        """Read "A, a supplier to B", "B supplier A", "suppliers of A and B"."""
        s, i = c.s, hit.first
        plural = s.units[i].low.endswith("s")
        described = self.grammar.describe(s, i)
        k = hit.end
        objects: list[Argument] = []
        while k < len(s.units) and s.units[k].low in {"of", "to", "for"}:
            objects = self._takers(c, k + 1)
            if objects:
                break
            n = k + 1
            while n < len(s.units) and (
                s.units[n].kind in MATERIALS or s.units[n].low in {"and", "key", "the"}
            ):
                n += 1
            if n == k + 1 or n >= len(s.units) or s.units[n].low not in {"to", "for"}:
                return None
            k = n
        else:
            return self._named_supplier(c, hit)
        subject = self._apposed(c, described.first)
        if subject is not None:
            return self._supplies(
                c, [subject[0]], objects, i, self.stance(s, subject[1], described.first), hit.id
            )
        if not plural and described.definite:
            return None
        words = self._unnamed(c, described.first, i, objects)
        event = self._supplies(c, [words], objects, i, Stance(), hit.id)
        return by_writer(event) if event is not None else None

    def _unnamed(self, c: Context, first: int, i: int, objects: list[Argument]) -> Argument:
        while first < i and c.s.units[first].has("enumeration"):
            first += 1
        start, end = c.s.units[first].start, max(c.s.units[i].end, objects[-1].end)
        text = self.text[start:end]
        return Argument("subject", "UnnamedFirm", text, start, end, "", "", derivation="unnamed")

    def _apposed(self, c: Context, low: int) -> tuple[Argument, int] | None:
        """Return the firm that "a supplier of" describes, and the unit behind its name."""
        s, j = c.s, low - 1
        while j >= 0 and not s.units[j].kind and (
            self.grammar.is_auxiliary(s.units[j]) or s.units[j].low in self.grammar.words["adverbs"]
            or s.units[j].has("negation") or s.units[j].has("possible") or s.units[j].has("planned")
        ):  # fmt: skip
            j -= 1
        said = j < low - 1
        if j >= 1 and s.units[j].text == "," and not said:
            j -= 1
        elif not said:
            return None
        found = self.name_at("subject", s, max(0, j - 7), j)
        if found is None and said and s.units[j].low in {"it", "company", "firm"}:
            found = self.firm("subject", s, j)
        return (found, j + 1) if found is not None else None

    def _named_supplier(self, c: Context, hit: Hit) -> Event | None:
        """Read "Volkswagen supplier A" and "its supplier A"."""
        s, i = c.s, hit.first
        before = s.units[i - 1] if i else None
        taker = owner = None
        if before is not None and before.kind == FIRM and not s.units[i].low.endswith("s"):
            taker = self.firm("object", s, i - 1)
        else:
            owner = self.owner("object", s, i, max(0, i - 6))
            taker = owner[0] if owner is not None else None
        if taker is None:
            return None
        subjects, _ = self.firms_from("subject", s, hit.end)
        if not subjects and owner is not None:
            low = owner[1]
            while low and s.units[low - 1].low in {"of", "one", "among", "the"}:
                low -= 1
            beside = self._apposed(c, low)
            if beside is not None:
                stance = self.stance(s, beside[1], low)
                return self._supplies(c, [beside[0]], [taker], i, stance, hit.id)
        if not subjects and s.index <= 2 and not s.units[i].low.endswith("s"):
            self._awaited = (taker, s.index)  # "Example supplier wins license": named further down
        if (
            not subjects
            and hit.end < len(s.units)
            and s.units[hit.end].low in {"such as", "like", "including"}
        ):
            subjects, _ = self.firms_from("subject", s, hit.end + 1)
        return self._supplies(c, subjects, [taker], i, Stance(), hit.id)

    def _named_later(self, c: Context) -> Event | None:
        """Return what an opening such as "Volkswagen supplier wins permit" told, once the firm is named.

        It is the one that gets something "for Volkswagen" or "deliveries to Volkswagen".
        """
        if self._awaited is None or not 0 < c.s.index - self._awaited[1] <= 8:
            return None
        taker, units = self._awaited[0], c.s.units
        at = next((k for k, u in enumerate(units) if k and u.kind == FIRM and u.name == taker.name), None)
        firms = [k for k, u in enumerate(units) if u.kind == FIRM]
        if (
            at is None
            or units[at - 1].low not in {"to", "for"}
            or firms[:2] != [firms[0], at]
            or firms[0] == at
        ):
            return None
        self._awaited = None
        subject, given = self.firm("subject", c.s, firms[0]), self.firm("object", c.s, at)
        if subject is None or given is None:
            return None
        event = self._supplies(c, [subject], [given], at, Stance(), "supplier-named-later")
        return by_writer(event) if event is not None else None
