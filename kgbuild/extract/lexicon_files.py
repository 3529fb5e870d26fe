"""The files of the lexicon, own and of packs: what an entry of each must have, and where one lacks it."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kgbuild.resources import lexicon_dir

#: Order of the forms of a verb entry.
VERB_FORMS: Final = ("base", "third", "past", "participle", "ing")
WORDS: Final = "words.json"
VOICES: Final = ("active", "passive")
#: Where the license noun of a frame stands.
NOUN_PLACES: Final = ("object", "subject", "infinitive", "shipment", "shipment-subject", "context")
#: Prepositions whose phrase can fill a role of a frame.
SLOTS: Final = ("to", "for", "from", "by", "of", "on", "with", "among", "held by")
_ROLES: Final = ("holder", "issuer", "destination", "beneficiary", "material")
_EXPECTED: Final = ("action", "polarity", "certainty", *_ROLES)
_CERTAINTIES: Final = ("actual", "planned", "possible", "in-principle")
#: What a verb of saying can be followed by: a clause ("that", only with the word "that!", with it or a
#: finite verb "that-bare"), what stands before it ("post"), a quotation, someone told ("whom"), a noun phrase
#: (of reports "noun-report", of a danger "noun-risk", of what is doubted "noun-doubt"), "to" with the same
#: doer ("to-own"), someone and "to", "of" or "for", "describe ... as", "call the move coercion" ("object").
TAKES: Final = frozenset(
    "that that! that-bare post post-denial quote quotenoun whom noun noun-report noun-risk noun-doubt to-own "
    "whom-to whom-of whom-for of about as object".split()
)
ACTIONS: Final = frozenset(
    "said warned denied urged accused pledged expected praised asked announced".split()
)
NOUN_CLASSES: Final = frozenset("voice human body media firm message channel mutual".split())
_WORD_FIELDS: Final = ("id", "class", "forms", "example")


@dataclass(frozen=True, slots=True)
class FileRules:
    """What an entry of one file has."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    key: tuple[str, ...] = ("id",)  #: what no two entries share
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)  #: what a field may be


_PHRASES: Final = FileRules(("id", "class", "example"), ("action", "forms", "verb"), ("class", "id"))
FILES: Final[Mapping[str, FileRules]] = {
    "verbs.jsonl": FileRules(("id", "class", "action", "forms", "example"), ("silent",)),
    "nouns.jsonl": FileRules(_WORD_FIELDS),
    "cues.jsonl": FileRules(_WORD_FIELDS),
    "frames.jsonl": FileRules(
        ("id", "type", "verbs", "voice", "noun", "example", "expect"),
        ("subject", "object", "certainty", *SLOTS),
        choices={"type": ("license",), "voice": VOICES, "noun": NOUN_PLACES, "certainty": _CERTAINTIES}
        | dict.fromkeys(("subject", "object", *SLOTS), _ROLES),
    ),
    "boilerplate.jsonl": FileRules(
        ("id", "scope", "pattern", "example"), choices={"scope": ("line", "span")}
    ),
    "relations.jsonl": FileRules(_WORD_FIELDS),
    "statistics.jsonl": _PHRASES,
    "disruptions.jsonl": _PHRASES,
    "speech_verbs.jsonl": FileRules(
        ("id", "action", "forms", "takes", "example"), choices={"action": sorted(ACTIONS)}
    ),
    "speech_nouns.jsonl": FileRules(_WORD_FIELDS, choices={"class": sorted(NOUN_CLASSES)}),
}
#: Files whose `forms` are the five of a verb.
_VERB_FILES: Final = frozenset({"verbs.jsonl", "speech_verbs.jsonl"})
#: Files whose classes the rules of kgbuild ask for, so that one of another name would do nothing.
_CLASSED: Final = frozenset(
    {"verbs.jsonl", "nouns.jsonl", "cues.jsonl", "relations.jsonl", "statistics.jsonl", "disruptions.jsonl"}
)
_LISTS: Final = frozenset({"forms", "verb", "takes"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a file."""

    path: Path
    line: int  #: from 1
    fields: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        """Return a field that every entry of its file has."""
        return self.fields[name]

    def get(self, name: str, default: Any = "") -> Any:
        """Return a field that an entry may have."""
        return self.fields.get(name, default)

    def __contains__(self, name: str) -> bool:
        return name in self.fields


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What is wrong in a file, and what would be right."""

    path: Path
    line: int  #: from 1; 0 for the file as a whole
    id: str
    problem: str

    def __str__(self) -> str:
        """Return it as one line: place, id, problem."""
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.id}: {self.problem}" if self.id else f"{place}: {self.problem}"


def read_entries(path: Path) -> tuple[list[Entry], list[Finding]]:
    """Return the entries of a file that have what they must have, and what is wrong with the others."""
    entries: list[Entry] = []
    findings: list[Finding] = []
    rules = FILES[path.name]
    for number, line in enumerate(_lines(path, findings), 1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except ValueError as err:
            findings.append(Finding(path, number, "", f"not JSON: {err}; one object a line"))
            continue
        if not isinstance(fields, dict):
            findings.append(Finding(path, number, "", 'no entry; write {"id": ..., ...} on one line'))
            continue
        problems = list(_problems(path.name, rules, fields))
        findings += [Finding(path, number, str(fields.get("id", "?")), problem) for problem in problems]
        if not problems:
            entries.append(Entry(path, number, fields))
    return entries, findings


def _lines(path: Path, findings: list[Finding]) -> list[str]:
    try:
        return path.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError as err:
        line = path.read_bytes()[: err.start].count(b"\n") + 1
        findings.append(Finding(path, line, "", "not UTF-8; save the file in that encoding"))
    except OSError as err:
        findings.append(Finding(path, 0, "", f"cannot be read: {err.strerror}"))
    return []


def _problems(name: str, rules: FileRules, fields: Mapping[str, Any]) -> Iterator[str]:
    known = (*rules.required, *rules.optional)
    missing = [key for key in rules.required if not fields.get(key)]
    if missing:
        yield f"lacks {', '.join(missing)}; an entry of {name} has {', '.join(rules.required)}"
    for key in sorted(fields.keys() - {*known}):
        yield f"has a field {key!r} that nothing reads; fields are {', '.join(known)}"
    for key in known:
        value = fields.get(key)
        if not value:
            continue
        problem = _wrong_type(key, value)
        if problem:
            yield f"{key}: {problem}"
        elif key in rules.choices and value not in rules.choices[key]:
            yield f"{key} {value!r} is none of {', '.join(rules.choices[key])}"
    if not missing:
        yield from _special(name, fields)


def _wrong_type(key: str, value: Any) -> str:
    """Return why `value` cannot be that of field `key`, or ""."""
    if key in _LISTS:
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            return 'give a list of words, such as ["permit", "permits"]'
        untidy = [v for v in value if v != " ".join(v.split())]
        return f"{untidy[0]!r} has spaces too many" if untidy else ""
    if key == "expect":
        return "" if isinstance(value, dict) else 'give an object, such as {"action": "granted"}'
    return "" if isinstance(value, str) else "give a text in quotes"


def _special(name: str, fields: Mapping[str, Any]) -> Iterator[str]:
    forms = fields.get("verb" if "verb" in fields else "forms")
    if name in _VERB_FILES or "verb" in fields:
        if isinstance(forms, list) and len(forms) != len(VERB_FORMS):
            yield f"has {len(forms)} forms; give five: {', '.join(VERB_FORMS)}"
    elif FILES[name] is _PHRASES and not forms:
        yield "lacks forms; give `forms`, or `verb` with the five of a verb"
    if name in _VERB_FILES or name == "relations.jsonl":
        yield from (f"form {f!r}: write it in lower case" for f in _texts(forms) if f != f.lower())
    if name == "speech_verbs.jsonl":
        unknown = sorted({*_texts(fields["takes"])} - TAKES)
        if unknown:
            yield f"takes: no such complement: {', '.join(unknown)}; they are {', '.join(sorted(TAKES))}"
    if name == "boilerplate.jsonl" and isinstance(fields["pattern"], str):
        try:
            re.compile(fields["pattern"])
        except re.error as err:
            yield f"pattern: no regular expression: {err}"
    if name == "frames.jsonl" and isinstance(fields["expect"], dict):
        yield from _expectations(fields["expect"])


def _expectations(expect: Mapping[str, Any]) -> Iterator[str]:
    if not expect.get("action"):
        yield 'expect: lacks action, such as "granted"'
    for key, value in sorted(expect.items()):
        if key not in _EXPECTED:
            yield f"expect: {key!r} is none of {', '.join(_EXPECTED)}"
        elif key in _ROLES and not isinstance(value, list):
            yield f"expect: {key}: give a list of names"


def _texts(value: object) -> list[str]:
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


def read_words(path: Path) -> tuple[dict[str, list[str]], list[Finding]]:
    """Return the word lists of a words.json, and what is wrong in it."""
    findings: list[Finding] = []
    text = "\n".join(_lines(path, findings))
    try:
        data = json.loads(text) if text or not findings else {}
    except json.JSONDecodeError as err:
        return {}, [Finding(path, err.lineno, "", f"not JSON: {err.msg}")]
    if not isinstance(data, dict):
        return {}, [Finding(path, 1, "", 'no word lists; write {"legal_forms": ["Oyj"]}')]
    found: dict[str, list[str]] = {}
    for key, value in data.items():
        if isinstance(value, str):  # a remark
            continue
        if not isinstance(value, list) or not all(isinstance(w, str) and w.strip() for w in value):
            findings.append(Finding(path, line_of(text, key), key, 'give a list of words, such as ["Oyj"]'))
        else:
            found[key] = value
    return found, findings


def line_of(text: str, key: str) -> int:
    """Return the line of a JSON text where member `key` stands, else 1."""
    at = re.search(re.escape(json.dumps(key, ensure_ascii=False)) + r"\s*:", text)
    return text.count("\n", 0, at.start()) + 1 if at else 1


def foreign_files(folder: Path) -> list[Finding]:
    """Return a finding for each file of a pack's lexicon/ that has no place there."""
    known = [*FILES, WORDS]
    findings = []
    for path in sorted(folder.iterdir()):
        if path.name in known or path.name.startswith("."):
            continue
        if (lexicon_dir() / path.name).is_file():
            what, near = "no pack adds to this file of kgbuild", []
        else:
            what, near = "no file of the lexicon", difflib.get_close_matches(path.name, known, 1)
        advice = f"is it {near[0]}?" if near else f"the files are {', '.join(sorted(known))}"
        findings.append(Finding(path, 0, "", f"{what}; {advice}"))
    return findings


def twice(entries: Iterable[Entry], rules: FileRules) -> Iterator[Finding]:
    """Yield a finding for each entry whose key an earlier one has."""
    first: dict[tuple[str, ...], Entry] = {}
    for entry in entries:
        key = tuple(str(entry[name]) for name in rules.key)
        if key in first:
            other = first[key]
            what = "id" if rules.key == ("id",) else f"id in class {entry['class']!r}"
            yield Finding(
                entry.path, entry.line, str(entry["id"]),
                f"the {what} is taken: {other.path}:{other.line}; choose another",
            )  # fmt: skip
        first.setdefault(key, entry)


def strangers(own: Mapping[str, Sequence[Entry]], added: Mapping[str, Sequence[Entry]]) -> Iterator[Finding]:
    """Yield a finding for each class or action of an added entry that no rule of kgbuild asks for.

    A class below a known one will do ("license.give.mine"), and so will one that a frame names.
    """
    named = {e["verbs"] for files in (own, added) for e in files["frames.jsonl"]}
    for name in sorted(_CLASSED):
        known = {e["class"] for e in own[name]} | (named if name == "verbs.jsonl" else set())
        actions: dict[str, set[str]] = {}
        for e in own[name]:
            actions.setdefault(e["class"].partition(".")[0], set()).add(e.get("action"))
        for e in added[name]:
            place, cls = (e.path, e.line, str(e["id"])), e["class"]
            if not known & set(above(cls)):
                near = difflib.get_close_matches(cls, sorted(known), 1)
                advice = f"is it {near[0]!r}?" if near else f"classes are {', '.join(sorted(known))}"
                if cls.startswith("license.") and name == "verbs.jsonl":
                    advice += " a new class needs a frame in frames.jsonl"
                yield Finding(*place, f"no rule reads class {cls!r}; {advice}")
                continue
            allowed = actions.get(cls.partition(".")[0], set())
            if e.get("action") not in allowed:
                told = ", ".join(sorted(allowed - {""})) or "none"
                yield Finding(*place, f"action {e.get('action')!r} is not one of such verbs: {told}")
    verbs = {c for files in (own, added) for e in files["verbs.jsonl"] for c in above(e["class"])}
    for e in added["frames.jsonl"]:
        if e["verbs"] not in verbs:
            yield Finding(
                e.path, e.line, str(e["id"]), f"no verb is of class {e['verbs']!r}; add one to verbs.jsonl"
            )


def above(cls: str) -> tuple[str, ...]:
    """Return a class and all above it: "license.give" and "license" for "license.give"."""
    parts = cls.split(".")
    return tuple(".".join(parts[:n]) for n in range(len(parts), 0, -1))
