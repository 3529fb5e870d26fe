"""The engine: shapes over sets of focus nodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from rdflib import Graph
from rdflib.term import Node

from kgbuild.errors import ShapeError
from kgbuild.model import Literal, Term
from kgbuild.validation.report import SH, ValidationResult, to_ntriples
from kgbuild.validation.sets.coded_graph import CodedGraph, key_of
from kgbuild.validation.sets.paths import pairs
from kgbuild.validation.sets.shape_model import Constraint, Shape, ShapeReader
from kgbuild.validation.sets.values import breaking, precedes

#: Shapes that refer to one another deeper than this refer to themselves.
_DEEPEST: Final = 40
#: A finding: focus node, value node or None, the shape, the component, and for sh:closed the predicate.
_Found = tuple[int, int | None, Shape, str, int | None]


def run(graph: CodedGraph, shapes: Graph) -> list[ValidationResult]:
    """Return what the shapes with a target find in `graph`, in no order and each result once.

    Raises ShapeError for shapes that refer to themselves, and for parameters of another kind than theirs.
    """
    engine = Engine(graph, ShapeReader(shapes))
    return engine.found(engine.foci())


def focus_counts(graph: CodedGraph, shapes: Graph) -> dict[str, int]:
    """Return how many focus nodes each active shape with a target has in `graph` (SHACL, section 2.1.3)."""
    engine = Engine(graph, ShapeReader(shapes))
    return {shape.name: len(engine.focus(shape)) for shape in engine.reader.targeted()}


class Engine:
    """Shapes on one graph; what is found at a node does not depend on where else a shape looks."""

    def __init__(self, graph: CodedGraph, reader: ShapeReader) -> None:
        self._graph = graph
        self.reader = reader
        self._failing: dict[Node, dict[int, bool]] = {}  #: shape -> node -> whether it fails

    def focus(self, shape: Shape) -> frozenset[int]:
        """Return the focus nodes of a shape's targets (SHACL, section 2.1.3)."""
        found: set[int] = set()
        for kind, node in shape.targets:
            number = self._graph.intern(key_of(node))
            if kind == "targetNode":
                found.add(number)
            elif kind == "targetClass":
                found |= self._graph.members(number)
            elif kind == "targetSubjectsOf":
                found |= self._graph.forward(number).keys()
            else:
                found |= self._graph.inverse(number).keys()
        return frozenset(found)

    def foci(self) -> dict[Shape, frozenset[int]]:
        """Return every shape that is applied, with its focus nodes: of its targets, or values of a shape."""
        found: dict[Shape, set[int]] = {}
        for shape in self.reader.targeted():
            self.spread(shape, self.focus(shape), found)
        return {shape: frozenset(nodes) for shape, nodes in found.items()}

    def spread(
        self, shape: Shape, focus: AbstractSet[int], found: dict[Shape, set[int]], depth: int = 0
    ) -> None:
        """Put a shape and the property shapes below it into `found`, with their focus nodes."""
        if depth > _DEEPEST:
            raise ShapeError(f"the shape {shape.name} refers to itself; SHACL leaves that undefined")
        if not focus or not shape.constraints:
            return
        found.setdefault(shape, set()).update(focus)
        inside = [self.reader.shape(c.value) for c in shape.constraints if c.component == "Property"]
        if inside:
            values = {v for vs in pairs(self._graph, shape.path, focus).values() for v in vs}
            for inner in inside:
                if inner is not None:
                    self.spread(inner, values, found, depth + 1)

    def found(self, foci: Mapping[Shape, AbstractSet[int]]) -> list[ValidationResult]:
        """Return what shapes find at their focus nodes, each result once.

        Raises ShapeError for parameters of another kind than theirs.
        """
        try:
            found = {f for shape, focus in foci.items() for f in self._own(shape, focus, 0)}
        except ValueError as err:
            raise ShapeError(f"the shapes cannot be applied: {err}") from err
        return [_result(self._graph, *finding) for finding in found]

    def _own(self, shape: Shape, focus: AbstractSet[int], depth: int) -> Iterator[_Found]:
        """Yield what a shape finds at its focus nodes, its property shapes left out."""
        told = pairs(self._graph, shape.path, focus)
        values = frozenset(v for vs in told.values() for v in vs)
        for constraint in shape.constraints:
            name = constraint.component
            bad = self._bad_values(constraint, values, depth)
            if bad is not None:
                if bad:
                    for f, vs in told.items():
                        yield from ((f, v, shape, name, None) for v in vs if v in bad)
            elif name == "Closed":
                yield from self._closed(shape, constraint, values)
            elif name != "Property":
                yield from self._by_focus(shape, constraint, focus, told, depth)

    # ---- value by value

    def _bad_values(self, constraint: Constraint, values: frozenset[int], depth: int) -> set[int] | None:
        """Return the values that break a constraint on each value alone; None for other constraints."""
        name = constraint.component
        if name in {"Node", "Not"}:
            failing = self._failing_nodes(constraint.value, values, depth)
            return failing if name == "Node" else set(values - failing)
        if name in {"And", "Or", "Xone"}:
            failed = Counter(v for node in constraint.value for v in self._failing_nodes(node, values, depth))
            parts = len(constraint.value)
            if name == "And":
                return set(failed)
            if name == "Or":
                return {v for v in values if failed[v] == parts}
            return {v for v in values if parts - failed[v] != 1}
        return breaking(self._graph, constraint, values)

    def _failing_nodes(self, node: Node, values: frozenset[int], depth: int) -> set[int]:
        """Return which of `values` do not conform to the shape at `node`."""
        shape = self.reader.shape(node)
        if shape is None:
            return set()
        known = self._failing.setdefault(node, {})
        unknown = frozenset(v for v in values if v not in known)
        if unknown:
            failing = self._conformance(shape, unknown, depth + 1)
            known.update((v, v in failing) for v in unknown)
        return {v for v in values if known[v]}

    def _conformance(self, shape: Shape, nodes: frozenset[int], depth: int) -> set[int]:
        failing: set[int] = set()
        if depth > _DEEPEST:
            raise ShapeError(f"the shape {shape.name} refers to itself; SHACL leaves that undefined")
        failing.update(f for f, *_ in self._own(shape, nodes, depth))
        told = pairs(self._graph, shape.path, nodes)
        values = frozenset(v for vs in told.values() for v in vs)
        for constraint in shape.constraints:
            if constraint.component == "Property":  # a result inside counts for the node it hangs on
                bad = self._failing_nodes(constraint.value, values, depth)
                failing.update(f for f, vs in told.items() if any(v in bad for v in vs))
        return failing

    # ---- focus by focus

    def _closed(self, shape: Shape, constraint: Constraint, nodes: frozenset[int]) -> Iterator[_Found]:
        allowed = {self._graph.intern(str(p)) for p in constraint.value}
        for predicate in list(self._graph.predicates()):
            if predicate in allowed:
                continue
            known = self._graph.forward(predicate)
            for node in nodes & known.keys():
                for value in self._graph.values(predicate, node):
                    yield node, value, shape, "Closed", predicate

    def _by_focus(
        self,
        shape: Shape,
        constraint: Constraint,
        focus: AbstractSet[int],
        told: dict[int, tuple[int, ...]],
        depth: int,
    ) -> Iterator[_Found]:
        name, wanted = constraint.component, constraint.value
        if name == "MinCount":
            least = int(str(wanted))
            few = focus - told.keys() if least == 1 else {f for f in focus if len(told.get(f, ())) < least}
            yield from ((f, None, shape, name, None) for f in (few if least else ()))
        elif name == "MaxCount":
            most = int(str(wanted))
            yield from ((f, None, shape, name, None) for f, vs in told.items() if len(vs) > most)
        elif name == "HasValue":
            number = self._graph.intern(key_of(wanted))
            yield from ((f, None, shape, name, None) for f in focus if number not in told.get(f, ()))
        elif name == "UniqueLang":
            yield from ((f, None, shape, name, None) for f, vs in told.items() if self._repeats_language(vs))
        elif name in {"Equals", "Disjoint", "LessThan", "LessThanOrEquals"}:
            predicate = self._graph.intern(str(wanted))
            for f in focus:
                other = self._graph.values(predicate, f)
                for value in self._against(name, told.get(f, ()), other):
                    yield f, value, shape, name, None
        else:
            yield from self._qualified(shape, constraint, focus, told, depth)

    def _repeats_language(self, values: tuple[int, ...]) -> bool:
        keys = [self._graph.keys[v] for v in values]
        tags = [k[2].lower() for k in keys if isinstance(k, tuple) and k[2]]
        return len(tags) != len(set(tags))

    def _against(self, name: str, values: tuple[int, ...], other: tuple[int, ...]) -> Iterator[int]:
        if name == "Equals":
            yield from set(values) ^ set(other)
        elif name == "Disjoint":
            yield from set(values) & set(other)
        else:
            strict = name == "LessThan"
            yield from (v for v in values for w in other if not precedes(self._graph, v, w, strict=strict))

    def _qualified(
        self,
        shape: Shape,
        constraint: Constraint,
        focus: AbstractSet[int],
        told: dict[int, tuple[int, ...]],
        depth: int,
    ) -> Iterator[_Found]:
        node, count, disjoint = constraint.value
        values = frozenset(v for vs in told.values() for v in vs)
        out = self._failing_nodes(node, values, depth)
        if disjoint:
            for sibling in shape.siblings:
                out |= values - self._failing_nodes(sibling, values, depth)
        for f in focus:
            fitting = sum(v not in out for v in told.get(f, ()))
            least = constraint.component == "QualifiedMinCount"
            if fitting < count if least else fitting > count:
                yield f, None, shape, constraint.component, None


def _result(
    graph: CodedGraph, focus: int, value: int | None, shape: Shape, component: str, predicate: int | None
) -> ValidationResult:
    term = _term(graph, focus)
    path = shape.path_text if predicate is None else str(graph.keys[predicate])
    return ValidationResult(
        focus_node=term if isinstance(term, str) else to_ntriples(term),
        path=path,
        value=None if value is None else _term(graph, value),
        source_shape=shape.name,
        component=f"{SH}{component}ConstraintComponent",
        severity=shape.severity,
        message=shape.messages[0] if shape.messages else f"The {component} constraint is broken.",
    )


def _term(graph: CodedGraph, number: int) -> Term:
    key = graph.keys[number]
    return Literal(*key) if isinstance(key, tuple) else key
