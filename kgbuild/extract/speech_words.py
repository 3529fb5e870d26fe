"""Verbs and nouns of saying as data: lexicon/speech_verbs.jsonl and lexicon/speech_nouns.jsonl."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kgbuild.extract.lexicon import Lexicon, Tag
from kgbuild.extract.lexicon_files import VERB_FORMS
from kgbuild.extract.units import Sentence


@dataclass(frozen=True, slots=True)
class SpeechVerb:
    """One verb of saying and what may follow it."""

    id: str
    action: str
    takes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A verb of saying in a sentence: units [at, after), the words of its last unit that are not its own."""

    at: int
    after: int
    rest: str  #: "that" of the one unit "noted that", else ""
    tag: Tag
    verbs: tuple[SpeechVerb, ...]

    def taking(self, *kinds: str) -> SpeechVerb | None:
        """Return the first reading that may be followed by one of `kinds`."""
        return next((v for v in self.verbs if v.takes & {*kinds}), None)


@dataclass(frozen=True, slots=True)
class SpeechWords:
    """All verbs and nouns of saying."""

    verbs: Mapping[str, tuple[tuple[tuple[str, ...], str, SpeechVerb], ...]]  #: first word -> words, form
    nouns: Mapping[str, frozenset[str]]  #: noun -> its classes

    def triggers(self, s: Sentence) -> Iterator[Trigger]:
        """Yield the verbs of saying in `s` by their form alone, in order of place."""
        for i, unit in enumerate(s.units):
            if not unit.kind:
                found = self.trigger_at(s, i)
                if found is not None:
                    yield found

    def trigger_at(self, s: Sentence, i: int) -> Trigger | None:
        """Return the verb of saying that starts at unit `i`, by its form alone; the longest one."""
        readings = self.verbs.get(s.units[i].low.partition(" ")[0])
        return _longest(s, i, readings) if readings else None

    def is_noun(self, word: str, *classes: str) -> bool:
        """Return whether the last word of `word` is a noun of one of `classes`."""
        return bool(self.nouns.get(word.rpartition(" ")[2], frozenset()) & {*classes})


def _longest(
    s: Sentence, i: int, readings: tuple[tuple[tuple[str, ...], str, SpeechVerb], ...]
) -> Trigger | None:
    words: list[tuple[str, int]] = []
    for k in range(i, min(i + 3, len(s.units))):
        words += [(word, k) for word in s.units[k].low.split()]
    best = 0
    out: list[tuple[str, SpeechVerb]] = []
    for form_words, form, verb in readings:
        size = len(form_words)
        if size < best or tuple(w for w, _ in words[:size]) != form_words:
            continue
        if size > best:
            best, out = size, []
        out.append((form, verb))
    if not out:
        return None
    last = words[best - 1][1]
    rest = " ".join(w for w, k in words[best:] if k == last)
    if rest not in {"", "that", "to", "of", "for", "on"}:
        return None
    forms = [form for form, _ in out]
    form = next((f for f in ("past", "third", "base", "participle", "ing") if f in forms), forms[0])
    verbs = tuple(dict.fromkeys(v for _, v in out))
    return Trigger(i, last + 1, rest, Tag("saying", verbs[0].id, verbs[0].action, form), verbs)


def load_speech(lexicon: Lexicon) -> SpeechWords:
    """Return the words of saying."""
    return lexicon.made(_speech)


def _speech(lexicon: Lexicon) -> SpeechWords:
    verbs: defaultdict[str, list[tuple[tuple[str, ...], str, SpeechVerb]]] = defaultdict(list)
    for entry in lexicon.entries("speech_verbs.jsonl"):
        verb = SpeechVerb(entry["id"], entry["action"], frozenset(entry["takes"]))
        for form, phrase in zip(VERB_FORMS, entry["forms"], strict=True):
            words = tuple(phrase.split())
            verbs[words[0]].append((words, form, verb))
    nouns: defaultdict[str, set[str]] = defaultdict(set)
    for entry in lexicon.entries("speech_nouns.jsonl"):
        for word in entry["forms"]:
            nouns[word].add(entry["class"])
    return SpeechWords(
        {first: tuple(found) for first, found in verbs.items()},
        {word: frozenset(classes) for word, classes in nouns.items()},
    )
