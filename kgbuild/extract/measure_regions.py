"""How far the words of a measure go: the end of its clause, its arguments, its own times."""

from __future__ import annotations

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.measure_words import opens_use
from kgbuild.extract.units import Sentence


class MeasureRegions:
    """Finds where what belongs to a control noun ends."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar

    def clause_end(self, s: Sentence, i: int) -> int:
        """Return where the clause of unit `i` ends."""
        return self._grammar.clause(s, i)[1]

    def reach(self, s: Sentence, low: int, right: int) -> int:
        """Return where the arguments behind unit `low` end: at the next verb of something else."""
        words = self._grammar.words
        for j in range(low + 1, right):
            unit = s.units[j]
            before = s.units[j - 1]
            if not unit.kind and opens_use(s, j, right, words):
                return j
            if unit.kind or (not unit.tags and unit.low not in words["auxiliaries"]):
                continue
            if unit.low in words["auxiliaries"] and unit.text not in {"'s", "’s"}:
                return j
            finite = any(t.form in {"past", "third"} for t in unit.tags)
            if (
                finite
                and before.low in {"and", ",", "but", "that", "which", "who"}
                and any(t.form and not t.cls.startswith(("export", "license.allow")) for t in unit.tags)
            ):
                return j
        return right

    def own_times(self, s: Sentence, noun: int, right: int) -> tuple[int, int]:
        """Return the units behind a noun whose times are its own: "controls announced in October"."""
        if noun + 1 >= right:
            return (0, 0)
        following = s.units[noun + 1]
        if following.low == "of" and noun + 2 < right and s.units[noun + 2].kind == "Time":
            return (noun + 1, noun + 3)
        relative = next((j for j in range(noun + 8, right) if s.units[j].low in {"that", "which"}), None)
        if relative is not None and not any(
            self._grammar.is_auxiliary(u) or u.text in {",", ";"} for u in s.units[noun + 1 : relative]
        ):
            return (relative, right)  # "the rules on X and the duties on Y that were set to tighten in 2026"
        for j in range(noun + 1, min(right, noun + 8)):
            unit = s.units[j]
            forms = {t.form for t in unit.tags}
            if unit.low in self._grammar.words["auxiliaries"] or (
                "past" in forms and "participle" not in forms
            ):
                return (0, 0)
            noun_before = bool(s.units[j - 1].kind) or j == noun + 1 or not s.units[j - 1].tags
            determined = (
                s.units[j - 1].low in self._grammar.words["prepositions"] | self._grammar.words["determiners"]
            )
            if unit.low in {"that", "which"} or ("participle" in forms and noun_before and not determined):
                return (j, right)
            if unit.text in {",", ";"}:
                return (0, 0)
        return (0, 0)
