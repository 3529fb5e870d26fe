"""Saved queries as files, values as terms, names of things, free SPARQL, evidence, answers as text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given
from hypothesis import strategies as st

from kgbuild.errors import QueryError
from kgbuild.model import Literal
from kgbuild.query import (
    EvidenceRow,
    QueryResult,
    display,
    evidence_of,
    find_query,
    load_queries,
    parameter_terms,
    read_query,
    resolve_name,
    run_query,
    run_sparql,
    to_csv,
    to_json,
    to_markdown,
    to_tsv,
)
from kgbuild.query.tokens import MAX_NESTING, check_tokens, expand_escapes, tokenize
from kgbuild.query.values import TYPES, iri_value, literal_value, term_text
from kgbuild.store import load_store
from kgbuild.terms import ID, KG, PREFIXES, XSD, expand

GRAPH = """
@prefix kg: <https://w3id.org/kgbuild/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix id: <https://w3id.org/kgbuild/id/> .
<https://w3id.org/kgbuild/id/firm/jl-mag> kg:holds <https://w3id.org/kgbuild/id/license/a> .
<https://w3id.org/kgbuild/id/firm/made-here> a kg:Firm ; rdfs:label "Made Here Magnetics"@en .
<https://w3id.org/kgbuild/id/license/a> a kg:ExportLicense ; rdfs:label "license A"@en ;
    kg:validForDestination <https://w3id.org/kgbuild/id/place/US> .
<https://w3id.org/kgbuild/id/claim/1> a kg:Claim ;
    kg:claimSubject <https://w3id.org/kgbuild/id/firm/jl-mag> ; kg:claimPredicate kg:holds ;
    kg:claimObject <https://w3id.org/kgbuild/id/license/a> ;
    kg:claimPolarity <https://w3id.org/kgbuild/id/polarity/affirmed> ;
    kg:claimCertainty <https://w3id.org/kgbuild/id/certainty/actual> ;
    kg:attributedTo <https://w3id.org/kgbuild/id/firm/jl-mag> ;
    kg:evidencedBy <https://w3id.org/kgbuild/id/segment/1> .
<https://w3id.org/kgbuild/id/segment/1> kg:segmentOf <https://w3id.org/kgbuild/id/article/one> ;
    kg:startOffset 12 ; kg:endOffset 34 ; kg:exactText "JL MAG has a license." .
<https://w3id.org/kgbuild/id/claim/2> a kg:Claim ;
    kg:claimSubject <https://w3id.org/kgbuild/id/firm/jl-mag> ; kg:claimPredicate kg:holds ;
    kg:claimObject <https://w3id.org/kgbuild/id/license/a> ;
    kg:claimPolarity <https://w3id.org/kgbuild/id/polarity/denied> ;
    kg:claimCertainty <https://w3id.org/kgbuild/id/certainty/actual> ;
    kg:evidencedBy <https://w3id.org/kgbuild/id/segment/2> .
<https://w3id.org/kgbuild/id/segment/2> kg:segmentOf <https://w3id.org/kgbuild/id/article/two> ;
    kg:startOffset 5 ; kg:endOffset 20 ; kg:exactText "It has none yet" .
<https://w3id.org/kgbuild/id/claim/3> a kg:Claim ;
    kg:claimSubject <https://w3id.org/kgbuild/id/firm/jl-mag> ; kg:claimPredicate kg:holds ;
    kg:claimObject <https://w3id.org/kgbuild/id/license/other> ;
    kg:evidencedBy <https://w3id.org/kgbuild/id/segment/2> .
<https://w3id.org/kgbuild/id/article/one> rdfs:label "Article one"@en ;
    kg:publishedBy <https://w3id.org/kgbuild/id/org/reuters> ;
    kg:publishedAt <https://w3id.org/kgbuild/id/time/1> .
<https://w3id.org/kgbuild/id/time/1> kg:edtf "2025-06-11" .
<https://w3id.org/kgbuild/id/article/two> rdfs:label "Article two"@en .
"""
HEADER = """#+ summary: What is where?
#+ description: For tests.
#+ competency-question: CQ99
#+ params:
#+   place: {type: iri, class: "kg:Place", description: "a place"}
#+   note: {type: literal, description: "a text"}
#+ columns:
#+   x: a thing
#+ evidence:
#+   - "?x kg:locatedIn ?place"
"""
BODY = """PREFIX kg: <https://w3id.org/kgbuild/ontology#>
SELECT ?x ?place ?said WHERE {
  BIND(?__place_iri AS ?place)
  BIND(?_note_literal AS ?said) # not ?__place_iri
  ?x kg:locatedIn ?place . FILTER(STR(?x) != "?__place_iri")
}"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    path = tmp_path_factory.mktemp("query") / "graph.ttl"
    path.write_text(GRAPH, encoding="utf-8")
    return load_store(path)


def _write(folder: Path, header: str = HEADER, body: str = BODY) -> Path:
    path = folder / "what-is-where.rq"
    path.write_text(header + body, encoding="utf-8")
    return path


# ---- tokens


def test_words_in_strings_iris_and_comments_are_no_keywords() -> None:
    check_tokens(
        'SELECT ?s { ?s <http://x/SERVICE#LOAD> "SERVICE <x> {", \'FROM\', """GRAPH"\n""" } # SERVICE'
    )


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "SERVICE"),
        ("select * { service silent <http://127.0.0.1/> { ?s ?p ?o } }", "SERVICE"),
        (r"SELECT * { \u0053ERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "SERVICE"),
        (r"SELECT * { S\U00000045RVICE <http://127.0.0.1/> { ?s ?p ?o } }", "SERVICE"),
        ("SELECT * { ?s ?p 'x' .SERVICE<http://127.0.0.1/>{ } }", "SERVICE"),
        ("SELECT * { ?s ?p ?a FILTER(?a<?b)SERVICE#>\n?s{ } }", "comparison"),
        ("SELECT * { ?s ?p ?a FILTER(?a<b:c)service?s#>\n{ } }", "comparison"),
        ("PREFIX a: <http://127.0.0.1/> SELECT * { SERVICEa:b { } }", "SERVICE"),
        ("PREFIX : <http://127.0.0.1/> SELECT * { service:b { } }", "SERVICE"),
        ("SELECT * { ?s ?p trueSERVICE<http://127.0.0.1/>{ } }", "SERVICE"),
        ("SELECT * { ?s ?p 1SERVICE<http://127.0.0.1/>{ } }", "SERVICE"),
        ("SELECT * { SERVICESILENT<http://127.0.0.1/>{ } }", "SERVICE"),
        ("SELECT*{ BIND(1 AS?x)SERVICE<http://127.0.0.1/>{ } }", "SERVICE"),
        (
            "SELECT * { ?s ?p ?a FILTER(?a<?b)?s?p'>' SERVICE <http://127.0.0.1/> { } ?s ?p 'x' } # '",
            "comparison",
        ),
        ('SELECT * { ?s ?p ?a FILTER(?a<?b#>"""\n) SERVICE <http://127.0.0.1/> { } #"""\n }', "comparison"),
        ("SELECT * { VALUES ?x {'''a' } SERVICE <http://127.0.0.1/> { } # \\q '''\n }", "no escape"),
        ("SELECT * { VALUES ?x {'''a' } SERVICE <http://127.0.0.1/> { } # \\uD800 '''\n }", "no escape"),
        ("# LOAD\nLOAD <file:///etc/passwd>", "LOAD"),
        ("PREFIX a: <http://a/> INSERT DATA { a:s a:p a:o }", "INSERT"),
        ("DELETE WHERE { ?s ?p ?o }", "DELETE"),
        ("DROP ALL", "DROP"),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", "FROM"),
        ("SELECT * FROM NAMED <http://127.0.0.1/> { ?s ?p ?o }", "FROM"),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } }", "GRAPH"),
    ],
)
def test_what_reaches_outside_is_refused(store: ox.Store, text: str, word: str) -> None:
    with pytest.raises(QueryError, match=word):
        run_sparql(store, text)


def test_refusal_names_line_and_column(store: ox.Store) -> None:
    with pytest.raises(QueryError, match="line 2, column 3: SERVICE"):
        run_sparql(store, "SELECT * {\n  SERVICE <http://127.0.0.1/> { } }")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * " + "{" * 3000 + "}" * 3000,
        "SELECT * { FILTER(" + "(" * 9000 + "1" + ")" * 9000 + ") }",
        "SELECT * { FILTER(?a<" + "(" * 500 + "1" + ")" * 500 + "#>\n) }",
        "SELECT * { FILTER(" + "!" * 9000 + "1) }",
        "SELECT * { FILTER(?a<" + "!" * 9000 + "1#>\n) }",
        "SELECT * { " + "OPTIONAL { ?s ?p ?o } " * 3000 + "}",
        "SELECT * { ?s <a:a>" + "/<a:a>" * 9000 + " ?o }",
        "SELECT * { " + "?s ?p ?o . " * 5000 + "}",
        "SELECT * { " + " " * 100_000 + "}",
    ],
    ids=[
        "groups",
        "brackets",
        "hidden brackets",
        "nots",
        "hidden nots",
        "options",
        "path",
        "triples",
        "spaces",
    ],
)
def test_text_beyond_the_limits_never_reaches_the_parser(text: str) -> None:
    with pytest.raises(QueryError, match=r"at most|may be|nest deeper|longer than"):
        check_tokens(text)


def test_text_at_the_limit_of_nesting_is_answered(store: ox.Store) -> None:
    depth = MAX_NESTING - 1
    answer = run_sparql(store, "ASK {" + "{" * depth + "}" * depth + "}")
    assert answer.rows == ((Literal("true", XSD + "boolean"),),)


def test_escapes_of_delimiters_stay_escapes() -> None:
    assert expand_escapes(r'"\u0022" \u0073 "\\u0073" "\\\u0073"') == r'"\u0022" s "\\u0073" "\\s"'
    assert [token.text for token in tokenize(expand_escapes(r'"a\u0022b" ?x'))] == [r'"a\u0022b"', "?x"]


@pytest.mark.parametrize("text", ["SELECT ` {", 'SELECT "open {', "SELECT \\ {", r"\u0022", "SELECT \x01"])
def test_what_is_no_token_is_told(text: str) -> None:
    with pytest.raises(QueryError, match=r"line 1, column \d+: .* is not SPARQL"):
        tokenize(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?a FILTER(?a<?b&&?c>1) }",
        "SELECT * { ?s ?p ?a FILTER(?a < ?b)FILTER(?c > 1) }",
        "SELECT * { ?s <http://example.org/service/it's(1)#x> <urn:isbn:0> }",
        r'''SELECT * { ?s ?p "tab\t, quote \", \u0022 and \U0001F600", 'it\'s', """a "" b \""" """, "" }''',
        "PREFIX a: <http://a/> SELECT * { ?service a:service 'SERVICE' , a:b\\'c , a:%20x. }",
        "SELECT (COUNT(*)AS?n){?s ?p 1.5e3,-.5,+1,true,'x'@en-GB,_:b.OPTIONAL{?s ?q[]}}",
    ],
)
def test_what_only_looks_like_it_is_taken_as_oxigraph_takes_it(text: str) -> None:
    check_tokens(text)
    ox.Store().query(text)


# ---- values and binding


def test_parameter_is_replaced_as_a_token_only(tmp_path: Path) -> None:
    query = read_query(_write(tmp_path))
    bound = query.bind(
        {"place": expand("place:US"), "note": Literal('a "b" \\u0022 ?__place_iri', XSD + "string")}
    )
    assert "BIND(<https://w3id.org/kgbuild/id/place/US> AS ?place)" in bound
    assert "# not ?__place_iri" in bound
    assert 'FILTER(STR(?x) != "?__place_iri")' in bound
    assert len(tokenize(bound)) == len(query.tokens)


VALUES = (
    st.text()
    | st.text(alphabet="\"'\\u0022<>{}?\n\r#@^ aS")
    | st.sampled_from(
        [
            '" } UNION { ?s ?p ?o } #',
            "\\",
            "\\u0022",
            "\\\\u0022",
            "\\U00000022",
            '"""',
            "'''",
            "?__place_iri",
            "@en",
            "\x00",
        ]
    )
)


@given(value=VALUES)
@example(value='"} SERVICE <http://127.0.0.1/> {?s ?p "')
def test_no_text_changes_the_tokens_around_it(value: str) -> None:
    query = find_query(load_queries(), "timeline")
    text = query.text.replace("?__from_xsd_dateTime", "?__from_literal")
    before = tokenize(text)
    try:
        written = term_text(Literal(value, XSD + "string"))
    except QueryError:
        assert any("\ud800" <= character <= "\udfff" for character in value)
        return
    at = next(token for token in before if token.text == "?__from_literal")
    after = tokenize(text[: at.start] + written + text[at.start + len(at.text) :])
    assert [t.kind for t in after] == ["string" if t == at else t.kind for t in before]
    assert [t.text for t in after if t.text != written] == [t.text for t in before if t != at]


@given(value=VALUES)
def test_text_arrives_as_it_was_given_in_both_engines(value: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in value) or "\x00" in value:
        return
    text = f"SELECT ({term_text(Literal(value, XSD + 'string'))} AS ?x) {{}}"
    assert [solution["x"].value for solution in ox.Store().query(text)] == [value]  # type: ignore[union-attr]
    assert [str(row[0]) for row in rdflib.Graph().query(text)] == [value]  # type: ignore[index]


@given(value=VALUES)
def test_no_text_becomes_an_iri_with_a_way_out(value: str) -> None:
    try:
        written = term_text(iri_value(value))
    except QueryError:
        return
    assert [token.kind for token in tokenize(written)] == ["iri"]


@given(value=VALUES, kind=st.sampled_from(sorted(set(TYPES) - {"iri"})))
def test_no_value_of_any_type_becomes_more_than_one_term(value: str, kind: str) -> None:
    try:
        written = term_text(literal_value(kind, value))
    except QueryError:
        return
    assert [token.text for token in tokenize(written)][1:] in (
        [],
        ["^^", f"<{XSD}{kind.removeprefix('xsd:')}>"],
    )


@pytest.mark.parametrize(
    "value",
    [
        "http://a/> } UNION { ?s ?p ?o } #",
        "http://a/ b",
        "http://a/\u0000",
        'http://a/"',
        "http://a/{x}",
        "http://a/\\u003E",
        "no scheme",
        "//a/b",
        "",
    ],
)
def test_hostile_iris_are_refused(value: str) -> None:
    with pytest.raises(QueryError, match="is no IRI"):
        iri_value(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("xsd:dateTime", "yesterday"),
        ("xsd:dateTime", "2025-02-30"),
        ("xsd:dateTime", "2025-13"),
        ("xsd:dateTime", "0000"),
        ("xsd:dateTime", "2025-06-11T25:00:00Z"),
        ("xsd:dateTime", '2025-06-11"^^<x>'),
        ("xsd:dateTime", "2025-06-11\n"),
        ("xsd:integer", "1.5"),
        ("xsd:integer", "1) } #"),
        ("xsd:decimal", "1e3"),
        ("xsd:boolean", "yes"),
    ],
)
def test_values_that_are_not_of_the_type_are_refused(kind: str, value: str) -> None:
    with pytest.raises(QueryError, match=r"right would be|no day of the calendar"):
        literal_value(kind, value)


@pytest.mark.parametrize(
    ("value", "bound", "stamp"),
    [
        ("2025-12-31", "end", "2025-12-31T23:59:59Z"),
        ("2025-12-31", "start", "2025-12-31T00:00:00Z"),
        ("2024-02", "end", "2024-02-29T23:59:59Z"),
        ("2025", "end", "2025-12-31T23:59:59Z"),
        ("2025", "start", "2025-01-01T00:00:00Z"),
        ("2025-06-11T08:00:00", "end", "2025-06-11T08:00:00Z"),
        ("2025-06-11T08:00:00+08:00", "end", "2025-06-11T08:00:00+08:00"),
    ],
)
def test_days_months_and_years_become_times(value: str, bound: str, stamp: str) -> None:
    assert literal_value("xsd:dateTime", value, bound=bound) == Literal(stamp, XSD + "dateTime")


# ---- names


@pytest.mark.parametrize(
    ("name", "class_", "iri"),
    [
        ("Germany", "Place", "place:DE"),
        ("germany", "Place", "place:DE"),
        ("US", "Place", "place:US"),
        ("U.S.", "Place", "place:US"),
        ("German", "Place", "place:DE"),
        ("DEU", "Place", "place:DE"),
        ("EU", "Place", "place:eu"),
        ("JL MAG", "Firm", "firm:jl-mag"),
        ("jl mag rare earth co ltd", "Firm", "firm:jl-mag"),
        ("made here magnetics", "Firm", "firm:made-here"),
        ("MOFCOM", "PublicBody", "body:cn-mofcom"),
        ("Beijing", "PublicBody", "body:gov-cn"),
        ("Beijing", "Place", "place:beijing"),
        ("dysprosium", "Material", "element:Dy"),
        ("Dy", "Material", "element:Dy"),
        ("granted", "StatusValue", "status:granted"),
        ("denied", "StatusValue", "status:denied"),
        ("denied", "ClaimPolarity", "polarity:denied"),
        ("place:US", "Place", "place:US"),
        ("<https://w3id.org/kgbuild/id/place/US>", None, "place:US"),
        ("https://w3id.org/kgbuild/id/place/US", None, "place:US"),
    ],
)
def test_things_are_found_by_their_names(store: ox.Store, name: str, class_: str | None, iri: str) -> None:
    assert resolve_name(store, name, None if class_ is None else getattr(KG, class_)) == expand(iri)


def test_iri_that_the_store_does_not_have_is_taken_as_it_is(store: ox.Store) -> None:
    assert resolve_name(store, "urn:uuid:0", KG.Place) == "urn:uuid:0"
    assert resolve_name(store, "http://example.org/x", KG.Place) == "http://example.org/x"


def test_unknown_name_lists_the_nearest(store: ox.Store) -> None:
    with pytest.raises(QueryError, match=r"no place is named 'Germny'; near: .*Germany"):
        resolve_name(store, "Germny", KG.Place)
    with pytest.raises(QueryError, match="no firm is named 'Germany'"):
        resolve_name(store, "Germany", KG.Firm)


def test_ambiguous_name_lists_what_it_may_be(store: ox.Store) -> None:
    with pytest.raises(QueryError, match=r"names several things: .*polarity:denied.*status:denied"):
        resolve_name(store, "denied")


@pytest.mark.parametrize("name", ["place:US> } #", "<http://a/> }>", "place:a b"])
def test_hostile_prefixed_names_are_refused(store: ox.Store, name: str) -> None:
    with pytest.raises(QueryError, match="is no IRI"):
        resolve_name(store, name, KG.Place)


# ---- running


def test_names_of_parameters_and_queries_are_lenient(store: ox.Store) -> None:
    query = find_query(load_queries(), "Firms_Holding Licenses")
    for name in ("asOf", "as_of", "as-of", "AS_OF"):
        terms = parameter_terms(store, query, {name: "2025-12-31", "destination": ""})
        assert terms == {"asOf": Literal("2025-12-31T23:59:59Z", XSD + "dateTime")}


def test_default_is_taken_and_an_empty_value_lifts_it(store: ox.Store) -> None:
    query = find_query(load_queries(), "firms-holding-licenses")
    assert parameter_terms(store, query, {}) == {"destination": expand("place:US")}
    assert parameter_terms(store, query, {"destination": ""}) == {}


def test_wrong_parameters_are_told(store: ox.Store, tmp_path: Path) -> None:
    query = find_query(load_queries(), "firms-holding-licenses")
    with pytest.raises(QueryError, match=r"no parameter 'place'; its parameters: destination, asOf"):
        run_query(store, query, {"place": "US"})
    with pytest.raises(QueryError, match="asOf is given twice"):
        run_query(store, query, {"as_of": "2025", "asOf": "2026"})
    with pytest.raises(QueryError, match="parameter asOf: 'soon' is no dateTime"):
        run_query(store, query, {"as_of": "soon"})
    with pytest.raises(QueryError, match="needs a value for note: a text"):
        run_query(store, read_query(_write(tmp_path)), {})
    with pytest.raises(QueryError, match="no saved query 'firm-holding'; near: firms-holding-licenses"):
        find_query(load_queries(), "firm-holding")


def test_free_text_knows_the_prefixes_and_all_forms_of_query(store: ox.Store) -> None:
    rows = run_sparql(store, "SELECT ?l { firm:jl-mag kg:holds ?l }")
    assert rows.rows == ((ID + "license/a",),)
    assert rows.columns == ("l",)
    triples = run_sparql(store, "CONSTRUCT { ?s kg:holds ?o } WHERE { ?s kg:holds ?o }")
    assert triples.columns == ("subject", "predicate", "object")
    assert triples.rows == ((ID + "firm/jl-mag", KG.holds, ID + "license/a"),)
    assert len(run_sparql(store, "DESCRIBE firm:made-here").rows) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT ?x {", "not SPARQL"),
        ("", "no query in the text"),
        ("PREFIX a: <http://a/>", "no query in the text"),
    ],
)
def test_wrong_sparql_is_told(store: ox.Store, text: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        run_sparql(store, text)


# ---- headers


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("#+", "# ", "no header"),
        ("#+ summary: What is where?", "#+ summary: [", r"rq:\d+: header is not YAML"),
        ("#+ summary: What is where?\n", "", "lacks 'summary'"),
        ("#+ summary", "#+ summry: x\n#+ summary", "unknown header key 'summry'"),
        ("type: iri", "type: irj", "has type 'irj'"),
        ("kg:Place", "kg:Plaice", "kg:Plaice"),
        ("#+   note", "#+   nota", "no parameter of the header"),
        ("?__place_iri AS", "?__place_literal AS", "no parameter of the header with its type"),
        ("BIND(?__place_iri AS ?place)", "", "no variable for parameter 'place'"),
        ("?x kg:locatedIn ?place .", "?x kg:locatedIn ?__place_iri .", "stands twice"),
        ("BIND(?__place_iri AS ?place)", "?x kg:holds ?__place_iri .", "must stand alone in a BIND"),
        ("SELECT ?x", "SELECT", "does not name x"),
        ('"?x kg:locatedIn ?place"', '"?y kg:locatedIn ?place"', "does not name y"),
        ('"?x kg:locatedIn ?place"', '"?x kg:locatedIn"', "neither a triple pattern nor one variable"),
        ('"?x kg:locatedIn ?place"', '"?x ex:p ?place"', "no known prefix"),
        ("?_note_literal", "?_note", "does not name its type"),
        ("\n}", "SERVICE <x> {} }", "SERVICE is refused"),
        ("SELECT", "INSERT", "INSERT changes data"),
    ],
)
def test_files_that_do_not_fit_their_header_are_refused(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    text = HEADER + BODY
    assert old in text
    path = _write(tmp_path, "", text.replace(old, new))
    with pytest.raises(QueryError, match=re.escape(str(path)) + ".*" + message.replace("rq:", "")):
        read_query(path)


def test_header_is_read_in_full(tmp_path: Path) -> None:
    query = read_query(_write(tmp_path))
    assert (query.name, query.summary, query.competency_question) == (
        "what-is-where",
        "What is where?",
        "CQ99",
    )
    assert [(p.name, p.class_, p.required) for p in query.parameters] == [
        ("place", KG.Place, False),
        ("note", None, True),
    ]
    assert query.variables == ("x", "place", "said")
    assert query.evidence == (("?x", "kg:locatedIn", "?place"),)


def test_folder_without_queries_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match=r"holds no \.rq file"):
        load_queries(tmp_path)


# ---- evidence and text forms


def test_evidence_has_every_claim_of_the_statement_and_no_other(store: ox.Store) -> None:
    query = find_query(load_queries(), "firms-holding-licenses")
    answer = run_query(store, query, {})
    assert len(answer.bindings) == 1
    one = EvidenceRow(
        article_title="Article one",
        article_iri=ID + "article/one",
        publisher="Reuters",
        published="2025-06-11",
        speaker="JL MAG Rare-Earth Co. Ltd.",
        polarity="affirmed",
        certainty="actual",
        start=12,
        end=34,
        quote="JL MAG has a license.",
        predicate="kg:holds",
    )
    found = evidence_of(store, query, answer.bindings[0])
    assert [(e.article_title, e.polarity, e.publisher) for e in found] == [
        ("Article two", "denied", ""),
        ("Article one", "affirmed", "Reuters"),
    ]
    assert found[1] == one


ANSWER = QueryResult(
    ("thing", "words"),
    (
        (ID + "place/US", Literal('a "b", | c\n\td', XSD + "string")),
        (None, Literal("x", XSD + "string", "en")),
    ),
    (
        {"thing": ID + "place/US", "words": Literal('a "b", | c\n\td', XSD + "string"), "hidden": "_:b"},
        {
            "words": Literal("x", PREFIXES["rdf"] + "langString", "en"),
            "hidden": Literal("1", XSD + "integer"),
        },
    ),
    ("thing", "words", "hidden"),
)


def test_answers_are_written_as_text() -> None:
    assert to_csv(ANSWER) == 'thing,words\nplace:US,"a ""b"", | c\n\td"\n,x\n'
    assert to_tsv(ANSWER) == 'thing\twords\nplace:US\ta "b", | c d\n\tx\n'
    assert (
        to_markdown(ANSWER) == '| thing | words |\n| --- | --- |\n| place:US | a "b", \\| c d |\n|  | x |\n'
    )
    assert json.loads(to_json(ANSWER)) == {
        "head": {"vars": ["thing", "words", "hidden"]},
        "results": {
            "bindings": [
                {
                    "thing": {"type": "uri", "value": ID + "place/US"},
                    "words": {"type": "literal", "value": 'a "b", | c\n\td'},
                    "hidden": {"type": "bnode", "value": "b"},
                },
                {
                    "words": {"type": "literal", "value": "x", "xml:lang": "en"},
                    "hidden": {"type": "literal", "value": "1", "datatype": XSD + "integer"},
                },
            ]
        },
    }


def test_terms_are_shown_as_people_read_them() -> None:
    assert [display(t) for t in (None, KG.holds, "http://example.org/a", "_:b")] == [
        "",
        "kg:holds",
        "<http://example.org/a>",
        "_:b",
    ]
