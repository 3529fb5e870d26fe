"""The reference data of packs: a class, an English name, known terms, and names that are one thing's only."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kgbuild.errors import OntologyError
from kgbuild.extract.lexicon_files import Finding
from kgbuild.link import FAMILIES
from kgbuild.model import Entity, Literal, Triple
from kgbuild.ontology import Ontology, parse_turtle
from kgbuild.terms import (
    ANNOTATION_PROPERTIES,
    CLASSES,
    DATA_PROPERTIES,
    ID,
    KG,
    NS,
    OBJECT_PROPERTIES,
    RDF_TYPE,
    SKOS,
    SKOS_PREF,
    compact,
)

_PROPERTIES: Final = OBJECT_PROPERTIES | DATA_PROPERTIES | ANNOTATION_PROPERTIES
_BODIES: Final = frozenset({"Government", "Regulator", "PublicBody"})
_NAMES: Final = frozenset(
    {SKOS_PREF, SKOS + "altLabel", SKOS + "hiddenLabel", NS + "demonym", NS + "metonym"}
)
_PREFIX: Final = re.compile(r"^\s*@?prefix\s+([\w.-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_PLACE: Final = re.compile(r":(\d+)(?::\d+)?: (.*)", re.DOTALL)


@dataclass(frozen=True)
class ReferenceFile:
    """One Turtle file of a pack."""

    path: Path
    triples: tuple[Triple, ...]
    text: str

    def line(self, subject: str, *then: str) -> int:
        """Return the line where `subject` is described, or there the first behind it with one of `then`."""
        at = self._find(subject, 0, opening=True)
        for value in then:
            found = self._find(value, at)
            if found >= 0:
                return self.text.count("\n", 0, found) + 1
        return self.text.count("\n", 0, max(at, 0)) + 1

    def _find(self, value: str, after: int, *, opening: bool = False) -> int:
        written = [f"<{value}>", f'"{value}"']
        for prefix, base in _PREFIX.findall(self.text):
            if value.startswith(base):
                written.append(f"{prefix}:{value[len(base) :]}")
        start = r"^[ \t]*" if opening else r"(?<![\w:-])"
        words = "|".join(map(re.escape, written))
        found = re.compile(rf"{start}(?:{words})(?![\w-])", re.MULTILINE).search(self.text, max(after, 0))
        return found.start() if found else -1


def read_reference(paths: Sequence[Path]) -> tuple[list[ReferenceFile], list[Finding]]:
    """Return the files that are Turtle, and where the others are not."""
    files, findings = [], []
    for path in paths:
        try:
            files.append(ReferenceFile(path, tuple(parse_turtle(path)), path.read_text("utf-8", "replace")))
        except OntologyError as err:
            rest = str(err).removeprefix(str(path))
            place = _PLACE.match(rest)
            line, what = (int(place[1]), place[2]) if place else (0, rest.lstrip(": "))
            findings.append(Finding(path, line, "", what))
        except OSError as err:
            findings.append(Finding(path, 0, "", f"cannot be read: {err.strerror}"))
    return files, findings


def check_reference(files: Sequence[ReferenceFile], own: Ontology, all_: Ontology) -> list[Finding]:
    """Return what is wrong with the things of `files`; `own` is kgbuild's ontology, `all_` has packs too."""
    described: defaultdict[str, list[tuple[str, object]]] = defaultdict(list)
    for file in files:
        for subject, predicate, value in file.triples:
            described[subject].append((predicate, value))
    findings: list[Finding] = []
    for file in files:
        for subject in sorted({s for s, _, _ in file.triples}):
            problems = [
                *_nature(subject, described[subject], own),
                *_terms(file, subject, all_),
                *_ambiguous(file, subject, all_),
            ]
            for problem, *then in problems:
                findings.append(Finding(file.path, file.line(subject, *then), compact(subject), problem))
    return sorted(set(findings))


def _nature(subject: str, said: Iterable[tuple[str, object]], own: Ontology) -> Iterator[tuple[str, ...]]:
    classes = sorted({v for p, v in said if p == RDF_TYPE and isinstance(v, str)})
    labels = sorted(
        {v.value for p, v in said if p == SKOS_PREF and isinstance(v, Literal) and v.language == "en"}
    )
    unknown = [c for c in classes if not c.startswith(NS) or c[len(NS) :] not in CLASSES]
    for cls in unknown:
        yield f"class {compact(cls)} is not in the ontology; {_near(cls, CLASSES, 'kg:Firm')}", cls
    known = own.kind(subject)
    if known:
        if classes and classes != [NS + known]:
            yield f"is kg:{known} in kgbuild's own data; give it no other class", classes[0]
        if labels and labels != [own.label(subject)]:
            yield f"is called {own.label(subject)!r} in kgbuild's own data; use skos:altLabel", labels[0]
        return
    if len(classes) != 1:
        what = f"has the classes {', '.join(map(compact, classes))}" if classes else "has no class"
        yield (f"{what}; give one, such as `a kg:Firm`",)
    if len(labels) != 1:
        what = "has several preferred English labels" if labels else "has no preferred English label"
        yield (f'{what}; give one: skos:prefLabel "Name"@en',)


def _terms(file: ReferenceFile, subject: str, all_: Ontology) -> Iterator[tuple[str, ...]]:
    things = {s for s, _, _ in all_.triples}
    for s, predicate, value in file.triples:
        if s != subject or predicate == RDF_TYPE:
            continue
        name = predicate[len(NS) :] if predicate.startswith(NS) else ""
        shown = compact(predicate)
        if name and name not in _PROPERTIES:
            yield f"the ontology has no property {shown}; {_near(predicate, _PROPERTIES, '')}", predicate
        elif name in OBJECT_PROPERTIES and isinstance(value, Literal):
            yield f"{shown} takes a thing, such as place:ganzhou, and no text ({value.value!r})", value.value
        elif isinstance(value, str) and value.startswith(ID) and value not in things:
            near = difflib.get_close_matches(value, sorted(things), 1)
            advice = f"is it {compact(near[0])}?" if near else "describe it too"
            yield f"{shown}: nothing is said of {compact(value)}; {advice}", value
        elif predicate in _NAMES and not isinstance(value, Literal):
            yield f"{shown} takes a text in quotes", value


def _near(iri: str, terms: frozenset[str], example: str) -> str:
    near = difflib.get_close_matches(iri.rpartition("#")[2], sorted(terms), 1)
    if near:
        return f"is it kg:{near[0]}?"
    return f"use one of kg:, such as {example}" if example else "ontology/core.ttl has those there are"


def _ambiguous(file: ReferenceFile, subject: str, all_: Ontology) -> Iterator[tuple[str, ...]]:
    kind = all_.kind(subject)
    family = next((f for f in FAMILIES if kind in f), frozenset({kind}))
    names = {v.value for s, p, v in file.triples if s == subject and p in _NAMES and isinstance(v, Literal)}
    for name in sorted(names):
        others = [
            e for e in all_.by_name(name)
            if e.iri != subject and e.kind in family and not _elsewhere(subject, kind, e, all_)
        ]  # fmt: skip
        if others:
            whose = " and ".join(f"{compact(e.iri)} ({e.label})" for e in others)
            yield f"the name {name!r} is ambiguous: {whose} has it too; give a longer one", name


def _elsewhere(subject: str, kind: str, other: Entity, all_: Ontology) -> bool:
    """Return whether two bodies govern different places: the text tells one ministry from the other."""
    if kind not in _BODIES:
        return False
    mine, theirs = all_.objects(subject, KG.governs), all_.objects(other.iri, KG.governs)
    return bool(mine and theirs) and not {*mine} & {*theirs}


def individuals(files: Sequence[ReferenceFile]) -> Mapping[str, int]:
    """Return the number of things described in each file."""
    return {str(f.path): len({s for s, _, _ in f.triples}) for f in files}
