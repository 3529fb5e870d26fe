"""Every saved query on its example graph, with the same rows from Oxigraph and from rdflib.

queries/<name>/graph.ttl is the example; default.csv has the answer without parameters, and
<parameter>=<value>.csv (joined by & where there are several) the answer with these.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import rdflib.plugins.sparql

from kgbuild.model import Literal
from kgbuild.query import (
    SavedQuery,
    display,
    evidence_of,
    find_query,
    load_queries,
    parameter_terms,
    run_query,
    to_csv,
)
from kgbuild.store import load_store
from kgbuild.terms import TERMS

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = Path(__file__).resolve().parent / "queries"
CORE = ROOT / "ontology" / "core.ttl"
QUERIES = load_queries(ROOT / "queries")
CASES = tuple(
    (query.name, path.name) for query in QUERIES for path in sorted((EXAMPLES / query.name).glob("*.csv"))
)


@pytest.fixture(scope="module", autouse=True)
def _plain_rdflib() -> Iterator[None]:
    before = rdflib.NORMALIZE_LITERALS, rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS
    rdflib.NORMALIZE_LITERALS, rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False, False
    yield
    rdflib.NORMALIZE_LITERALS, rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = before


@pytest.fixture(scope="module")
def core(_plain_rdflib: None) -> rdflib.Graph:
    return rdflib.Graph().parse(CORE)


def _store(name: str) -> ox.Store:
    store = load_store(EXAMPLES / name / "graph.ttl", ontology=False)
    store.bulk_load(path=str(CORE))
    return store


def _values(case: str) -> dict[str, str]:
    stem = case.removesuffix(".csv")
    pairs = [] if stem == "default" else [pair.partition("=") for pair in stem.split("&")]
    return {name: value for name, _, value in pairs}


def _shown(term: object) -> str:
    if term is None:
        return ""
    return display(str(term) if isinstance(term, rdflib.URIRef) else Literal(str(term), ""))


@pytest.mark.parametrize(("name", "case"), CASES)
def test_oxigraph_gives_the_rows_of_the_example(name: str, case: str) -> None:
    answer = run_query(_store(name), find_query(QUERIES, name), _values(case))
    assert to_csv(answer) == (EXAMPLES / name / case).read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "case"), CASES)
def test_rdflib_gives_the_rows_of_the_example(name: str, case: str, core: rdflib.Graph) -> None:
    query = find_query(QUERIES, name)
    text = query.bind(parameter_terms(_store(name), query, _values(case)))
    graph = rdflib.Graph().parse(EXAMPLES / name / "graph.ttl")
    for triple in core:
        graph.add(triple)
    answer = graph.query(text)
    rows = []
    for solution in answer.bindings:
        rows.append([_shown(solution.get(rdflib.Variable(column.name))) for column in query.columns])
    with (EXAMPLES / name / case).open(encoding="utf-8", newline="") as lines:
        assert rows == list(csv.reader(lines))[1:]


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.name)
def test_examples_use_every_parameter_and_fill_every_column(query: SavedQuery) -> None:
    folder = EXAMPLES / query.name
    with (folder / "default.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert rows
    assert [c.name for c in query.columns if not any(row[c.name] for row in rows)] == []
    used = {query.parameter(name).name for path in folder.glob("*.csv") for name in _values(path.name)}
    assert {parameter.name for parameter in query.parameters} == used


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.name)
def test_every_evidence_pattern_leads_to_a_claim(query: SavedQuery) -> None:
    store = _store(query.name)
    rows = run_query(store, query, {}).bindings
    for pattern in query.evidence:
        only = replace(query, evidence=(pattern,))
        assert any(evidence_of(store, only, row) for row in rows), pattern


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.name)
def test_query_keeps_to_what_both_engines_do_fast_and_alike(query: SavedQuery) -> None:
    words = [token.text.upper() for token in query.tokens if token.kind == "word"]
    assert "GRAPH" not in words
    assert ("NOT", "EXISTS") not in list(itertools.pairwise(words))
    assert "DISTINCT" in words or "GROUP" in words
    assert "ORDER" in words  # rows in one order everywhere
    assert query.summary.endswith("?")
    assert query.tags
    assert re.fullmatch(r"CQ\d\d", query.competency_question)


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.name)
def test_query_uses_terms_of_the_ontology_only(query: SavedQuery) -> None:
    names = [token.text for token in query.tokens if token.kind == "name"]
    names += [word for pattern in query.evidence for word in pattern]
    assert [name for name in names if name.startswith("kg:") and name[3:] not in {*TERMS, ""}] == []


def test_there_are_as_many_questions_as_queries() -> None:
    assert len(QUERIES) >= 23
    assert len({query.competency_question for query in QUERIES}) == len(QUERIES)
    assert len({query.summary for query in QUERIES}) == len(QUERIES)


def test_no_example_is_left_without_a_query() -> None:
    assert {path.name for path in EXAMPLES.iterdir()} == {query.name for query in QUERIES}


def test_a_license_for_a_country_does_not_reach_the_region_around_it() -> None:
    store = _store("firms-holding-licenses")
    query = find_query(QUERIES, "firms-holding-licenses")
    reaching = {
        place: {row["license"] for row in run_query(store, query, {"destination": place}).bindings}
        for place in ("Germany", "EU", "Europe")
    }
    assert reaching["Europe"] < reaching["EU"] < reaching["Germany"]


def test_who_only_applied_holds_nothing() -> None:
    store = _store("firms-holding-licenses")
    answer = run_query(store, find_query(QUERIES, "firms-holding-licenses"), {"destination": ""})
    assert "Applicant" not in {display(row[0]) for row in answer.rows}
