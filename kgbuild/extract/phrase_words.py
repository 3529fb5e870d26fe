"""Words and phrases that one reader looks for in the units of a sentence, from a lexicon file of its own.

Unlike the shared lexicon they form no units and give no word classes to other readers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kgbuild.extract.lexicon import Lexicon, Tag
from kgbuild.extract.lexicon_files import VERB_FORMS
from kgbuild.extract.units import Sentence

_LONGEST: Final = 6  #: words of the longest phrase


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in a sentence: units [first, last]."""

    first: int
    last: int
    tag: Tag

    def has(self, cls: str) -> bool:
        """Return whether it is of this class or below it."""
        return self.tag.cls == cls or self.tag.cls.startswith(cls + ".")


class Readings:
    """The phrases found in one sentence, by the unit they start at."""

    def __init__(self, found: list[Found]) -> None:
        self._first: defaultdict[int, list[Found]] = defaultdict(list)
        self._last: defaultdict[int, list[Found]] = defaultdict(list)
        for one in found:
            self._first[one.first].append(one)
            self._last[one.last].append(one)
        self.all = found

    def of(self, cls: str) -> Iterator[Found]:
        """Yield the phrases of a class in order of place, the longest first."""
        return (f for f in self.all if f.has(cls))

    def at(self, i: int, cls: str) -> Found | None:
        """Return the longest phrase of the class that starts at unit `i`."""
        return next((f for f in self._first.get(i, ()) if f.has(cls)), None)

    def ending(self, i: int, cls: str) -> Found | None:
        """Return the longest phrase of the class whose last unit is `i`."""
        return next((f for f in self._last.get(i, ()) if f.has(cls)), None)

    def between(self, low: int, high: int, cls: str) -> list[Found]:
        """Return the phrases of the class that start in units [low, high)."""
        return [f for f in self.all if low <= f.first < high and f.has(cls)]


class PhraseWords:
    """The entries of one lexicon file, ready to be looked for."""

    def __init__(self, phrases: dict[str, tuple[Tag, ...]]) -> None:
        self._phrases = phrases
        self._openers = frozenset(phrase.partition(" ")[0] for phrase in phrases)

    def find(self, s: Sentence) -> Readings:
        """Return all phrases of `s`. Names, dates and amounts are no part of a phrase."""
        lows = [unit.low for unit in s.units]
        found: list[Found] = []
        for i, low in enumerate(lows):
            if low.partition(" ")[0] not in self._openers or s.units[i].kind:
                continue
            here: list[Found] = []
            words = ""
            for k in range(i, min(i + _LONGEST, len(lows))):
                if k > i and s.units[k].kind:
                    break
                words = f"{words} {lows[k]}" if words else lows[k]
                here.extend(Found(i, k, tag) for tag in self._phrases.get(words, ()))
            found.extend(reversed(here))
        return Readings(found)


def load_phrase_words(lexicon: Lexicon, name: str) -> PhraseWords:
    """Return the phrases of the lexicon file `name`."""
    return lexicon.made(_phrase_words, name)


def _phrase_words(lexicon: Lexicon, name: str) -> PhraseWords:
    phrases: defaultdict[str, list[Tag]] = defaultdict(list)
    for entry in lexicon.entries(name):
        cls, id_, action = entry["class"], entry["id"], entry.get("action")
        for form, phrase in zip(VERB_FORMS, entry.get("verb", ()), strict=False):
            phrases[_spaced(phrase)].append(Tag(cls, id_, action, form))
        if "verb" not in entry:
            for phrase in entry["forms"]:
                phrases[_spaced(phrase)].append(Tag(cls, id_, action))
    return PhraseWords({phrase: tuple(tags) for phrase, tags in phrases.items()})


def _spaced(phrase: str) -> str:
    """Return a phrase as its tokens stand in a sentence: hyphens, possessives and slashes on their own."""
    return phrase.lower().replace("-", " - ").replace("'s", " 's")
