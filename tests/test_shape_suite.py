"""The suite of manifests in tests/shapes as another tool sees it: pySHACL runs it from its files alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pyshacl
import pytest
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node
from shape_suite import MANIFEST, SUITE, examples, stale

from kgbuild.rdf_files import literals_as_written
from kgbuild.validation.sets import CodedGraph
from kgbuild.validation.sets.engine import Engine
from kgbuild.validation.sets.paths import pairs
from kgbuild.validation.sets.shape_model import ShapeReader

MF: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT: Final = Namespace("http://www.w3.org/ns/shacl-test#")
SH: Final = Namespace("http://www.w3.org/ns/shacl#")


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry of a manifest asks for."""

    name: str
    data: Path
    shapes: Path
    conforms: bool
    results: frozenset[tuple[str, ...]]


@cache
def read(path: Path) -> Graph:
    with literals_as_written():
        return Graph().parse(path, format="turtle")


def local(iri: Node | None) -> Path:
    return Path(str(iri).removeprefix("file://"))


def listed(graph: Graph, subject: Node, predicate: URIRef) -> list[Node]:
    """Return the items of the one list that a subject has."""
    (head,) = graph.objects(subject, predicate)
    return list(Collection(graph, head))


def report_of(graph: Graph, report: Node) -> tuple[bool, frozenset[tuple[str, ...]]]:
    """Return sh:conforms, and focus node, path, value, component, shape and severity of each result."""
    told = "focusNode resultPath value sourceConstraintComponent sourceShape resultSeverity".split()
    found = frozenset(
        tuple(written(graph, graph.value(result, SH[name])) for name in told)
        for result in graph.objects(report, SH.result)
    )
    return str(graph.value(report, SH.conforms)) == "true", found


def written(graph: Graph, node: Node | None) -> str:
    """Return a node as text, a path with all its steps; a blank node that says nothing is like any other."""
    if isinstance(node, Literal):
        return json.dumps([str(node), str(node.datatype), node.language])
    if not isinstance(node, BNode):
        return "" if node is None else str(node)
    if (node, RDF.first, None) in graph:
        return f"({' '.join(written(graph, item) for item in Collection(graph, node))})"
    steps = [(p, o) for p, o in graph.predicate_objects(node) if str(p).endswith("Path")]
    return "".join(f"[{p} {written(graph, o)}]" for p, o in steps) or "[]"


@cache
def entries() -> tuple[Entry, ...]:
    found = []
    (root,) = read(SUITE / MANIFEST).subjects(RDF.type, MF.Manifest)
    for folder in listed(read(SUITE / MANIFEST), root, MF.include):
        graph = read(local(folder))
        (manifest,) = graph.subjects(RDF.type, MF.Manifest)
        for entry in listed(graph, manifest, MF.entries):
            assert (entry, RDF.type, SHT.Validate) in graph
            action, result = graph.value(entry, MF.action), graph.value(entry, MF.result)
            data, shapes = (local(graph.value(action, SHT[n])) for n in ("dataGraph", "shapesGraph"))
            name = f"{data.parent.name}/{str(entry).rpartition('#')[2]}"
            found.append(Entry(name, data, shapes, *report_of(graph, result)))  # type: ignore[arg-type]
    return tuple(found)


@pytest.mark.parametrize("test", entries(), ids=lambda t: t.name)
def test_pyshacl_reports_what_the_manifest_says(test: Entry) -> None:
    with literals_as_written():
        conforms, report, _ = pyshacl.validate(read(test.data), shacl_graph=read(test.shapes))
    assert isinstance(report, Graph)
    (node,) = report.subjects(RDF.type, SH.ValidationReport)
    assert report_of(report, node) == (test.conforms, test.results)
    assert conforms == test.conforms


def test_the_suite_is_fresh() -> None:
    assert [str(p) for p in stale()] == [], "run: python tests/shape_suite.py"


def test_size() -> None:
    assert {t.data for t in entries()} == set(examples())
    assert len({t.name for t in entries()}) == len(entries()) >= 320
    assert sum(t.conforms for t in entries()) >= 64
    assert len({t.data.parent for t in entries()}) >= 54


@cache
def property_shapes() -> frozenset[URIRef]:
    """Return the property shapes that are applied by themselves, not only inside a condition of a shape."""
    (path,) = {t.shapes for t in entries()}
    graph = read(path)
    inner = {s for s in graph.subjects(RDF.type, SH.NodeShape) if str(s).endswith("Test")}
    own = {p for s, p in graph.subject_objects(SH.property) if s not in inner}
    return frozenset(p for p in own if isinstance(p, URIRef))


def test_each_property_shape_has_a_violating_example() -> None:
    shown = {shape for t in entries() for _, _, _, _, shape, _ in t.results}
    assert {str(s) for s in property_shapes()} - shown == set()
    assert len(property_shapes()) >= 166


def test_each_property_shape_has_a_conforming_example() -> None:
    """Such an example has a focus node of the shape with a value at the end of its path, and no result.

    Where the shape forbids every value, a focus node is enough.
    """
    (path,) = {t.shapes for t in entries()}
    shapes = read(path)
    shown = set()
    for test in entries():
        if not test.conforms:
            continue
        data = CodedGraph.from_graph(read(test.data))
        with literals_as_written():
            foci = Engine(data, ShapeReader(shapes)).foci()
        for shape, focus in foci.items():
            iri = URIRef(shape.name)
            forbidden = str(shapes.value(iri, SH.maxCount)) == "0"
            if focus and (forbidden or pairs(data, shape.path, focus)):
                shown.add(iri)
    assert {str(s) for s in property_shapes() - shown} == set()
