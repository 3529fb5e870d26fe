"""Answers in their formats: read back by other programs, typed where there are types, and escaped."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pyarrow as pa
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.query import Result

from kgbuild.errors import QueryError
from kgbuild.model import Literal, Term
from kgbuild.query import (
    ANSWER_FORMATS,
    Answer,
    Bound,
    EvidenceRow,
    QueryResult,
    run_sparql,
    to_arrow,
    to_csv,
    to_html,
    to_json,
    to_markdown,
    to_tsv,
    to_xml,
    write_answer,
)
from kgbuild.store import to_term
from kgbuild.terms import ID, RDF, XSD

PLACE = EvidenceRow(
    "A <title>",
    ID + "article/one",
    "Wire & Co",
    "2025-06-11",
    "Firm A",
    "denied",
    "planned",
    3,
    9,
    'says "x"',
    "kg:p",
)
OTHER = EvidenceRow("B", ID + "article/two", "", "", "", "affirmed", "actual", 0, 1, "y", "kg:p")


def result(*columns: tuple[str, list[Term | None]], cut: bool = False) -> QueryResult:
    names = tuple(name for name, _ in columns)
    rows = tuple(zip(*(values for _, values in columns), strict=True))
    bindings = tuple({n: t for n, t in zip(names, row, strict=True) if t is not None} for row in rows)
    return QueryResult(names, rows, bindings, names, cut=cut)


def typed(name: str, *values: str | None) -> list[Term | None]:
    return [None if v is None else Literal(v, XSD + name) for v in values]


SMALL = result(("thing", [ID + "place/US", "_:b"]), ("words", [Literal("x", RDF + "langString", "en"), None]))
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
TERMS = (
    TEXT.map(lambda v: Literal(v, XSD + "string"))
    | TEXT.map(lambda v: Literal(v, RDF + "langString", "en-gb"))
    | st.integers().map(lambda n: Literal(str(n), XSD + "integer"))
    | st.sampled_from([ID + "place/US", "urn:x?a=1&b='2'", "_:b1"])
)


# ---- the formats of SPARQL


@settings(deadline=None)  # the machine may be busy
@given(terms=st.lists(TERMS | st.none(), max_size=4))
def test_json_and_xml_come_back_from_another_reader(terms: list[Term | None]) -> None:
    written = result(("a", terms), ("b", [None] * len(terms)))
    text = to_json(written, [[PLACE]] * len(terms))
    read = ox.parse_query_results(text.encode(), format=ox.QueryResultsFormat.JSON)
    assert isinstance(read, ox.QuerySolutions)
    assert [None if row["a"] is None else to_term(row["a"]) for row in read] == terms
    assert _read_xml(to_xml(written)) == [_in_xml(term) for term in terms]


def _read_xml(text: str) -> list[Term | None]:
    """Return the values of variable `a`. Oxigraph's own reader trims them."""
    space = "{http://www.w3.org/2005/sparql-results#}"
    found: list[Term | None] = []
    for row in ET.fromstring(text).iter(f"{space}result"):  # noqa: S314 - what was just written
        terms = [binding[0] for binding in row if binding.get("name") == "a"]
        found.append(_from_xml(terms[0], space) if terms else None)
    return found


def _from_xml(element: ET.Element, space: str) -> Term:
    text = element.text or ""
    if element.tag != f"{space}literal":
        return f"_:{text}" if element.tag == f"{space}bnode" else text
    language = element.get("{http://www.w3.org/XML/1998/namespace}lang", "")
    string = RDF + "langString" if language else XSD + "string"
    return Literal(text, element.get("datatype", string), language)


def test_xml_is_read_by_the_engine() -> None:
    read = ox.parse_query_results(to_xml(SMALL).encode(), format=ox.QueryResultsFormat.XML)
    assert isinstance(read, ox.QuerySolutions)
    assert [to_term(row["thing"]) for row in read if row["thing"] is not None] == [ID + "place/US", "_:b"]


def _in_xml(term: Term | None) -> Term | None:
    """Return a term as XML can hold it."""
    if not isinstance(term, Literal):
        return term
    good = "".join(
        c if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff") else "\ufffd" for c in term.value
    )
    return Literal(good, term.datatype, term.language)


def test_rdflib_reads_json_with_evidence_and_a_cut() -> None:
    cut = result(("a", [ID + "place/US"]), cut=True)
    document = json.loads(to_json(cut, [[PLACE]]))
    assert document["kgbuild"]["cut"] is True
    assert document["kgbuild"]["rows"] == 1
    assert document["kgbuild"]["evidence"][0][0]["quote"] == 'says "x"'
    read = Result.parse(io.BytesIO(to_json(cut, [[PLACE]]).encode()), format="json")
    assert [dict(row) for row in read.bindings] == [{rdflib.Variable("a"): rdflib.URIRef(ID + "place/US")}]
    assert "kgbuild" not in json.loads(to_json(SMALL))


@pytest.mark.parametrize("verdict", ["true", "false"])
def test_a_verdict_is_a_boolean_in_the_formats_of_sparql(verdict: str) -> None:
    answer = run_sparql(ox.Store(), "ASK { FILTER(" + verdict + ") }")
    read = ox.parse_query_results(to_json(answer).encode(), format=ox.QueryResultsFormat.JSON)
    assert isinstance(read, ox.QueryBoolean)
    assert bool(read) is (verdict == "true")
    again = ox.parse_query_results(to_xml(answer).encode(), format=ox.QueryResultsFormat.XML)
    assert isinstance(again, ox.QueryBoolean)
    assert bool(again) is (verdict == "true")
    assert to_csv(answer) == f"answer\n{verdict}\n"


# ---- lines


def test_rows_are_repeated_for_each_place() -> None:
    evidence = [[PLACE, OTHER], []]
    rows = list(csv.reader(io.StringIO(to_csv(SMALL, evidence))))
    assert rows[0][:4] == ["thing", "words", "evidence_article", "evidence_article_iri"]
    assert rows[0][-1] == "evidence_quote"
    assert [(row[0], row[-1]) for row in rows[1:]] == [
        ("place:US", 'says "x"'), ("place:US", "y"), ("_:b", ""),
    ]  # fmt: skip
    assert {len(row) for row in rows} == {12}
    assert [len(line.split("\t")) for line in to_tsv(SMALL, evidence).splitlines()] == [12] * 4
    assert [line.count(" | ") for line in to_markdown(SMALL, evidence).splitlines()] == [11] * 5


# ---- graphs


def test_graphs_are_written_as_graphs() -> None:
    store = ox.Store()
    quads = [
        ox.Quad(ox.NamedNode(ID + "firm/a"), ox.NamedNode("urn:p"), value)
        for value in (ox.Literal('a "b"\n\\', language="en"), ox.NamedNode(ID + "place/US"), ox.Literal("1"))
    ]
    store.extend(quads)
    answer = Answer(Bound("", ()), run_sparql(store, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"))
    for form, syntax in (("turtle", ox.RdfFormat.TURTLE), ("ntriples", ox.RdfFormat.N_TRIPLES)):
        read = {(q.subject, q.predicate, q.object) for q in ox.parse(write_answer(answer, form), syntax)}
        assert read == {(q.subject, q.predicate, q.object) for q in quads}
    with pytest.raises(QueryError, match="format turtle is for CONSTRUCT and DESCRIBE"):
        write_answer(Answer(Bound("", ()), SMALL), "turtle")
    with pytest.raises(ValueError, match="rows are no triples"):
        _ = SMALL.triples


# ---- a page


class _Page(HTMLParser):
    """The tags of a page and the text of its cells."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.cells: list[str] = []
        self.links: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]
        if tag in {"td", "th"}:
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells and "tbody" in self.tags and "p" not in self.tags:
            self.cells[-1] += data


@settings(deadline=None)  # the machine may be busy
@given(
    value=TEXT | TEXT.map(lambda t: f"<script>{t}</script>") | TEXT.map(lambda t: f"'\"><img onerror={t}>")
)
def test_no_value_becomes_markup(value: str) -> None:
    term = Literal(value, XSD + "string")
    place = EvidenceRow(value, value, value, value, value, value, value, 0, 1, value, value)
    page = _Page()
    page.feed(to_html(result(("a", [term])), [[place]], title=value))
    quiet = _Page()
    quiet.feed(to_html(result(("a", [Literal("x", XSD + "string")])), [[OTHER]], title="x"))
    assert page.tags == quiet.tags
    assert page.links == []


def test_page_is_complete_and_links_only_to_the_web() -> None:
    things: list[Term | None] = [ID + "place/US", "javascript:alert(1)", "http://a/?b=1&c='\"2"]
    text = to_html(result(("thing", things), cut=True), title="Which?")
    page = _Page()
    page.feed(text)
    assert text.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>Which?</title>" in text
    assert "3 rows (there are more)" in text
    assert page.links == [ID + "place/US", "http://a/?b=1&c='\"2"]
    assert page.cells[0].strip() == "" or page.cells[:1] == [""]
    assert "src=" not in text


# ---- tables


def test_columns_have_the_types_of_their_values() -> None:
    table = to_arrow(
        result(
            ("iri", [ID + "place/US", None]),
            ("text", [Literal("a", XSD + "string"), None]),
            ("n", typed("integer", "12", None)),
            ("d", typed("decimal", "7.89", "-100")),
            ("x", typed("double", "1.5e3", "-INF")),
            ("b", typed("boolean", "true", "0")),
            ("t", typed("dateTime", "2025-06-11T08:00:00+08:00", "2025-06-11T00:00:00Z")),
            ("u", typed("dateTime", "2025-06-11T08:00:00", None)),
            ("day", typed("date", "2025-06-11", None)),
            ("none", [None, None]),
        )
    )
    assert [str(field.type) for field in table.schema] == [
        "string", "string", "int64", "decimal128(5, 2)", "double", "bool", "timestamp[us, tz=UTC]",
        "timestamp[us]", "date32[day]", "string",
    ]  # fmt: skip
    first: dict[str, Any] = table.to_pylist()[0]
    assert first["iri"] == ID + "place/US"
    assert (first["n"], first["d"], first["b"]) == (12, Decimal("7.89"), True)
    assert first["t"] == dt.datetime(2025, 6, 11, tzinfo=dt.UTC)
    assert first["day"] == dt.date(2025, 6, 11)
    assert table.schema.field("n").metadata == {b"datatype": (XSD + "integer").encode()}
    assert table.schema.field("text").metadata is None


@pytest.mark.parametrize(
    "values",
    [
        typed("integer", "1") + typed("decimal", "1.5"),
        typed("integer", "99999999999999999999"),
        typed("decimal", "1" * 39),
        typed("decimal", "1" * 20 + ".5", "0." + "1" * 20),
        typed("dateTime", "2025-06-11T08:00:00Z", "2025-06-11T08:00:00"),
        typed("dateTime", "2025-13-01T00:00:00Z"),
        typed("boolean", "yes"),
        typed("gYear", "2025"),
        [ID + "place/US", *typed("integer", "1")],
    ],
)
def test_columns_that_have_no_type_in_common_are_text(values: list[Term | None]) -> None:
    table = to_arrow(result(("a", values)))
    assert str(table.schema.field("a").type) == "string"
    assert table.column("a").to_pylist() == [v.value if isinstance(v, Literal) else v for v in values]


def test_files_of_both_formats_hold_the_same_table() -> None:
    answer = Answer(Bound("", ()), result(("n", typed("integer", "1", "2")), cut=True), ((PLACE,), ()))
    parquet = pq.read_table(pa.BufferReader(write_answer(answer, "parquet")))
    arrow = pa.ipc.open_file(pa.BufferReader(write_answer(answer, "arrow"))).read_all()
    assert parquet.to_pylist() == arrow.to_pylist()
    assert parquet.to_pylist()[0]["evidence"][0]["start"] == 3
    assert parquet.to_pylist()[1] == {"n": 2, "evidence": []}
    assert parquet.schema.metadata[b"kgbuild.cut"] == b"true"


def test_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(QueryError, match=r"pip install 'kgbuild\[tables\]'"):
        write_answer(Answer(Bound("", ()), SMALL), "parquet")


def test_formats_that_cannot_do_it_say_so() -> None:
    answer = Answer(Bound("", ()), SMALL, ((PLACE,), ()))
    with pytest.raises(QueryError, match="there is no format 'yaml'; formats: csv, tsv, json, xml"):
        write_answer(answer, "yaml")
    for form, known in ANSWER_FORMATS.items():
        if known.evidence:
            assert b"Wire" in write_answer(answer, form) or known.binary
        else:
            with pytest.raises(QueryError, match=f"format {form} has no place for evidence"):
                write_answer(answer, form)
