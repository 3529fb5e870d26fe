"""Agreements that take effect: "the trade deal between A and B came into force on Monday"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kgbuild.extract.grammar import Grammar, VerbGroup, positions
from kgbuild.extract.parties import Parties, unique
from kgbuild.extract.stance import Stance, stance_of
from kgbuild.extract.units import Sentence
from kgbuild.model import Argument, Event

IN_EFFECT: Final = "in-effect"
RULE: Final = "agreement-in-effect"
#: Rule of a headline that says more than the text below it: no plain fact, but told all the same.
HEADLINE: Final = "agreement-in-effect-headline"
#: Verbs by which an agreement, too, is said to be in force.
_VERBS: Final = frozenset(
    {"take-effect", "come-into-effect", "come-into-force", "enter-into-force", "go-into-effect", "kick-in"}
)
_REACH: Final = 20  #: units between the agreement and the verb
#: Words before a clause that tells what is yet to come, or only supposed.
#: Prepositions behind which an agreement only describes something else: "the cuts in the deal took effect".
_INSIDE: Final = frozenset({"in", "under", "of", "from", "on", "by", "for", "to", "with"})
_AWAITED: Final = frozenset({"once", "until", "before", "if", "unless", "when"})
_AT_ONCE: Final = frozenset({"immediately", "immediate", "now", "today"})

#: What the rest of an article tells of talks and agreements.
Below = Callable[[], Sequence[Event]]


@dataclass(frozen=True, slots=True)
class Effect:
    """An agreement told to take effect, before its event is made."""

    noun: int
    verb: int
    parties: tuple[Argument, ...]
    stance: Stance
    rule: str


class AgreementEffects:
    """Finds the agreements that a sentence tells to be, or not to be, in force."""

    def __init__(self, grammar: Grammar, parties: Parties, below: Below | None = None) -> None:
        self._grammar = grammar
        self._parties = parties
        self._below = below

    def find(self, s: Sentence) -> Effect | None:
        """Return the agreement that `s` tells to take effect, with both its parties; None where none is."""
        for i in positions(s, "control.happen"):
            for tag in self._grammar.tags_at(s, i, "control.happen"):
                if tag.id not in _VERBS:
                    continue
                group = self._grammar.verb_group(s, i, tag)
                noun = self._noun(s, group)
                if noun is None:
                    continue
                parties = self._sides(s, noun, group)
                stance = self._stance(s, group, noun)
                if len({p.name for p in parties}) > 1 and not stance.refused:
                    told = self._as_told(s, stance, parties)
                    rule = RULE if told == stance else HEADLINE
                    return Effect(noun, i, tuple(parties), told, rule)
        return None

    def _noun(self, s: Sentence, group: VerbGroup) -> int | None:
        """Return the agreement that is the subject of the verb, if one is."""
        for j in range(group.first - 1, max(-1, group.first - _REACH), -1):
            unit = s.units[j]
            if unit.has("agreement") and not unit.kind:
                return None if self._grammar.governed(s, j, max(0, j - 4)) in _INSIDE else j
            other = unit.has("control") or unit.has("tariff") or unit.has("license") or unit.has("rule-word")
            if other or unit.text in {";", ":"}:
                return None
            finite = any(t.form in {"past", "third"} for t in unit.tags) and not unit.kind
            if finite and not unit.has("settle") and not any(not t.form for t in unit.tags):
                return None
        return None

    def _sides(self, s: Sentence, noun: int, group: VerbGroup) -> list[Argument]:
        left, _ = self._grammar.clause(s, noun)
        named = [a for a in self._parties.named_by(s, noun, left) if a.role == "party"]
        listed = self._parties.listed_behind(s, noun, {"between", "among", "with"}, group.first)
        found = unique([*named, *(a for a in listed if a.role == "party")])
        if len({p.name for p in found}) > 1:
            return found
        pair = self._parties.pair or self.only_pair()
        if {p.name for p in found} - {p.name for p in pair}:
            return found
        unit = s.units[noun]
        told = "told before" if self._parties.pair else "the only two sides that the article names"
        return [
            replace(
                p, text=unit.text, start=unit.start, end=unit.end, inferred=True,
                derivation=f"coreference: the sides of {unit.text} = {p.text}, {told}",
            )
            for p in pair
        ]  # fmt: skip

    def only_pair(self) -> tuple[Argument, ...]:
        """Return the two governments between which the article tells talks or agreements, if only two."""
        pairs: dict[frozenset[str], tuple[Argument, ...]] = {}
        for event in self._below() if self._below is not None else ():
            sides = tuple(unique(p for p in event.of("party") if p.kind == "Government"))
            if len(sides) > 1:
                pairs.setdefault(frozenset(p.name for p in sides), sides)
        sides = next(iter(pairs.values()), ())
        return sides if len(pairs) == 1 and len(sides) == 2 else ()

    def _stance(self, s: Sentence, group: VerbGroup, noun: int) -> Stance:
        opener = self._grammar.opener(s, group.verb)
        if opener is not None and (opener.low in _AWAITED or opener.has("hypothetical")):
            return Stance(refused="told only of the time when it will be in force")
        stance = stance_of(self._grammar, s, group, [noun])
        if stance.refused:
            return stance
        window = s.units[noun + 1 : group.verb]
        if any(u.has("unreal") for u in window):
            return Stance(refused="an agreement that is only wished for")
        bare = group.first == group.verb and group.tag.form in {"base", "third"}
        at_once = any(u.low in _AT_ONCE for u in s.units[group.verb : group.verb + 4])
        if any(u.has("planned") or u.low in {"will", "would"} for u in window):
            return Stance(stance.polarity, "planned")
        written = s.kind != "headline" or s.units[-1].text == "."
        if bare and written and not at_once:
            return Stance(stance.polarity, "planned")  # "The pact takes effect on Thursday"
        return Stance(stance.polarity) if bare else stance

    def _as_told(self, s: Sentence, stance: Stance, parties: Sequence[Argument]) -> Stance:
        """Return how surely a headline tells it: it asserts no more than the text below does."""
        if s.kind != "headline" or self._below is None:
            return stance
        if (stance.polarity, stance.certainty) != ("affirmed", "actual"):
            return stance
        names = {p.name for p in parties}
        same = [
            e for e in self._below()
            if e.type == "agreement" and names <= {p.name for p in e.of("party")}
        ]  # fmt: skip
        plain = [e for e in same if (e.polarity, e.certainty) == ("affirmed", "actual")]
        if any(e.action == IN_EFFECT for e in plain):
            return stance
        hedged = any(e.certainty == "in-principle" for e in same)
        return Stance(certainty="in-principle" if hedged else "possible")
