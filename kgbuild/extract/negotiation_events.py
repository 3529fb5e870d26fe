"""What all negotiations have: where they take place, when, and who says so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from kgbuild.extract.arguments import Arguments
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.stance import Stance, find_speech
from kgbuild.extract.units import PLACES, Sentence
from kgbuild.model import Argument, Event, Rejection

#: Words that open what somebody asks about.
_ASKING: Final = frozenset({"how", "whether", "why", "what"})


class NegotiationEvents:
    """Makes the events of one article; what is refused is in `rejections`."""

    def __init__(self, text: str, grammar: Grammar, arguments: Arguments) -> None:
        self.text = text
        self.grammar = grammar
        self.arguments = arguments
        self.rejections: list[Rejection] = []

    def place(self, s: Sentence, low: int, high: int, at: int, *, named: bool = True) -> list[Argument]:
        """Return where it happens: a city in the clause, or a country right behind "in".

        With `named` also the city before unit `at` ("the London talks"): not for a verb.
        """
        high = self._sentence_part(s, at, high)
        for i in range(low, high):
            unit = s.units[i]
            city = unit.reading({"City"})
            if city and (
                self.grammar.governed(s, i, max(0, i - 3)) in {"in", "at"}
                or (named and i + 1 == at and (not i or s.units[i - 1].text != "-"))
            ):
                return [Argument("place", city[0], unit.text, unit.start, unit.end, city[1])]
        for i in range(max(low, at), high):
            unit = s.units[i]
            if unit.low == "to" and i + 1 < high and self._infinitive(s, i + 1):
                break  # "met to discuss how firms do in China": where they do it, not where A and B met
            reading = unit.reading(PLACES)
            if reading and not unit.demonym and s.units[i - 1].low == "in":
                return [Argument("place", reading[0], unit.text, unit.start, unit.end, reading[1])]
        return []

    def _infinitive(self, s: Sentence, i: int) -> bool:
        unit, words = s.units[i], self.grammar.words
        plain = unit.is_word and unit.text.islower() and not unit.kind
        return plain and unit.low not in words["determiners"] | words["prepositions"]

    @staticmethod
    def _sentence_part(s: Sentence, at: int, high: int) -> int:
        """Return where what is told at `at` ends: before ", and that" and the like."""
        for j in range(max(0, at), min(high, len(s.units)) - 1):
            if s.units[j].text == "," and s.units[j + 1].low in {"and", "but", "that"}:
                return j if not s.units[j + 2 : j + 3] or not s.units[j + 2].kind else high
        return high

    def make(
        self,
        s: Sentence,
        action: str,
        arguments: Iterable[Argument],
        region: tuple[int, int],
        at: int,
        stance: Stance,
        rule: str,
    ) -> Event:
        """Return the negotiation told at unit `at` of the clause `region`."""
        speech = find_speech(self.grammar, s, at)
        times = self.arguments.times(s, region[0], self._before_said(s, at, region[1]), speech, at)
        if speech is not None and _presupposed(s, speech.verb, at):
            times = [t for t in times if t.role != "announced"]
        if not any(t.role == "date" for t in times):
            times += self._counted(s, region[0])
        told = list(arguments)
        places = {a.start for a in told if a.role == "place"}
        kept = [a for a in told if a.role == "place" or a.start not in places]
        return Event(
            "negotiation",
            action,
            s.start,
            s.end,
            tuple(sorted({*kept, *times})),
            stance.polarity,
            stance.certainty,
            self.arguments.speaker(s, speech),
            rule,
        )

    def _before_said(self, s: Sentence, at: int, high: int) -> int:
        """Return where a later verb of saying goes on: "has held calls with B and said on Thursday"."""
        behind = range(at + 1, min(high, len(s.units)) - 1)
        said = (j for j in behind if s.units[j].low in {"and", "but"} and s.units[j + 1].has("speech.say"))
        return next((j for j in said if not s.units[j + 1].kind), high)

    @staticmethod
    def _counted(s: Sentence, left: int) -> list[Argument]:
        """Return the day told by "said on Friday, two days after A had met B", counted from Friday."""
        if left < 2 or s.units[left].low not in {"after", "before"}:
            return []
        length, anchors = (
            s.units[left - 1].date,
            [u for u in s.units[: left - 1] if u.kind == "Time" and u.date],
        )
        days = re.fullmatch(r"P(\d+)D", length.duration) if length is not None else None
        day = anchors[-1].date if anchors else None
        if days is None or day is None or day.precision != "day":
            return []
        steps = int(days[1]) * (-1 if s.units[left].low == "after" else 1)
        found = (date.fromisoformat(day.edtf) + timedelta(steps)).isoformat()
        unit = s.units[left - 1]
        note = f"counted from {day.text}"
        return [
            Argument(
                "date", "Time", unit.text, unit.start, unit.end, value=found, inferred=True, derivation=note
            )
        ]

    def reject(self, s: Sentence, rule: str, reason: str) -> None:
        """Note that a sentence tells no negotiation, and why."""
        self.rejections.append(Rejection(s.start, s.end, self.text[s.start : s.end], rule, reason))


def _presupposed(s: Sentence, verb: int, at: int) -> bool:
    """Return whether a speaker asks about talks instead of telling them: "said how the talks matter"."""
    between = s.units[verb + 1 : at]
    return any(u.low in _ASKING for u in between) and any(u.low in {"the", "these"} for u in between[-4:])
