"""Validating what a change touches gives what validating everything gives, on graphs changed at random."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from rdflib import Graph

from kgbuild.rdf_files import Key, literals_as_written, read_keys
from kgbuild.terms import CLASSES, NS, RDF_TYPE, XSD
from kgbuild.validation.engine import class_hierarchy
from kgbuild.validation.report import ValidationResult
from kgbuild.validation.sets import CodedGraph, run, run_again
from kgbuild.validation.sets.engine import Engine
from kgbuild.validation.sets.shape_model import ShapeReader
from kgbuild.validation.shapes import load_shapes

EXAMPLES: Final = sorted((Path(__file__).resolve().parent / "shapes").glob("*/*-*.ttl"))
Triple = tuple[Key, str, Key]

#: Every kind of path, constraint and target, over few nodes, so that changes meet.
SHAPES: Final = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <urn:ex/> .
ex:A a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property ex:A-p , ex:A-steps , ex:A-many , ex:A-more , ex:A-maybe , ex:A-either , ex:A-back .
ex:A-p a sh:PropertyShape ; sh:path ex:p ; sh:minCount 1 ; sh:class ex:D ; sh:property ex:A-p-q .
ex:A-p-q a sh:PropertyShape ; sh:path ex:q ; sh:maxCount 1 ; sh:nodeKind sh:IRI ; sh:disjoint ex:p .
ex:A-steps a sh:PropertyShape ; sh:path ( ex:p [ sh:inversePath ex:q ] ex:r ) ; sh:node ex:N ; sh:maxCount 2 .
ex:A-many a sh:PropertyShape ; sh:path [ sh:zeroOrMorePath ex:p ] ; sh:class ex:C .
ex:A-more a sh:PropertyShape ; sh:path [ sh:oneOrMorePath ( ex:p ex:q ) ] ; sh:maxCount 1 ; sh:not ex:N .
ex:A-maybe a sh:PropertyShape ; sh:path [ sh:zeroOrOnePath ex:r ] ; sh:in ( ex:a ex:b 1 ) .
ex:A-either a sh:PropertyShape ; sh:path [ sh:alternativePath ( ex:q ex:r ) ] ; sh:equals ex:p .
ex:A-back a sh:PropertyShape ; sh:path [ sh:inversePath ( ex:p ex:r ) ] ; sh:maxCount 0 .
ex:N a sh:NodeShape ; sh:closed true ; sh:property ex:N-q .
ex:N-q a sh:PropertyShape ; sh:path ex:q ; sh:maxCount 1 ; sh:class ex:D .
ex:B a sh:NodeShape ; sh:targetSubjectsOf ex:q ; sh:targetNode ex:a ; sh:xone ( ex:N ex:E ) ; sh:closed true .
ex:E a sh:NodeShape ; sh:class ex:C ; sh:property ex:E-p .
ex:E-p a sh:PropertyShape ; sh:path ex:p ; sh:hasValue ex:b .
ex:F a sh:NodeShape ; sh:targetObjectsOf ex:r ; sh:or ( ex:N [ sh:class ex:C ] ) ;
  sh:property ex:F-q , ex:F-r .
ex:F-q a sh:PropertyShape ; sh:path ex:q ; sh:qualifiedValueShape ex:N ; sh:qualifiedMinCount 1 ;
  sh:qualifiedValueShapesDisjoint true .
ex:F-r a sh:PropertyShape ; sh:path ( ex:q ex:q ) ; sh:qualifiedValueShape ex:E ; sh:qualifiedMaxCount 0 ;
  sh:lessThan ex:p .
ex:G a sh:PropertyShape ; sh:targetClass ex:D ; sh:path ex:r ; sh:closed true ; sh:lessThanOrEquals ex:q .
ex:H a sh:NodeShape ; sh:targetSubjectsOf ex:r ; sh:property [ sh:path ex:p ; sh:maxCount 1 ] ,
  [ sh:path ex:q ; sh:minCount 1 ] .
"""


def again_is_as_whole(shapes: Graph, old: set[Triple], new: set[Triple]) -> list[ValidationResult]:
    hierarchy = set(class_hierarchy()) | {("urn:ex/D", SUBCLASS, "urn:ex/C")}
    with literals_as_written():
        before = run(CodedGraph.from_triples(sorted(old | hierarchy, key=repr)), shapes)
        whole = run(CodedGraph.from_triples(sorted(new | hierarchy, key=repr)), shapes)
        graph = CodedGraph.from_triples(sorted(new | hierarchy, key=repr))
        again = run_again(graph, shapes, sorted(old ^ new, key=repr), before)
    assert {r: again.count(r) for r in again} == dict.fromkeys(whole, 1)
    return whole


SUBCLASS: Final = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
NODES: Final = [f"urn:ex/{c}" for c in "abcd"]
VALUES: Final = st.one_of(
    st.sampled_from(NODES), st.sampled_from("12").map(lambda d: (d, XSD + "integer", ""))
)
TRIPLES: Final = st.one_of(
    st.tuples(st.sampled_from(NODES), st.sampled_from([f"urn:ex/{p}" for p in "pqr"]), VALUES),
    st.tuples(st.sampled_from(NODES), st.just(RDF_TYPE), st.sampled_from(["urn:ex/C", "urn:ex/D"])),
)


@cache
def every_kind() -> Graph:
    return Graph().parse(data=SHAPES, format="turtle")


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.frozensets(TRIPLES, max_size=14), st.frozensets(TRIPLES, max_size=4), st.data())
def test_small_graphs_with_every_kind_of_shape(old: Any, more: Any, data: Any) -> None:
    less = (
        data.draw(st.frozensets(st.sampled_from(sorted(old, key=repr)), max_size=4)) if old else frozenset()
    )
    found = again_is_as_whole(every_kind(), set(old), (set(old) - less) | more)
    for component in {r.component for r in found}:
        event(component)


@cache
def base() -> tuple[Triple, ...]:
    return tuple(
        sorted(((s, str(p), o) for s, p, o in read_keys(EXAMPLES) if "_:" not in f"{s}{o}"), key=repr)
    )


@cache
def own_shapes() -> Graph:
    return load_shapes()


def spoil(triple: Triple, how: int) -> list[Triple]:
    s, p, o = triple
    other = base()[hash_of(triple) % len(base())]
    kinds = sorted(CLASSES)
    ways: list[list[Triple]] = [
        [],
        [triple, (s, p, ("x", XSD + "string", ""))],
        [(s, p, other[0])],
        [triple, (other[0], p, o)],
        [triple, (s, RDF_TYPE, NS + kinds[hash_of(triple) % len(kinds)])],
        [(s, RDF_TYPE, NS + kinds[hash_of(triple) % len(kinds)])] if p == RDF_TYPE else [(s, other[1], o)],
    ]
    return ways[how]


def hash_of(triple: Triple) -> int:
    return sum(map(ord, repr(triple)))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_own_shapes_on_graphs_spoilt_twice(data: Any) -> None:
    start = data.draw(st.integers(0, len(base()) - 1))
    part = base()[start : start + 1500]
    changes = st.dictionaries(st.integers(0, len(part) - 1), st.integers(0, 5), max_size=15)
    graphs = []
    for spoilt in (data.draw(changes), data.draw(changes)):
        graphs.append(
            {
                t
                for i, triple in enumerate(part)
                for t in (spoil(triple, spoilt[i]) if i in spoilt else [triple])
            }
        )
    again_is_as_whole(own_shapes(), *graphs)


def test_one_change_is_looked_at_in_few_places(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = CodedGraph.from_triples([*base(), *class_hierarchy()])
    known = run(graph, own_shapes())
    foci = Engine(graph, ShapeReader(own_shapes())).foci()
    looked: list[int] = []
    found = Engine.found

    def counting(self: Engine, foci: Any) -> list[ValidationResult]:
        looked.append(sum(map(len, foci.values())))
        return found(self, foci)

    monkeypatch.setattr(Engine, "found", counting)
    (triple,) = [t for t in base() if t[1] == NS + "validity"][:1]
    graph.add(triple[0], triple[1], ("P9Y", XSD + "duration", ""))
    run_again(graph, own_shapes(), [(triple[0], triple[1], ("P9Y", XSD + "duration", ""))], known)
    assert 0 < looked[0] < sum(map(len, foci.values())) / 100
