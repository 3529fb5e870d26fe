"""Contradictions that one look at a thing shows; HermiT itself says only that there is one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rdflib import OWL, RDF, RDFS, Graph
from rdflib import Literal as RdfLiteral
from rdflib.collection import Collection as RdfList
from rdflib.term import Node

from kgbuild.terms import NS, compact

_STATED: Final = "stated"


@dataclass(frozen=True, slots=True)
class Clash:
    """What cannot be, and the thing it would be true of."""

    thing: Node
    text: str


def clashes(logic: Graph) -> Iterator[Clash]:
    """Yield what classes, functional properties, disjoint properties and ranges do not allow; in no order."""
    above: dict[Node, frozenset[Node | None]] = {
        cls: frozenset(logic.transitive_objects(cls, RDFS.subClassOf))
        for cls in set(logic.subjects(RDF.type, OWL.Class))
    }
    yield from _class_clashes(logic, above)
    yield from _property_clashes(logic)
    yield from _literal_clashes(logic)


def _class_clashes(logic: Graph, above: Mapping[Node, frozenset[Node | None]]) -> Iterator[Clash]:
    """Yield a clash for each thing that two disjoint classes would share, with the triples that say so."""
    groups = [frozenset(RdfList(logic, head)) for head in logic.objects(None, OWL.members)]
    groups += [frozenset(pair) for pair in logic.subject_objects(OWL.disjointWith)]
    reasons: defaultdict[Node, dict[Node | None, str]] = defaultdict(dict)
    for thing, cls, reason in sorted(
        _memberships(logic), key=lambda m: (str(m[0]), m[2] != _STATED, m[2], str(m[1]))
    ):
        for upper in above.get(cls, ()):
            reasons[thing].setdefault(upper, reason)
    for thing, classes in reasons.items():
        for group in groups:
            shared = sorted(group & classes.keys(), key=str)
            for one, two in pairwise(shared):
                yield Clash(
                    thing,
                    f"{_name(thing)} would be both {_name(one)} ({classes[one]}) "
                    f"and {_name(two)} ({classes[two]})",
                )


def _memberships(logic: Graph) -> Iterator[tuple[Node, Node, str]]:
    """Yield (thing, class, reason) for every asserted class and for domain and range of every triple."""
    pairs = list(logic.subject_objects(OWL.inverseOf))
    inverse = dict(pairs) | {b: a for a, b in pairs}
    used = set(logic.predicates())
    domain = {p: logic.value(p, RDFS.domain) or logic.value(inverse.get(p), RDFS.range) for p in used}
    range_ = {p: logic.value(p, RDFS.range) or logic.value(inverse.get(p), RDFS.domain) for p in used}
    for subject, predicate, value in logic:
        if predicate == RDF.type and str(value).startswith(NS):
            yield subject, value, _STATED
        elif str(predicate).startswith(NS):
            said = f"{_name(subject)} {_name(predicate)} {_name(value)}"
            if (cls := domain[predicate]) is not None:
                yield subject, cls, said
            if (cls := range_[predicate]) is not None and not isinstance(value, RdfLiteral):
                yield value, cls, said


def _property_clashes(logic: Graph) -> Iterator[Clash]:
    """Yield a clash for each value that a disjoint or irreflexive property does not allow."""
    for one, two in logic.subject_objects(OWL.propertyDisjointWith):
        for subject, value in logic.subject_objects(one):
            if (subject, two, value) in logic:
                text = f"{_name(subject)} has {_name(value)} both as {_name(one)} and as {_name(two)}"
                yield Clash(subject, text)
    for prop in set(logic.subjects(RDF.type, OWL.IrreflexiveProperty)):
        for subject, value in logic.subject_objects(prop):
            if subject == value:
                yield Clash(subject, f"{_name(subject)} has itself as {_name(prop)}")


def _literal_clashes(logic: Graph) -> Iterator[Clash]:
    """Yield a clash for each literal that a functional or typed property does not allow."""
    for prop in set(logic.subjects(RDF.type, OWL.FunctionalProperty)):
        if (prop, RDF.type, OWL.DatatypeProperty) in logic:
            for subject in set(logic.subjects(prop)):
                values = sorted(str(v) for v in logic.objects(subject, prop))
                if len(values) > 1:
                    text = f"{_name(subject)} has two values of {_name(prop)}: {values[0]} and {values[1]}"
                    yield Clash(subject, text)
    for prop, datatype in logic.subject_objects(RDFS.range):
        if (prop, RDF.type, OWL.DatatypeProperty) in logic:
            for subject, value in logic.subject_objects(prop):
                if isinstance(value, RdfLiteral) and not _fits(value, datatype):
                    text = f"{_name(subject)} {_name(prop)} {value.n3()}: no {_name(datatype)}"
                    yield Clash(subject, text)


def _fits(value: RdfLiteral, datatype: Node) -> bool:
    """Return whether `value` is of the datatype, where decimals and integers count as one."""
    written = str(value.datatype or "").rpartition("#")[2] or "string"
    wanted = str(datatype).rpartition("#")[2]
    numbers = {"decimal", "integer", "nonNegativeInteger", "positiveInteger"}
    return not value.ill_typed and (
        written == wanted or {written, wanted} <= numbers or wanted == "PlainLiteral"
    )


def _name(node: Node | None) -> str:
    return node.n3() if isinstance(node, RdfLiteral) else compact(str(node))
