"""Measures told by a state: "the controls are effectively over", "are no longer in force", "still stand"."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.measure_nouns import MeasureNouns
from kgbuild.extract.measure_roles import Found, MeasureRoles
from kgbuild.extract.stance import Stance
from kgbuild.extract.units import Sentence, Unit
from kgbuild.model import Argument

#: Rules of the two states; their imposer may stand anywhere in the article.
OVER: Final = "measure-over"
STANDING: Final = "measure-standing"
_BE: Final = frozenset({"is", "are", "was", "were", "be", "been", "'re", "’re", "being"})
_KEEP: Final = frozenset({"remain", "remains", "remained", "stay", "stays", "stayed"})
_MODAL: Final = frozenset(
    {"will", "would", "may", "might", "could", "should", "shall", "can", "must", "have", "has", "had", "to"}
)
_STAND: Final = frozenset({"stand", "stands", "apply", "applies", "hold", "holds", "exist", "exists"})
_RELATIVE: Final = frozenset({"that", "which", "who"})
_ENDS: Final = frozenset({".", ",", "despite", "amid", "until", "even", "though", "for", "but"})
_REACH: Final = 16  #: units between a control noun and what is said of it


class MeasureStates:
    """Finds control nouns of which a sentence says that they are over, or still in force."""

    def __init__(self, grammar: Grammar, nouns: MeasureNouns, roles: MeasureRoles) -> None:
        self._grammar = grammar
        self._nouns = nouns
        self._roles = roles

    def find(self, s: Sentence, noun: int) -> Found | None:
        """Return the end or the standing of the measure that unit `noun` names; None where none is told."""
        left, _ = self._grammar.clause(s, noun)
        window = s.units[max(0, left - 1) : noun]
        if any(u.has(c) for u in window for c in ("hypothetical", "doubt", "unreal", "negation")):
            return None
        maintained = self._kept(s, noun, left)
        if maintained is not None:
            return maintained
        at = self._verb(s, noun)
        if at is None:
            return None
        state, certainty, negated = self._state(s, at)
        if not state:
            return None
        over = state == "over"
        if not over and not negated:
            kept = s.units[at].low in _KEEP or any(u.low == "still" for u in s.units[at - 1 : at + 3])
            if not kept:
                return None  # "controls that are in force" says nothing new
        imposers = self._imposers(s, noun, at)
        ended = over or negated
        rule, action = (OVER, "lifted") if ended else (STANDING, "imposed")
        # "are not over" denies the end, "are no longer in force" tells it
        stance = Stance("denied" if over and negated else "affirmed", certainty if ended else "actual")
        low = max(left, noun - 6)
        return Found(rule, action, noun, at, tuple(imposers), low, at, stance, when=(at, self._end(s, at)))

    def _kept(self, s: Sentence, noun: int, left: int) -> Found | None:
        """Read "Malaysia will maintain its ban on exports": the ban is there, whatever will be."""
        keeping = self._grammar.words["keeping_verbs"]
        j = next((k for k in range(noun - 1, max(left, noun - 5), -1) if s.units[k].low in keeping), None)
        if j is None or any(u.low in self._grammar.words["prepositions"] for u in s.units[j + 1 : noun]):
            return None
        first = j
        while first > left and (s.units[first - 1].low in _MODAL | _BE or s.units[first - 1].has("planned")):
            first -= 1
        group = VerbGroup(first, j, Tag("control.keep", "keep", form="base"), False, False)
        heads = self._grammar.subject(s, group)
        imposers = self._roles.possessor(s, noun) or self._roles.subjects(s, heads)
        if not imposers:
            return None
        high = self._nouns.reach(s, noun, self._grammar.clause(s, noun)[1])
        return Found(STANDING, "imposed", noun, j, tuple(imposers), j, high, Stance(), when=(noun, noun))

    def _verb(self, s: Sentence, noun: int) -> int | None:
        """Return the first verb behind a control noun that is not in a relative clause about it."""
        relative = False
        for j in range(noun + 1, min(len(s.units), noun + _REACH)):
            unit = s.units[j]
            if unit.text in {";", ":", "."} or unit.has("control.short") or unit.has("tariff"):
                return None
            if unit.low in _RELATIVE:
                relative = True
            verb = unit.low in _BE | _KEEP | _MODAL - {"to"} or (unit.low in _STAND and not unit.kind)
            if verb and not unit.kind and not relative:
                return j
            if verb or _finite(unit):
                if not relative:
                    return None if not _participle(unit) else self._behind(s, j, noun)
                relative = False
        return None

    def _behind(self, s: Sentence, j: int, noun: int) -> int | None:
        """Return the verb behind a participle of the noun: "restrictions announced in April still stand"."""
        for k in range(j + 1, min(len(s.units), noun + _REACH)):
            unit = s.units[k]
            if unit.text in {";", ":", "."} or unit.low in _RELATIVE:
                return None
            if not unit.kind and unit.low in _BE | _KEEP | _STAND | _MODAL - {"to"}:
                return k
        return None

    def _state(self, s: Sentence, at: int) -> tuple[str, str, bool]:
        """Return "over", "in force" or "" behind a verb, with its certainty and whether it is negated."""
        words = self._grammar.words
        certainty, negated, j = "actual", False, at
        if s.units[at].low in _STAND:
            before = s.units[at - 1]
            return ("in force" if before.low == "still" else ""), "actual", False
        while j < len(s.units):
            unit = s.units[j]
            if unit.has("planned") or unit.low in {"will", "to", "soon"}:
                certainty = "planned"
            elif unit.has("possible") or unit.low in {"may", "might", "could", "should"}:
                certainty = "planned" if unit.low == "would" else "possible"
            elif unit.has("negation"):
                negated = True
            elif not (
                unit.low in _BE | _KEEP | _MODAL or unit.low in words["adverbs"] or unit.low.endswith("ly")
                or unit.low in {"now", "all", "but", "already", "long", "still", "pretty", "much"}
            ):  # fmt: skip
                break
            j += 1
        following = s.units[j].low if j < len(s.units) else "."
        if s.units[at].low in _KEEP and j == at + 1 and following in _ENDS:
            return "in force", "actual", negated  # "the ban remains despite the deal"
        rest = " ".join(u.low for u in s.units[j : j + 6])
        for state in ("over", "in force"):
            listed = words["over_states" if state == "over" else "force_states"]
            if any(rest == w or rest.startswith((w + " ", w + ",", w + ".")) for w in listed):
                further = s.units[j + 1].low if j + 1 < len(s.units) else ""
                if state == "over" and rest.startswith("over") and self._of_something(s, j, further):
                    return "", "", False  # "the row is over quotas"
                return state, certainty, negated
        return "", "", False

    @staticmethod
    def _of_something(s: Sentence, j: int, further: str) -> bool:
        """Return whether "over" is a preposition: "the curbs were over chips", "are over a year old"."""
        if j + 1 >= len(s.units) or further in {
            ".",
            ",",
            "after",
            "and",
            "but",
            "for",
            "now",
            "as",
            "because",
        }:
            return False
        following = s.units[j + 1]
        if following.text == "-":
            return True
        return bool(following.kind and following.kind != "Time") or following.is_word

    def _imposers(self, s: Sentence, noun: int, at: int) -> list[Argument]:
        return self._roles.possessor(s, noun) or self._roles.owner_behind(s, noun + 1, at)

    def _end(self, s: Sentence, at: int) -> int:
        return min(self._grammar.clause(s, at)[1], len(s.units))


def _finite(unit: Unit) -> bool:
    forms = {t.form for t in unit.tags} if not unit.kind else set()
    return bool(forms & {"past", "third"}) and "" not in forms


def _participle(unit: Unit) -> bool:
    return any(t.form == "participle" and t.cls.startswith("control") for t in unit.tags)
