"""SPARQL text as tokens: what is refused before it runs, and values that cannot leave their place."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kgbuild.errors import QueryError
from kgbuild.model import Literal
from kgbuild.query import find_query, load_queries, run_sparql
from kgbuild.query.tokens import MAX_NESTING, check_tokens, expand_escapes, tokenize
from kgbuild.query.values import TYPES, iri_value, literal_value, term_text
from kgbuild.terms import XSD

TIMELINE = find_query(load_queries(), "timeline").text.replace("?__from_xsd_dateTime", "?__from_literal")


@pytest.fixture(scope="module")
def store() -> ox.Store:
    return ox.Store()


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


# ---- values


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


@settings(deadline=None)  # the machine may be busy
@given(value=VALUES)
@example(value='"} SERVICE <http://127.0.0.1/> {?s ?p "')
def test_no_text_changes_the_tokens_around_it(value: str) -> None:
    before = tokenize(TIMELINE)
    try:
        written = term_text(Literal(value, XSD + "string"))
    except QueryError:
        assert any("\ud800" <= character <= "\udfff" for character in value)
        return
    at = next(token for token in before if token.text == "?__from_literal")
    after = tokenize(TIMELINE[: at.start] + written + TIMELINE[at.start + len(at.text) :])
    assert [t.kind for t in after] == ["string" if t == at else t.kind for t in before]
    assert [t.text for t in after if t.text != written] == [t.text for t in before if t != at]


@settings(deadline=None)  # the machine may be busy
@given(value=VALUES)
def test_text_arrives_as_it_was_given_in_both_engines(value: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in value) or "\x00" in value:
        return
    text = f"SELECT ({term_text(Literal(value, XSD + 'string'))} AS ?x) {{}}"
    assert [solution["x"].value for solution in ox.Store().query(text)] == [value]  # type: ignore[union-attr]
    assert [str(row[0]) for row in rdflib.Graph().query(text)] == [value]  # type: ignore[index]


@settings(deadline=None)  # the machine may be busy
@given(value=VALUES)
def test_no_text_becomes_an_iri_with_a_way_out(value: str) -> None:
    try:
        written = term_text(iri_value(value))
    except QueryError:
        return
    assert [token.kind for token in tokenize(written)] == ["iri"]


@settings(deadline=None)  # the machine may be busy
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
