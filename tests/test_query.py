"""Saved queries as files, values as terms, names of things, free SPARQL, evidence, answers as text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

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
from kgbuild.query.tokens import tokenize
from kgbuild.store import load_store
from kgbuild.terms import ID, KG, PREFIXES, XSD, expand

GRAPH = """
@prefix kg: <https://w3id.org/kgbuild/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/kgbuild/id/firm/jl-mag> kg:holds <https://w3id.org/kgbuild/id/license/a> .
<https://w3id.org/kgbuild/id/firm/made-here> a kg:Firm ; rdfs:label "Made Here Magnetics"@en .
<https://w3id.org/kgbuild/id/firm/falcon> a kg:Firm ; rdfs:label "Falcon Magnets"@en .
<https://w3id.org/kgbuild/id/firm/falcon-capitals> a kg:Firm ; rdfs:label "FALCON MAGNETS"@en .
<https://w3id.org/kgbuild/id/firm/falcon-parent> a kg:Firm ; rdfs:label "Falcon Holding"@en ;
    skos:altLabel "Falcon Magnets"@en .
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
        ("Falcon Magnets", "Firm", "firm:falcon"),
        ("FALCON MAGNETS", "Firm", "firm:falcon-capitals"),
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
    with pytest.raises(QueryError, match=r"firm:falcon \(Falcon Magnets\); firm:falcon-capitals"):
        resolve_name(store, "falcon magnets", KG.Firm)


@pytest.mark.parametrize("name", ["place:US> } #", "<http://a/> }>", "place:a b", "A:0[", "<http://[>"])
def test_hostile_prefixed_names_are_refused(store: ox.Store, name: str) -> None:
    with pytest.raises(QueryError, match="is no IRI"):
        resolve_name(store, name, KG.Place)


# ---- binding and running


def test_parameter_is_replaced_as_a_token_only(tmp_path: Path) -> None:
    query = read_query(_write(tmp_path))
    bound = query.bind(
        {"place": expand("place:US"), "note": Literal('a "b" \\u0022 ?__place_iri', XSD + "string")}
    )
    assert "BIND(<https://w3id.org/kgbuild/id/place/US> AS ?place)" in bound
    assert "# not ?__place_iri" in bound
    assert 'FILTER(STR(?x) != "?__place_iri")' in bound
    assert len(tokenize(bound)) == len(query.tokens)


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
