"""Holders that only their place in a frame gives away: "Indonesia granted Example Indonesia a permit"."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.arguments import named
from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar, VerbGroup
from kgbuild.extract.lexicon import Tag
from kgbuild.extract.license_names import LicenseNames
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.license_projects import modifies, owned_name
from kgbuild.extract.license_scenes import Scene
from kgbuild.extract.units import FIRM, MATERIALS, PLACES, Sentence
from kgbuild.model import Argument

_PLACING: Final = frozenset({"at", "in", "near", "of", "from", "outside"})

#: Words before a name in an aside, whose names are not what the sentence is about.
_LISTING: Final = frozenset({"and", "including", "by", "with", "like"})


class LicenseStrangers:
    """Finds firms that nobody knows around a verb of licensing."""

    def __init__(self, text: str, grammar: Grammar, coreference: Coreference, names: LicenseNames) -> None:
        self._text = text
        self._grammar = grammar
        self._coreference = coreference
        self._names = names

    def find(self, scene: Scene, noun: Noun) -> list[Argument]:
        """Return a firm that only its place in the frame gives away.

        "Indonesia granted Example Indonesia a permit".
        """
        s, frame, group = scene.s, scene.frame, scene.group
        if noun.at < group.verb:
            members = self._names.all_unknown(s, noun.at, group.first)
            if members:
                return members
        if frame.subject == "holder" and frame.noun == "object":
            left, _ = self._grammar.clause(s, group.verb)
            found = None if scene.subject else self._grammar.unknown_name(s, left, group.first - 1)
            placing = _PLACING | (_LISTING if s.units[group.first - 1].text == "," else frozenset())
            placed = found is not None and found[0] > left and s.units[found[0] - 1].low in placing
            found = None if placed else found  # "its unit at Example keeps"
            found = found or self._before_aside(s, group.first - 1, scene.subject)
            found = found or self._of_place(s, group.first - 1)
            found = found or owned_name(s, left, group.first)
            found = found or (None if scene.subject else self._short(s, group.first - 1))
        elif frame.object == "holder" and noun.at > group.verb:
            if _all_capitals(s):
                return []
            high = noun.at - 1
            while high > group.verb and not s.units[high].text[:1].isupper():
                high -= 1
            found = self._grammar.unknown_name(s, group.verb + 1, high)
            found = found or (self._names.behind(s, noun.at, scene.right) if "to" in frame.slots else None)
        else:
            found = self._names.behind(s, group.verb, scene.right) if "to" in frame.slots else None
            slots = (i for i in range(group.verb + 1, scene.right - 1) if s.units[i].low in frame.slots)
            short = (self._short(s, i + 1) for i in slots if frame.slots[s.units[i].low] == "holder")
            found = found or next((f for f in short if f), None)
        if found is None or modifies(self._grammar, s, found, noun):
            return []
        start, end = s.units[found[0]].start, s.units[found[1]].end
        name = self._text[start:end]
        known = self._coreference.known_as(name)
        step = f"short form of {known}" if known else "role in a license frame"
        return [Argument("holder", FIRM, name, start, end, known or name, derivation=step)]

    def _before_aside(self, s: Sentence, close: int, subject: list[int]) -> tuple[int, int] | None:
        """Return a name before an aside that ends with the comma at `close`: "X, its supplier, has lost"."""
        if close < 3 or s.units[close].text != ",":
            return None
        opens = next((k for k in range(close - 1, max(0, close - 14), -1) if s.units[k].text == ","), 0)
        head = s.units[opens + 1]
        aside = head.low in self._grammar.words["relative"] | {"its", "their", "a", "an", "the", "for", "in"}
        if not opens or not aside or any(h < opens for h in subject):
            return None
        first = opens
        while first > 0 and self._grammar.name_word(s.units[first - 1]):
            first -= 1
        known = first == opens or any(u.kind == FIRM for u in s.units[first:opens])
        led = first == 0 or s.units[first - 1].low in {"that", "and", "but", ":", ",", "”"}
        plain = all(u.tags or u.kind or u.low in self._grammar.words["adverbs"] for u in s.units[first:opens])
        return None if known or not led or plain else (first, opens - 1)

    def _of_place(self, s: Sentence, last: int) -> tuple[int, int] | None:
        """Return a name of a place and a metal that ends at unit `last`: "Mali Lithium was granted"."""
        while last > 0 and s.units[last].kind == "Ticker":
            last -= 1
        metal = s.units[last] if last > 0 else None
        if metal is None or metal.kind not in MATERIALS or not metal.text[:1].isupper():
            return None
        place = s.units[last - 1]
        named = place.kind in PLACES and not place.demonym and metal.low in self._grammar.words["firm_words"]
        return (last - 1, last) if named and not _all_capitals(s) else None

    def listed(self, scene: Scene, noun: Noun) -> list[Argument]:
        """Return the firms told apart: "51 titles, among them those of A and of B"."""
        s = scene.s
        for i in range(noun.at + 1, min(len(s.units) - 2, noun.at + 14)):
            among = s.units[i].low == "among" and s.units[i + 1].low == "them"
            if not (among or s.units[i].has("enumeration")) or s.units[i - 1].text != ",":
                continue
            out, k = [], i + 1 + among
            while k < len(s.units) and s.units[k].text not in {".", ";", ":"}:
                unit = s.units[k]
                if unit.kind == FIRM and not self._grammar.possessive(s, k):
                    out.append(named("holder", unit))
                elif unit.text == "," and out and not any(u.kind == FIRM for u in s.units[k + 1 : k + 4]):
                    break
                k += 1
            return out
        return []

    def saw(self, scene: Scene, noun: Noun) -> list[Argument]:
        """Return who is told to see "the" license go: "X, its local arm, saw the license canceled"."""
        s, k = scene.s, noun.first - 1
        if k < 1 or s.units[noun.first].low != "the" or s.units[k].low not in {"saw", "sees", "had", "seen"}:
            return []
        seeing = VerbGroup(k, k, Tag("see", "see", "", "past"), False, False)
        heads = self._grammar.subject(s, seeing)
        return [named("holder", s.units[h]) for h in heads if s.units[h].kind == FIRM]

    def fronted(self, scene: Scene, _noun: Noun) -> list[Argument]:
        """Return the firm that a clause puts first: "For X, the ministry has issued two permits"."""
        s = scene.s
        left, _ = self._grammar.clause(s, scene.group.verb)
        opened = s.units[left].low if left < len(s.units) - 2 else ""
        if scene.frame.slots.get(opened) != "holder" or s.units[left + 1].kind != FIRM:
            return []
        return [named("holder", s.units[left + 1])] if s.units[left + 2].text == "," else []

    def owner(self, scene: Scene, noun: Noun) -> list[Argument]:
        """Return a firm that nobody knows before the license that it owns: "Example's permit expired"."""
        s, i = scene.s, noun.possessor
        if i is None or not self._grammar.possessive(s, i) or s.units[i].kind or s.units[i].tags:
            return []
        if not s.units[i].text[:1].isupper() or len(s.units[i].text) < 4:
            return []
        if _all_capitals(s):
            return []
        found = self._grammar.unknown_name(s, 0, i) or (i, i)
        start, end = s.units[found[0]].start, s.units[found[1]].end
        name = self._text[start:end]
        known = self._coreference.known_as(name)
        return [Argument("holder", FIRM, name, start, end, known or name, derivation="owner of a license")]

    def _short(self, s: Sentence, i: int) -> tuple[int, int] | None:
        """Return the unit before a verb where it is the short form of a firm: "Example loses license"."""
        unit = s.units[i] if i >= 0 else None
        capital = unit is not None and not unit.kind and unit.text[:1].isupper() and len(unit.text) > 3
        known = capital and unit is not None and self._coreference.known_as(unit.text)
        return (i, i) if known or (capital and self._names.repeated(s, i)) else None


def _all_capitals(s: Sentence) -> bool:
    """Return whether every word is written like a name, as in many headlines."""
    return all(u.text[:1].isupper() for u in s.units if u.is_word and len(u.text) > 3)
