"""Control measures and tariffs: who imposed, tightened, suspended, eased or lifted which, on what, against whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar, VerbGroup, positions
from kgbuild.extract.measure_nouns import MeasureNouns
from kgbuild.extract.measure_roles import MeasureRoles, family
from kgbuild.extract.stance import Stance, find_speech, speaker_argument, stance_of
from kgbuild.extract.units import FIRM, MATERIALS, Sentence
from kgbuild.model import Argument, Event, Rejection

#: Verbs that forbid by law; other verbs ("halted exports") tell a measure only of a body that is named.
_LEGAL: Final = frozenset({"ban", "prohibit", "forbid", "outlaw", "restrict", "bar"})
_LOWERED: Final = frozenset({"cut-control", "reduce", "lower", "slash", "halve"})
_RAISED: Final = frozenset({"raise", "increase", "double", "expand", "hike"})
_PART: Final = frozenset({"some", "part", "parts", "partially", "partly", "certain"})


@dataclass(frozen=True, slots=True)
class Found:
    """A measure before its arguments are looked for."""

    rule: str
    action: str
    noun: int
    verb: int
    imposers: tuple[Argument, ...]
    low: int  #: units [low, high) hold its arguments
    high: int
    stance: Stance
    skipped: tuple[int, int] = (0, 0)  #: units whose times belong to another clause
    group: VerbGroup | None = None


class Measures:
    """Finds control measures and tariffs in the sentences of one article, to be given in order."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference, *, about_exports: bool) -> None:
        self.text = text
        self.grammar = grammar
        self.coreference = coreference
        self.roles = MeasureRoles(text, grammar, coreference)
        self.nouns = MeasureNouns(grammar, self.roles)
        self.about_exports = about_exports
        self.told: list[tuple[str, Event]] = []  #: family and event of the measures told so far
        self.rejections: list[Rejection] = []

    def find(self, s: Sentence) -> list[Event]:
        """Return the measures of `s`; what is refused is added to `rejections`."""
        if s.units[-1].text == "?":
            return []
        found: list[Found] = []
        taken: set[int] = set()
        refused: set[int] = set()
        for i in positions(s, "control"):
            for tag in self.grammar.tags_at(s, i, "control"):
                group = self.grammar.verb_group(s, i, tag)
                one = self._verb(s, group, refused)
                if one is not None and (one.noun, one.action) not in {(f.noun, f.action) for f in found}:
                    found.append(one)
                    taken.add(one.noun)
                    break
        for one in self.nouns.changes(s, taken | refused):
            found.append(self._taken(one))
            taken.add(one.noun)
        near = taken | refused
        for noun in self.nouns.controls(s):
            if not any(abs(noun - n) < 8 for n in near):
                granted = self.nouns.granted(s, noun)
                if granted is not None:
                    found.append(self._taken(granted))
                    near.add(noun)
        events = [e for f in sorted(found, key=lambda f: f.verb) if (e := self._event(s, f)) is not None]
        self.told.extend((family(s.units[f.noun]), e) for f in found for e in events if e.rule == f.rule)
        return events

    @staticmethod
    def _taken(one: tuple[object, ...] | Found) -> Found:
        assert isinstance(one, Found)
        return one

    def _reject(self, s: Sentence, rule: str, reason: str) -> None:
        self.rejections.append(Rejection(s.start, s.end, self.text[s.start : s.end], rule, reason))
