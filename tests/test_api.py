"""The Python interface: opening, rows of values, evidence, tables, articles, limits, what an import loads."""

from __future__ import annotations

import copy
import datetime as dt
import os
import pickle
import re
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

import kgbuild
from kgbuild.errors import GraphError, KgbuildError, LimitError, OutputError, QueryError
from kgbuild.knowledge_graph import Iri, KnowledgeGraph, Row
from kgbuild.knowledge_graph.values import as_written, to_python
from kgbuild.model import Literal
from kgbuild.query import EvidenceRow, load_queries
from kgbuild.query.values import TYPES, literal_value
from kgbuild.terms import RDF, XSD, expand

RUNAWAY: Final = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
TYPED: Final = """SELECT (3 AS ?whole) (2.50 AS ?part) (1.5e0 AS ?float) (true AS ?truth)
    ("2025-06-11T10:00:00Z"^^xsd:dateTime AS ?time) ("2025-06-11"^^xsd:date AS ?day)
    ("two"^^xsd:integer AS ?odd) ("x"@en AS ?text) (place:US AS ?place) ?none
    { FILTER(true) OPTIONAL { place:US kg:holds ?none } }"""


@pytest.fixture(scope="module")
def kg(example_output: Path) -> Iterator[KnowledgeGraph]:
    with kgbuild.open(example_output) as opened:
        yield opened


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "graph.ttl"
    path.write_text(
        "<https://w3id.org/kgbuild/id/firm/a> a <https://w3id.org/kgbuild/ontology#Firm> ;\n"
        '    <http://www.w3.org/2000/01/rdf-schema#label> "<b>A & Co</b> <script>alert(1)</script>"@en .\n',
        "utf-8",
    )
    return path


# ---- rows


def test_a_saved_question_gives_rows_with_labels_and_things(kg: KnowledgeGraph) -> None:
    rows = kg.query("firms-holding-licenses", destination="Germany")
    assert rows.columns == ("firmLabel", "licenseLabel", "destinationLabel", "reach", "grantedBy")
    assert rows.question == "Which firms hold licenses that reach a destination?"
    (row,) = [r for r in rows if r.firm == expand("firm:jl-mag") and r.destinationLabel == "Europe"]
    assert isinstance(row.firm, Iri)
    assert (row.firm.label, row.firm.short) == ("JL MAG Rare-Earth Co. Ltd.", "firm:jl-mag")
    assert row[0] == row["firmLabel"] == row.firmLabel == "JL MAG Rare-Earth Co. Ltd."
    assert row.worded is None
    assert list(row) == [row.firmLabel, row.licenseLabel, "Europe", "certain", "2025-06-11"]
    assert "# destination = 'Germany' -> place:DE (Germany)" in rows.sparql
    assert rows.meanings["reach"] == "certain, possible, unknown or not told"
    assert rows.column("firm").count(row.firm) >= 1


def test_a_row_names_the_columns_where_one_is_missing(kg: KnowledgeGraph) -> None:
    row = kg.query("firms-holding-licenses")[0]
    with pytest.raises(AttributeError, match="no column 'firmlabel'"):
        row.firmlabel  # noqa: B018 - reading it is what fails
    with pytest.raises(KeyError, match="columns: firmLabel"):
        row["firmlabel"]
    with pytest.raises(IndexError):
        row[5]  # the sixth column is not shown
    assert "licenseLabel" in dir(row)
    assert pickle.loads(pickle.dumps(row)) == copy.copy(row) == row  # noqa: S301 - our own


def test_values_have_python_types(kg: KnowledgeGraph) -> None:
    row = kg.sparql(TYPED)[0]
    assert (row.whole, row.part, row.float, row.truth) == (3, Decimal("2.5"), 1.5, True)
    assert row.time == dt.datetime(2025, 6, 11, 10, tzinfo=dt.UTC)
    assert row.day == dt.date(2025, 6, 11)
    assert (row.odd, row.text, row.none) == ("two", "x", None)
    assert type(row.text) is str
    assert row.place == Iri(expand("place:US"))
    assert isinstance(row.place, Iri)
    assert row.place.label == "United States"


def test_a_column_may_have_any_name(kg: KnowledgeGraph) -> None:
    (row,) = kg.sparql("SELECT (1 AS ?count) (2 AS ?index) (3 AS ?names) (4 AS ?values) {}")
    assert (row.count, row.index, row.names, row.values) == (1, 2, 3, 4)


def test_ask_is_true_or_false(kg: KnowledgeGraph) -> None:
    assert kg.sparql("ASK { ?firm kg:holds ?license }")
    refused = kg.sparql("ASK { ?firm kg:holds place:US }")
    assert not refused
    assert refused[0].answer is False


def test_construct_gives_triples(kg: KnowledgeGraph) -> None:
    rows = kg.sparql("CONSTRUCT { ?f kg:holds ?l } WHERE { ?f kg:holds ?l }", limit=0)
    assert rows.columns == ("subject", "predicate", "object")
    assert len(rows.triples) == len(rows) > 10
    assert len(rdflib.Graph().parse(data=rows.dump("turtle"), format="turtle")) == len(rows)
    with pytest.raises(QueryError, match="CONSTRUCT"):
        _ = kg.sparql("SELECT ?f { ?f kg:holds ?l }").triples


def test_rows_are_shown_as_text_and_html(small: Path) -> None:
    with kgbuild.open(small) as kg:
        rows = kg.sparql(
            "SELECT ?f ?name { ?f a kg:Firm ; rdfs:label ?name . FILTER(CONTAINS(?name, '<b>')) }"
        )
    assert repr(rows) == "<1 row: f, name>"
    assert str(rows).startswith("| f | name |\n")
    page: str = rows._repr_html_()
    assert "&lt;b&gt;A &amp; Co&lt;/b&gt;" in page
    assert 'title="firm:a"' in page
    assert "<b>" not in page
    assert "<script" not in page


def test_html_shows_a_hundred_rows_and_says_so(kg: KnowledgeGraph) -> None:
    page = kg.sparql("SELECT ?f { ?f a kg:Firm } LIMIT 150")._repr_html_()
    assert page.count("<tr>") == 101
    assert "150 rows; the first 100 are shown" in page


# ---- parameters


def test_python_values_are_parameters(kg: KnowledgeGraph) -> None:
    ways: list[Any] = [
        "2025-12-31",
        dt.date(2025, 12, 31),
        dt.datetime(2025, 12, 31, 23, 59, 59, tzinfo=dt.UTC),
    ]
    answers = [list(kg.query("licenses-in-force", as_of=day)) for day in ways]
    assert answers[0] == answers[1] == answers[2] != []


def test_things_are_given_by_name_by_iri_and_as_rows_hold_them(kg: KnowledgeGraph) -> None:
    germany = kg.find("Germany", "kg:Country")
    by_name, by_iri, by_short = (
        list(kg.query("firms-holding-licenses", destination=d)) for d in ("Germany", germany, germany.short)
    )
    assert by_name == by_iri == by_short != []


def test_a_name_that_python_does_not_allow_goes_into_a_mapping_or_has_an_underscore(
    kg: KnowledgeGraph,
) -> None:
    china = "Government of China"
    rows = kg.query("negotiations-and-agreements", {"with": china})
    assert list(kg.query("negotiations-and-agreements", with_=china)) == list(rows)
    with pytest.raises(QueryError, match="with is given twice"):
        kg.query("negotiations-and-agreements", {"with": china}, with_=china)


def test_none_lifts_a_default(kg: KnowledgeGraph) -> None:
    assert len(kg.query("firms-holding-licenses", destination=None)) > len(kg.query("firms-holding-licenses"))


def test_no_parameter_of_a_question_is_hidden_by_an_option() -> None:
    options = {"evidence", "limit", "seconds"}
    assert not [q.name for q in load_queries() for p in q.parameters if p.name.casefold() in options]


def test_what_is_odd_about_a_value_is_a_warning(kg: KnowledgeGraph) -> None:
    with pytest.warns(kgbuild.GraphWarning, match="says nothing of place:nowhere"):
        rows = kg.query("firms-holding-licenses", destination="place:nowhere", reach="certain")
    assert rows.notes
    assert "Note: destination" in rows._repr_html_()


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda kg: kg.query("firms-holding-licences"), "near: firms-holding-licenses"),
        (lambda kg: kg.query("firms-holding-licenses", place="Germany"), "its parameters: destination"),
        (
            lambda kg: kg.query("firms-holding-licenses", destination="Atlantis"),
            "no place is named 'Atlantis'",
        ),
        (lambda kg: kg.query("firms-holding-licenses", destination=["US"]), "is no value of a parameter"),
        (lambda kg: kg.sparql("SELECT ?x {"), "not SPARQL|bracket"),
        (lambda kg: kg.sparql("DROP ALL"), "changes data"),
        (lambda kg: kg.sparql("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"), "SERVICE"),
        (lambda kg: kg.explain("Atlantis"), "no thing is named"),
        (lambda kg: kg.find("Germany", "kg:Frim"), "no"),
        (lambda kg: kg.find("Germany", "nix:Firm"), "names no class"),
    ],
)
def test_what_is_wrong_is_told(kg: KnowledgeGraph, ask: Any, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        ask(kg)


def test_a_file_is_asked_like_a_saved_question(kg: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text("SELECT ?f { BIND(?__holder_iri AS ?f) ?f kg:holds ?l }", "utf-8")
    for name in (path, str(path)):
        assert {row.f for row in kg.query(name, holder="JL MAG")} == {expand("firm:jl-mag")}


# ---- evidence


def test_a_row_leads_to_its_evidence(kg: KnowledgeGraph) -> None:
    rows = kg.query("firms-holding-licenses", destination="US", reach="certain")
    places = rows.evidence(rows[0])
    assert places == rows.evidence(0) == rows.with_evidence().evidence(rows[0])
    texts = {article.iri: article.text for article in kg.articles}
    for place in places:
        assert isinstance(place, EvidenceRow)
        assert texts[place.article_iri][place.start : place.end] == place.quote
    assert kg.query("firms-holding-licenses", destination="US", evidence=True).evidence(0) == places
    assert "<blockquote>" in rows.with_evidence()._repr_html_()


def test_claims_are_limited_by_what_is_given(kg: KnowledgeGraph) -> None:
    everything = kg.claims()
    assert len(everything) >= kg.counts["claims"]
    assert {row.polarity.label for row in everything} == {"affirmed", "denied"}
    denied = kg.claims(polarity="denied")
    assert 0 < len(denied) < len(everything)
    assert list(denied) == [row for row in everything if row.polarity.short == "polarity:denied"]
    held = kg.claims("JL MAG", "kg:holds")
    assert {(row.subject.short, row.predicate.short) for row in held} == {("firm:jl-mag", "kg:holds")}
    speaker = held[0].speaker
    assert list(kg.claims(speaker=speaker)) == [row for row in everything if row.speaker == speaker]
    article = kg.articles[0].iri
    assert list(kg.claims(article=article)) == [row for row in everything if row.article == article]
    assert list(kg.claims(value=held[0].value, certainty="actual")) == [
        row for row in everything if row.value == held[0].value and row.certainty.label == "actual"
    ]


def test_explanations_tell_facts_from_claims(kg: KnowledgeGraph) -> None:
    found = kg.explain("JL MAG")
    assert found.label == "JL MAG Rare-Earth Co. Ltd."
    assert found.classes == ("firm",)
    assert {"holds", "headquartered in"} <= {s.predicate for s in found.known}
    assert all(s.fact for s in found.known)
    assert not any(s.fact for s in found.claimed)
    assert repr(found).splitlines()[0] == "JL MAG Rare-Earth Co. Ltd. (firm)"
    assert "<blockquote>" in found._repr_html_()


# ---- tables


def test_pandas_has_types(kg: KnowledgeGraph) -> None:
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = kg.sparql(TYPED).to_pandas()
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        "whole": "Int64", "part": "object", "float": "float64", "truth": "boolean",
        "time": "datetime64[us, UTC]", "day": "object", "odd": "string", "text": "string", "place": "string",
        "none": "string",
    }  # fmt: skip
    assert frame.part[0] == Decimal("2.5")
    assert frame.time[0] == pd.Timestamp("2025-06-11T10:00Z")
    assert frame.place[0] == expand("place:US")
    assert frame.none.isna().all()


def test_polars_and_arrow_have_types(kg: KnowledgeGraph) -> None:
    pa, pl = pytest.importorskip("pyarrow"), pytest.importorskip("polars")
    rows = kg.sparql(TYPED)
    assert rows.to_arrow().schema.field("day").type == pa.date32()
    frame = rows.to_polars()
    assert frame.schema["whole"] == pl.Int64
    assert frame.schema["time"] == pl.Datetime("us", "UTC")
    assert frame["part"][0] == Decimal("2.5")


def test_tables_have_all_columns_and_evidence_where_wanted(kg: KnowledgeGraph) -> None:
    for package in ("pandas", "polars", "pyarrow"):
        pytest.importorskip(package)
    rows = kg.query("firms-holding-licenses", evidence=True)
    assert list(rows.to_pandas().columns) == [*rows.columns, "evidence"]
    frame = rows.to_pandas(every=True)
    assert list(frame.columns) == [*rows.variables, "evidence"]
    assert list(frame.firm) == list(rows.column("firm"))
    assert frame.evidence[0][0]["quote"] == rows.evidence(0)[0].quote
    assert list(rows.to_pandas(every=True, things="label").firm) == list(rows.column("firmLabel"))
    assert list(rows.to_polars(every=True, things="short")["firm"]) == [row.firm.short for row in rows]


@pytest.mark.parametrize(
    ("package", "method", "extra"),
    [
        ("pandas", "to_pandas", "pandas"),
        ("polars", "to_polars", "polars"),
        ("pyarrow", "to_pandas", "tables"),
    ],
)
def test_a_missing_package_is_named(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch, package: str, method: str, extra: str
) -> None:
    pytest.importorskip("pyarrow")
    rows = kg.sparql("SELECT (1 AS ?n) {}")
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(QueryError, match=rf"kgbuild\[{extra}\]"):
        getattr(rows, method)()


# ---- what else it holds


def test_the_graph_is_that_of_the_file(kg: KnowledgeGraph, example_output: Path) -> None:
    parsed = rdflib.Graph().parse(example_output / "graph.ttl")
    assert kg.graph is kg.graph
    assert len(kg.graph) == len(parsed)
    assert (
        rdflib.URIRef(expand("firm:jl-mag")),
        rdflib.RDF.type,
        rdflib.URIRef(expand("kg:Firm")),
    ) in kg.graph


def test_articles_counts_and_disagreements_are_those_of_the_build(
    kg: KnowledgeGraph, example_build: Any
) -> None:
    told = {(a.title, a.publisher, a.published, a.sha256, a.text) for a in example_build.articles}
    assert {(a.title, a.publisher, a.published, a.sha256, a.text) for a in kg.articles} == told
    assert kg.counts["claims"] == example_build.claims
    assert [d.reason for d in kg.disagreements] == [d.reason for d in example_build.disagreements]
    place = kg.disagreements[0].values[0].places[0]
    texts = {a.id: a.text for a in example_build.articles}
    assert texts[place.article][place.start : place.end] == place.quote


def test_a_file_of_a_graph_has_no_texts_and_no_counts(small: Path) -> None:
    with kgbuild.open(str(small)) as kg:
        assert kg.articles == ()
        with pytest.raises(GraphError, match="is not the folder of a build"):
            _ = kg.counts
        with pytest.raises(GraphError, match="is not the folder of a build"):
            _ = kg.disagreements
        assert kg.find("firm:a").label.startswith("<b>")


def test_questions_are_listed(kg: KnowledgeGraph) -> None:
    assert [q.name for q in kg.questions] == [q.name for q in load_queries()]
    line = "firms-holding-licenses(destination=place:US, asOf, reach, named): Which firms hold licenses that"
    assert line in repr(kg.questions)
    assert "<code>firms-holding-licenses</code>" in kg.questions._repr_html_()


def test_export_and_validation_are_those_of_the_command_line(kg: KnowledgeGraph, tmp_path: Path) -> None:
    done = kg.export("nquads", tmp_path / "graph.nq")
    assert done.triples == len((tmp_path / "graph.nq").read_bytes().splitlines())
    with pytest.raises(GraphError, match="no format 'nquad'"):
        kg.export("nquad", tmp_path / "graph.nq")
    with pytest.raises(OutputError):
        kg.export("nquads", tmp_path)
    assert kg.validate().violations == ()


# ---- building


def test_building_opens_what_it_built(tmp_path: Path) -> None:
    article = tmp_path / "permit.md"
    article.write_text(
        "---\ntitle: Permit\npublisher: Example Wire\npublished: 2025-06-11\n---\n"
        "JL MAG was granted an export license for magnets to Germany on June 10, 2025.\n",
        "utf-8",
    )
    seen: list[tuple[int, int]] = []
    kg = kgbuild.build(article, out=tmp_path / "out", on_article=lambda done, of: seen.append((done, of)))
    with kg:
        assert seen[-1] == (1, 1)
        assert [r.firmLabel for r in kg.query("firms-holding-licenses", destination="Germany")] == [
            "JL MAG Rare-Earth Co. Ltd."
        ]
        assert [a.title for a in kg.articles] == ["Permit"]
        (told,) = kgbuild.extract_articles([str(article)])
        assert [event.type for event in told.events] == ["license"]
        article.write_text(article.read_text("utf-8").replace("Germany", "Japan"), "utf-8")
        kgbuild.build([article], out=tmp_path / "out").close()
        assert kg.query("firms-holding-licenses", destination="Germany", reach="certain")  # as it was
        kg.refresh()
        assert not kg.query("firms-holding-licenses", destination="Germany", reach="certain")
        assert "Japan" in kg.articles[0].text


def test_what_cannot_be_built_raises(tmp_path: Path) -> None:
    with pytest.raises(KgbuildError, match="nothing-here"):
        kgbuild.build(tmp_path / "nothing-here", out=tmp_path / "out")


# ---- limits and processes


def test_a_folder_without_a_graph_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="run kgbuild build first"):
        kgbuild.open(tmp_path)
    with pytest.raises(GraphError, match="does not exist"):
        kgbuild.open(tmp_path / "out")


def test_a_runaway_is_stopped_and_the_next_question_answered(kg: KnowledgeGraph) -> None:
    with pytest.raises(LimitError, match=r"stopped after 0\.3 s"):
        kg.sparql(RUNAWAY, seconds=0.3)
    assert kg.sparql("ASK { ?firm kg:holds ?license }")


def test_cut_answers_warn(kg: KnowledgeGraph) -> None:
    with pytest.warns(kgbuild.GraphWarning, match="only the first 2 rows") as caught:
        rows = kg.sparql("SELECT ?f { ?f a kg:Firm }", limit=2)
    assert caught[0].filename == __file__
    assert (len(rows), rows.cut) == (2, True)
    assert "limit=0 gives all" in rows._repr_html_()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(kg.sparql("SELECT ?f { ?f a kg:Firm }", limit=0)) > 100


def test_a_closed_graph_answers_no_more(small: Path) -> None:
    kg = kgbuild.open(small)
    rows = kg.sparql("SELECT ?f ?c { ?f a ?c . FILTER(?f = firm:a) }")
    kg.close()
    kg.close()
    assert len(rows) == 1
    with pytest.raises(QueryError, match="has been closed"):
        kg.sparql("ASK {}")
    with pytest.raises(QueryError, match="has been closed"):
        rows.evidence(0)


def test_a_graph_that_nobody_has_any_more_leaves_no_process(small: Path) -> None:
    kg = kgbuild.open(small)
    kg.sparql("ASK {}")
    worker = kg._session._worker  # noqa: SLF001 - nothing else shows it
    assert worker is not None
    del kg
    assert not worker.alive


def test_several_threads_ask_one_graph(kg: KnowledgeGraph) -> None:
    found: list[int] = []

    def ask(number: int) -> None:
        found.extend(row.n for row in kg.sparql(f"SELECT ({number} AS ?n) {{}}"))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(8))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no fork")
def test_a_fork_asks_a_process_of_its_own(small: Path) -> None:
    code = f"""
import os, kgbuild
kg = kgbuild.open({str(small)!r})
assert kg.sparql("ASK {{}}")
first = kg._session._worker.process_id
for asks in (True, False):
    child = os.fork()
    if child == 0:
        if asks:
            assert kg.sparql("ASK {{}}")
            assert kg._session._worker.process_id != first
        raise SystemExit(0)  # with everything that happens at the end of a program
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert kg.sparql("ASK {{}}")
    assert kg._session._worker.process_id == first
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)


# ---- the page about it


def test_the_first_example_of_the_page_runs(root: Path, example_output: Path, tmp_path: Path) -> None:
    page = (root / "docs" / "python.md").read_text("utf-8")
    code = page.partition("```python\n")[2].partition("```")[0]
    (tmp_path / "out").symlink_to(example_output)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    assert "JL MAG Rare-Earth Co. Ltd. firm:jl-mag 2025-06-11\n   2025-06-11 " in done.stdout


def test_the_page_names_what_there_is(root: Path, kg: KnowledgeGraph) -> None:
    page = (root / "docs" / "python.md").read_text("utf-8")
    rows = kg.sparql("ASK {}")
    for owner, name in re.findall(r"\b(kg|rows|kgbuild)\.([a-z_A-Z]+)", page):
        thing = {"kg": kg, "rows": rows, "kgbuild": kgbuild}[owner]
        assert name in dir(type(thing) if owner != "kgbuild" else thing), f"{owner}.{name}"


# ---- what an import loads


@pytest.mark.installed
@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import kgbuild", {"pyoxigraph", "kgbuild.errors"}),
        ("import kgbuild; kgbuild.KgbuildError", {"pyoxigraph", "rdflib"}),
        ("import kgbuild; kgbuild.open", {"rdflib", "click", "rich", "kgbuild.pipeline"}),
    ],
)
def test_an_import_loads_what_it_needs(code: str, absent: set[str]) -> None:
    heavy = absent | {"spacy", "pandas", "polars", "pyarrow", "owlready2", "IPython", "mcp"}
    shown = f"{code}; import sys; print(*sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", shown], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == []


def test_public_names_are_there_and_others_are_not() -> None:
    for name in kgbuild.__all__:
        assert getattr(kgbuild, name).__doc__, name
    assert set(kgbuild.__all__) <= set(dir(kgbuild))
    with pytest.raises(AttributeError, match="has no attribute 'opne'"):
        _ = kgbuild.opne


# ---- values


def test_an_iri_is_text_with_a_label() -> None:
    iri = Iri("https://w3id.org/kgbuild/id/place/US", "United States")
    assert iri == "https://w3id.org/kgbuild/id/place/US"
    assert hash(iri) == hash("https://w3id.org/kgbuild/id/place/US")
    for same in (copy.copy(iri), copy.deepcopy(iri), pickle.loads(pickle.dumps(iri))):  # noqa: S301 - our own
        assert (same, same.label) == (iri, "United States")
        assert type(same) is Iri
    assert Iri("_:b0").label == "_:b0"
    assert Iri("urn:x").label == "<urn:x>"


@given(
    st.text(),
    st.sampled_from([XSD + n for n in "integer decimal double boolean dateTime date string anyURI".split()]),
)
def test_any_literal_becomes_a_value(text: str, datatype: str) -> None:
    value = to_python(Literal(text, datatype), {})
    assert value is not None
    if isinstance(value, str):
        assert value == text


@given(
    st.one_of(
        st.integers(),
        st.decimals(allow_nan=False, allow_infinity=False),
        st.booleans(),
        st.dates(min_value=dt.date(1000, 1, 1)),
        st.datetimes(min_value=dt.datetime(1000, 1, 1), timezones=st.just(dt.UTC)),  # noqa: DTZ001 - as asked
    )
)
def test_values_go_into_parameters_and_come_back(value: Any) -> None:
    kinds = {bool: "xsd:boolean", int: "xsd:integer", Decimal: "xsd:decimal", dt.datetime: "xsd:dateTime"}
    kind = kinds.get(type(value))
    written = as_written(value)
    if kind is None:
        assert TYPES["xsd:dateTime"].fullmatch(written)
    else:
        assert to_python(literal_value(kind, written), {}) == value


def test_a_language_tag_and_an_unknown_type_are_dropped() -> None:
    assert to_python(Literal("hallo", RDF + "langString", "de"), {}) == "hallo"
    assert to_python(Literal("POLYGON", "urn:wkt"), {}) == "POLYGON"
    assert to_python(Literal("9" * 5000, XSD + "integer"), {}) == "9" * 5000


def test_rows_compare_by_what_they_hold() -> None:
    row = Row(("a",), (1,), 1, {})
    assert row == Row(("a",), (1,), 1, {"a": "urn:other"})
    assert row != replace(row, _values=(2,))
    assert repr(row) == "Row(a=1)"
