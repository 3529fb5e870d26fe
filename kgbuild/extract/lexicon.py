"""Words and patterns as data: kgbuild/lexicon/*.jsonl, one entry a line with id, forms and example."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from kgbuild.errors import LexiconError
from kgbuild.resources import lexicon_dir

#: Order of the forms of a verb entry.
VERB_FORMS: Final = ("base", "third", "past", "participle", "ing")


@dataclass(frozen=True, slots=True, order=True)
class Tag:
    """One reading of a word or phrase."""

    cls: str  #: class of the entry, e.g. "license.give" or "negation"
    id: str
    action: str = ""  #: verbs: the status or direction it tells
    form: str = ""  #: verbs: one of VERB_FORMS


@dataclass(frozen=True)
class Lexicon:
    """All entries, ready for matching."""

    phrases: Mapping[str, tuple[Tag, ...]]  #: lower-case phrase -> its readings
    words: Mapping[str, frozenset[str]]  #: word lists of words.json, lower case
    cased: Mapping[str, tuple[str, ...]]  #: the same lists as written
    noise_lines: tuple[tuple[str, re.Pattern[str]], ...]
    noise_spans: tuple[tuple[str, re.Pattern[str]], ...]
    digest: str


def read_entries(path: Path, required: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the entries of a .jsonl file. Raises LexiconError naming file, line and what is missing."""
    entries = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except ValueError as err:
            raise LexiconError(f"{path}:{number}: not JSON: {err}") from err
        missing = [key for key in required if not entry.get(key)]
        if missing:
            raise LexiconError(f"{path}:{number}: entry {entry.get('id', '?')!r} lacks {', '.join(missing)}")
        entries.append(entry)
    return entries


def _phrases(folder: Path) -> dict[str, tuple[Tag, ...]]:
    found: defaultdict[str, set[Tag]] = defaultdict(set)
    for entry in read_entries(folder / "verbs.jsonl", ("id", "class", "action", "forms", "example")):
        if len(entry["forms"]) != len(VERB_FORMS):
            raise LexiconError(
                f"{folder / 'verbs.jsonl'}: {entry['id']!r} has {len(entry['forms'])} forms; "
                f"give five: {', '.join(VERB_FORMS)}"
            )
        for form, phrase in zip(VERB_FORMS, entry["forms"], strict=True):
            found[phrase].add(Tag(entry["class"], entry["id"], entry["action"], form))
    for name in ("nouns.jsonl", "cues.jsonl"):
        for entry in read_entries(folder / name, ("id", "class", "forms", "example")):
            for phrase in entry["forms"]:
                found[phrase.lower()].add(Tag(entry["class"], entry["id"]))
    return {phrase: tuple(sorted(tags)) for phrase, tags in found.items()}


@cache
def load_lexicon(folder: Path | None = None) -> Lexicon:
    """Return the lexicon of `folder`, else kgbuild's own. Raises LexiconError on a malformed entry."""
    folder = lexicon_dir() if folder is None else folder
    words = json.loads((folder / "words.json").read_text("utf-8"))
    lists = {key: value for key, value in words.items() if isinstance(value, list)}
    noise = read_entries(folder / "boilerplate.jsonl", ("id", "scope", "pattern", "example"))
    compiled = [(e["scope"], e["id"], re.compile(e["pattern"], re.IGNORECASE)) for e in noise]
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.json*")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return Lexicon(
        phrases=_phrases(folder),
        words={key: frozenset(w.lower() for w in value) for key, value in lists.items()},
        cased={key: tuple(value) for key, value in lists.items()},
        noise_lines=tuple((i, p) for scope, i, p in compiled if scope == "line"),
        noise_spans=tuple((i, p) for scope, i, p in compiled if scope == "span"),
        digest=digest.hexdigest(),
    )
