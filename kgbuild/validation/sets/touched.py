"""Which nodes a change of a graph touches, shape by shape, and validation of those alone.

What a shape finds at a node depends on the triples that its paths and constraints read. For each shape the
nodes are computed whose reading may differ between two graphs, from the triples that differ and from the
later graph: a path whose first steps did not change leads to the same nodes in both. More nodes than needed
may be looked at again, never fewer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from rdflib import Graph
from rdflib.term import Node

from kgbuild.errors import ShapeError
from kgbuild.model import Literal
from kgbuild.rdf_files import Key
from kgbuild.terms import RDF_TYPE
from kgbuild.validation.report import ValidationResult, to_ntriples
from kgbuild.validation.sets.coded_graph import CodedGraph, key_of
from kgbuild.validation.sets.engine import Engine
from kgbuild.validation.sets.paths import pairs
from kgbuild.validation.sets.shape_model import Constraint, Path, Shape, ShapeReader

_DEEPEST: Final = 40
_REPEATED: Final = frozenset({"*", "+"})
_COMPARISONS: Final = frozenset({"Equals", "Disjoint", "LessThan", "LessThanOrEquals"})


def run_again(
    graph: CodedGraph,
    shapes: Graph,
    changed: Iterable[tuple[Key, str, Key]],
    known: Sequence[ValidationResult],
) -> list[ValidationResult]:
    """Return what `run` returns for `graph`, looking only at what `changed` touches.

    `known` is what the same shapes found in an earlier graph, and `changed` the triples that only one of both
    graphs has. Neither graph has blank nodes, and rdfs:subClassOf is the same in both. Raises ShapeError as
    `run` does.
    """
    engine = Engine(graph, ShapeReader(shapes))
    foci = engine.foci()
    touched = Touched(graph, engine, changed)
    entering: dict[Shape, set[int]] = {}
    for shape in engine.reader.targeted():
        touched.spread(shape, touched.targets(shape), foci, entering)
    by_name: defaultdict[str, list[Shape]] = defaultdict(list)
    for shape in foci:
        by_name[shape.name].append(shape)
    again: dict[Shape, AbstractSet[int]] = {}
    kept: dict[str, frozenset[int]] = {}
    for name, group in by_name.items():
        for shape in group:
            # results of nameless shapes bear the name around them, and do not tell which shape found them
            own = touched.own(shape) if len(group) == 1 else None
            again[shape] = foci[shape] if own is None else foci[shape] & (own | entering.get(shape, set()))
            kept[name] = foci[shape] - again[shape]
    told = _Kept(graph, kept)
    return [*engine.found(again), *(r for r in known if told.has(r))]


class _Kept:
    """Earlier results at nodes that nothing touched and that are still looked at."""

    def __init__(self, graph: CodedGraph, nodes: dict[str, frozenset[int]]) -> None:
        self._graph = graph
        self._nodes = nodes
        self._literals: dict[str, frozenset[str]] = {}

    def has(self, result: ValidationResult) -> bool:
        """Return whether an earlier result holds."""
        name, focus = result.source_shape, result.focus_node
        nodes = self._nodes.get(name)
        if nodes is None:
            return False
        if not focus.startswith('"'):
            return self._graph.number(focus) in nodes
        if name not in self._literals:
            keys = (self._graph.keys[n] for n in nodes)
            texts = frozenset(to_ntriples(Literal(*key)) for key in keys if isinstance(key, tuple))
            self._literals[name] = texts
        return focus in self._literals[name]


class Touched:
    """The nodes that a change touches."""

    def __init__(self, graph: CodedGraph, engine: Engine, changed: Iterable[tuple[Key, str, Key]]) -> None:
        self._graph = graph
        self._reader = engine.reader
        self._subjects: defaultdict[int, set[int]] = defaultdict(set)  #: by predicate
        self._objects: defaultdict[int, set[int]] = defaultdict(set)
        self._types: defaultdict[int, set[int]] = defaultdict(set)  #: class -> nodes that entered or left it
        self._conforming: dict[Node, frozenset[int]] = {}
        is_a = graph.intern(RDF_TYPE)
        for subject, predicate, value in changed:
            s, p, o = graph.intern(subject), graph.intern(predicate), graph.intern(value)
            self._subjects[p].add(s)
            self._objects[p].add(o)
            if p == is_a:
                self._types[o].add(s)

    def targets(self, shape: Shape) -> set[int]:
        """Return the nodes that a target of the shape may have got."""
        found: set[int] = set()
        for kind, node in shape.targets:
            number = self._graph.intern(key_of(node))
            if kind == "targetClass":
                found |= self._members(number)
            elif kind == "targetSubjectsOf":
                found |= self._subjects.get(number, set())
            elif kind == "targetObjectsOf":
                found |= self._objects.get(number, set())
        return found

    def spread(
        self, shape: Shape, nodes: AbstractSet[int], foci: dict[Shape, frozenset[int]],
        found: dict[Shape, set[int]], depth: int = 0,
    ) -> None:  # fmt: skip
        """Put into `found` which focus nodes a shape and the property shapes below it may have got."""
        here = foci.get(shape, frozenset())
        if depth > _DEEPEST or not here:
            return
        found.setdefault(shape, set()).update(nodes)
        inside = [self._reader.shape(c.value) for c in shape.constraints if c.component == "Property"]
        if inside:
            told = pairs(self._graph, shape.path, here & (nodes | self._starts(shape.path)))
            values = {v for vs in told.values() for v in vs}
            for inner in inside:
                if inner is not None:
                    self.spread(inner, values, foci, found, depth + 1)

    def own(self, shape: Shape, depth: int = 0) -> frozenset[int] | None:
        """Return where the shape may find something else, property shapes left out; None for anywhere."""
        values: set[int] = set()
        focus: set[int] = set()
        for constraint in shape.constraints:
            name = constraint.component
            if name == "Closed":
                if shape.path is not None:
                    return None  # the results are told of the values, not of the focus node
                focus.update(*self._subjects.values())
            elif name in _COMPARISONS:
                focus |= self._subjects.get(self._graph.intern(str(constraint.value)), set())
            else:
                values |= self._values(constraint, shape, depth)
        return self._starts(shape.path) | self._back(shape.path, values) | focus

    def _values(self, constraint: Constraint, shape: Shape, depth: int) -> AbstractSet[int]:
        """Return the values that may break the constraint now, or break it no longer."""
        name, wanted = constraint.component, constraint.value
        if name == "Class":
            return self._members(self._graph.intern(str(wanted)))
        nodes: Iterable[Node] = ()
        if name in {"Node", "Not"}:
            nodes = (wanted,)
        elif name in {"And", "Or", "Xone"}:
            nodes = wanted
        elif name.startswith("Qualified"):
            nodes = (wanted[0], *shape.siblings)
        return {v for node in nodes for v in self._conformance(node, depth + 1)}

    def _conformance(self, node: Node, depth: int) -> frozenset[int]:
        """Return the nodes that may conform to a shape now, or no longer."""
        shape = self._reader.shape(node)
        if shape is None:
            return frozenset()
        if depth > _DEEPEST:
            raise ShapeError(f"the shape {shape.name} refers to itself; SHACL leaves that undefined")
        if node not in self._conforming:
            inside = (c.value for c in shape.constraints if c.component == "Property")
            values = {v for inner in inside for v in self._conformance(inner, depth + 1)}
            own = self.own(shape, depth)
            if own is None:  # of a closed shape with a path every node that changed, and what leads to it
                own = self._starts(shape.path) | self._back(shape.path, set().union(*self._subjects.values()))
            self._conforming[node] = own | self._back(shape.path, values)
        return self._conforming[node]

    def _members(self, cls: int) -> set[int]:
        """Return the nodes that may have become instances of a class, or ceased to be."""
        if not self._types:
            return set()
        return {node for lower in self._graph.subclasses(cls) for node in self._types.get(lower, ())}

    def _starts(self, path: Path | None) -> frozenset[int]:
        """Return the nodes from which a path may lead elsewhere."""
        if path is None:
            return frozenset()
        if path.kind == "predicate":
            return frozenset(self._subjects.get(self._graph.intern(path.predicate), ()))
        if path.kind == "inverse":
            return self._ends(path.parts[0])
        found: frozenset[int] = frozenset()
        for part in reversed(path.parts):
            found = self._starts(part) | (self._back(part, found) if path.kind == "sequence" else found)
        return found | self._back(path, found) if path.kind in _REPEATED else found

    def _ends(self, path: Path) -> frozenset[int]:
        """Return the nodes to which a path may lead from elsewhere."""
        if path.kind == "predicate":
            return frozenset(self._objects.get(self._graph.intern(path.predicate), ()))
        if path.kind == "inverse":
            return self._starts(path.parts[0])
        found: frozenset[int] = frozenset()
        for part in path.parts:
            found = self._ends(part) | (self._forth(part, found) if path.kind == "sequence" else found)
        return found | self._forth(path, found) if path.kind in _REPEATED else found

    def _back(self, path: Path | None, nodes: AbstractSet[int]) -> frozenset[int]:
        """Return the nodes from which a path leads to one of `nodes`."""
        return self._forth(None if path is None else Path("inverse", parts=(path,)), nodes)

    def _forth(self, path: Path | None, nodes: AbstractSet[int]) -> frozenset[int]:
        return frozenset(v for vs in pairs(self._graph, path, nodes).values() for v in vs)
