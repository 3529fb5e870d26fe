"""What follows by OWL 2 RL: the same as owlrl finds, the reference, on graphs small enough for it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.term import Node

from kgbuild.cli import run as run_command
from kgbuild.model import Literal, Triple
from kgbuild.rdf_files import read_graph
from kgbuild.reasoning import Closure, close, close_files
from kgbuild.reasoning.closure import INFERRED
from kgbuild.resources import data_dir
from kgbuild.terms import KG, PREFIXES, RDF_TYPE, XSD, expand

owlrl = pytest.importorskip("owlrl", reason="owlrl is the reference for what follows")

EXAMPLE: Final = Path(__file__).resolve().parent / "graphs" / "example.ttl"
CORE: Final = data_dir("ontology") / "core.ttl"
HEAD: Final = "".join(f"@prefix {prefix}: <{base}> .\n" for prefix, base in PREFIXES.items())
X: Final = "urn:x:"


@pytest.fixture(scope="module")
def core_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ontology")
    shutil.copy(CORE, folder)
    return folder


def closure_of(text: str, folder: Path) -> Closure:
    """Return what follows from a text in Turtle, whose axioms count too."""
    path = folder / "graph.ttl"
    path.write_text(HEAD + f"@prefix x: <{X}> .\n" + text, encoding="utf-8")
    graph = read_graph([path])
    store = ox.Store()
    store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    return close(store, graph)


def by_owlrl(graph: Graph) -> set[tuple[Node, Node, Node]]:
    closed = Graph()
    closed += graph
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closed)
    return set(closed)


def of_terms(
    triples: set[tuple[Node, Node, Node]], terms: set[Node], things: set[Node]
) -> set[tuple[str, ...]]:
    """Return the triples about individuals in the terms of an ontology, as N-Triples."""
    found: set[tuple[str, ...]] = set()
    for subject, predicate, value in triples:
        said = value in terms if predicate == RDF.type else predicate in terms
        if subject in things and said:
            found.add((subject.n3(), predicate.n3(), value.n3()))
    return found


def as_node(term: object) -> Node:
    if isinstance(term, Literal):
        plain = term.datatype == XSD + "string" or term.language
        return RdfLiteral(
            term.value,
            lang=term.language or None,
            datatype=None if plain else URIRef(term.datatype),
            normalize=False,
        )
    return URIRef(str(term))


def compare(graph: Graph, mine: tuple[Triple, ...], terms: set[Node]) -> None:
    """Assert that both find the same new triples about individuals."""
    things: set[Node] = {s for s in graph.subjects() if isinstance(s, URIRef)} | {
        o for o in graph.objects() if isinstance(o, URIRef)
    }
    things -= terms
    own = set(graph) | {(URIRef(s), URIRef(p), as_node(o)) for s, p, o in mine}
    assert of_terms(own, terms, things) == of_terms(by_owlrl(graph), terms, things)


def terms_of(graph: Graph) -> set[Node]:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    return {s for kind in kinds for s in graph.subjects(RDF.type, kind) if isinstance(s, URIRef)}


# ---- against owlrl


def test_example_graph_as_owlrl_closes_it(core_only: Path) -> None:
    """The claims are left out for owlrl, which takes minutes with them; they follow the same rules."""
    graph = read_graph([CORE])
    facts = read_graph([EXAMPLE])
    claims = {s for c in (KG.Claim, KG.TextSegment) for s in facts.subjects(RDF.type, URIRef(c))}
    labels = {RDFS.label, URIRef(PREFIXES["skos"] + "prefLabel"), URIRef(PREFIXES["skos"] + "altLabel")}
    for triple in facts:
        if triple[0] not in claims and triple[1] not in labels:
            graph.add(triple)
    store = ox.Store()
    store.bulk_load(graph.serialize(format="nt", encoding="utf-8"), format=ox.RdfFormat.N_TRIPLES)
    found = close(store, graph)
    assert found.conflicts == ()
    assert found.beyond == ()
    assert len(found.triples) > 100
    compare(graph, found.triples, terms_of(graph))


CLASSES: Final = tuple(URIRef(X + name) for name in "ABCDE")
PROPERTIES: Final = tuple(URIRef(X + name) for name in "pqrs")
THINGS: Final = tuple(URIRef(X + name) for name in ("a", "b", "c", "d"))
classes = st.sampled_from(CLASSES)
properties = st.sampled_from(PROPERTIES)
things = st.sampled_from(THINGS)
axioms = st.one_of(
    st.tuples(st.just("sub"), classes, classes),
    st.tuples(st.just("equivalent"), classes, classes),
    st.tuples(st.just("subproperty"), properties, properties),
    st.tuples(st.just("inverse"), properties, properties),
    st.tuples(st.just("symmetric"), properties, properties),
    st.tuples(st.just("transitive"), properties, properties),
    st.tuples(st.just("chain"), properties, st.lists(properties, min_size=2, max_size=3)),
    st.tuples(st.just("domain"), properties, classes),
    st.tuples(st.just("range"), properties, classes),
    st.tuples(st.just("some"), classes, st.tuples(classes, properties, classes)),
    st.tuples(st.just("value"), classes, st.tuples(properties, things)),
    st.tuples(st.just("has"), classes, st.tuples(properties, things)),
    st.tuples(st.just("only"), classes, st.tuples(properties, classes)),
    st.tuples(st.just("union"), classes, st.tuples(classes, classes)),
    st.tuples(st.just("both"), classes, st.tuples(classes, classes)),
)
facts = st.one_of(
    st.tuples(things, st.just(RDF.type), classes),
    st.tuples(things, properties, things),
)
_TYPES: Final = {"symmetric": OWL.SymmetricProperty, "transitive": OWL.TransitiveProperty}
_LINKS: Final = {
    "sub": RDFS.subClassOf,
    "equivalent": OWL.equivalentClass,
    "subproperty": RDFS.subPropertyOf,
    "inverse": OWL.inverseOf,
    "domain": RDFS.domain,
    "range": RDFS.range,
}


def add_axiom(graph: Graph, kind: str, one: URIRef, two: object) -> None:
    if kind in _TYPES:
        graph.add((one, RDF.type, _TYPES[kind]))
    elif kind in _LINKS:
        assert isinstance(two, URIRef)
        graph.add((one, _LINKS[kind], two))
    elif kind == "chain":
        assert isinstance(two, list)
        graph.add((one, OWL.propertyChainAxiom, listed(graph, two)))
    else:
        assert isinstance(two, tuple)
        restrict(graph, kind, one, two)


def restrict(graph: Graph, kind: str, one: URIRef, two: tuple[URIRef, ...]) -> None:
    node = BNode()
    graph.add((node, RDF.type, OWL.Class if kind in {"union", "both", "some"} else OWL.Restriction))
    if kind == "some":
        part = restriction(graph, two[1], OWL.someValuesFrom, two[2])
        graph.add((node, OWL.intersectionOf, listed(graph, [two[0], part])))
        graph.add((node, RDFS.subClassOf, one))
    elif kind == "union":
        graph.add((node, OWL.unionOf, listed(graph, list(two))))
        graph.add((node, RDFS.subClassOf, one))
    elif kind == "both":
        graph.add((node, OWL.intersectionOf, listed(graph, list(two))))
        graph.add((one, RDFS.subClassOf, node))
    else:
        graph.add((node, OWL.onProperty, two[0]))
        graph.add((node, OWL.allValuesFrom if kind == "only" else OWL.hasValue, two[1]))
        graph.add((node, RDFS.subClassOf, one) if kind == "value" else (one, RDFS.subClassOf, node))


def restriction(graph: Graph, prop: URIRef, predicate: URIRef, filler: URIRef) -> BNode:
    node = BNode()
    graph.add((node, RDF.type, OWL.Restriction))
    graph.add((node, OWL.onProperty, prop))
    graph.add((node, predicate, filler))
    return node


def listed(graph: Graph, members: list[Node]) -> Node:
    head: Node = RDF.nil
    for member in reversed(members):
        node = BNode()
        graph.add((node, RDF.first, member))
        graph.add((node, RDF.rest, head))
        head = node
    return head


@settings(max_examples=60, deadline=None)
@given(st.lists(axioms, max_size=6), st.lists(facts, min_size=1, max_size=8))
def test_small_graphs_as_owlrl_closes_them(
    said: list[tuple[str, URIRef, object]], told: list[tuple[URIRef, URIRef, URIRef]]
) -> None:
    graph = Graph()
    for cls in CLASSES:
        graph.add((cls, RDF.type, OWL.Class))
    for prop in PROPERTIES:
        graph.add((prop, RDF.type, OWL.ObjectProperty))
    for kind, one, two in said:
        add_axiom(graph, kind, one, two)
    for triple in told:
        graph.add(triple)
    store = ox.Store()
    store.bulk_load(graph.serialize(format="nt", encoding="utf-8"), format=ox.RdfFormat.N_TRIPLES)
    compare(graph, close(store, graph).triples, set(CLASSES) | set(PROPERTIES))


# ---- one rule at a time


@pytest.mark.parametrize(
    ("text", "follows"),
    [
        ("x:A rdfs:subClassOf x:B . x:B rdfs:subClassOf x:C . x:a a x:A .", {"a a B", "a a C"}),
        ("x:p rdfs:domain x:A ; rdfs:range x:B . x:a x:p x:b .", {"a a A", "b a B"}),
        ("x:p owl:inverseOf x:q . x:a x:p x:b . x:c x:q x:d .", {"b q a", "d p c"}),
        ("x:p a owl:SymmetricProperty . x:a x:p x:b .", {"b p a"}),
        (
            "x:p a owl:TransitiveProperty . x:a x:p x:b . x:b x:p x:c . x:c x:p x:d .",
            {"a p c", "a p d", "b p d"},
        ),
        ("x:r owl:propertyChainAxiom (x:p x:q) . x:a x:p x:b . x:b x:q x:c .", {"a r c"}),
        ("x:p rdfs:subPropertyOf x:q . x:q owl:equivalentProperty x:r . x:a x:p x:b .", {"a q b", "a r b"}),
        (
            """[ owl:intersectionOf (x:A [ owl:onProperty x:p ; owl:someValuesFrom x:B ]) ;
            rdfs:subClassOf x:C ] . x:a a x:A ; x:p x:b . x:b a x:B . x:c a x:A ; x:p x:d .""",
            {"a a C"},
        ),
        (
            "x:A owl:equivalentClass [ owl:onProperty x:p ; owl:hasValue x:v ] . x:a x:p x:v . x:b a x:A .",
            {"a a A", "b p v"},
        ),
        (
            "x:A rdfs:subClassOf [ owl:onProperty x:p ; owl:allValuesFrom x:B ] . x:a a x:A ; x:p x:b .",
            {"b a B"},
        ),
    ],
)
def test_rule(text: str, follows: set[str], tmp_path: Path) -> None:
    found = closure_of(text, tmp_path)
    shown = {
        " ".join("a" if t == RDF_TYPE else str(t).removeprefix(X) for t in triple)
        for triple in found.triples
        if triple[0].startswith(X)
    }
    assert shown == follows


@pytest.mark.parametrize(
    ("text", "conflict"),
    [
        (
            "x:A owl:disjointWith x:B . x:a a x:A , x:B .",
            "cax-dw: <urn:x:A> owl:disjointWith <urn:x:B>: <urn:x:a>",
        ),
        ("[] a owl:AllDisjointClasses ; owl:members (x:A x:B) . x:a a x:A , x:B .", "cax-dw"),
        ("x:p owl:propertyDisjointWith x:q . x:a x:p x:b ; x:q x:b .", "prp-pdw"),
        ("x:p a owl:IrreflexiveProperty . x:a x:p x:a .", "prp-irp"),
        ("x:p a owl:AsymmetricProperty . x:a x:p x:b . x:b x:p x:a .", "prp-asyp"),
        ('x:p a owl:DatatypeProperty , owl:FunctionalProperty . x:a x:p "1" , "2" .', "prp-fp"),
        ("x:A rdfs:subClassOf owl:Nothing . x:a a x:A .", "owl:Nothing"),
        ("x:A rdfs:subClassOf [ owl:complementOf x:B ] . x:a a x:A , x:B .", "<urn:x:a>"),
    ],
)
def test_contradictions_are_told(text: str, conflict: str, tmp_path: Path) -> None:
    found = closure_of(text, tmp_path)
    assert len(found.conflicts) == 1
    assert conflict in found.conflicts[0]


def test_two_values_of_a_functional_property_stay_two_and_are_told(tmp_path: Path) -> None:
    text = "x:p a owl:ObjectProperty , owl:FunctionalProperty . x:a x:p x:b , x:c . x:b a x:A ."
    found = closure_of(text, tmp_path)
    assert found.triples == ()
    assert found.conflicts == ()
    assert found.same == ("prp-fp: <urn:x:p>: <urn:x:b>, <urn:x:c>",)


def test_axioms_without_a_rule_are_told(tmp_path: Path) -> None:
    text = "x:A rdfs:subClassOf [ owl:onProperty x:p ; owl:someValuesFrom x:B ] . x:a a x:A ."
    found = closure_of(text, tmp_path)
    assert len(found.beyond) == 1
    assert "(<urn:x:p> some <urn:x:B>)" in found.beyond[0]


# ---- files


def triples_in(closure: Closure) -> Iterator[str]:
    for s, p, o in closure.triples:
        yield f"{s} {p} {o}"


def test_licenses_reach_the_places_within_their_destinations(tmp_path: Path) -> None:
    path = tmp_path / "graph.ttl"
    path.write_text(
        HEAD
        + "firm:a kg:holds license:a . license:a a kg:ExportLicense ; kg:validForDestination place:CN .\n",
        "utf-8",
    )
    found = close_files(path)
    assert (expand("license:a"), KG.heldBy, expand("firm:a")) in found.triples
    assert (expand("firm:a"), KG.licensedForDestination, expand("place:ganzhou")) in found.triples
    assert (expand("firm:a"), RDF_TYPE, KG.LicensedExporter) in found.triples
    assert (expand("firm:a"), KG.holds, expand("license:a")) not in found.triples, "it is not new"
    assert found.conflicts == found.same == found.beyond == ()


def test_literals_stay_as_they_are_written(tmp_path: Path) -> None:
    """The alignments give offsets a second property; a store would make them plain integers."""
    path = tmp_path / "graph.ttl"
    path.write_text(HEAD + 'segment:a kg:startOffset "012"^^xsd:nonNegativeInteger .\n', "utf-8")
    start = "http://www.w3.org/ns/oa#start"
    values = {o for s, p, o in close_files(path).triples if p == start}
    assert values == {Literal("012", XSD + "nonNegativeInteger")}


@pytest.mark.parametrize("suffix", [".ttl", ".nt", ".trig", ".nq"])
def test_command_writes_new_triples_only(
    suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "graph.ttl"
    path.write_text(HEAD + "firm:a kg:holds license:a .\n", "utf-8")
    out = tmp_path / f"closure{suffix}"
    assert run_command(["reason", str(path), "--closure", str(out)]) == 0
    told = capsys.readouterr().out
    store = ox.Store()
    store.bulk_load(path=str(out))
    assert f"{len(store)} new triples" in told
    graph = ox.NamedNode(INFERRED) if suffix in {".trig", ".nq"} else ox.DefaultGraph()
    heldby = (ox.NamedNode(expand("license:a")), ox.NamedNode(KG.heldBy), ox.NamedNode(expand("firm:a")))
    assert ox.Quad(*heldby, graph) in store
    assert not list(store.quads_for_pattern(None, ox.NamedNode(KG.holds), None))


def test_command_refuses_other_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["reason", "--closure", str(tmp_path / "closure.csv")]) == 2
    assert "ends in one of .ttl .nt .trig .nq" in capsys.readouterr().err
    assert run_command(["reason", "--closure", str(tmp_path / "no" / "closure.ttl")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_same_closure_twice(core_only: Path) -> None:
    one, two = close_files(EXAMPLE, core_only), close_files(EXAMPLE, core_only)
    assert list(triples_in(one)) == list(triples_in(two))
    assert one.runs == two.runs
    assert not any(str(t).startswith("_:") for triple in one.triples for t in triple)
