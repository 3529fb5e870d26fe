"""What an article has told of measures so far: what "the ban" or "the quotas" points back to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from kgbuild.extract.arguments import named
from kgbuild.extract.measure_nouns import MeasureNouns
from kgbuild.extract.measure_roles import Found, MeasureRoles
from kgbuild.extract.measure_words import family
from kgbuild.extract.units import MATERIALS, Sentence
from kgbuild.model import Argument, Event

#: Control nouns that an article about exports need not explain: "suspended the controls".
_BARE: Final = frozenset({"controls", "curbs", "restrictions", "procedure"})
#: Pronouns that can mean a measure told just before.
PRONOUNS: Final = frozenset({"it", "them", "they"})
#: Words that do not tell what exports are of.
#: Nouns for goods named before: "cut off sales of the metal".
_GOODS: Final = frozenset(
    "metal metals mineral minerals material materials element elements product products goods items ore "
    "ores chip chips magnet magnets machine machines chemical chemicals commodity concentrate alloy".split()
)
#: Rules of duties that need not say on what: "An export duty of 7.5 percent applies."
_IMPLIED: Final = frozenset({"measure-applies", "measure-borne-passive"})
_BACK: Final = 3  #: sentences to look back for them
_PLAIN: Final = frozenset("the all any some such these those its their further future foreign most".split())
_DEFINITE: Final = frozenset({"the", "its", "their", "these", "those", "such", "same", "that", "this"})
#: Words before measures that come on top of those told: their imposer is the same, what they are on is not.
_FURTHER: Final = frozenset({"further", "additional", "more", "new"})


@dataclass(slots=True)
class MeasureMemory:
    """The measures of one article, in the order of its sentences."""

    nouns: MeasureNouns
    roles: MeasureRoles
    about_exports: bool
    _told: list[tuple[str, Event]] = field(default_factory=list)
    _last: int = -9  #: index of the last sentence that told one
    _named_last: int = -9  #: index of the last sentence with a control noun that points back
    _named_family: str = ""
    _sentence: Sentence | None = None  #: the sentence before
    _goods: list[Argument] = field(default_factory=list)  #: goods named last
    _goods_at: int = -9
    _named: dict[str, list[tuple[Argument, ...]]] = field(default_factory=dict)

    def family(self, s: Sentence, noun: int) -> str:
        """Return the family of the measure that unit `noun` names; of "it" that of the measure told last."""
        if s.units[noun].low in PRONOUNS and self._told:
            # "Why was there a ban? China imposed it": the noun of the sentence before
            named = self._named_family if s.index - self._named_last == 1 and s.index - self._last > 1 else ""
            return named or self._told[-1][0]
        # "suspended exports" is what "the ban" means later
        return "ban" if s.units[noun].has("word.export") else family(s.units[noun])

    def fresh(self, s: Sentence) -> bool:
        """Return whether a measure was told in the sentence before or in this one: what "it" can mean."""
        return bool(self._told) and (s.index - self._last <= 1 or s.index - self._named_last <= 1)

    def goods(self, s: Sentence) -> None:
        """Note the goods of the sentence before `s`: what "the metals" can mean."""
        if self._sentence is not None and (found := goods_before(self._sentence, len(self._sentence.units))):
            self._goods, self._goods_at = found, self._sentence.index
        self._sentence = s

    def pointed(self, s: Sentence, found: Found) -> list[Argument]:
        """Return the goods that "the metal", "these products" or "such goods" of a measure stands for."""
        for i in range(max(1, found.low), found.high):
            unit, before = s.units[i], s.units[i - 1]
            stands = unit.low in {"it", "them"} and i + 1 < len(s.units) and s.units[i + 1].low == "under"
            noun = unit.low in _GOODS and not unit.kind and before.low in _DEFINITE
            if not noun and not stands:  # "after placing it under licensing"
                continue
            told = goods_before(s, i - 1)
            if not told and s.index - self._goods_at <= _BACK:
                told = self._goods
            note = f"coreference: {unit.text} = what was named last"
            return [
                replace(a, text=unit.text, start=unit.start, end=unit.end, inferred=True, derivation=note)
                for a in told
            ]
        if (
            found.rule in _IMPLIED
            and s.index - self._goods_at <= 2 * _BACK
            and not goods_before(s, len(s.units))
        ):
            unit, note = s.units[found.noun], "what the sentences before are about"
            return [
                replace(a, text=unit.text, start=unit.start, end=unit.end, inferred=True, derivation=note)
                for a in self._goods
            ]
        return []

    def just_told(self, s: Sentence) -> Event | None:
        """Return the measure that the sentence before told last, None where it told none."""
        return self._told[-1][1] if self._told and s.index - self._last == 1 else None

    def add(self, s: Sentence, noun: int, event: Event) -> None:
        """Note a measure that was told by the control noun at `noun`."""
        taxed = any(a.value == "TariffMeasure" for a in event.of("kind"))
        self._told.append(("tariff" if taxed else self.family(s, noun), event))
        self._last = s.index

    def name(self, s: Sentence, noun: int) -> None:
        """Note what a named export measure is on, told or not: "a year without export quotas for X"."""
        if s.units[noun].has("control") and not s.units[noun].has("control.short"):
            high = self.nouns.reach(s, noun, min(self.nouns.clause_end(s, noun), noun + 9))
            items = tuple(self.roles.items(s, max(0, noun - 3), high))
            self._named.setdefault(family(s.units[noun]), []).append(items)

    def mention(self, s: Sentence) -> None:
        """Note the last short control noun of a sentence: what "it" in the next one can mean."""
        for i, unit in enumerate(s.units):
            if unit.tags and self.nouns.is_short(s, i) and any(k == family(unit) for k, _ in self._told):
                self._named_last, self._named_family = s.index, family(unit)

    def meant(self, s: Sentence, i: int) -> bool:
        """Return whether unit `i` is "the ban" that the article told or named before."""
        stop = s.units[i].has("stop") and not s.units[i].kind and i > 0 and s.units[i - 1].low in _DEFINITE
        if not self.nouns.is_short(s, i) and not (
            stop and all(not t.form or t.cls != "stop" for t in s.units[i].tags)
        ):
            return False
        dated = i > 1 and s.units[i - 1].kind == "Time" and s.units[i - 2].low in _DEFINITE
        if dated and self._told:
            return True  # "hold back the October measures"
        kind, before = family(s.units[i]), s.units[i - 1].low if i else ""
        if self.about_exports and s.units[i].low in _BARE and before in _DEFINITE | _FURTHER:
            return True
        opening = s.units[i].low.endswith("s") and (i == 0 or s.units[i - 1].text == ".")
        known = kind in self._named or any(k == kind for k, _ in self._told) or _told_here(s, i, kind)
        return known and (opening or self.roles.definite(s, i))

    @staticmethod
    def _on_others(s: Sentence, noun: int) -> bool:
        """Return whether the noun says itself what it is on, in other words: "the ban on coal exports"."""
        behind = s.units[noun + 1 : noun + 6]
        if len(behind) < 3 or behind[0].low not in {"on", "of", "for"}:
            return False
        at = next((j for j, u in enumerate(behind) if u.has("word.export")), None)
        between = behind[1:at] if at is not None else []
        return any(u.is_word and not u.kind and not u.tags and u.low not in _PLAIN for u in between)

    def recall(
        self, s: Sentence, found: Found, imposers: list[Argument], items: list[Argument]
    ) -> tuple[list[Argument], list[Argument]]:
        """Return imposers and items, those missing taken from the measure that the noun points back to.

        None is taken where several measures of the kind differ: a guess would be a wrong fact.
        """
        unit = s.units[found.noun]
        ruled = unit.has("rule-word")
        vague = unit.low in PRONOUNS or self.nouns.is_short(s, found.noun) or ruled
        complete = imposers and (items or not vague)
        further = found.noun > 0 and s.units[found.noun - 1].low in _FURTHER
        back = further or found.noun == 0 or unit.low in PRONOUNS or self.roles.definite(s, found.noun)
        if complete or not back:
            return imposers, items

        def taken(argument: Argument) -> Argument:
            note = f"coreference: {unit.text} = {argument.text}, told before"
            return replace(
                argument, text=unit.text, start=unit.start, end=unit.end, inferred=True, derivation=note
            )

        kind = self.family(s, found.noun)
        mine = {a.name for a in (*imposers, *items)}
        mine |= {a.derivation.partition("acts for ")[2] for a in imposers} - {""}
        earlier = [e for k, e in self._told if k == kind]
        if mine and unit.low not in PRONOUNS:  # what the sentence says itself must fit
            earlier = [e for e in earlier if mine & {a.name for a in (*e.of("imposer"), *e.of("item"))}]
        if unit.low in PRONOUNS:
            earlier = earlier[-1:]
        owners = {a.name: a for e in earlier for a in e.of("imposer")}
        if not imposers and len(owners) == 1:
            imposers = [taken(a) for a in owners.values()]
        if self._on_others(s, found.noun):
            return imposers, items
        named = [] if unit.low in PRONOUNS or imposers else [n for n in self._named.get(kind, []) if n]
        lists = [e.of("item") for e in earlier if e.of("item")] or named
        if not items and not further and len({frozenset(a.name for a in one) for one in lists}) == 1:
            items = [taken(a) for a in {a.name: a for a in lists[-1]}.values()]
        return imposers, items


def _told_here(s: Sentence, i: int, kind: str) -> bool:
    """Return whether a verb before unit `i` tells what "the ban" is: "banned exports and relaxed the ban"."""
    if kind != "ban":
        return False
    before = s.units[max(0, i - 24) : i]
    stopped = any(t.cls == "control.do" and t.form for u in before for t in u.tags)
    frozen = any(u.has("measure.accept") or u.has("license.give") for u in before)
    return stopped or (s.units[i].low == "freeze" and frozen and any(u.low == "no" for u in before))


def goods_before(s: Sentence, end: int) -> list[Argument]:
    """Return the goods named last before unit `end`: one name, or those joined as a list."""
    out: list[Argument] = []
    for i in range(end - 1, -1, -1):
        unit = s.units[i]
        if unit.kind in MATERIALS:
            out.append(named("item", unit))
        elif out and unit.low not in {",", "and", "or", "both"}:
            break
    return out[::-1]
