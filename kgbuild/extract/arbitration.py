"""Arbitration between a firm and a state: "Example filed for arbitration against Mexico"."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import Grammar, positions
from kgbuild.extract.negotiation_sides import Sides
from kgbuild.extract.parties import Parties, unique
from kgbuild.extract.units import BODIES, FIRM, Sentence
from kgbuild.model import Argument

_AGAINST: Final = frozenset({"against", "with"})
_TAKEN: Final = frozenset({"took", "takes", "taken", "taking", "take", "hauled", "haul", "drag", "dragged"})
#: What somebody does who has a case heard: "will bring the case before arbitrators".
_STEPS: Final = frozenset(
    "bring brings brought bringing seek seeks sought seeking file files filed filing launch launches "
    "launched launching start starts started starting begin begins began begun lodge lodges lodged open "
    "initiate initiates initiated opens opened pursue pursues pursued go goes went gone going turn turns "
    "turned resort take takes took taken put submit submitted submits threaten threatens threatened refer "
    "referred prepare prepared request requests requested register registered win wins won lose loses lost "
    "announce announced announces withdraw withdraws withdrew withdrawn drop drops dropped suspend suspends "
    "suspended freeze freezes froze frozen discontinue discontinued revive revived halt halted".split()
)
_CASES: Final = frozenset("claim claims case cases suit complaint request dispute proceedings award".split())
_NEAR: Final = 9


class Arbitration:
    """Finds who has a case with whom before arbitrators."""

    def __init__(self, grammar: Grammar, parties: Parties, sides: Sides) -> None:
        self._grammar = grammar
        self._parties = parties
        self._sides = sides

    def find(self, s: Sentence) -> tuple[int, list[Argument]] | None:
        """Return where arbitration is told and the firm and the state whose case it is; None without both."""
        for at in positions(s, "arbitration"):
            left, right = self._grammar.clause(s, at)
            if left and s.units[left].low == "before":
                left, _ = self._grammar.clause(s, left - 1)  # "will bring the case before arbitrators"
            sued, low, high = self._sued(s, at, left, right)
            suing = self._suing(s, low, high)
            if not suing:
                continue
            if not sued and self._stepped(s, at, left):
                sued = self._addressed(s, at) or self._sides.opposite(s, at)
            who = unique([*suing, *sued])
            if len({a.name for a in who}) > 1 and any(a.kind in BODIES for a in who):
                return at, who
        return None

    def _sued(self, s: Sentence, at: int, left: int, right: int) -> tuple[list[Argument], int, int]:
        """Return against whom the case is, and the units in which who brings it stands."""
        against = next((j for j in range(left, right) if s.units[j].low in _AGAINST), None)
        if against is not None:
            found = self._parties.listed_behind(s, against - 1, {s.units[against].low}, right, firms=True)
            found = [a for a in found if a.role == "party" and a.kind != FIRM]
            if found:
                return found, left, against
        between = self._parties.listed_behind(s, at, {"between"}, right, firms=True)
        if between:
            return [a for a in between if a.role == "party"], left, right
        taken = next((j for j in range(left, at) if s.units[j].low in _TAKEN), None)
        if taken is not None and s.units[at - 1].low in {"to", "international", "before"}:
            return [a for j in range(taken + 1, at) for a in self._parties.body(s, j)], left, taken
        return [], left, at

    def _suing(self, s: Sentence, low: int, high: int) -> list[Argument]:
        """Return the firm in units [low, high) whose case it is: "Example's claim", "it", "the company"."""
        for j in range(low, high):
            unit = s.units[j]
            owned = self._grammar.possessive(s, j) and not any(
                u.low in _CASES for u in s.units[j + 2 : j + 5]
            )
            if owned or unit.low == "its":
                continue
            found = self._parties.body(s, j) if unit.kind == FIRM else self._parties.described(s, j)
            if found and found[0].kind == FIRM:
                return found
        return []

    def _addressed(self, s: Sentence, at: int) -> list[Argument]:
        """Return the only government that the sentence names before the case: "told Conakry that it"."""
        named = unique(
            a for j in range(at) if s.units[j].reading({"Government"}) or s.units[j].kind == "Country"
            for a in self._parties.participant(s, j)
            if not s.units[j].demonym and not self._grammar.possessive(s, j)
        )  # fmt: skip
        told = [a for a in named if a.kind in BODIES]
        return told if len(told) == 1 else []

    @staticmethod
    def _stepped(s: Sentence, at: int, left: int) -> bool:
        """Return whether somebody is said to have the case heard: "may seek arbitration"."""
        return any(u.low.split()[0] in _STEPS for u in s.units[max(left, at - _NEAR) : at])
