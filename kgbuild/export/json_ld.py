"""Quads as JSON-LD 1.1 with short names, typed values and labels by language; and the context for it.

Source: JSON-LD 1.1, sections 4.1 (contexts), 4.2.3 (types), 4.6.2 (language maps), 4.9 (named graphs).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from kgbuild.export.quads import About, Quads
from kgbuild.model import Literal, Term
from kgbuild.resources import data_dir
from kgbuild.terms import (
    ANNOTATION_PROPERTIES,
    CLASSES,
    DATA_PROPERTIES,
    NS,
    OBJECT_PROPERTIES,
    PREFIXES,
    RDF,
    RDF_TYPE,
    RDFS,
    SKOS,
    XSD,
    compact,
)

CONTEXT_FILE: Final = "context.jsonld"  #: in ontology/, and so in the wheel
CONTEXT_IRI: Final = "https://w3id.org/kgbuild/context.jsonld"
_KEYWORDS: Final = {"id": "@id", "type": "@type", "graph": "@graph"}
#: Texts for people, by language.
_LABELS: Final = {
    "label": RDFS + "label",
    "comment": RDFS + "comment",
    "prefLabel": SKOS + "prefLabel",
    "altLabel": SKOS + "altLabel",
    "hiddenLabel": SKOS + "hiddenLabel",
    "definition": SKOS + "definition",
    "example": SKOS + "example",
    "scopeNote": SKOS + "scopeNote",
}
_WHOLE: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")  # a JSON number that every reader keeps as it is
_WHOLE_TYPES: Final = frozenset(XSD + n for n in ("integer", "nonNegativeInteger", "positiveInteger"))
#: IRIs that JSON-LD has other means for.
_UNSAID: Final = frozenset({RDF_TYPE, RDF + "langString", XSD + "string"})
_PLAIN: Final = frozenset({XSD + "string", XSD + "boolean"})


class _Entry(NamedTuple):
    name: str
    type: str  #: "@id", "@language" for labels, the datatype that values have unless they say another, or ""


def full_context(ranges: Mapping[str, str]) -> dict[str, Any]:
    """Return the context for the whole vocabulary; `ranges`: IRI of a data property -> datatype."""
    return _context(_entries(ranges).items(), sorted(PREFIXES))


def read_context() -> dict[str, Any]:
    """Return the context that ships. Raises ResourceError where the folder is missing."""
    text = (data_dir("ontology") / CONTEXT_FILE).read_text("utf-8")
    context: dict[str, Any] = json.loads(text)["@context"]
    return context


def _entries(ranges: Mapping[str, str]) -> dict[str, _Entry]:
    """Return what the context says of each IRI of the vocabulary."""
    found = {iri: _Entry(name, "@language") for name, iri in _LABELS.items()}
    # A term cannot be the beginning of short names and a property at once.
    free = {name: name if name not in PREFIXES else f"kg:{name}" for name in OBJECT_PROPERTIES}
    free |= {name: name if name not in PREFIXES else f"kg:{name}" for name in DATA_PROPERTIES}
    for name in sorted(OBJECT_PROPERTIES | ANNOTATION_PROPERTIES):
        found[NS + name] = _Entry(free.get(name, name), "@id")
    for name in ("demonym", "metonym"):
        found[NS + name] = _Entry(name, "@language")
    for name in sorted(DATA_PROPERTIES):
        datatype = ranges.get(NS + name, "")
        found[NS + name] = _Entry(free[name], "" if datatype in _PLAIN else datatype)
    for name in sorted(CLASSES):
        found[NS + name] = _Entry(name, "")
    return found


def _context(entries: Any, prefixes: list[str]) -> dict[str, Any]:
    context: dict[str, Any] = {"@version": 1.1, **_KEYWORDS}
    context |= {prefix: PREFIXES[prefix] for prefix in prefixes}
    for iri, entry in sorted(entries, key=lambda item: item[1].name):
        if entry.type == "@language":
            context[entry.name] = {"@id": compact(iri), "@container": "@language"}
        elif entry.type:
            kind = entry.type if entry.type == "@id" else compact(entry.type)
            context[entry.name] = {"@id": compact(iri), "@type": kind}
        else:
            context[entry.name] = compact(iri)
    return context


def _shipped_entries() -> dict[str, _Entry]:
    """Return the entries of the context that ships, by IRI."""
    found: dict[str, _Entry] = {}
    for name, value in read_context().items():
        if name.startswith("@") or name in _KEYWORDS or name in PREFIXES:
            continue
        short = value if isinstance(value, str) else value["@id"]
        prefix, _, local = short.partition(":")
        kind = ""
        if isinstance(value, dict):
            kind = "@language" if "@container" in value else value["@type"]
            if ":" in kind:
                kind = PREFIXES[kind.partition(":")[0]] + kind.partition(":")[2]
        found[PREFIXES[prefix] + local] = _Entry(name, kind)
    return found


def json_ld(quads: Quads) -> Iterator[str]:
    """Yield the lines of a JSON-LD 1.1 document; named graphs come last, by name.

    The context is part of the document, so that no reader needs the network: of the context that ships it
    has what the document uses.
    """
    names = _Names(quads)
    yield f'{{\n"@context": {_pretty(names.context())},\n"graph": ['
    between = "\n"
    for subject, about in quads.default().subjects():
        yield between + names.node(subject, about, "")
        between = ",\n"
    for name, graph in quads.by_graph():
        yield f'{between}{{"id": {_json(names.short(quads.iri(name)))}, "graph": ['
        between = "\n"
        for subject, about in graph.subjects():
            yield between + names.node(subject, about, "  ")
            between = ",\n"
        yield "\n]}"
    yield "\n]\n}\n"


class _Names:
    """Short names of terms; without those that some IRI has as its scheme: a reader would expand it."""

    def __init__(self, quads: Quads) -> None:
        self._quads = quads
        self._type = quads.number(RDF_TYPE)
        self._short: dict[str, str] = {}
        self._prefixes: set[str] = set()
        self._taken = {iri.partition(":")[0] for iri in map(_iri_in, quads.terms)}
        vocabulary: set[int] = set()
        nodes = bytearray(len(quads.terms))  # which terms stand where a node does
        for s, p, o, graph in quads.quads():
            vocabulary.add(p)
            if p == self._type:
                vocabulary.add(o)
            nodes[s] = nodes[o] = 1
            if graph >= 0:
                nodes[graph] = 1
        used = {iri for number in vocabulary if isinstance(iri := quads.terms[number], str)}
        self._entries = {
            iri: entry
            for iri, entry in _shipped_entries().items()
            if iri in used
            and not ({entry.name.partition(":")[0], *self._prefixes_of(entry, iri)} & self._taken)
        }
        for number, term in enumerate(quads.terms):
            iri = _iri_in(term)
            if (isinstance(term, str) and nodes[number]) or (iri not in _UNSAID and iri not in self._entries):
                self.short(iri)
        for iri, entry in self._entries.items():
            self._prefixes |= self._prefixes_of(entry, iri)

    @staticmethod
    def _prefixes_of(entry: _Entry, iri: str) -> set[str]:
        """Return the prefixes that the entry needs in the context."""
        kinds = [compact(entry.type)] if entry.type and not entry.type.startswith("@") else []
        return {name.partition(":")[0] for name in (compact(iri), *kinds)}

    def context(self) -> dict[str, Any]:
        return _context(self._entries.items(), sorted(self._prefixes))

    def short(self, iri: str) -> str:
        """Return `iri` as a short IRI where a prefix can be used."""
        known = self._short.get(iri)
        if known is None:
            known = iri if iri.startswith("_:") else compact(iri).strip("<>")
            prefix = known.partition(":")[0]
            if known != iri:
                if prefix in self._taken:
                    known = iri
                else:
                    self._prefixes.add(prefix)
            self._short[iri] = known
        return known

    def node(self, subject: int, about: About, indent: str) -> str:
        """Return one thing as a JSON object, a property a line where there are several."""
        quads = self._quads
        node: dict[str, object] = {"id": self.short(quads.iri(subject))}
        types = [quads.terms[o] for o in about.get(self._type, ())]
        iris = [iri for iri in types if isinstance(iri, str)]
        if iris:
            node["type"] = _single([self._class(iri) for iri in iris])
        others = [value for value in types if not isinstance(value, str)]
        if others:
            node[RDF_TYPE] = _single([self._value(value, "") for value in others])
        for p in sorted(about.keys() - {self._type}, key=self._order):
            node.update(self._property(quads.iri(p), [quads.terms[o] for o in about[p]]))
        inside = f",\n{indent} ".join(f"{_json(key)}: {_json(value)}" for key, value in node.items())
        return f"{indent}{{{inside}}}"

    def _order(self, predicate: int) -> tuple[bool, str]:
        iri = self._quads.iri(predicate)
        entry = self._entries.get(iri)
        return (iri != _LABELS["label"], entry.name if entry else iri)

    def _class(self, iri: str) -> str:
        entry = self._entries.get(iri)
        return entry.name if entry and not entry.type else self.short(iri)

    def _property(self, iri: str, values: list[Term]) -> dict[str, object]:
        entry = self._entries.get(iri)
        if entry is None:
            return {self.short(iri): _single([self._value(value, "") for value in values])}
        if entry.type != "@language":
            return {entry.name: _single([self._value(value, entry.type) for value in values])}
        maps: dict[str, list[str]] = {}
        others: list[Term] = []
        for value in values:
            if isinstance(value, Literal) and (value.language or value.datatype == XSD + "string"):
                maps.setdefault(value.language or "@none", []).append(value.value)
            else:
                others.append(value)
        found: dict[str, object] = {}
        if maps:
            found[entry.name] = {language: _single([*maps[language]]) for language in sorted(maps)}
        if others:
            found[iri] = _single([self._value(value, "") for value in others])
        return found

    def _value(self, value: Term, kind: str) -> object:
        """Return a value below a property whose values are of this `kind` by the context."""
        if isinstance(value, str):
            return self.short(value) if kind == "@id" else {"id": self.short(value)}
        if value.language:
            return {"@value": value.value, "@language": value.language}
        if value.datatype in _WHOLE_TYPES and kind == value.datatype and _WHOLE.fullmatch(value.value):
            return int(value.value)
        if not kind and value.datatype == XSD + "integer" and _WHOLE.fullmatch(value.value):
            return int(value.value)
        if not kind and value.datatype == XSD + "boolean" and value.value in {"true", "false"}:
            return value.value == "true"
        if value.datatype == XSD + "string":
            return {"@value": value.value} if kind else value.value
        if value.datatype == kind:
            return value.value
        return {"@value": value.value, "@type": self.short(value.datatype)}


def _iri_in(term: Term) -> str:
    """Return the IRI of a term, or of the datatype of a literal."""
    return term if isinstance(term, str) else term.datatype


def _single(values: list[Any]) -> object:
    return values[0] if len(values) == 1 else values


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _pretty(context: Mapping[str, Any]) -> str:
    inside = ",\n".join(f"  {_json(name)}: {_json(value)}" for name, value in context.items())
    return f"{{\n{inside}\n}}"
