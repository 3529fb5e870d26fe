"""Whose agreement it is: the subject of the verb, those behind "with", "between" and "by"."""

from __future__ import annotations

from dataclasses import replace

from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.noun_phrases import told_by
from kgbuild.extract.parties import Parties, unique
from kgbuild.extract.units import Sentence
from kgbuild.model import Argument


class AgreementParties:
    """Finds the parties of agreements around a verb or a noun."""

    def __init__(self, grammar: Grammar, parties: Parties) -> None:
        self._grammar = grammar
        self._parties = parties

    def named(self, s: Sentence, group: VerbGroup, noun: int | None, left: int, right: int) -> list[Argument]:
        """Return the parties of what the verb `group` tells, with its noun at unit `noun` if it has one."""
        subject = self._subject(s, group, left) or self._we(s, group)
        if len({p.name for p in subject}) >= 2:
            beside = s.units[group.verb + 1 : group.verb + 2]
            third = group.tag.cls == "agree" and bool(beside) and beside[0].low == "with"
            behind = self._parties.listed_behind(s, group.verb, {"with"}, right, firms=True) if third else []
            return unique([*subject, *self.only(behind)])
        low = self._behind_speech(s, group, left)
        people = [p for p in self._parties.within(s, low, group.first) if p.role == "person"]
        if people and (noun is not None or group.tag.cls == "agree"):
            subject = unique([*subject, *self._parties.governments(people, s)])
            if len({p.name for p in subject}) >= 2:
                return subject
        at = max(group.verb, noun if noun is not None else 0)
        others: list[Argument] = []
        for start in sorted({min(group.verb, noun) if noun is not None else group.verb, group.verb, at}):
            others += self.only(
                self._parties.listed_behind(s, start, {"with", "between", "by"}, right, firms=True)
            )
        if group.passive:
            signers = self._parties.listed_behind(s, group.verb, {"by", "between"}, right)
            others += self._parties.governments([a for a in signers if a.role == "person"], s)
        named = self.only(self._parties.named_by(s, noun, left)) if noun is not None else []
        found = unique([*subject, *named, *others])
        several = len({p.name for p in found}) > 1
        if several and not subject and not named and self.only_with(s, at, right):
            own = self.own(s, left)  # "he signed pacts with A and B": the signer's side may not be told
            return unique([*own, *found]) if own and own[0].name not in {p.name for p in found} else []
        if len({p.name for p in found}) == 1 and others:
            found = unique([*found, *self.own(s, left)])[:2]
        return found

    @staticmethod
    def only_with(s: Sentence, at: int, right: int) -> bool:
        """Return whether the parties are named as the other side alone: "with A and B", not "between"."""
        low = {u.low for u in s.units[at:right] if not u.kind}
        return "with" in low and not low & {"between", "among", "by"}

    def told_before(self, s: Sentence, noun: int) -> list[Argument]:
        """Return the two sides told before, for "No deal has been signed"."""
        unit = s.units[noun]
        return [
            replace(
                p, text=unit.text, start=unit.start, end=unit.end, inferred=True,
                derivation=f"coreference: the sides of {unit.text} = {p.text}, told before",
            )
            for p in self._parties.pair
        ]  # fmt: skip

    def _subject(self, s: Sentence, group: VerbGroup, left: int) -> list[Argument]:
        low = self._behind_speech(s, group, left)
        found = self.only(self._parties.within(s, low, group.first))
        heads = [
            p for h in self._grammar.subject(s, group)
            for p in self._parties.body(s, h) or self._parties.described(s, h)
        ]  # fmt: skip
        return unique([*found, *self.only(heads)]) if not group.passive else found

    def _behind_speech(self, s: Sentence, group: VerbGroup, left: int) -> int:
        """Return where what is said begins: who says that others agreed does not agree."""
        behind = range(group.first - 1, left - 1, -1)
        told = (j + 1 for j in behind if self._grammar.tags_at(s, j, "speech") or told_by(s, j))
        return next(told, left)

    def _we(self, s: Sentence, group: VerbGroup) -> list[Argument]:
        """Return the two sides told before where one who acts for a side says "We have reached a deal"."""
        at, pair = group.first - 1, self._parties.pair
        if at > 0 and s.units[at].low == "they" and not group.passive:
            found = self.only(self._parties.within(s, 0, at))  # "A and B announced that they have signed"
            return found if len(found) == 2 else []
        if group.passive or at < 0 or s.units[at].low != "we" or len(pair) != 2:
            return []
        people = [
            p for i in range(len(s.units)) for p in self._parties.participant(s, i) if p.role == "person"
        ]
        if not {p.name for p in self._parties.governments(people, s)} & {p.name for p in pair}:
            return []
        unit = s.units[at]
        note = f"coreference: {unit.text} = the sides told before"
        return [
            replace(
                p, text=unit.text, start=unit.start, end=unit.end, inferred=True,
                derivation=f"{note}, {p.text}",
            )
            for p in pair
        ]  # fmt: skip

    @staticmethod
    def only(arguments: list[Argument]) -> list[Argument]:
        """Return those of `arguments` that are parties, no people."""
        return [a for a in arguments if a.role == "party"]

    def own(self, s: Sentence, left: int) -> list[Argument]:
        """Return who the sentence is about, for "the trade agreement with the United States"."""
        return [a for a in self._parties.within(s, 0, left or len(s.units)) if a.role == "party"][:1]


def is_deal(s: Sentence, i: int) -> bool:
    """Return whether unit `i` is a noun for an agreement."""
    return s.units[i].has("agreement") and not s.units[i].kind
