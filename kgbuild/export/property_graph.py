"""Triples as a property graph: nodes with columns, edges with a type, for tools that know no RDF."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from kgbuild.model import Literal, Term, Triple
from kgbuild.terms import NS, OWL, RDF, RDF_TYPE, RDFS, RDFS_LABEL, SKOS_PREF, XSD, compact

#: Stands between several values of one property.
BETWEEN: Final = " | "
#: An IRI of these namespaces is a term of a vocabulary: part of a node's description, no node by itself.
_VOCABULARIES: Final = (NS, RDF, RDFS, OWL, XSD)
_INTEGERS: Final = frozenset(
    XSD + name
    for name in (
        "integer nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger long int short byte "
        "unsignedLong unsignedInt unsignedShort unsignedByte"
    ).split()
)
_REALS: Final = frozenset(XSD + name for name in ("decimal", "double", "float"))
_INTEGER: Final = re.compile(r"-?[0-9]{1,18}")  # all of them fit into 64 bits
_REAL: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Column:
    """A property of nodes that has values."""

    iri: str
    name: str  #: unique, without colons: local name of a kg: property, else prefix and local name
    type: str  #: "string", "long", "double" or "boolean"


@dataclass(frozen=True, slots=True)
class Node:
    """A thing."""

    iri: str  #: or "_:" and a number
    label: str
    kinds: tuple[str, ...]  #: short names of its classes, sorted
    values: Mapping[str, str]  #: IRI of the property -> its value, or its values joined


@dataclass(frozen=True, slots=True)
class Edge:
    """An object property between two things."""

    source: str
    target: str
    type: str  #: short name of the property
    iri: str  #: IRI of the property


@dataclass(frozen=True, slots=True)
class PropertyGraph:
    """Nodes and edges in the order of their IRIs, and the columns that nodes may have, by name."""

    columns: tuple[Column, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def property_graph(triples: Iterable[Triple]) -> PropertyGraph:
    """Return the property graph of `triples`.

    A node is whatever is subject of a triple, or object without being a term of a vocabulary. A column holds
    numbers or truth values where each node has at most one, else text.
    """
    labels: dict[str, list[Literal]] = {}
    kinds: dict[str, set[str]] = {}
    values: dict[str, dict[str, set[Term]]] = {}
    edges: set[tuple[str, str, str]] = set()
    for subject, predicate, value in triples:
        about = values.setdefault(subject, {})
        if predicate in {RDFS_LABEL, SKOS_PREF} and isinstance(value, Literal):
            labels.setdefault(subject, []).append(value)
        elif predicate == RDF_TYPE and isinstance(value, str):
            kinds.setdefault(subject, set()).add(short_name(value))
        elif isinstance(value, Literal) or value.startswith(_VOCABULARIES):
            about.setdefault(predicate, set()).add(value)
        else:
            values.setdefault(value, {})
            edges.add((subject, predicate, value))
    nodes = tuple(
        Node(
            iri,
            _label(iri, labels.get(iri, ())),
            tuple(sorted(kinds.get(iri, ()))),
            {predicate: _join(values[iri][predicate]) for predicate in sorted(values[iri])},
        )
        for iri in sorted(values)
    )
    return PropertyGraph(
        _columns(values),
        nodes,
        tuple(Edge(s, o, short_name(p), p) for s, p, o in sorted(edges, key=lambda e: (e[0], e[1], e[2]))),
    )


def short_name(iri: str) -> str:
    """Return a name for people: the local name in kgbuild's vocabulary, a prefixed name, or the whole IRI."""
    if iri.startswith(NS):
        return iri[len(NS) :]
    return compact(iri).strip("<>")


def _label(iri: str, labels: Iterable[Literal]) -> str:
    """Return the English label, else the first one in order of language, else a short IRI."""
    best = min(labels, key=lambda o: (o.language != "en", o.language, o.value), default=None)
    return best.value if best else short_name(iri)


def _join(values: set[Term]) -> str:
    return BETWEEN.join(sorted(v.value if isinstance(v, Literal) else compact(v).strip("<>") for v in values))


def _columns(values: Mapping[str, Mapping[str, set[Term]]]) -> tuple[Column, ...]:
    types: dict[str, str] = {}
    for about in values.values():
        for predicate, found in about.items():
            here = _type(found)
            before = types.setdefault(predicate, here)
            if here != before:
                types[predicate] = "double" if {here, before} == {"long", "double"} else "string"
    names: dict[str, str] = {}
    for predicate in sorted(types, key=lambda iri: (not iri.startswith(NS), iri)):
        name = wanted = re.sub(r"[^\w.-]", "_", short_name(predicate))
        number = 1
        while name in names or name in {"id", "label", "kind"}:
            number += 1
            name = f"{wanted}_{number}"
        names[name] = predicate
    return tuple(Column(names[name], name, types[names[name]]) for name in sorted(names))


def _type(values: set[Term]) -> str:
    if len(values) != 1:
        return "string"
    (value,) = values
    if not isinstance(value, Literal):
        return "string"
    if value.datatype in _INTEGERS and _INTEGER.fullmatch(value.value):
        return "long"
    if value.datatype in _REALS and _REAL.fullmatch(value.value):
        return "double"
    if value.datatype == XSD + "boolean" and value.value in {"true", "false"}:
        return "boolean"
    return "string"
