"""Lists of end uses behind "used in" and the like: one member for each thing, as its head and modifiers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from kgbuild.extract.grammar import POSSESSIVES, Grammar
from kgbuild.extract.relation_events import Context, normal
from kgbuild.extract.relation_words import RelationWords
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Unit
from kgbuild.model import Argument

_JOINERS: Final = frozenset({"and", "or", "&", "plus"})
_MARKS: Final = frozenset({".", ";", ":", "?", "!", "(", ")", "—", "–", "--", "“", "”", '"', "..."})
#: Words that no name of a use has in it.
_STOPS: Final = frozenset(
    "to not but due because thanks than so such also alike abroad worldwide globally today alone together "
    "both "
    "according even too well instead there here although though whose while only now yet they it we he she "
    "one's said says whereas since given amid hence thus therefore respectively annually etc".split()
)
_THROUGH: Final = frozenset({"of", "for"})
_LONGEST: Final = 8
#: Heads that make every member of a list an industry: "automotive, aerospace and defense sectors".
_BRANCHES: Final = {"sector": "sector", "sectors": "sector", "industry": "industry", "industries": "industry"}
_QUALITIES: Final = frozenset(
    "light strong powerful small large fast long-range heavy high-performance".split()
)
_FIRMS_OF: Final = ("makers", "maker", "manufacturers", "producers", "builders", "contractors", "suppliers")


@dataclass(frozen=True, slots=True)
class Member:
    """One use: units [first, end), and whether it is known to be one."""

    first: int
    end: int
    argument: Argument
    known: bool


class UseLists:
    """Reads lists of uses with the words of relations."""

    def __init__(self, text: str, grammar: Grammar, words: RelationWords) -> None:
        self._text = text
        self._grammar = grammar
        self._heads = words.words("use.head")
        self._general = words.words("use.general")
        self._none = words.words("use.none")
        self._follow = words.words("use.follow")
        self._joining = words.words("use.joining")
        grammatical = grammar.words
        self._leading = grammatical["determiners"] | {"17", "own"}
        self._ends = (
            (grammatical["prepositions"] - _THROUGH)
            | grammatical["clause_openers"]
            | grammatical["relative"]
            | _STOPS
        )

    def read(self, c: Context, i: int, high: int | None = None, *, stop: str = "") -> list[Member]:
        """Return the members of the list that starts at unit `i`, up to unit `high`.

        A phrase of class `stop` ends it too. General words before examples are left out:
        "devices ranging from phones to lasers".
        """
        units = c.s.units[: len(c.s.units) if high is None else high]
        members: list[Member] = []
        ranged = closed = False
        while i < len(units):
            i, ranged = self._lead(c, i, ranged)
            end = self._end(c, units, i, ranged, stop)
            if end == i:
                break
            behind = self._behind_brackets(units, end)
            opener = self._opener(c, units, behind)
            member = self._member(c, i, end)
            general = units[end - 1].low in self._general
            if member is not None and not (opener is not None and general):
                members.append(member)
            if opener is not None:
                i, ranged = opener
                continue
            following = self._next(c, units, behind, ranged)
            ended = closed and not ranged and units[behind].text == "," if following is not None else True
            if following is None or ended:  # ", used in A and B, traded at": "and" came before the last
                return self._without_clause(units, behind, members)
            closed = closed or (members != [] and units[following - 1].low == "and")
            i = following
        return members

    def industries(self, c: Context, low: int, high: int) -> list[Argument]:
        """Return the industries that units [low, high) list; a head at the end counts for all."""
        members = self.read(c, low, high)
        if not members:
            return []
        head = _BRANCHES.get(c.s.units[members[-1].end - 1].low)
        out = []
        for member in members:
            found, last = member.argument, c.s.units[member.end - 1]
            words = found.value or found.text.lower()
            if found.kind == "Industry" and found.name:
                out.append(found)
                continue
            if head is not None:
                stem = words.rsplit(" ", 1)[0] if last.low in _BRANCHES and " " in words else words
                found = replace(found, kind="Industry", name=f"{stem} {head}", value="")
            elif not words.endswith(_FIRMS_OF):
                return []
            out.append(replace(found, kind="Industry", name=found.name or words, value=""))
        return out

    # ---- the parts of a list

    def _lead(self, c: Context, i: int, ranged: bool) -> tuple[int, bool]:
        """Return where the next member starts, behind articles and vague words."""
        while i < len(c.s.units):
            vague = c.at(i, "use.vague")
            opener = c.at(i, "use.range")
            if opener is not None:
                i, ranged = opener.end, True
            elif vague is not None:
                i = vague.end
            elif c.s.units[i].low in self._leading and not c.s.units[i].kind:
                i += 1
            else:
                break
        return i, ranged

    def _end(self, c: Context, units: list[Unit], i: int, ranged: bool, stop: str) -> int:
        """Return the unit behind the member that starts at `i`; `i` where none does."""
        k = i
        while k < len(units):
            unit = units[k]
            if unit.text in _MARKS or unit.text == ",":
                break
            if stop and k > i and c.at(k, stop) is not None:
                break
            if unit.low in _JOINERS:
                if not self._joins(units, i, k):
                    break
            elif self._ends_member(c, units, i, k, ranged):
                break
            k += 1
        while k > i and units[k - 1].low in {*_THROUGH, *_JOINERS, "-", *self._leading}:
            k -= 1
        return i if k - i > _LONGEST else k

    def _ends_member(self, c: Context, units: list[Unit], i: int, k: int, ranged: bool) -> bool:
        unit = units[k]
        if unit.kind in MATERIALS:
            return False
        if unit.kind == FIRM or unit.demonym:
            following = units[k + 1] if k + 1 < len(units) else None
            return not (
                following is not None
                and following.is_word
                and (not following.kind or following.kind in MATERIALS)
                and following.low not in self._ends | _JOINERS
                and not self._grammar.is_auxiliary(following)
            ) and not (following is not None and following.text in POSSESSIVES)
        if unit.kind:
            return True
        if unit.text in {"-", *POSSESSIVES}:
            return False
        if unit.low in _THROUGH:
            return k == i or (ranged and unit.low == "to")
        if unit.low in self._ends or self._grammar.is_auxiliary(unit) or not unit.is_word:
            return True
        inner = ("use.such", "use.range", "use.added", *(("use.told", "use.valued") if k > i else ()))
        if c.at(k, *inner) is not None or (k > i and unit.low in self._follow):
            return True
        spoken = unit.has("according") or unit.has("authority") or unit.has("speech")
        finite = any(t.form in {"past", "third"} for t in unit.tags) and all(t.form for t in unit.tags)
        return spoken or (k > i and finite and not unit.low.endswith("ing"))

    def _joins(self, units: list[Unit], i: int, k: int) -> bool:
        """Return whether "and" at `k` joins two adjectives of one noun: "electric and hybrid cars"."""
        if k == i or k + 1 >= len(units):
            return False
        start = k - 3 if k - i >= 3 and units[k - 2].text == "-" else k - 1
        left = " ".join(u.low for u in units[start:k])
        first, _, rest = units[k + 1].low.partition(" ")
        if left in self._joining and rest and first in self._joining:
            return True  # "electric and | hybrid cars |", one unit
        after = 3 if units[min(k + 2, len(units) - 1)].text == "-" else 1
        right = " ".join(u.low for u in units[k + 1 : k + 1 + after])
        noun = units[k + 1 + after] if k + 1 + after < len(units) else None
        head = noun is not None and noun.is_word and noun.low not in self._ends | _JOINERS
        return left in self._joining and right in self._joining and head

    @staticmethod
    def _behind_brackets(units: list[Unit], end: int) -> int:
        """Return the unit behind "(EVs)" where that stands at `end`."""
        if end < len(units) and units[end].text == "(":
            for k in range(end + 1, min(end + 8, len(units))):
                if units[k].text == ")":
                    return k + 1
        return end

    @staticmethod
    def _opener(c: Context, units: list[Unit], end: int) -> tuple[int, bool] | None:
        """Return where examples of the member before `end` start: "such as", ", from A to B"."""
        at = end + 1 if end < len(units) and units[end].text == "," else end
        hit = c.at(at, "use.such", "use.range")
        return (hit.end, hit.cls == "use.range") if hit is not None and hit.end <= len(units) else None

    @staticmethod
    def _next(c: Context, units: list[Unit], end: int, ranged: bool) -> int | None:
        """Return where the next member starts behind a comma, "and" or "and in"; None behind the last one."""
        i = end
        if i < len(units) and units[i].text == ",":
            i += 1
        added = c.at(i, "use.added")
        if added is not None:
            return added.end
        if i < len(units) and (units[i].low in _JOINERS or (ranged and units[i].low == "to")):
            return i + 1
        return i if i > end else None

    def _without_clause(self, units: list[Unit], end: int, members: list[Member]) -> list[Member]:
        """Return `members` without a last one that is the subject of a clause of its own."""
        if len(members) < 2 or end >= len(units) or members[-1].known:
            return members
        unit = units[end]
        verb = self._grammar.is_auxiliary(unit) or any(t.form in {"past", "third", "base"} for t in unit.tags)
        return members[:-1] if verb and not unit.kind else members

    def _member(self, c: Context, first: int, end: int) -> Member | None:
        """Return units [first, end) as a use; None where they cannot be one."""
        units = c.s.units
        last = units[end - 1]
        if last.low in self._none or any(u.kind in PLACES and not u.demonym for u in units[first:end]):
            return None
        if first and units[first - 1].low == "other" and last.low in self._general:
            return None  # "... and other devices"
        start, stop = units[first].start, units[end - 1].end
        words = self._text[start:stop]
        use = next((u for u in c.s.uses if u.start == start and u.end == stop), None)
        if use is not None:
            return Member(first, end, Argument("object", use.kind, words, start, stop, use.name), True)
        if end - first == 1 and last.kind in MATERIALS:
            return Member(first, end, Argument("object", last.kind, words, start, stop, last.name), True)
        if last.kind == FIRM or not any(c.isalpha() for c in words):
            return None
        value = normal(c.s, first, end - 1)
        if end - first == 1 and (value in self._joining or value in _QUALITIES):
            return None  # "light, strong alloys": an adjective that a comma cuts off
        head = next((u for u in c.s.uses if u.end == stop and start <= u.start), None)
        known = head is not None or last.low in self._heads or last.kind in MATERIALS
        clause = units[first].low.endswith("ing") and first and units[first - 1].text == ","
        if not known and (clause or units[first].low == "further"):
            return None  # ", tightening its hold": no use but a clause
        return Member(first, end, Argument("object", "Text", words, start, stop, "", value), known)
