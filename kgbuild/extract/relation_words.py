"""Words of relations (lexicon/relations.jsonl) and where a sentence has them.

They are kept apart from the other word classes: "in", "for" or "power" must not become units of their own.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from kgbuild.extract.lexicon import Lexicon
from kgbuild.extract.units import MATERIALS, Sentence


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of a class in units [first, end)."""

    cls: str
    id: str
    first: int
    end: int


class RelationWords:
    """Phrases by class."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._phrases: dict[str, list[tuple[tuple[str, ...], str, str]]] = defaultdict(list)
        self._sets: dict[str, set[str]] = defaultdict(set)
        for entry in lexicon.entries("relations.jsonl"):
            for form in entry["forms"]:
                words = tuple(form.lower().split())
                self._sets[entry["class"]].add(" ".join(words))
                self._phrases[words[0]].append((words, entry["class"], entry["id"]))
        for candidates in self._phrases.values():
            candidates.sort(key=lambda c: (-len(c[0]), c[1]))

    def words(self, cls: str) -> frozenset[str]:
        """Return the phrases of a class, lower case."""
        return frozenset(self._sets[cls])

    def hits(self, s: Sentence) -> dict[int, list[Hit]]:
        """Return the phrases that start at each unit, longer ones first."""
        found: dict[int, list[Hit]] = {}
        for i, unit in enumerate(s.units):
            if unit.kind and unit.kind not in MATERIALS:
                continue
            for words, cls, name in self._phrases.get(unit.low.partition(" ")[0], ()):
                end = _reach(s, i, words)
                if end is not None:
                    found.setdefault(i, []).append(Hit(cls, name, i, end))
        return found


def _reach(s: Sentence, i: int, words: tuple[str, ...]) -> int | None:
    """Return the unit behind `words` when they stand at unit `i` and end where a unit ends."""
    if len(words) == 1:
        return i + 1 if s.units[i].low == words[0] else None
    at = 0
    while at < len(words):
        if i >= len(s.units):
            return None
        parts = s.units[i].low.split()
        if tuple(parts) != words[at : at + len(parts)]:
            return None
        at += len(parts)
        i += 1
    return i


def load_relation_words(lexicon: Lexicon) -> RelationWords:
    """Return the words of relations."""
    return lexicon.made(RelationWords)
