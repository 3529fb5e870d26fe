"""Why a measure was taken, told of "the move" in the next sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.grammar import positions
from kgbuild.extract.measure_roles import MeasureRoles
from kgbuild.extract.stance import find_speech
from kgbuild.extract.units import Sentence
from kgbuild.model import Argument, Event

_POINTING: Final = frozenset({"the", "this", "that", "these", "those"})
#: What the second telling takes over from the first, so that the two are known to be one.
_TAKEN: Final = frozenset({"imposer", "instrument", "item", "kind"})


class MeasureMotives:
    """Reads what a measure answers where the sentence only points back to it."""

    def __init__(self, roles: MeasureRoles, arguments: Arguments) -> None:
        self._roles = roles
        self._arguments = arguments

    def find(self, s: Sentence, before: Event | None) -> Event | None:
        """Return the measure told just `before`, with what it answers: "The move was retaliation for X"."""
        if before is None or before.polarity == "denied":
            return None
        for i in positions(s, "response"):
            pointing = self._pointing(s, i)
            answered = self._roles.response(s, pointing) if pointing is not None else []
            if pointing is None or not answered:
                continue
            unit = s.units[pointing]

            def taken(
                a: Argument, text: str = unit.text, start: int = unit.start, end: int = unit.end
            ) -> Argument:
                note = f"coreference: {text} = {a.text}, told before"
                return replace(a, text=text, start=start, end=end, inferred=True, derivation=note)

            arguments = {taken(a) for a in before.arguments if a.role in _TAKEN}
            speaker = self._arguments.speaker(s, find_speech(self._arguments.grammar, s, i))
            return replace(
                before, start=s.start, end=s.end, arguments=tuple(sorted({*arguments, *answered})),
                speaker=speaker, rule="measure-motive", repeats=(),
            )  # fmt: skip
        return None

    @staticmethod
    def _pointing(s: Sentence, i: int) -> int | None:
        """Return the noun before unit `i` that means the measure told last: "the move", "this step"."""
        for j in range(i - 1, 0, -1):
            unit = s.units[j]
            if unit.has("move-noun.done") and s.units[j - 1].low in _POINTING:
                return j
            if unit.kind or unit.has("tariff"):
                return None
        return None
