"""The set engine finds exactly what pySHACL finds: on every example, and on graphs spoilt at random."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kgbuild.errors import ShapeError
from kgbuild.rdf_files import literals_as_written, read_graph
from kgbuild.terms import CLASSES, NS
from kgbuild.validation.engine import validate_graph
from kgbuild.validation.sets import CodedGraph, run
from kgbuild.validation.sets.coded_graph import key_of
from kgbuild.validation.shapes import load_shapes

EXAMPLES: Final = sorted((Path(__file__).resolve().parent / "shapes").glob("*/*-*.ttl"))
C: Final = "ConstraintComponent"
BASE: Final = [p for p in EXAMPLES if p.name.startswith("conforms-")]


@cache
def shapes() -> Graph:
    return load_shapes()


def same(data: Graph) -> None:
    by_sets = validate_graph(CodedGraph.from_graph(data), shapes(), engine="sets")
    try:
        by_pyshacl = validate_graph(CodedGraph.from_graph(data), shapes(), engine="pyshacl")
    except ShapeError:  # it stops where it would have to put a blank node or a value of a wrong type in order
        return
    # order among values of a wrong type, which both report: SHACL asks for a result, pySHACL often gives none
    mistyped = {
        r.focus_node for r in by_pyshacl.results if r.component.endswith(("Datatype" + C, "NodeKind" + C))
    }
    ordered = ("LessThan" + C, "LessThanOrEquals" + C)
    only_sets, only_pyshacl = (
        {
            (r.focus_node, r.path, r.value, r.source_shape, r.component)
            for r in a.results
            if r not in b.results and not (r.component.endswith(ordered) and r.focus_node in mistyped)
        }
        for a, b in ((by_sets, by_pyshacl), (by_pyshacl, by_sets))
    )
    assert (only_sets, only_pyshacl) == (set(), set())
    assert by_sets.shapes == by_pyshacl.shapes


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_same_as_pyshacl_on_the_example(path: Path) -> None:
    same(read_graph([path]))


@cache
def base() -> tuple[tuple[Node, Node, Node], ...]:
    graph = Graph()
    with literals_as_written():
        for path in BASE:
            graph.parse(path, format="turtle")
    return tuple(sorted(graph, key=lambda t: tuple(map(str, t))))


def spoil(triple: tuple[Node, Node, Node], how: int) -> list[tuple[Node, Node, Node]]:
    """Return what takes the place of a triple."""
    s, p, o = triple
    if how == 0:
        return []
    if how == 1:
        return [triple, (s, p, Literal("x", lang="en"))]
    if how == 2:
        return [(s, p, Literal(str(o), datatype=XSD.integer, normalize=False))]
    if how == 3:
        return [(s, p, BNode("b0"))]
    if how == 4:
        return [(s, p, URIRef(f"{NS}Firm"))]
    if how == 5 and p == RDF.type:
        return [(s, p, URIRef(NS + sorted(CLASSES)[len(str(s)) % len(CLASSES)]))]
    if how == 6:
        return [triple, (s, p, s)]
    return [triple, (s, p, Literal("2025-06-31T00:00:00", datatype=XSD.dateTime, normalize=False))]


@pytest.mark.filterwarnings("ignore:NotImplemented should not be used")  # inside rdflib, asked by pySHACL
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_same_as_pyshacl_on_spoilt_graphs(data: Any) -> None:
    triples = base()
    start = data.draw(st.integers(0, len(triples) - 1))
    part = triples[start : start + 400]
    changes = data.draw(
        st.dictionaries(st.integers(0, len(part) - 1), st.integers(0, 7), min_size=1, max_size=25)
    )
    graph = Graph()
    with literals_as_written():
        for i, triple in enumerate(part):
            for changed in spoil(triple, changes[i]) if i in changes else [triple]:
                graph.add(changed)
        same(graph)


def test_the_examples_are_all_there() -> None:
    assert len(EXAMPLES) >= 259
    assert len(base()) >= 500


# ---- the coded graph


TERMS = st.one_of(
    st.sampled_from("abcdef").map(lambda c: URIRef("urn:" + c)),
    st.sampled_from(["1", "1.0", "01"]).map(lambda v: Literal(v, datatype=XSD.integer, normalize=False)),
    st.sampled_from("ab").map(lambda c: Literal(c, lang="en")),
)
SUBJECTS = st.sampled_from("abc").map(lambda c: URIRef("urn:" + c))


@given(st.lists(st.tuples(SUBJECTS, SUBJECTS, TERMS), max_size=80))
def test_a_coded_graph_holds_what_was_added(triples: list[tuple[Node, Node, Node]]) -> None:
    with literals_as_written():
        graph = Graph()
        for triple in triples:
            graph.add(triple)
        coded = CodedGraph.from_triples((key_of(s), key_of(p), key_of(o)) for s, p, o in triples)
        assert len(coded) == len(graph)
        for s, p in {(s, p) for s, p, _ in triples}:
            values = coded.values(coded.intern(key_of(p)), coded.intern(key_of(s)))
            assert {coded.keys[v] for v in values} == {key_of(o) for o in graph.objects(s, p)}
            assert len(values) == len(set(values))


def test_a_shape_that_refers_to_itself_is_refused() -> None:
    graph = Graph()
    graph.parse(
        data="""
        @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <urn:ex/> .
        ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property ex:P .
        ex:P a sh:PropertyShape ; sh:path ex:next ; sh:node ex:S .
        """,
        format="turtle",
    )
    loop = CodedGraph.from_triples([("urn:ex/a", "urn:ex/next", "urn:ex/a")])
    with pytest.raises(ShapeError, match="refers to itself"):
        run(loop, graph)
