"""SPARQL without a header: parameters, evidence from its own patterns, order of columns, named graphs."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kgbuild.errors import QueryError
from kgbuild.model import Literal
from kgbuild.query import Binding, Question, named_query, plain_query, read_question, run_query, run_sparql
from kgbuild.query.patterns import triple_patterns
from kgbuild.query.tokens import check_tokens, tokenize
from kgbuild.store import load_store
from kgbuild.terms import ID, KG, RDF_TYPE, XSD

GRAPH = """
@prefix kg: <https://w3id.org/kgbuild/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix firm: <https://w3id.org/kgbuild/id/firm/> .
@prefix place: <https://w3id.org/kgbuild/id/place/> .
@prefix claim: <https://w3id.org/kgbuild/id/claim/> .
@prefix segment: <https://w3id.org/kgbuild/id/segment/> .
firm:a a kg:Firm ; rdfs:label "Firm A"@en ; kg:basedIn place:X .
place:X a kg:Place ; rdfs:label "Xland"@en , "Xonia"@de .
claim:1 a kg:Claim ; kg:claimSubject firm:a ; kg:claimPredicate kg:basedIn ; kg:claimObject place:X ;
    kg:evidencedBy segment:1 .
segment:1 kg:segmentOf <https://w3id.org/kgbuild/id/article/one> ; kg:startOffset 0 ; kg:endOffset 9 ;
    kg:exactText "A is in X" .
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    path = tmp_path_factory.mktemp("plain") / "graph.ttl"
    path.write_text(GRAPH, "utf-8")
    return load_store(path, ontology=False)


def test_a_variable_of_its_form_is_a_parameter(store: ox.Store) -> None:
    query = plain_query("SELECT ?f { BIND(?__where_iri AS ?p) ?f kg:basedIn ?p }")
    assert [(p.name, p.type, p.required) for p in query.parameters] == [("where", "iri", False)]
    for values in ({"where": "Xland"}, {"where": "place:X"}, {}):
        assert run_query(store, query, values).rows == ((ID + "firm/a",),)
    assert run_query(store, query, {"where": "Firm A"}).rows == ()
    with pytest.raises(QueryError, match="no thing is named 'Xlund'; near: Xland"):
        run_query(store, query, {"where": "Xlund"})
    with pytest.raises(
        QueryError, match=r"no parameter 'who', or one that stands as BIND.*parameters: where"
    ):
        run_query(store, query, {"who": "x"})


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?f kg:basedIn ?__where_iri }",
        "SELECT * { BIND(?__where_iri AS ?p) ?f kg:basedIn ?__where_iri }",
        "SELECT * { BIND(?_where AS ?p) }",
        "SELECT * { BIND(?where_iri AS ?p) }",
        "SELECT * { BIND(?__where_xsd_thing AS ?p) }",
    ],
)
def test_other_variables_are_none(text: str) -> None:
    assert plain_query(text).parameters == ()


def test_values_have_the_type_of_their_variable(store: ox.Store) -> None:
    query = plain_query(
        "SELECT ?d ?n ?t { BIND(?__day_xsd_dateTime AS ?d) BIND(?__n_xsd_integer AS ?n) "
        "BIND(?__t_literal AS ?t) }"
    )
    rows = run_query(store, query, {"day": "2025-12", "n": "3", "t": '" } #'}).rows
    assert rows == (
        (
            Literal("2025-12-31T23:59:59Z", XSD + "dateTime"),
            Literal("3", XSD + "integer"),
            Literal('" } #', XSD + "string"),
        ),
    )
    with pytest.raises(QueryError, match="parameter n: 'x' is no integer"):
        run_query(store, query, {"n": "x"})


def test_columns_stand_in_the_order_of_the_text(store: ox.Store) -> None:
    assert run_sparql(store, "SELECT * { ?z kg:basedIn ?a . ?a rdfs:label ?m }").columns == ("z", "a", "m")
    assert run_sparql(store, "SELECT ?m ?a { ?a rdfs:label ?m }").columns == ("m", "a")
    assert run_sparql(store, "SELECT (COUNT(*) AS ?n) { ?a rdfs:label ?m }").columns == ("n",)


def test_graph_is_asked_where_there_are_named_graphs(store: ox.Store) -> None:
    text = "SELECT ?g { GRAPH ?g { ?s ?p ?o } }"
    with pytest.raises(QueryError, match="line 1, column 13: GRAPH is refused"):
        run_sparql(store, text)
    named = ox.Store()
    node = ox.NamedNode("urn:a")
    named.add(ox.Quad(node, node, node, ox.NamedNode("urn:g")))
    assert run_sparql(named, text).rows == (("urn:g",),)
    with pytest.raises(QueryError, match="GRAPH is refused"):
        check_tokens(text)
    for other in ("SELECT * FROM <urn:g> { ?s ?p ?o }", "SELECT * { SERVICE <urn:g> { } }"):
        with pytest.raises(QueryError, match="is refused"):
            run_sparql(named, other)


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ("SELECT * { ?f kg:holds ?l }", [("?f", f"<{KG.holds}>", "?l")]),
        ("SELECT * { ?f a kg:Firm ; kg:holds ?l , ?m . }", [
            ("?f", f"<{RDF_TYPE}>", f"<{KG.Firm}>"), ("?f", f"<{KG.holds}>", "?l"),
            ("?f", f"<{KG.holds}>", "?m"),
        ]),
        ("PREFIX k: <urn:k#> SELECT * { <urn:s> k:p ?o OPTIONAL { $o k:q ?x } }", [
            ("?o", "<urn:k#q>", "?x"),
        ]),
        ("SELECT * { ?f kg:holds/kg:issuedBy ?l . ?f ?p ?o . ?f x:y ?o }", []),
        ("SELECT * { _:b kg:holds ?o . [] kg:holds ?o . (1) kg:holds ?o }", []),
        ("SELECT * { ?f kg:numericValue 5 . FILTER(?f != ?g) ?f kg:holds ?l . ?f kg:holds ?l }", [
            ("?f", f"<{KG.holds}>", "?l"),
        ]),
        ("CONSTRUCT { ?f kg:holds ?l } { ?f kg:holds ?l }", [("?f", f"<{KG.holds}>", "?l")]),
        ("SELECT * { ?f kg:holds }", []),
        ("SELECT * { ?f }", []),
    ],
)  # fmt: skip
def test_plain_triples_are_found(text: str, patterns: list[tuple[str, str, str]]) -> None:
    assert list(triple_patterns(tokenize(text))) == patterns


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?f ?p { ?f kg:basedIn ?p }",
        "SELECT ?f { ?f a kg:Firm ; kg:basedIn place:X }",
        "SELECT ?c { ?c kg:claimSubject ?f }",
    ],
)
def test_rows_lead_to_the_claims_for_their_triples(store: ox.Store, text: str) -> None:
    answer = Question(plain_query(text), evidence=True)(store)
    assert answer.evidence is not None
    assert [[e.quote for e in places] for places in answer.evidence] == [["A is in X"]]
    assert Question(plain_query("SELECT ?p { ?f kg:basedIn ?p }"), evidence=True)(store).evidence == ((),)


def test_what_the_graph_does_not_know_is_noted(store: ox.Store) -> None:
    query = plain_query("SELECT ?f { BIND(?__where_iri AS ?p) ?f kg:basedIn ?p }")
    notes = {
        value: Question(query, {"where": value})(store).notes
        for value in ("place:X", "place:Y", "http://example.org/y")
    }
    assert notes == {
        "place:X": (),
        "place:Y": ("where: the graph says nothing of place:Y",),
        "http://example.org/y": ("where: the graph says nothing of <http://example.org/y>",),
    }


def test_a_thing_of_another_class_is_noted() -> None:
    path = Path(__file__).parent / "queries" / "firms-holding-licenses" / "graph.ttl"
    question = Question(named_query("firms-holding-licenses"), {"destination": "element:Dy"})
    assert question(load_store(path)).notes == ("destination: element:Dy (dysprosium) is no place",)


def test_files_with_and_without_a_header_are_told_apart(tmp_path: Path) -> None:
    plain = tmp_path / "plain.rq"
    plain.write_text("# not a header\nSELECT ?s { ?s ?p ?o }", "utf-8")
    assert read_question(str(plain)).is_plain
    headed = Path(named_query("timeline").path)
    assert not read_question(str(headed)).is_plain
    assert read_question("-", headed.read_text("utf-8")).summary == named_query("timeline").summary
    plain.write_text("SELECT * {\n  ü }", "utf-8")
    with pytest.raises(QueryError, match=r"plain\.rq: line 2, column 3: 'ü"):
        read_question(str(plain))


def test_explained_text_cannot_leave_its_comment(store: ox.Store) -> None:
    query = plain_query("SELECT ?x { BIND(?__t_literal AS ?x) }")
    for value in ("a\nSERVICE <urn:x> {}", "a\r}", "a\u2028}", "a\x85}", "?__t_literal"):
        bound = Binding(Question(query, {"t": value}))(store)
        assert [t.kind for t in tokenize(str(bound))] == [t.kind for t in tokenize(bound.text)]
