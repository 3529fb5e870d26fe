"""Holders that only their place in a frame gives away: "Indonesia granted Example Indonesia a permit"."""

from __future__ import annotations

from kgbuild.extract.coreference import Coreference
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.license_names import LicenseNames
from kgbuild.extract.license_nouns import Noun
from kgbuild.extract.license_projects import modifies, owned_name
from kgbuild.extract.license_scenes import Scene
from kgbuild.extract.units import FIRM, Sentence
from kgbuild.model import Argument


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
        if frame.subject == "holder" and frame.noun == "object":
            left, _ = self._grammar.clause(s, group.verb)
            found = None if scene.subject else self._grammar.unknown_name(s, left, group.first - 1)
            found = found or owned_name(s, left, group.first)
            found = found or (None if scene.subject else self._short(s, group.first - 1))
        elif frame.object == "holder" and noun.at > group.verb:
            if all(u.text[:1].isupper() for u in s.units if u.is_word and len(u.text) > 3):
                return []  # in a headline every word is written like a name
            high = noun.at - 1
            while high > group.verb and not s.units[high].text[:1].isupper():
                high -= 1
            found = self._grammar.unknown_name(s, group.verb + 1, high)
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

    def _short(self, s: Sentence, i: int) -> tuple[int, int] | None:
        """Return the unit before a verb where it is the short form of a firm: "Example loses license"."""
        unit = s.units[i] if i >= 0 else None
        capital = unit is not None and not unit.kind and unit.text[:1].isupper() and len(unit.text) > 3
        known = capital and unit is not None and self._coreference.known_as(unit.text)
        return (i, i) if known else None
