"""Shapes as values: what a shapes graph says, read once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from rdflib import RDF, RDFS, Graph, URIRef
from rdflib.collection import Collection as RdfList
from rdflib.namespace import OWL
from rdflib.term import Node

from kgbuild.errors import ShapeError
from kgbuild.validation.report import SH
from kgbuild.validation.shapes import named_shape, path_text, sh

#: Parameter -> constraint component (SHACL, section 4); each value of the parameter is one constraint.
_SINGLE: Final = {
    "class": "Class", "datatype": "Datatype", "nodeKind": "NodeKind", "minCount": "MinCount",
    "maxCount": "MaxCount", "minExclusive": "MinExclusive", "minInclusive": "MinInclusive",
    "maxExclusive": "MaxExclusive", "maxInclusive": "MaxInclusive", "minLength": "MinLength",
    "maxLength": "MaxLength", "uniqueLang": "UniqueLang", "equals": "Equals", "disjoint": "Disjoint",
    "lessThan": "LessThan", "lessThanOrEquals": "LessThanOrEquals", "not": "Not", "node": "Node",
    "property": "Property", "hasValue": "HasValue",
}  # fmt: skip
_LISTS: Final = {"and": "And", "or": "Or", "xone": "Xone", "in": "In", "languageIn": "LanguageIn"}
_TARGETS: Final = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")


@dataclass(frozen=True, slots=True)
class Path:
    """A property path (SHACL, section 2.3.1)."""

    kind: str  #: "predicate", "inverse", "sequence", "alternative", "*", "+" or "?"
    predicate: str = ""
    parts: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint of a shape."""

    component: str  #: name without "ConstraintComponent"
    value: Any  #: an rdflib term, or a tuple of terms for parameters that are lists


@dataclass(slots=True, eq=False)
class Shape:
    """A node or property shape."""

    node: Node
    name: str  #: its IRI, or that of the next shape around it
    path: Path | None
    path_text: str | None
    severity: str
    messages: tuple[str, ...]
    targets: tuple[tuple[str, Node], ...] = ()
    constraints: tuple[Constraint, ...] = ()
    siblings: tuple[Node, ...] = field(default=())  #: qualified shapes beside it, for the disjoint ones


class ShapeReader:
    """Reads the shapes of a graph, each when it is first asked for."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[Node, Shape | None] = {}

    def targeted(self) -> Iterator[Shape]:
        """Yield the active shapes with a target, in order of their names."""
        nodes = {s for name in _TARGETS for s in self._graph.subjects(sh(name))}
        kinds = (sh("NodeShape"), sh("PropertyShape"))
        shapes = {s for kind in kinds for s in self._graph.subjects(RDF.type, kind)}
        for node in shapes:  # a shape that is a class targets its instances
            if any((node, RDF.type, cls) in self._graph for cls in (RDFS.Class, OWL.Class)):
                nodes.add(node)
        for node in sorted(nodes, key=str):
            shape = self.shape(node)
            if shape is not None:
                yield shape

    def shape(self, node: Node) -> Shape | None:
        """Return the shape at `node`; None where it is deactivated."""
        if node not in self._known:
            self._known[node] = self._read(node)
        return self._known[node]

    def _read(self, node: Node) -> Shape | None:
        g = self._graph
        if str(g.value(node, sh("deactivated")) or "").lower() in {"true", "1"}:
            return None
        path = g.value(node, sh("path"))
        targets = [(name, value) for name in _TARGETS for value in g.objects(node, sh(name))]
        is_class = any((node, RDF.type, cls) in g for cls in (RDFS.Class, OWL.Class))
        if is_class and isinstance(node, URIRef):
            targets.append(("targetClass", node))
        return Shape(
            node,
            named_shape(g, node),
            None if path is None else self._path(path),
            None if path is None else path_text(g, path),
            str(g.value(node, sh("severity")) or sh("Violation")).removeprefix(SH),
            tuple(sorted(str(m) for m in g.objects(node, sh("message")))),
            tuple(sorted(targets, key=lambda t: (t[0], str(t[1])))),
            tuple(self._constraints(node)),
            self._siblings(node),
        )

    def _constraints(self, node: Node) -> Iterator[Constraint]:
        g = self._graph
        for name, component in _SINGLE.items():
            for value in sorted(g.objects(node, sh(name)), key=str):
                if name != "uniqueLang" or str(value) == "true":
                    yield Constraint(component, value)
        for name, component in _LISTS.items():
            for head in sorted(g.objects(node, sh(name)), key=str):
                yield Constraint(component, tuple(RdfList(g, head)))
        flags = str(g.value(node, sh("flags")) or "")
        for pattern in sorted(g.objects(node, sh("pattern")), key=str):
            yield Constraint("Pattern", (str(pattern), flags))
        if str(g.value(node, sh("closed")) or "").lower() in {"true", "1"}:
            yield Constraint("Closed", self._allowed(node))
        for shape in sorted(g.objects(node, sh("qualifiedValueShape")), key=str):
            disjoint = str(g.value(node, sh("qualifiedValueShapesDisjoint")) or "").lower() in {"true", "1"}
            for name, component in (
                ("qualifiedMinCount", "QualifiedMinCount"),
                ("qualifiedMaxCount", "QualifiedMaxCount"),
            ):
                for count in g.objects(node, sh(name)):
                    yield Constraint(component, (shape, int(str(count)), disjoint))

    def _allowed(self, node: Node) -> tuple[Node, ...]:
        g = self._graph
        paths = {g.value(p, sh("path")) for p in g.objects(node, sh("property"))}
        ignored = {t for head in g.objects(node, sh("ignoredProperties")) for t in RdfList(g, head)}
        return tuple(sorted((t for t in paths | ignored if isinstance(t, URIRef)), key=str))

    def _siblings(self, node: Node) -> tuple[Node, ...]:
        """Return the qualified shapes of the properties beside this one (SHACL, section 4.7.3)."""
        g = self._graph
        mine = set(g.objects(node, sh("qualifiedValueShape")))
        if not mine:
            return ()
        beside = {p for owner in g.subjects(sh("property"), node) for p in g.objects(owner, sh("property"))}
        found = {q for p in beside for q in g.objects(p, sh("qualifiedValueShape"))}
        return tuple(sorted(found - mine, key=str))

    def _path(self, node: Node) -> Path:
        g = self._graph
        if isinstance(node, URIRef):
            return Path("predicate", str(node))
        if (node, RDF.first, None) in g:
            return Path("sequence", parts=tuple(self._path(p) for p in RdfList(g, node)))
        for name, kind in (
            ("inversePath", "inverse"),
            ("zeroOrMorePath", "*"),
            ("oneOrMorePath", "+"),
            ("zeroOrOnePath", "?"),
        ):
            inner = g.value(node, sh(name))
            if inner is not None:
                return Path(kind, parts=(self._path(inner),))
        choice = g.value(node, sh("alternativePath"))
        if choice is not None:
            return Path("alternative", parts=tuple(self._path(p) for p in RdfList(g, choice)))
        raise ShapeError(f"{node} is no property path")
