"""Agreements that a text takes for granted: "settled on it", "the Busan truce", "signing is expected"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kgbuild.extract.grammar import Grammar, positions
from kgbuild.extract.parties import Parties, unique
from kgbuild.extract.stance import Stance, stance_of
from kgbuild.extract.units import FIRM, Sentence, Unit
from kgbuild.model import Argument

_IT: Final = frozenset({"it", "this", "that", "one"})
_SIGNING: Final = frozenset({"signing", "signature", "conclusion", "ratification", "initialing"})
_AWAITED: Final = frozenset(
    {"expected", "due", "planned", "scheduled", "set", "slated", "foreseen", "likely"}
)
_EXISTS: Final = frozenset({"existed", "exists", "exist", "stands", "place", "force", "effect", "applies"})
_ALIKE: Final = frozenset({"similar", "comparable", "parallel", "like"})
#: Words that make a deal one that is not there yet, or nobody's.
_NONE: Final = frozenset({"no", "any", "a", "an", "another", "possible", "new"})
_SHORT_OF: Final = frozenset({"toward", "towards", "without", "for", "if", "unless"})
_FEW: Final = 2

#: The governments between which an article tells talks or agreements, if only two.
OnlyPair = Callable[[], tuple[Argument, ...]]


@dataclass(frozen=True, slots=True)
class Mention:
    """An agreement that is taken for granted, before its event is made."""

    noun: int | None
    at: int
    parties: tuple[Argument, ...]
    stance: Stance
    rule: str
    place: Unit | None = None  #: the city that the deal is named after
    signed: bool = False


class AgreementMentions:
    """Finds agreements told by what surrounds them; the sentences of an article must be given in order."""

    def __init__(self, grammar: Grammar, parties: Parties, only_pair: OnlyPair) -> None:
        self._grammar = grammar
        self._parties = parties
        self._only_pair = only_pair
        self._deal: tuple[int, Unit] | None = None  #: the deal last named, and in which sentence
        self._city: Unit | None = None  #: that it is named after
        self._sides: tuple[int, tuple[Argument, ...]] = (-9, ())  #: of the talks told last

    def note(self, s: Sentence, sides: Sequence[Argument]) -> None:
        """Remember the deal that a sentence names and the `sides` of the talks that it tells."""
        for i, unit in enumerate(s.units):
            if unit.has("agreement") and not unit.kind:
                self._deal = (s.index, unit)
                self._city = s.units[i - 1] if i and s.units[i - 1].reading({"City"}) else None
        if sides:
            self._sides = (s.index, tuple(sides))

    def find(self, s: Sentence, sides: Sequence[Argument]) -> Mention | None:
        """Return an agreement of `s`, whose talks, if it tells any, have these `sides`; None without one."""
        around = tuple(sides) or (self._sides[1] if s.index - self._sides[0] < _FEW else ())
        return (
            self._on_it(s)
            or self._signing(s, around)
            or self._in_principle(s, around)
            or self._alike(s)
            or self._of_a_place(s)
        )

    def _on_it(self, s: Sentence) -> Mention | None:
        """Return "A and B settled on it in May", of a deal that the sentence before names."""
        if self._deal is None or s.index - self._deal[0] > 1:
            return None
        for cls in ("settle", "agree"):
            for i in positions(s, cls):
                tag = self._grammar.tags_at(s, i, cls)
                last = s.units[i].low.split()[-1]
                object_at = i + 2 if s.units[i + 1 : i + 2] and s.units[i + 1].low in {"on", "to"} else i + 1
                told = s.units[object_at : object_at + 1]
                if not tag or not told or told[0].low not in _IT or (cls == "agree" and last == "agreed" and
                                                                   object_at == i + 1):  # fmt: skip
                    continue
                group = self._grammar.verb_group(s, i, tag[0])
                left, _ = self._grammar.clause(s, i)
                found = self._parties.within(s, left, group.first)
                people = [a for a in found if a.role == "person"]
                sides = unique(
                    [*(a for a in found if a.role == "party"), *self._parties.governments(people, s)]
                )
                if len({a.name for a in sides}) < 2 or group.passive:
                    continue
                stance = stance_of(self._grammar, s, group, self._grammar.subject(s, group))
                signed = tag[0].cls == "settle.sign"
                if not stance.refused:
                    return Mention(object_at, i, tuple(sides), stance, "agreement-it", self._city, signed)
        return None

    def _signing(self, s: Sentence, sides: tuple[Argument, ...]) -> Mention | None:
        """Return "signing is expected before the end of the year", of the deal that talks are about."""
        for i, unit in enumerate(s.units):
            if unit.low not in _SIGNING or unit.kind or len(sides) < 2:
                continue
            behind = s.units[i + 1 : i + 7]
            awaited = next((u for u in behind if u.low in _AWAITED), None)
            told = self._deal is not None and s.index - self._deal[0] < _FEW
            if awaited is None or not (told or any(u.has("agreement") for u in s.units)):
                continue
            if any(u.has("negation") for u in behind):
                return None
            return Mention(
                None, i, sides_at(sides, unit), Stance(certainty="planned"), "agreement-signing", signed=True
            )
        return None

    def _in_principle(self, s: Sentence, sides: tuple[Argument, ...]) -> Mention | None:
        """Return "an extension has been agreed in principle", of those whose talks are told beside it."""
        if len(sides) < 2:
            return None
        for i in positions(s, "agree"):
            for tag in self._grammar.tags_at(s, i, "agree"):
                group = self._grammar.verb_group(s, i, tag)
                near = s.units[i + 1 : i + 4]
                if not group.passive or not any(u.has("in-principle") for u in near):
                    continue
                stance = stance_of(self._grammar, s, group, self._grammar.subject(s, group))
                if not stance.refused:
                    stance = replace(stance, certainty="in-principle")
                    return Mention(None, i, sides_at(sides, s.units[i]), stance, "agreement-in-principle")
        return None

    def _alike(self, s: Sentence) -> Mention | None:
        """Return "With Abu Dhabi a similar deal has existed since May", of one side of the deal before."""
        pair = self._parties.pair
        for i, unit in enumerate(s.units):
            if unit.kind or not unit.has("agreement") or len(pair) != 2:
                continue
            if not any(u.low in _ALIKE for u in s.units[max(0, i - 3) : i]):
                continue
            left, right = self._grammar.clause(s, i)
            there = any(u.low in _EXISTS or u.has("settle") for u in s.units[i + 1 : right])
            hedged = any(
                u.has("possible") or u.has("planned") or u.has("unreal") or u.has("negation")
                for u in s.units[left:right]
            )
            others = self._parties.listed_behind(s, max(left, 0) - 1, {"with"}, right)
            others = [a for a in others if a.role == "party"]
            own = [a for a in pair if a.name == self._parties.lead] or []
            if there and not hedged and others and own and own[0].name != others[0].name:
                parties = (*sides_at(own, unit), *others[:1])
                return Mention(i, i, parties, Stance(), "agreement-similar")
        return None

    def _of_a_place(self, s: Sentence) -> Mention | None:
        """Return "the Busan truce", of the two governments whose talks the article tells."""
        for i, unit in enumerate(s.units):
            if unit.kind or i < 1 or not any(not t.form and t.cls == "agreement" for t in unit.tags):
                continue
            place = s.units[i - 1]
            if not place.reading({"City"}) or self._grammar.possessive(s, i - 1):
                continue
            left, _ = self._grammar.clause(s, i)
            before = s.units[max(left, i - 6) : i - 1]
            opener = before[-1].low if before else ""
            loose = any(u.low in _SHORT_OF or u.has("possible") or u.has("unreal") for u in before[-4:])
            if opener in _NONE or loose or any(u.kind == FIRM for u in before[-2:]):
                continue
            sides = self._parties.pair or self._only_pair()
            if len({a.name for a in sides}) == 2:
                return Mention(i, i, sides_at(sides, unit), Stance(), "agreement-of-place")
        return None


def sides_at(sides: Sequence[Argument], unit: Unit) -> tuple[Argument, ...]:
    """Return the sides at the word of this sentence that stands for their agreement."""
    return tuple(
        replace(
            a, text=unit.text, start=unit.start, end=unit.end, inferred=True,
            derivation=f"coreference: a side of {unit.text} = {a.text}",
        )
        for a in sides
    )  # fmt: skip
