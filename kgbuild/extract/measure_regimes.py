"""Measures told by how trade goes on: "a tariff is in effect", "exports will resume under quotas"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.measure_nouns import MeasureNouns
from kgbuild.extract.measure_roles import Found, MeasureRoles
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import FIRM, MATERIALS, Sentence

_HEDGES: Final = ("negation", "possible", "hypothetical", "unreal", "doubt")
_MODALS: Final = frozenset({"could", "may", "might", "will", "would", "should"})
_STATES: Final = frozenset({"effect", "force", "place"})
#: Verbs of trade that goes on, or is let go on.
_GOING_ON: Final = frozenset(
    "resume resumes resumed resuming restart restarts restarted continue continues continued proceed "
    "proceeds allowed permitted reopen reopens reopened flow flows".split()
)
_SYSTEMS: Final = frozenset({"quota", "quotas", "export quota", "export quotas"})
_NEAR: Final = 7


class MeasureRegimes:
    """Finds measures in sentences that say under what trade goes on, and which duties are in effect."""

    def __init__(self, grammar: Grammar, nouns: MeasureNouns, roles: MeasureRoles) -> None:
        self._grammar = grammar
        self._nouns = nouns
        self._roles = roles

    def around(self, s: Sentence) -> Iterator[Found]:
        """Yield the measures in effect and the quotas under which exports go on."""
        for i, unit in enumerate(s.units):
            if unit.kind:
                continue
            if unit.low.split()[-1] in _STATES and (" " in unit.low or (i and s.units[i - 1].low == "in")):
                yield from self._in_effect(s, i)
            if unit.low == "under" and i > 1:
                yield from self._resumed(s, i)

    def _in_effect(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "a new 10% tariff on all Chinese imports is already in effect"."""
        if s.units[i].low.split()[0] not in {"in", *_STATES}:
            return  # "into force" tells when
        left, _ = self._grammar.clause(s, i)
        at = i - 1 - (" " not in s.units[i].low)
        while at > left and (s.units[at].low in self._grammar.words["adverbs"] or s.units[at].has("planned")):
            at -= 1
        if not self._grammar.is_auxiliary(s.units[at]):
            return
        adverbs = self._grammar.words["adverbs"]
        while at > left and (
            self._grammar.is_auxiliary(s.units[at - 1]) or s.units[at - 1].low in adverbs | _MODALS
        ):
            at -= 1
        noun = next((j for j in range(at - 1, max(left, at - 2 * _NEAR) - 1, -1) if self._taxes(s, j)), None)
        own = s.units[noun + 1 if noun is not None else at : i]
        possible = any(u.has("possible") for u in own)  # "could soon be in effect"
        hedges = [c for c in _HEDGES if c != "possible" or not possible]
        if noun is None or any(u.has(c) for u in s.units[left:i] for c in hedges):
            return
        if any(t.form in {"past", "third"} and "" not in {x.form for x in u.tags} and not u.kind
               for u in s.units[noun + 1 : at] for t in u.tags):  # fmt: skip
            return
        ahead = "planned" if any(u.has("planned") for u in own) else "actual"
        yield Found(
            "measure-in-effect-passive", "imposed", noun, at, tuple(self._roles.possessor(s, noun)),
            max(left, noun - 3), at, Stance(certainty="possible" if possible else ahead), filled=True,
            when=(left, next((j for j in range(i, len(s.units)) if s.units[j].text in {",", ";", "."}), i)),
        )  # fmt: skip

    def _taxes(self, s: Sentence, j: int) -> bool:
        return self._nouns.is_control(s, j) and not s.units[j].kind

    def _resumed(self, s: Sentence, i: int) -> Iterator[Found]:
        """Read "cobalt exports will resume under strict quotas", "are allowed under annual quotas"."""
        if not any(u.low in _GOING_ON for u in s.units[max(0, i - 3) : i]):
            return
        left, right = self._grammar.clause(s, i)
        noun = next((j for j in range(i + 1, min(right, i + _NEAR)) if s.units[j].low in _SYSTEMS), None)
        before = s.units[left:i]
        traded = any(u.has("word.export") for u in before) and any(u.kind in MATERIALS for u in before)
        firms = any(u.kind == FIRM or u.has("role") for u in before)
        if noun is None or not traded or firms or any(u.has(c) for u in before for c in _HEDGES):
            return
        ahead = any(u.has("planned") for u in before)
        yield Found(
            "measure-resumed-under", "imposed", noun, i - 1, tuple(self._roles.agents(s, noun, right)),
            left, noun, Stance(certainty="planned" if ahead else "actual"), filled=True, since=True,
        )  # fmt: skip
