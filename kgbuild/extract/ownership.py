"""Which firm belongs to which: units and parents, stakes, takeovers."""

from __future__ import annotations

import re
from typing import Final

from kgbuild.extract.grammar import POSSESSIVES, VerbGroup
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.relation_events import Context, RelationReader, by_writer
from kgbuild.extract.relation_words import Hit
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import FIRM, MATERIALS, PLACES
from kgbuild.model import Argument, Event

#: Adverbs and shares before "owned by" that leave the owner in command.
_IN_COMMAND: Final = 50
#: "state-owned", "London-listed"
_HYPHENED: Final = frozenset({"listed", "owned", "based", "backed", "controlled"})
_HOW_OWNED: Final = frozenset(
    {"wholly", "majority", "jointly", "fully", "partly", "privately", "-", "equally"}
)
_ALL_OF: Final = frozenset(
    {"all", "of", "the", "full", "control", "smaller", "rival", "-", "based", "listed"}
)


class Ownership(RelationReader):
    """Finds `subsidiary_of`, `holds_stake_in` and `acquired`."""

    def find(self, c: Context) -> list[Event]:
        """Return which firms the sentence says belong to which."""
        if c.s.units[-1].text == "?":
            return []
        found: list[Event | None] = []
        for hit in c.all("unit.noun"):
            found.append(self._unit(c, hit))
        for hit in c.all("unit.parent"):
            found.append(self._parent(c, hit))
        for hit in c.all("unit.belongs"):
            found.append(self._part_of(c, hit))
        for hit in c.all("unit.holder"):
            found.append(self._holder(c, hit))
        for hit in c.all("unit.owned"):
            found.append(self._owned(c, hit))
        for hit in c.all("unit.stake"):
            found.append(self._stake(c, hit))
        for hit in c.all("unit.acquire"):
            found.append(self._acquired(c, hit))
        out: list[Event] = []
        for event in found:
            if event is not None and not any(_alike(event, e) for e in out):
                out.append(event)
        return out

    def _belongs(
        self, c: Context, child: Argument | None, parents: list[Argument], at: int, stance: Stance, rule: str
    ) -> Event | None:
        parents = [p for p in parents if child is not None and p.name != child.name]
        if child is None or not child.name or not parents or self.unreal(c.s, at):
            return None
        return self.event(c.s, "subsidiary_of", [child], parents, at, stance, rule)

    # ---- units

    def _unit(self, c: Context, hit: Hit) -> Event | None:
        """Read "A, a unit of B", "B's trading arm A", "B subsidiary A", "A, the B unit", "its unit A"."""
        s, i = c.s, hit.first
        low = self._phrase_start(c, i)
        if hit.end < len(s.units) and s.units[hit.end].low == "of":
            parents, end = self._parents(c, hit.end + 1)
            if parents:
                child, said = self._beside(c, low, end)
                event = self._belongs(c, child, parents, i, self.stance(s, said, low), hit.id)
                told = any(self.grammar.is_auxiliary(u) for u in s.units[said:low])
                return event if told or event is None else by_writer(event)
            return None
        parent = self._parent_in(c, low, i)
        if parent is None:
            return None
        one = not s.units[i].low.endswith("s")
        child = self._named_behind(c, hit.end, strict=False) if one else None
        if child is None and one:
            child, _ = self._beside(c, low, hit.end, before_only=True)
        event = self._belongs(c, child, [parent], i, Stance(), hit.id)
        return by_writer(event) if event is not None else None

    def _phrase_start(self, c: Context, i: int) -> int:
        """Return the first unit of the noun phrase whose head is at `i`: its article or the name before."""
        s, j = c.s, i - 1
        while j >= 0 and i - j <= 9:
            unit = s.units[j]
            if unit.low in self.grammar.words["determiners"] and not unit.kind:
                return j
            inner = (
                unit.kind in {FIRM, "Ticker", *MATERIALS, "Quantity"}
                or unit.reading(PLACES) is not None
                or unit.text in {"-", *POSSESSIVES}
                or (unit.is_word and not unit.kind and unit.low not in self._barred())
            )
            if not inner or self.grammar.is_auxiliary(unit):
                break
            j -= 1
        return j + 1

    def _barred(self) -> frozenset[str]:
        words = self.grammar.words
        return (
            words["prepositions"] | words["clause_openers"] | words["relative"] | {"and", "or", "to", "said"}
        )

    def _parents(self, c: Context, i: int) -> tuple[list[Argument], int]:
        """Return the firms that a unit is said to be of, behind words such as "state-owned"."""
        s, start = c.s, i
        while i < len(s.units) and i - start <= 7:
            unit = s.units[i]
            if unit.kind == FIRM:
                return self.firms_from("object", s, i)
            passed = self._passed(c, i)
            if not passed:
                named = self.name_from("object", s, i)
                if named is None:
                    return [], i
                return [named], next(k for k in range(i, len(s.units)) if s.units[k].end == named.end) + 1
            if unit.text[:1].isupper() and not unit.kind and not unit.tags:
                named = self.name_from("object", s, i)
                if named is not None:
                    end = next(k for k in range(i, len(s.units)) if s.units[k].end == named.end) + 1
                    return [named], end
            i += 1
        return [], i

    def _passed(self, c: Context, i: int) -> bool:
        """Return whether unit `i` only describes the parent named behind it."""
        units, unit = c.s.units, c.s.units[i]
        before = units[i - 1] if i else None
        behind = units[i + 1] if i + 1 < len(units) else None
        if unit.low == "and":  # "steel and nickel producer Example"
            return all(u is not None and u.kind in MATERIALS for u in (before, behind))
        if before is not None and before.text == "-" and unit.low in _HYPHENED:
            return True
        plain = unit.low.islower() and unit.is_word and not unit.tags and unit.low not in self._barred()
        return (
            plain
            or unit.demonym
            or unit.has("role")
            or unit.kind in MATERIALS
            or unit.low in self.grammar.words["determiners"] | {"state"}
            or unit.text in {"-", *POSSESSIVES}
            or unit.reading(PLACES) is not None
        )

    def _beside(
        self, c: Context, low: int, end: int, *, before_only: bool = False
    ) -> tuple[Argument | None, int]:
        """Return the firm that the phrase in units [low, end) describes, and the unit behind its name."""
        s, j = c.s, low - 1
        said = False
        while j >= 0 and not s.units[j].kind and (
            self.grammar.is_auxiliary(s.units[j])
            or s.units[j].low in self.grammar.words["adverbs"] | {"became", "becomes", "become", "remains"}
            or s.units[j].has("negation") or s.units[j].has("planned") or s.units[j].has("possible")
        ):  # fmt: skip
            said = (
                said or self.grammar.is_auxiliary(s.units[j]) or s.units[j].low.startswith(("beca", "remain"))
            )
            j -= 1
        if j >= 0 and s.units[j].low in {"which", "that"} and said:
            j -= 1
        if j >= 0 and s.units[j].text in {",", "(", "—", "–"} and (not said or s.units[j + 1].low == "which"):
            child = self.name_at("subject", s, max(0, j - 7), j - 1)
            if child is not None:
                return child, j
        elif said and j >= 0:
            child = self.name_at("subject", s, max(0, j - 7), j)
            if child is None and s.units[j].low in {"it", "company", "firm"}:
                child = self.firm("subject", s, j)
            return child, j + 1
        if before_only:
            return None, low
        return self._named_behind(c, end, strict=True), low

    def _named_behind(self, c: Context, end: int, *, strict: bool) -> Argument | None:
        """Return the firm named right behind a description; `strict` asks for the comma of an apposition."""
        s = c.s
        if end < len(s.units) and s.units[end].text in {",", "(", "—", "–"}:
            child = self.name_from("subject", s, end + 1)
            if child is None:
                return None
            after = next((k for k in range(end + 1, len(s.units)) if s.units[k].start >= child.end), None)
            if after is not None and s.units[after].kind == "Ticker":
                after += 1
            closed = after is None or after >= len(s.units) or not s.units[after].is_word
            return child if closed else None
        return None if strict else self.name_from("subject", s, end)

    def _parent_in(self, c: Context, low: int, i: int) -> Argument | None:
        """Return the firm inside the noun phrase of a unit: "AXT subsidiary", "CMOC's arm", "its unit"."""
        s = c.s
        owner = self.owner("object", s, i, low)
        if owner is not None:
            return owner[0]
        for j in range(i - 1, low - 1, -1):
            if s.units[j].kind == FIRM and not self.grammar.possessive(s, j):
                return self.firm("object", s, j)
        if low == i - 1 and s.units[low].low == "the" and not s.units[i].low.endswith("s"):
            named = self._named_behind(c, i + 1, strict=False)
            if named is not None:
                return self.salient("object", s, low, i, besides={named.name})
        return None

    # ---- parents and owners

    def _parent(self, c: Context, hit: Hit) -> Event | None:
        """Read "A's parent B", "A parent B", "B, the parent of A", "its parent, B"."""
        s, i = c.s, hit.first
        low = self._phrase_start(c, i)
        if hit.end < len(s.units) and s.units[hit.end].low == "of":
            children, end = self.firms_from("subject", s, hit.end + 1)
            if len(children) == 1:
                parent, said = self._beside(c, low, end)
                return self._belongs(
                    c, children[0], [parent] if parent else [], i, self.stance(s, said, low), hit.id
                )
            return None
        if "owner" in s.units[i].low or "shareholder" in s.units[hit.end - 1].low:
            return None
        child = self._parent_in(c, low, i)
        parent = self._named_behind(c, hit.end, strict=False)
        return self._belongs(c, child, [parent] if parent else [], i, Stance(), hit.id) if child else None

    def _part_of(self, c: Context, hit: Hit) -> Event | None:
        """Read "A belongs to B", "A, which is part of B" and "A, part of the B group"."""
        s, k = c.s, hit.end
        while k < len(s.units) and (s.units[k].low == "the" or s.units[k].demonym or s.units[k].has("role")):
            k += 1
        parents, end = self.firms_from("object", s, k)
        if len(parents) != 1 or (end < len(s.units) and s.units[end].text in POSSESSIVES):
            return None
        child, said = self._beside(c, hit.first, end, before_only=True)
        if child is None and s.units[hit.first].low.startswith(("belong", "is", "was")):
            child = self.name_at("subject", s, max(0, hit.first - 7), hit.first - 1)
        return self._belongs(c, child, parents, hit.first, self.stance(s, said, hit.first), hit.id)

    def _holder(self, c: Context, hit: Hit) -> Event | None:
        """Read "B, the largest shareholder of A" and "B is an investor in A"."""
        s = c.s
        if hit.end >= len(s.units) or s.units[hit.end].low not in {"of", "in"}:
            return None
        firms, end = self.firms_from("object", s, hit.end + 1)
        low = self._phrase_start(c, hit.first)
        holder, said = self._beside(c, low, end)
        if holder is None or not firms or self.unreal(s, hit.first):
            return None
        return self.event(s, "holds_stake_in", [holder], firms, hit.first, self.stance(s, said, low), hit.id)

    def _owned(self, c: Context, hit: Hit) -> Event | None:
        """Read "A is owned 60 per cent by B", "A, wholly owned by B" and "A, which is controlled by B"."""
        s, i = c.s, hit.first
        k = hit.end
        share = s.units[k] if k < len(s.units) and _percent(s.units[k].text) else None
        k += share is not None
        if k >= len(s.units) or s.units[k].low != "by":
            return None
        if share is None:
            share = next((s.units[j] for j in range(max(0, i - 3), i) if _percent(s.units[j].text)), None)
        owners, _ = self._parents(c, k + 1)
        first = i
        while first and (
            s.units[first - 1].low in _HOW_OWNED
            or s.units[first - 1] is share or self.grammar.is_auxiliary(s.units[first - 1])
            or s.units[first - 1].has("negation") or s.units[first - 1].low in self.grammar.words["adverbs"]
        ):  # fmt: skip
            first -= 1
        said = any(self.grammar.is_auxiliary(u) for u in s.units[first:i])
        j = first - 1
        if j > 0 and s.units[j].low in {"which", "that"}:
            j -= 1
        if j > 0 and s.units[j].text in {",", "("}:
            j -= 1
        child = self.name_at("subject", s, max(0, j - 7), j) if j >= 0 else None
        if child is None and said and j >= 0 and s.units[j].low in {"it", "company", "firm"}:
            child = self.firm("subject", s, j)
        if child is None or not owners:
            return None
        stance = self.stance(s, first, i)
        partly = any(u.low in {"partly", "part"} for u in s.units[first:i])
        minority = share is not None and _percent(share.text) < _IN_COMMAND
        if partly or minority:
            return self.event(s, "holds_stake_in", owners, [child], i, stance, hit.id)
        return self._belongs(c, child, owners, i, stance, hit.id)

    def _subject(self, c: Context, i: int, tag: Tag) -> tuple[list[Argument], VerbGroup]:
        group = self.grammar.verb_group(c.s, i, tag)
        heads = self.grammar.subject(c.s, group) or self.grammar.shared_subject(c.s, group)
        firms = [f for h in heads if (f := self.firm("subject", c.s, h)) is not None]
        if not firms and group.first:
            j = group.first - 1
            relative = c.s.units[j].low in {"which", "that"} and j
            j -= (2 if c.s.units[j - 1].text == "," else 1) if relative else 0
            named = self.firm_like("subject", c.s, max(0, j - 6), j)
            firms = [named] if named is not None else []
        return firms, group

    def _stake(self, c: Context, hit: Hit) -> Event | None:
        """Read "B holds a 30 percent stake in A" and "B owns 8 percent of A"."""
        s, k = c.s, hit.end
        opener = s.units[k] if k < len(s.units) else None
        if opener is None or not (
            opener.low in self.grammar.words["determiners"] - {"its", "their", "the"}
            or opener.kind == "Quantity" or opener.low in {"about", "nearly", "roughly", "stakes"}
        ):  # fmt: skip
            return None  # "has sold its stake"
        stake, share = False, 0.0
        while k < len(s.units) and k - hit.end <= 8:
            unit = s.units[k]
            if _percent(unit.text):
                share = _percent(unit.text)
            elif unit.low in {"stake", "stakes", "interest", "shareholding", "holding"}:
                stake = True
            elif unit.low in {"in", "of"} and (stake or share):
                break
            elif (
                not (unit.low in self.grammar.words["determiners"] or unit.text == "-" or unit.low.isalpha())
                or unit.low in self.grammar.words["prepositions"]
                or unit.kind
            ):
                return None
            k += 1
        if k >= len(s.units) or s.units[k].low not in {"in", "of"} or not (stake or share):
            return None
        target = self._parents(c, k + 1)[0]
        if s.units[k - 1].low != "stakes":
            target = target[:1]
        base = s.units[hit.first].low in {"own", "hold", "have"}
        firms, group = self._subject(c, hit.first, Tag("stake", "stake", "", "base" if base else "third"))
        if not firms or not target or self.unreal(s, hit.first):
            return None
        stance = self.stance(s, group.first, hit.first)
        if share > _IN_COMMAND and len(firms) == len(target) == 1:
            return self._belongs(c, target[0], firms, hit.first, stance, hit.id)
        return self.event(s, "holds_stake_in", firms, target, hit.first, stance, hit.id)

    def _acquired(self, c: Context, hit: Hit) -> Event | None:
        """Read "B acquired A", "B has agreed to buy A"."""
        s, k = c.s, hit.end
        if k < len(s.units) and s.units[k].low == "by":
            return self._taken_over(c, hit)
        while k < len(s.units) and (
            s.units[k].low in _ALL_OF
            or s.units[k].demonym or s.units[k].has("role") or _percent(s.units[k].text)
            or s.units[k].kind in MATERIALS or (s.units[k].reading(PLACES) is not None)
        ):  # fmt: skip
            k += 1
        targets, end = self.firms_from("object", s, k)
        owns = end < len(s.units) and (
            s.units[end].text in {*POSSESSIVES, "-"} or s.units[end].kind in MATERIALS
            or s.units[end].has("share") or s.units[end].low in {"chips", "shares", "stock", "products", "'"}
            or s.units[end].low in {"unit", "division"}
        )  # fmt: skip
        low = s.units[hit.first].low
        if len(targets) != 1 or owns or low.endswith("ing") or self.unreal(s, hit.first):
            return None
        form = "base" if low in {"acquire", "buy", "take over", "purchase"} else "past"
        firms, group = self._subject(c, hit.first, Tag("acquire", "acquire", "", form))
        firms = [f for f in firms if f.name != targets[0].name]
        if not firms or group.passive:
            return None
        stance = self.stance(s, group.first, hit.first)
        if group.infinitive and stance.certainty == "actual":
            return None
        return self.event(s, "acquired", firms, targets, hit.first, stance, hit.id)

    def _taken_over(self, c: Context, hit: Hit) -> Event | None:
        """Read "A was acquired by B" and "A, acquired by B"."""
        s = c.s
        buyers, _ = self._parents(c, hit.end + 1)
        group = self.grammar.verb_group(s, hit.first, Tag("acquire", "acquire", "", "participle"))
        j = group.first - 1
        if j > 0 and s.units[j].low in {"which", "that"}:
            j -= 1
        if j > 0 and s.units[j].text == ",":
            j -= 1
        target = self.name_at("object", s, max(0, j - 7), j) if j >= 0 else None
        if target is None or len(buyers) != 1 or self.unreal(s, hit.first):
            return None
        stance = self.stance(s, group.first, hit.first)
        return self.event(s, "acquired", buyers, [target], hit.first, stance, hit.id)


def _percent(text: str) -> float:
    """Return the percentage that `text` is, 0 for other words."""
    match = re.fullmatch(r"(?:\w+ )?(\d+(?:\.\d+)?)[ -]?(?:%|per ?cent|percent)", text)
    return float(match[1]) if match else 0.0


def _alike(a: Event, b: Event) -> bool:
    same = [{x.name for x in e.of(role)} for e in (a, b) for role in ("subject", "object")]
    return a.action == b.action and same[:2] == same[2:]
