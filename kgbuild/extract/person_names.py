"""People that no list knows, told by an aside with their office, and people called by one part of their name.

Works on the sentences of one article like `context_names`: units that are found to be one name are joined.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kgbuild.extract.lexicon import Lexicon
from kgbuild.extract.noun_phrases import PRONOUNS
from kgbuild.extract.units import FIRM, Sentence, Unit

PERSON: Final = "Person"
_ASIDE: Final = 9  #: units of an aside in which an office is looked for
_OPENERS: Final = frozenset({"a", "an", "the", "its", "their", "who", "head", "chief"})


class PersonNames:
    """Names people in the sentences of one article."""

    def __init__(self, text: str, sentences: Sequence[Sentence], lexicon: Lexicon) -> None:
        self._text = text
        self._sentences = sentences
        self._lexicon = lexicon
        self._words = lexicon.words

    def join(self) -> None:
        """Turn the units of people found into one unit each, in the sentences themselves."""
        for s in self._sentences:
            for first, last in reversed(list(self._described(s))):
                start, end = s.units[first].start, s.units[last].end
                written = self._text[start:end]
                named = Unit(start, end, written, written.lower(), PERSON, written, via="beside an office")
                s.units[first : last + 1] = [named]
        self._called()

    def _described(self, s: Sentence) -> Iterator[tuple[int, int]]:
        """Yield the units [first, last] of "Jane Doe, a vice minister of commerce," and the like."""
        i = 0
        while i < len(s.units):
            last = i
            while last + 1 < len(s.units) and self._part(s.units[last]) and self._part(s.units[last + 1]):
                last += 1
            if last == i and self._part(s.units[i]) and last + 1 < len(s.units):
                last += _short_firm(s.units[last + 1])  # "Jane Suzuki, a professor": called like a firm
            if self._part(s.units[i]) and 1 <= last - i <= 2 and self._office_behind(s, last):
                yield i, last
            i = last + 1

    def _called_firm(self, unit: Unit, people: dict[str, Unit | None], firms: set[str]) -> bool:
        """Return whether what looks like a firm is a person of the article who is called like it."""
        return _short_firm(unit) and unit.name not in firms and people.get(unit.text) is not None

    def _part(self, unit: Unit) -> bool:
        return (
            unit.text[:1].isupper()
            and not unit.kind
            and not unit.tags
            and unit.text.replace("-", "").isalpha()
            and not unit.text.isupper()
            and unit.low
            not in self._words["determiners"] | self._words["prepositions"] | self._words["firm_words"]
        )

    def _office_behind(self, s: Sentence, last: int) -> bool:
        behind = s.units[last + 1 : last + 2 + _ASIDE]
        if len(behind) < 3 or behind[0].text != ",":
            return False
        opened = behind[1].low in _OPENERS or bool(behind[1].kind)
        for unit in behind[1:]:
            if unit.text in {",", ".", ";", "—"}:
                return False
            if unit.low in self._words["person_nouns"]:
                return opened
        return False

    # ---- later mentions

    def _called(self) -> None:
        """Read one part of a name as the person where it stands alone later on: "Wang said"."""
        people: dict[str, Unit | None] = {}
        firms = {u.name for s in self._sentences for u in s.units if u.kind == FIRM and " " in u.text}
        for s in self._sentences:
            found = [
                (i, u)
                for i, u in enumerate(s.units)
                if (not u.kind and people.get(u.text) and self._alone(s, i))
                or self._called_firm(u, people, firms)
            ]
            for i, unit in found:
                who = people[unit.text]
                if who is not None:
                    via = f"short form of {who.name}"
                    s.units[i] = Unit(unit.start, unit.end, unit.text, unit.low, PERSON, who.name, via=via)
            for unit in s.units:
                if unit.kind == PERSON and " " in unit.text:
                    for word in {unit.text.split()[0], unit.text.split()[-1]}:
                        if self._callable(word):
                            same = people.setdefault(word, unit)
                            if same is not None and same.name != unit.name:
                                people[word] = None  # two people are called so

    def _callable(self, word: str) -> bool:
        low = word.lower()
        closed = self._words["determiners"] | self._words["prepositions"] | self._words["general_words"]
        return (
            len(word) > 1
            and word.replace("-", "").isalpha()
            and low not in self._lexicon.phrases
            and low not in closed | PRONOUNS | self._words["auxiliaries"] | self._words["adverbs"]
        )

    @staticmethod
    def _alone(s: Sentence, i: int) -> bool:
        """Return whether no other capitalized word goes with unit `i`."""
        before = s.units[i - 1] if i else None
        behind = s.units[i + 1] if i + 1 < len(s.units) else None
        beside = behind is not None and behind.text[:1].isupper() and not behind.kind and not behind.tags
        led = (
            before is not None and i > 1 and not before.kind and before.text[:1].isupper() and not before.tags
        )
        return not beside and not led


def _short_firm(unit: Unit) -> bool:
    """Return whether a unit is one word for a firm with a longer name."""
    return unit.kind == FIRM and " " not in unit.text and unit.text != unit.name and unit.text.isalpha()
