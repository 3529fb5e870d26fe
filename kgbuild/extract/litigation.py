"""Cases before courts: "Example sued the ministry", "A took B to court", "A's lawsuit against B"."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.negotiation_sides import Sides
from kgbuild.extract.parties import Parties, unique
from kgbuild.extract.units import BODIES, FIRM, Sentence, Unit
from kgbuild.model import Argument

_SUE: Final = frozenset({"sue", "sues", "sued", "suing"})
_SUITS: Final = frozenset(
    "lawsuit lawsuits suit suits litigation challenge challenges appeal complaint petition case writ".split()
)
#: Nouns that are a case of their own; the others only where a court or "legal" is named.
_PLAIN_SUITS: Final = frozenset({"lawsuit", "lawsuits", "litigation", "suit", "suits"})
_LEGAL: Final = frozenset("legal court courts judicial constitutional administrative class".split())
_COURTS: Final = frozenset({"court", "courts", "judge", "judges", "tribunal", "trial"})
_FILED: Final = frozenset(
    "file files filed filing bring brings brought bringing lodge lodges lodged lodging launch launches "
    "launched launching start starts started starting initiate initiated initiates begin began begun mount "
    "mounted mounts pursue pursued pursues submit submitted submits win wins won lose loses lost drop drops "
    "dropped withdraw withdrew withdrawn withdraws settle settled settles prepare prepares preparing "
    "prepared plan plans planned threaten threatens threatened join joined joins".split()
)
_FACED: Final = frozenset("face faces faced facing fight fights fought fighting defend defends".split())
_TAKEN: Final = frozenset(
    "take takes took taken taking haul hauls hauled hauling drag drags dragged dragging".split()
)
_GONE: Final = frozenset({"go", "goes", "went", "gone", "going", "turn", "turned", "turns"})
_CONTESTED: Final = frozenset(
    "challenge challenges challenged challenging contest contests contested contesting appeal appeals "
    "appealed appealing attack attacked fight fights fought fighting battle battles battled battling".split()
)
_BEFORE: Final = frozenset({"to", "before", "in", "at"})
_BODY: Final = frozenset({"Regulator", "PublicBody"})
_REACH: Final = 10

#: Where a case is told and whose it is.
Case = tuple[int, list[Argument]]


class Litigation:
    """Finds who has a case with whom before a court."""

    def __init__(self, grammar: Grammar, parties: Parties, sides: Sides) -> None:
        self._grammar = grammar
        self._parties = parties
        self._sides = sides

    def find(self, s: Sentence) -> Case | None:
        """Return where a case before a court is told and the two whose it is; None without both."""
        for i, unit in enumerate(s.units):
            word = _last(unit)
            if word in _SUE and not unit.kind:
                who = self._sued(s, i)
            elif word in _SUITS and not unit.kind:
                who = self._suit(s, i)
            elif word in _COURTS or unit.kind in _BODY:
                who = self._before_court(s, i)
            else:
                continue
            who = unique(a for a in who if a.role == "party")
            if len({a.name for a in who}) == 2 and any(a.kind == FIRM or a.kind in _BODY for a in who):
                return i, who
        return None

    def _sued(self, s: Sentence, i: int) -> list[Argument]:
        """Return the two sides of "A sued B" and "B was sued by A"."""
        left, right = self._grammar.clause(s, i)
        subject = self._sides.subject(s, left, i)
        before = s.units[max(left, i - 3) : i]
        passive = s.units[i].low == "sued" and any(u.low in self._grammar.words["be"] for u in before)
        word = "by" if passive else s.units[i].low
        others = self._parties.listed_behind(s, i if passive else i - 1, {word}, right, firms=True)
        return [*subject[:1], *others[:1]] if subject and others else []

    def _suit(self, s: Sentence, i: int) -> list[Argument]:
        """Return the two sides of "A filed a lawsuit against B", "A's suit against B", "a suit between"."""
        left, right = self._grammar.clause(s, i)
        near = s.units[max(left, i - 3) : i]
        behind = s.units[i + 1 : min(right, i + _REACH)]
        legal = any(u.low in _LEGAL for u in (*near, s.units[i])) or any(self._court(u) for u in behind)
        if not legal and _last(s.units[i]) not in _PLAIN_SUITS:
            return []
        between = self._parties.listed_behind(s, i, {"between"}, right, firms=True)
        if len(between) > 1:
            return between[:2]
        filed = next((j for j in range(i - 1, max(left, i - _REACH) - 1, -1)
                      if _first(s.units[j]) in _FILED | _FACED and not s.units[j].kind), None)  # fmt: skip
        if filed is not None and _first(s.units[filed]) in _FACED:
            suing = self._parties.listed_behind(s, i, {"from", "by"}, right, firms=True)
            return [*self._sides.subject(s, left, filed)[:1], *suing[:1]]
        sued = self._parties.listed_behind(s, i, {"against"}, right, firms=True)
        if not sued:
            return []
        suing = self._owner(s, i, left) or self._parties.listed_behind(s, i, {"by"}, right, firms=True)
        suing = suing or (self._sides.subject(s, left, filed) if filed is not None else [])
        return [*suing[:1], *sued[:1]] if suing else []

    def _owner(self, s: Sentence, i: int, left: int) -> list[Argument]:
        """Return whose case it is: "Example's lawsuit", "its challenge"."""
        for j in range(i - 1, max(left, i - 5) - 1, -1):
            if self._grammar.possessive(s, j):
                return self._parties.body(s, j)
            if s.units[j].low == "its":
                return self._parties.described(s, j)
        return []

    @staticmethod
    def _court(unit: Unit) -> bool:
        return _last(unit) in _COURTS

    def _before_court(self, s: Sentence, i: int) -> list[Argument]:
        """Return the two sides of "A took B to court", "A went to court against B", "A fought B in court"."""
        left, right = self._grammar.clause(s, i)
        at = next((j for j in range(i - 1, max(left, i - 6) - 1, -1)
                   if _last(s.units[j]) in _BEFORE and not s.units[j].kind), None)  # fmt: skip
        if at is None:
            return []
        if s.units[at].low == "before" and at == left and left:
            left, _ = self._grammar.clause(s, left - 1)  # "dragged A before a court"
        verbs = _TAKEN | _GONE | _CONTESTED
        verb = next((j for j in range(at, max(left, at - _REACH) - 1, -1)
                     if _first(s.units[j]) in verbs and not s.units[j].kind), None)  # fmt: skip
        if verb is None or (not self._court(s.units[i]) and _first(s.units[verb]) not in _TAKEN):
            return []
        suing = self._sides.subject(s, left, verb)[:1]
        if _first(s.units[verb]) in _GONE:
            if _last(s.units[at]) != "to" or at > verb + 1 or not suing:
                return []
            sued = self._parties.listed_behind(s, i, {"against", "with"}, right, firms=True)
            return [*suing, *(sued[:1] or self._other(s, suing, i))]
        between = unique(
            a for j in range(verb + 1, at)
            for a in (*self._parties.body(s, j), *self._parties.described(s, j))
        )  # fmt: skip
        sued = [a for a in between if a.role == "party"]
        return [*suing, *sued[:1]] if suing and sued else []

    def _other(self, s: Sentence, suing: list[Argument], court: int) -> list[Argument]:
        """Return the only other firm or body that the clause names beside the one who goes to court."""
        names = {a.name for a in suing}
        left, _ = self._grammar.clause(s, court)
        named = [
            a for j in range(left, court) if s.units[j].kind in {FIRM} | BODIES
            for a in self._parties.body(s, j)
        ]  # fmt: skip
        others = unique(a for a in named if a.name not in names and a.role == "party")
        return others if len(others) == 1 else []


def _first(unit: Unit) -> str:
    return unit.low.split(" ", 1)[0]


def _last(unit: Unit) -> str:
    return unit.low.rsplit(" ", 1)[-1]
