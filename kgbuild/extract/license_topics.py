"""The firm that an article is about: whose license is told where its sentence names nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kgbuild.extract.arguments import named
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.license_scenes import Scene
from kgbuild.extract.units import FIRM, Sentence, Unit
from kgbuild.model import Argument

#: Mentions that make a firm the one that an article is about, and how far it must be ahead of all others.
_OFTEN: Final = 3
_AHEAD: Final = 2
_FEW: Final = 4  #: the most licenses that are told as those of the firm
#: Words before a license that make it one of anybody.
_ANY: Final = frozenset("any no every each such most many several few some other another more".split())
#: Words that describe the firm of the article and no other.
_OWN: Final = frozenset("company firm miner developer group operator producer".split())


def unread(grammar: Grammar, s: Sentence, scene: Scene) -> bool:
    """Return whether words stand before a verb that must be its subject, and that no rule can name."""
    if scene.subject or (scene.noun is not None and scene.noun.anaphor):
        return False
    left, _ = grammar.clause(s, scene.group.verb)
    words = grammar.words
    closed = words["clause_openers"] | words["adverbs"] | words["prepositions"] | {"and", "but", "to", "that"}
    for unit in s.units[left : scene.group.first]:
        if unit.text in {",", ":"}:
            return False
        plain = unit.is_word and not unit.kind and not unit.tags and unit.low not in closed
        if plain and unit.low not in words["determiners"] | words["auxiliaries"]:
            return True
    return False


#: Nouns whose "to" names nobody who is given anything.
_TAKING_TO: Final = frozenset(
    "change changes amendment amendments addition additions objection objections access damage threat "
    "threats answer response reference regard".split()
)


def given_away(grammar: Grammar, scene: Scene) -> bool:
    """Return whether a license goes to somebody whom no rule can name: "was granted to the vendor"."""
    s = scene.s
    for k in range(scene.group.verb + 1, min(scene.right, len(s.units) - 1)):
        if s.units[k].low != "to" or scene.frame.slots.get("to") != "holder":
            continue
        if s.units[k - 1].low in _TAKING_TO:
            continue  # "renewed without any change to the conditions"
        first = s.units[k + 1]
        verb = any(t.form == "base" for t in first.tags)
        named = first.kind or (first.is_word and first.low in grammar.words["determiners"])
        return bool(named) and not verb and first.kind not in {"Time", "Duration", "Quantity"}
    return False


def _many(unit: Unit) -> bool:
    """Return whether a number is more than a few: "38 licenses", not "the remaining two licenses"."""
    value = unit.amount.value if unit.amount is not None else ""
    return unit.kind == "Quantity" and not (value.isdigit() and int(value) <= _FEW)


def _defined(sentences: Sequence[Sentence]) -> str:
    """Return the firm that a notice calls "the Company": 'Example Ltd ("Example" or "the Company")'."""
    for s in sentences:
        for i, unit in enumerate(s.units[:-1]):
            if unit.text != "Company" or not any(u.text == ")" for u in s.units[i + 1 : i + 3]):
                continue
            opened = next((k for k in range(i - 1, max(0, i - 14), -1) if s.units[k].text == "("), 0)
            firms = [u for u in s.units[max(0, opened - 2) : opened] if u.kind == FIRM]
            if firms:
                return firms[-1].name
    return ""


class LicenseTopics:
    """Knows which firm one article is about, if it is about one."""

    def __init__(self, grammar: Grammar, sentences: Sequence[Sentence]) -> None:
        self._grammar = grammar
        counts: Counter[str] = Counter()
        self._first: dict[str, tuple[int, int]] = {}  #: firm -> sentence and unit of its first mention
        for s in sentences:
            if s.kind == "boilerplate":
                continue
            for i, unit in enumerate(s.units):
                if unit.kind == FIRM:
                    counts[unit.name] += 1
                    self._first.setdefault(unit.name, (s.index, i))
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        second = ranked[1][1] if len(ranked) > 1 else 0
        clear = bool(ranked) and ranked[0][1] >= max(_OFTEN - (second == 0), _AHEAD * second)
        self.firm = _defined(sentences) or (ranked[0][0] if clear else "")

    def holder(self, s: Sentence, noun: Noun, told: set[str]) -> list[Argument]:
        """Return the firm of the article as holder of `noun`, where nothing tells of another one.

        `told` are the holders that the article has named so far.
        """
        if not self.firm or (told and self.firm not in told) or not self._single(s, noun):
            return []
        if self._first[self.firm][0] > s.index or self._others(s):
            return []
        unit = s.units[noun.at]
        label = replace(unit, kind=FIRM, name=self.firm)
        step = f"{self.firm} is the firm of the article"
        return [replace(named("holder", label), inferred=True, derivation=step)]

    def _single(self, s: Sentence, noun: Noun) -> bool:
        """Return whether a license is one, or "the" ones told before."""
        if noun.anaphor or noun.shipment:
            return False
        before = s.units[noun.first - 1] if noun.first else None
        opener = s.units[noun.first].low if noun.first < noun.at else (before.low if before else "")
        words = {u.low for u in (*s.units[noun.first : noun.at], *([before] if before else []))}
        if words & _ANY or any(_many(u) for u in s.units[noun.first : noun.at]):
            return False
        counted = s.units[max(0, noun.first - 4) : noun.first]
        if any(u.kind == "Quantity" or u.low in self._grammar.words["parts"] for u in counted):
            return False  # "thousands of these applications"
        definite = opener in self._grammar.words["definite"] - {"both", "all", "that", "this"}
        return definite or not s.units[noun.at].low.endswith("s")

    def _others(self, s: Sentence) -> bool:
        """Return whether `s` names or describes another firm."""
        for unit in s.units:
            if unit.kind == FIRM and unit.name != self.firm:
                return True
            if unit.has("role") and not unit.kind and unit.low not in _OWN:
                return True
            if unit.low in {"whoever", "anyone", "exporters", "companies", "firms", "applicants"}:
                return True
        return False
