"""No value of a parameter changes the parse tree outside its term, in two engines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyparsing import ParseResults
from rdflib.plugins.sparql.parser import parseQuery

from kgbuild.errors import QueryError
from kgbuild.model import Literal, Term
from kgbuild.query import find_query, load_queries, parameter_terms, plain_query, read_query
from kgbuild.query.tokens import tokenize
from kgbuild.query.values import TYPES, iri_value, literal_value
from kgbuild.terms import XSD

BENIGN: dict[str, Term] = {
    "iri": "urn:benign",
    "literal": Literal("benign", XSD + "string"),
    "xsd:string": Literal("benign", XSD + "string"),
    "xsd:integer": Literal("7", XSD + "integer"),
    "xsd:decimal": Literal("7.5", XSD + "decimal"),
    "xsd:boolean": Literal("true", XSD + "boolean"),
    "xsd:dateTime": Literal("2025-06-11T00:00:00Z", XSD + "dateTime"),
}
#: All types, each between what an escaped value could join: strings, comments, brackets.
TEXT = """SELECT ?x ?said {
  BIND("before" AS ?b) BIND(?__%s AS ?value) BIND('after' AS ?a) # a comment
  { ?x <urn:p> ?value } UNION { ?x <urn:q> "a string" , '''another''' }
  FILTER(STR(?value) != "\\t" && ?x != <urn:x>)
}"""
QUERIES = {kind: plain_query(TEXT % f"it_{kind.replace(':', '_')}") for kind in TYPES}
HOSTILE = st.sampled_from(
    [
        '" } UNION { ?s ?p ?o } #',
        "\\",
        '\\"',
        "\\u0022",
        "\\\\u0022",
        "\\U00000022",
        "\\u005C\\u0022",
        '"""',
        "'''",
        "?__it_iri",
        "@en",
        '"@en',
        '"^^<urn:x>',
        "> <urn:y",
        "urn:a> . ?s ?p <urn:b",
        "urn:\\u003E",
        "http://a/ b",
        "\n} SERVICE <urn:x> { ?s ?p ?o }",
        "\r#",
        "\x00",
        "\u2028}",
        "7) } #",
        "1e5",
        "true) #",
        "2025-06-11T00:00:00Z\\",
        "-",
    ]
)
VALUES = HOSTILE | st.text() | st.text(alphabet="\"'\\u0022<>{}()?\n\r#@^. ae:")


def _term(kind: str, value: str) -> Term | None:
    try:
        return iri_value(value) if kind == "iri" else literal_value(kind, value)
    except QueryError:
        return None


def _leaves(tree: Any) -> list[Any]:
    """Return the parse tree of rdflib as nested lists of its leaves."""
    if isinstance(tree, ParseResults):
        named = tree.as_dict() if not list(tree) else {}
        return [_leaves(part) for part in tree] + [
            [name, _leaves(part)] for name, part in sorted(named.items())
        ]
    if isinstance(tree, dict):  # a CompValue too
        name = getattr(tree, "name", "")
        return [name, *([key, _leaves(part)] for key, part in sorted(tree.items()))]
    if isinstance(tree, list | tuple):
        return [_leaves(part) for part in tree]
    return [type(tree).__name__, tree]


def _differences(one: Any, other: Any) -> list[tuple[Any, Any]]:
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [pair for a, b in zip(one, other, strict=True) for pair in _differences(a, b)]
    return [] if one == other else [(one, other)]


@settings(deadline=None, max_examples=150)  # the machine may be busy
@given(kind=st.sampled_from(sorted(TYPES)), value=VALUES)
@example(kind="iri", value="urn:a#'b(c)")
@example(kind="literal", value="\\u0022) } #")
def test_no_value_changes_the_tree_outside_its_term(kind: str, value: str) -> None:
    term = _term(kind, value)
    query = QUERIES[kind]
    if term is None:
        return
    bound, benign = query.bind({"it": term}), query.bind({"it": BENIGN[kind]})
    # Oxigraph shows no tree: its tokens are counted, and the text has to be read
    assert [t.kind for t in tokenize(bound)] == [t.kind for t in tokenize(benign)]
    ox.Store().query(bound)
    if "\x00" in value:
        return  # rdflib takes no NUL
    trees = [_leaves(parseQuery(text)) for text in (bound, benign)]
    different = _differences(*trees)
    assert len(different) <= 1, different
    text = term.value if isinstance(term, Literal) else term
    if different:
        assert str(different[0][0]) == text


@settings(deadline=None, max_examples=60)
@given(value=VALUES)
def test_a_value_of_a_saved_question_is_refused_or_one_term(store: ox.Store, value: str) -> None:
    for query in SAVED:
        for parameter in query.parameters:
            needed = {p.name: _example(p.type) for p in query.parameters if p.required}
            try:
                terms = parameter_terms(store, query, {**needed, parameter.name: value})
            except QueryError:
                continue
            bound = query.bind(terms)
            marks = [t.text for t in tokenize(bound) if t.kind == "mark" and t.text != "^^"]
            assert marks == [t.text for t in query.tokens if t.kind == "mark" and t.text != "^^"]
            ox.Store().query(bound)


SAVED = (find_query(load_queries(), "firms-holding-licenses"), find_query(load_queries(), "timeline"))


def _example(kind: str) -> str:
    term = BENIGN[kind]
    return term.value if isinstance(term, Literal) else term


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """Return a small store: what matters is what is not in it."""
    store = ox.Store()
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    store.add(ox.Quad(ox.NamedNode("urn:x"), label, ox.Literal("a thing", language="en")))
    return store


def test_a_bound_query_gives_the_same_rows_in_both_engines(tmp_path: Path) -> None:
    value = 'quote " backslash \\ and \\u0022 \n new line'
    path = tmp_path / "graph.nt"
    graph = rdflib.Graph()
    graph.add((rdflib.URIRef("urn:s"), rdflib.URIRef("urn:p"), rdflib.Literal(value)))
    graph.serialize(path, format="nt", encoding="utf-8")
    store = ox.Store()
    store.bulk_load(path=str(path), format=ox.RdfFormat.N_TRIPLES)
    text = plain_query("SELECT ?s { BIND(?__it_literal AS ?v) ?s <urn:p> ?v }").bind(
        {"it": Literal(value, XSD + "string")}
    )
    rows = store.query(text)
    assert isinstance(rows, ox.QuerySolutions)
    assert [row["s"].value for row in rows] == ["urn:s"]
    assert [str(row[rdflib.Variable("s")]) for row in graph.query(text).bindings] == ["urn:s"]


def test_variables_in_strings_and_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "q.rq"
    path.write_text(
        "#+ {summary: s, description: d, competency-question: CQ99, columns: {x: a thing}, "
        "params: {it: {type: literal}}}\n"
        'SELECT ?x { BIND(?__it_literal AS ?v) ?x ?p ?v FILTER(?x != "?__it_literal") } # ?__it_literal\n',
        "utf-8",
    )
    query = read_query(path)
    bound = query.bind({"it": Literal("?__it_literal", XSD + "string")})
    assert bound.count("?__it_literal") == 3
    assert 'BIND("?__it_literal" AS ?v)' in bound
