"""Words and patterns as data: kgbuild/lexicon/ and the lexicon/ of packs, one entry a line."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar, TypeVarTuple, cast

from kgbuild.errors import LexiconError
from kgbuild.extract.lexicon_files import (
    FILES,
    VERB_FORMS,
    WORDS,
    Entry,
    Finding,
    foreign_files,
    line_of,
    read_entries,
    read_words,
    strangers,
    twice,
)
from kgbuild.packs import lexicon_folders
from kgbuild.resources import lexicon_dir

_A = TypeVarTuple("_A")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, order=True)
class Tag:
    """One reading of a word or phrase."""

    cls: str  #: class of the entry, e.g. "license.give" or "negation"
    id: str
    action: str = ""  #: verbs: the status or direction it tells
    form: str = ""  #: verbs: one of VERB_FORMS


@dataclass(frozen=True, eq=False)
class Lexicon:
    """All entries, ready for matching; every reader takes its words from the one it is given."""

    folders: tuple[Path, ...]  #: where the entries are from: kgbuild's own folder, then those of packs
    phrases: Mapping[str, tuple[Tag, ...]]  #: lower-case phrase -> its readings
    words: Mapping[str, frozenset[str]]  #: word lists of words.json, lower case
    cased: Mapping[str, tuple[str, ...]]  #: the same lists as written
    noise_lines: tuple[tuple[str, re.Pattern[str]], ...]
    noise_spans: tuple[tuple[str, re.Pattern[str]], ...]
    digest: str
    _entries: Mapping[str, tuple[Entry, ...]] = field(repr=False)
    _made: dict[object, object] = field(default_factory=dict, repr=False)

    def entries(self, name: str) -> tuple[Entry, ...]:
        """Return the entries of the file `name` of all folders, kgbuild's own first."""
        return self._entries[name]

    def made(self, what: Callable[[Lexicon, *_A], _T], *args: *_A) -> _T:
        """Return `what(self, *args)`, called once for the life of this lexicon."""
        key = (what, args)
        if key not in self._made:
            self._made[key] = what(self, *args)
        return cast("_T", self._made[key])


@dataclass(frozen=True)
class Source:
    """What the files say, as far as they can be read, with all that is wrong in them."""

    folders: tuple[Path, ...]
    entries: Mapping[str, tuple[Entry, ...]]
    words: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...]


def read_source(packs: Sequence[Path] = ()) -> Source:
    """Return entries and word lists of kgbuild and of `packs`. Raises PackError for what is no pack."""
    added_folders = lexicon_folders(packs)
    findings = [f for folder in added_folders for f in foreign_files(folder)]
    own = _entries([lexicon_dir()], findings)
    added = _entries(added_folders, findings)
    findings += strangers(own, added)
    entries = {name: (*own[name], *added[name]) for name in FILES}
    for name, rules in FILES.items():
        findings += twice(entries[name], rules)
    words = _words(added_folders, findings)
    return Source((lexicon_dir(), *added_folders), entries, words, tuple(sorted(findings)))


def _entries(folders: Sequence[Path], findings: list[Finding]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {name: [] for name in FILES}
    for folder in folders:
        for name in FILES:
            if (folder / name).is_file() or folder == lexicon_dir():
                entries, wrong = read_entries(folder / name)
                found[name] += entries
                findings += wrong
    return found


def _words(folders: Sequence[Path], findings: list[Finding]) -> dict[str, tuple[str, ...]]:
    """Return the word lists of kgbuild with what `folders` add to them."""
    lists, wrong = read_words(lexicon_dir() / WORDS)
    findings += wrong
    for path in (folder / WORDS for folder in folders if (folder / WORDS).is_file()):
        added, wrong = read_words(path)
        findings += wrong
        for key, more in added.items():
            if key in lists:
                lists[key] = list(dict.fromkeys((*lists[key], *more)))
            else:
                what = f"no rule reads such a list; lists are {', '.join(sorted(lists))}"
                findings.append(Finding(path, line_of(path.read_text("utf-8-sig"), key), key, what))
    return {key: tuple(value) for key, value in lists.items()}


def load_lexicon(packs: Sequence[Path] = ()) -> Lexicon:
    """Return the lexicon of kgbuild with that of `packs`.

    Raises PackError for what is no pack, LexiconError for the first malformed entry: file, line, what would
    be right.
    """
    return _load(tuple(packs)) if packs else _own()


@cache
def _own() -> Lexicon:
    return _load(())


def _load(packs: tuple[Path, ...]) -> Lexicon:
    source = read_source(packs)
    if source.findings:
        more = len(source.findings) - 1
        rest = f" ({more} more: kgbuild lexicon check shows all)" if more else ""
        raise LexiconError(f"{source.findings[0]}{rest}")
    compiled = [
        (e["scope"], e["id"], re.compile(e["pattern"], re.IGNORECASE))
        for e in source.entries["boilerplate.jsonl"]
    ]
    return Lexicon(
        folders=source.folders,
        phrases=_phrases(source.entries),
        words={key: frozenset(w.lower() for w in value) for key, value in source.words.items()},
        cased=source.words,
        noise_lines=tuple((i, p) for scope, i, p in compiled if scope == "line"),
        noise_spans=tuple((i, p) for scope, i, p in compiled if scope == "span"),
        digest=_digest(source.folders),
        _entries=source.entries,
    )


def _phrases(entries: Mapping[str, Sequence[Entry]]) -> dict[str, tuple[Tag, ...]]:
    found: defaultdict[str, set[Tag]] = defaultdict(set)
    for entry in entries["verbs.jsonl"]:
        for form, phrase in zip(VERB_FORMS, entry["forms"], strict=True):
            found[phrase].add(Tag(entry["class"], entry["id"], entry["action"], form))
    for name in ("nouns.jsonl", "cues.jsonl"):
        for entry in entries[name]:
            for phrase in entry["forms"]:
                found[phrase.lower()].add(Tag(entry["class"], entry["id"]))
    return {phrase: tuple(sorted(tags)) for phrase, tags in found.items()}


def _digest(folders: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.glob("*.json*")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
