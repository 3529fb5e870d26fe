"""Numbers that stand for firms: "two have applied", "43 small pits had their licenses pulled"."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.units import Sentence, Unit
from kgbuild.model import Argument

NUMBERS: Final = {
    word: str(n)
    for n, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), 2)
}


def counted(unit: Unit) -> str:
    """Return the number that a unit tells, or ""."""
    amount = unit.amount
    if unit.low in NUMBERS:
        return NUMBERS[unit.low]
    plain = amount is not None and amount.kind == "count" and amount.unit == ""
    return amount.value if plain and amount is not None and amount.value.isdigit() else ""


def pits(text: str, grammar: Grammar, s: Sentence, end: int) -> list[Argument] | None:
    """Return the counted mines or plants before unit `end`: "43 small pits had their licenses pulled"."""
    if not {s.units[end - 1].low, s.units[end - 1].low.removesuffix("s")} & grammar.words["projects"]:
        return None
    for i in range(end - 2, max(-1, end - 5), -1):
        unit = s.units[i]
        number = NUMBERS.get(unit.low, unit.text if unit.text.isdigit() else counted(unit))
        if number:
            start, stop = unit.start, s.units[end - 1].end
            words = text[start:stop]
            return [Argument("holder", "UnnamedFirm", words, start, stop, "", number, derivation="unnamed")]
        if not unit.is_word or unit.kind or unit.tags:
            return None
    return None
