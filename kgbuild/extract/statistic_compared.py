"""Figures inside a comparison: "36 percent more than a year earlier", "down from 90 percent in 2010"."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.arguments import quantity
from kgbuild.extract.phrase_words import Readings
from kgbuild.extract.statistic_measures import Draft, amount_of
from kgbuild.extract.units import Sentence
from kgbuild.model import Argument, Event

_KEPT: Final = frozenset({"reporter", "subject", "partner", "share"})
_RULE: Final = "statistic-compared"
_BEHIND: Final = 3  #: units behind an earlier figure that its time stands in


class Compared:
    """Makes events of their own of the figures that only a comparison gives."""

    def __init__(self, text: str) -> None:
        self._text = text

    def find(
        self, s: Sentence, draft: Draft, event: Event, covered: set[int], words: Readings
    ) -> list[Event]:
        """Return the change and the earlier level among the units `covered` by the comparison of `event`."""
        if draft.change:
            return []
        inside = sorted(j for j in covered if j != draft.at and s.units[j].amount is not None)
        out = []
        for j in inside:
            found = self._change(s, draft, event, j, words) or self._earlier(s, draft, event, j)
            if found is not None:
                out.append(found)
        return out

    def _change(self, s: Sentence, draft: Draft, event: Event, j: int, words: Readings) -> Event | None:
        """Return "PERCENT more than a year earlier" as a change of the same measure."""
        if draft.share is not None or amount_of(s.units[j], "percent") is None:
            return None
        before = [f for f in words.between(max(0, j - 3), j, "compare") if f.last >= j - 2]
        behind = words.at(j + 1, "compare")
        verbs = words.between(max(0, j - 5), j, "change") if draft.changed is not None else []
        nouns = words.between(max(0, j - 4), j + 3, "change-noun")
        found = behind or next(iter([*before[::-1], *verbs[::-1], *nouns]), None)
        if found is None or "." not in found.tag.cls:
            return None
        low, high = min(found.first, j), max(found.last, j)
        start, end = s.units[low].start, s.units[high].end
        told = Argument(
            "change", "Text", self._text[start:end], start, end, value=found.tag.cls.split(".")[1]
        )
        kept = [a for a in event.arguments if a.role in _KEPT | {"period"}]
        return self._made(event, [*kept, told, quantity("value", s.units[j])], f"{draft.family}, change")

    def _earlier(self, s: Sentence, draft: Draft, event: Event, j: int) -> Event | None:
        """Return "from 90 percent in 2010" as the same figure of that time."""
        now, then = s.units[draft.at].amount, s.units[j].amount
        if now is None or then is None or not then.value or (now.kind, now.unit) != (then.kind, then.unit):
            return None
        if s.units[j - 1].low != "from":
            return None
        times = [u for u in s.units[j + 1 : j + 1 + _BEHIND] if u.kind == "Time" and u.date is not None]
        if not times or times[0].date is None or not times[0].date.edtf:
            return None
        unit = times[0]
        edtf = times[0].date.edtf
        period = Argument("period", "Time", unit.text, unit.start, unit.end, value=edtf)
        kept = [a for a in event.arguments if a.role in _KEPT]
        measure = next((a.value for a in event.of("measure")), draft.family)
        return self._made(event, [*kept, period, quantity("value", s.units[j])], measure)

    @staticmethod
    def _made(event: Event, arguments: list[Argument], measure: str) -> Event:
        words = event.of("measure")[0]
        named = Argument("measure", "Text", words.text, words.start, words.end, value=measure)
        return Event(
            event.type, event.action, event.start, event.end, tuple(sorted({*arguments, named})),
            event.polarity, event.certainty, event.speaker, _RULE,
        )  # fmt: skip
