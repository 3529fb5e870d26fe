"""How the terms of the ontology are kept, what they answer, and their documentation."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from rdflib import Graph

from kgbuild.cli import run as run_command
from kgbuild.errors import GraphError
from kgbuild.query import load_queries
from kgbuild.rdf_files import read_graph
from kgbuild.resources import data_dir
from kgbuild.terms import NS, TERMS
from kgbuild.vocabulary import SEVERITIES, Row, check_file, check_own, read_questions, to_html
from kgbuild.vocabulary.accepted import Accepted, read_accepted, without_accepted
from kgbuild.vocabulary.individuals import check_individuals
from kgbuild.vocabulary.questions import check_questions
from kgbuild.vocabulary.terms_in import terms_in
from kgbuild.vocabulary.usage import check_usage, names_in

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "ontology.html"
CORE: Final = data_dir("ontology") / "core.ttl"
PREFIX: Final = """
@prefix : <urn:o#> .
@prefix kg: <https://w3id.org/kgbuild/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
"""
HEADER: Final = """<urn:o> a owl:Ontology ; owl:versionIRI <urn:o/1> ; owl:versionInfo "1" ;
    rdfs:label "Terms"@en ; dct:license <https://creativecommons.org/licenses/by/4.0/> .
"""
GOOD: Final = """
:Mine a owl:Class ; rdfs:label "mine"@en ; skos:definition "place where ore is dug"@en .
:Mill a owl:Class ; rdfs:label "mill"@en ; skos:definition "place where ore is crushed"@en ;
    owl:disjointWith :Mine .
:feeds a owl:ObjectProperty ; rdfs:label "feeds"@en ; skos:definition "sends its ore to a mill"@en ;
    rdfs:domain :Mine ; rdfs:range :Mill .
"""
#: Name of the check -> lines that it finds fault with, beside the good ones.
FAULTS: Final = {
    "no-label": ':Pit a owl:Class ; skos:definition "open hole for ore"@en ; owl:disjointWith :Mill .',
    "no-definition": ':Pit a owl:Class ; rdfs:label "pit"@en ; owl:disjointWith :Mill .',
    "several-labels": ':Mine rdfs:label "colliery"@en .',
    "several-definitions": ':Mine skos:definition "hole in the ground with ore in it"@en .',
    "label-without-language": ':Mine rdfs:label "mine" .',
    "definition-without-language": ':Mine skos:definition "place for digging" .',
    "stray-spaces": ':Mine rdfs:label "mine "@de ; skos:definition "Ort mit Erz"@de .',
    "definition-in-fewer-languages": ':Mine rdfs:label "Bergwerk"@de .',
    "label-not-in-lower-case": ':Pit a owl:Class ; rdfs:label "Pit"@en ; skos:definition "open hole"@en .',
    "definition-circular": ':Pit a owl:Class ; rdfs:label "pit"@en ; skos:definition "a sort of pit"@en .',
    "definition-not-one-phrase": (
        ':Pit a owl:Class ; rdfs:label "pit"@en ; skos:definition "open hole. Ore is in it."@en .'
    ),
    "definition-begins-with-a-capital": (
        ':Pit a owl:Class ; rdfs:label "pit"@en ; skos:definition "Open hole for ore"@en .'
    ),
    "label-shared": ':Pit a owl:Class ; rdfs:label "mine"@en ; skos:definition "open hole for ore"@en .',
    "several-kinds": ":Mine a owl:ObjectProperty .",
    "class-name-not-in-camel-case": (
        ':ore_pit a owl:Class ; rdfs:label "ore pit"@en ; skos:definition "open hole in rock"@en .'
    ),
    "class-name-in-the-plural": (
        ':Pits a owl:Class ; rdfs:label "pits"@en ; skos:definition "open holes in rock"@en .'
    ),
    "property-name-does-not-begin-small": (
        ':Owns a owl:ObjectProperty ; rdfs:label "owns"@en ; skos:definition "has by law"@en ;'
        " rdfs:domain :Mine ; rdfs:range :Mill ."
    ),
    "label-differs-from-name": (
        ':digs a owl:ObjectProperty ; rdfs:label "quarries"@en ; skos:definition "takes out of rock"@en ;'
        " rdfs:domain :Mine ; rdfs:range :Mill ."
    ),
    "no-domain": ':digs a owl:ObjectProperty ; rdfs:label "digs"@en ; skos:definition "takes out"@en .',
    "no-range": ':digs a owl:ObjectProperty ; rdfs:label "digs"@en ; skos:definition "takes out"@en .',
    "cycle": (
        ':Pit a owl:Class ; rdfs:label "pit"@en ; skos:definition "open hole for ore"@en ;'
        " rdfs:subClassOf :Mine . :Mine rdfs:subClassOf :Pit ."
    ),
    "class-without-disjointness": (
        ':Pit a owl:Class ; rdfs:label "pit"@en ; skos:definition "open hole for ore"@en .'
    ),
    "siblings-not-disjoint": (
        ':Pit a owl:Class ; rdfs:label "pit"@en ; skos:definition "open hole"@en ; owl:disjointWith :Mine .'
    ),
    "unknown-term": ":feeds rdfs:subPropertyOf :nourishes .",
}


def checks_of(text: str, folder: Path) -> list[Row]:
    path = folder / "terms.ttl"
    path.write_text(PREFIX + text, encoding="utf-8")
    return list(check_file(path))


# ---- the checks


def test_good_terms_have_no_faults(tmp_path: Path) -> None:
    assert checks_of(HEADER + GOOD, tmp_path) == []


@pytest.mark.parametrize("check", FAULTS)
def test_fault_is_found(check: str, tmp_path: Path) -> None:
    rows = checks_of(HEADER + GOOD + FAULTS[check], tmp_path)
    assert check in {row.check for row in rows}
    assert all(row.entity and row.property and row.value and row.severity in SEVERITIES for row in rows)


@pytest.mark.parametrize(
    ("header", "check"),
    [
        ("", "no-header"),
        (HEADER.replace("owl:versionIRI <urn:o/1> ;", ""), "version-iri"),
        (HEADER.replace("<urn:o/1>", "<urn:p/1>"), "version-iri-elsewhere"),
        (HEADER.replace('"1"', '"2"'), "version-differs"),
        (HEADER.replace('rdfs:label "Terms"@en ;', ""), "header-incomplete"),
    ],
)
def test_fault_of_the_header_is_found(header: str, check: str, tmp_path: Path) -> None:
    assert check in {row.check for row in checks_of(header + GOOD, tmp_path)}


def test_other_end_of_an_inverse_will_do(tmp_path: Path) -> None:
    text = ':fedBy a owl:ObjectProperty ; rdfs:label "fed by"@en ; skos:definition "gets ore from"@en ;'
    assert checks_of(HEADER + GOOD + text + " owl:inverseOf :feeds .", tmp_path) == []


def test_use_is_found_and_missed(tmp_path: Path) -> None:
    core = terms_in(read_graph([CORE]))
    query = tmp_path / "q.rq"
    query.write_text(
        "#+ summary: kg:holds\nSELECT * { ?x kg:heldBy ?y . # kg:issues\n ?y a kg:Licence }", "utf-8"
    )
    code = tmp_path / "code.py"
    code.write_text("x = KG.issuedBy  # KG.governs\nkind = 'Summit'\n", "utf-8")
    assert {"issuedBy", "Summit"} <= names_in(code)
    assert "governs" not in names_in(code)
    rows = list(check_usage(core, {"questions": [query], "code": [code]}))
    unused = {row.entity for row in rows if row.check == "term-without-use"}
    assert not {"kg:heldBy", "kg:issuedBy", "kg:Summit"} & unused
    assert {"kg:issues", "kg:governs", "kg:Dispute"} <= unused
    assert [r.entity for r in rows if r.check == "use-of-unknown-term"] == ["kg:Licence"]
    alone = {row.entity for row in rows if row.check == "used-by-code-alone"}
    assert {"kg:issuedBy", "kg:Summit"} <= alone
    assert "kg:heldBy" not in alone
    shape = tmp_path / "s.ttl"
    shape.write_text("<urn:s> sh:targetClass kg:Negotiation .", "utf-8")
    rows = list(check_usage(core, {"shapes": [shape], "code": [code]}))
    assert "kg:Summit" not in {row.entity for row in rows}
    assert "kg:Agreement" in {row.entity for row in rows}


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ('<urn:a> a kg:Firm , kg:Person ; skos:prefLabel "A"@en .', "one-class-is-wanted"),
        ('<urn:a> a kg:Company ; skos:prefLabel "A"@en .', "class-is-not-declared"),
        ('<urn:a> a kg:Firm ; skos:prefLabel "A"@en , "B"@en .', "one-english-name-is-wanted"),
        ('<urn:a> a kg:Firm ; skos:prefLabel "A"@de .', "one-english-name-is-wanted"),
        ('<urn:a> a kg:Firm ; skos:prefLabel "A"@en , "B"@de , "C"@de .', "several-names"),
        (
            """<urn:a> a kg:Firm ; skos:prefLabel "Acme Corp"@en .
            <urn:b> a kg:NewsOrganization ; skos:prefLabel "B"@en ; skos:altLabel "ACME corp."@en .""",
            "name-of-two-things",
        ),
    ],
)
def test_fault_of_reference_data_is_found(text: str, check: str) -> None:
    core = terms_in(read_graph([CORE]))
    above = {t.iri: t.above for t in core if t.kind == "class"}
    graph = Graph().parse(data=PREFIX + text, format="turtle")
    assert [row.check for row in check_individuals(graph, above)] == [check]


def test_one_name_may_be_of_two_families() -> None:
    """Mexico is a country and a city; the foreign ministry of a text is that of the country it tells of."""
    core = terms_in(read_graph([CORE]))
    above = {t.iri: t.above for t in core if t.kind == "class"}
    text = """<urn:a> a kg:Country ; skos:prefLabel "Mexico"@en .
        <urn:b> a kg:City ; skos:prefLabel "Mexico City"@en ; skos:altLabel "Mexico"@en .
        <urn:c> a kg:PublicBody ; skos:prefLabel "C"@en ; skos:altLabel "office"@en ; kg:governs <urn:a> .
        <urn:d> a kg:PublicBody ; skos:prefLabel "D"@en ; skos:altLabel "office"@en ; kg:governs <urn:e> ."""
    graph = Graph().parse(data=PREFIX + text, format="turtle")
    assert list(check_individuals(graph, above)) == []


# ---- kgbuild's own ontology


@pytest.fixture(scope="module")
def own() -> tuple[Row, ...]:
    return check_own()


def test_own_ontology_has_no_errors(own: tuple[Row, ...]) -> None:
    assert [row for row in own if row.severity == "error"] == []


def test_own_ontology_is_clean_but_for_what_has_a_reason(own: tuple[Row, ...]) -> None:
    assert own == ()


def test_reasons_are_sentences_and_each_is_needed() -> None:
    """An entry that takes in nothing would be a warning of `check_own`."""
    accepted = read_accepted()
    assert len(accepted) >= 20
    for entry in accepted:
        assert entry.reason[0].isupper(), entry
        assert entry.reason.endswith("."), entry
        assert len(entry.reason.split()) >= 5, entry


def test_what_is_accepted_is_left_out_and_the_rest_is_not() -> None:
    rows = [
        Row("kg:A", "owl:disjointWith", "kg:B", "info", "siblings-not-disjoint"),
        Row("kg:A", "owl:disjointWith", "kg:C", "info", "siblings-not-disjoint"),
        Row("kg:p", "rdfs:domain", "missing", "info", "no-domain"),
        Row("kg:p", "rdfs:range", "missing", "info", "no-range"),
    ]
    accepted = [
        Accepted("siblings-not-disjoint", "Some are both.", frozenset({"kg:A", "kg:B"}), None),
        Accepted("no-domain", "Anything has it.", frozenset(), "missing"),
        Accepted("no-range", "Anything is it.", frozenset({"kg:q"}), None),
    ]
    assert without_accepted(rows, accepted) == [
        rows[1],
        rows[3],
        Row("kg:q", "(accepted)", "no finding of no-range", "warning", "accepted-without-finding"),
    ]


@pytest.mark.parametrize("text", ["- check: no-domain", "- {check: a, reason: b}", "- a", "a: ["])
def test_malformed_reasons_are_an_error(text: str, tmp_path: Path) -> None:
    (tmp_path / "accepted.yaml").write_text(text, "utf-8")
    with pytest.raises(GraphError):
        read_accepted(tmp_path / "accepted.yaml")


def test_rows_are_in_order_and_once() -> None:
    rows = check_file(CORE)
    severities = [SEVERITIES.index(row.severity) for row in rows]
    assert severities == sorted(severities)
    assert len(set(rows)) == len(rows) > 40


@pytest.mark.parametrize(
    "path", sorted((data_dir("ontology") / "alignments").glob("*.ttl")), ids=lambda p: p.stem
)
def test_alignments_have_headers_with_versions(path: Path) -> None:
    assert not [row for row in check_file(path) if row.severity == "error"]


# ---- questions


def test_every_query_answers_a_question_and_every_question_has_a_query() -> None:
    assert check_questions() == []
    questions = read_questions()
    assert [q.id for q in questions] == sorted({q.id for q in questions})
    assert {name for q in questions for name in q.queries} == {query.name for query in load_queries()}


def test_questions_are_sentences() -> None:
    for question in read_questions():
        assert re.fullmatch(r"CQ\d\d", question.id)
        assert question.text.endswith("?"), question.id
        assert 5 <= len(question.text.split()) <= 30, question.id


def test_answers_are_asserted() -> None:
    """test_queries.py compares the answer of each saved query with these rows."""
    tested = (ROOT / "tests" / "test_queries.py").read_text("utf-8")
    assert '"queries"' in tested
    for question in read_questions():
        for name in question.asserted_by:
            rows = (ROOT / name).read_text("utf-8").splitlines()
            assert len(rows) >= 2, f"{name} expects no row"
            assert (ROOT / name).with_name("graph.ttl").is_file()


def test_terms_of_the_questions_file_are_kept_as_well() -> None:
    rows = check_file(data_dir("ontology") / "questions.ttl")
    assert [
        r for r in rows if r.severity == "error" and not r.entity.startswith("<https://w3id.org/kgbuild/q")
    ] == []


def test_what_does_not_fit_is_told() -> None:
    questions = read_questions()
    saved = load_queries()
    first, second, *others = questions
    wrong = {
        "no-such-query": [replace(first, queries=("no-query",))],
        "question-without-query": [replace(first, queries=())],
        "query-for-another-question": [replace(first, queries=second.queries)],
        "answer-not-asserted": [replace(first, asserted_by=())],
        "question-without-one-text": [replace(first, texts=())],
        "question-asked-twice": [*questions, replace(first, id="CQ99")],
    }
    for check, given in wrong.items():
        assert [row.check for row in check_questions(given, saved)].count(check) == 1, check
    found = {row.entity for row in check_questions(others, saved) if row.check == "query-without-question"}
    assert found == {f"queries/{name}.rq" for name in (*first.queries, *second.queries)}


# ---- the command


def test_command_fails_on_what_is_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "terms.ttl"
    path.write_text(PREFIX + HEADER + GOOD + FAULTS["siblings-not-disjoint"], "utf-8")
    assert run_command(["ontology", "check", str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 errors, 0 warnings, 1 info"
    assert run_command(["ontology", "check", str(path), "--fail-on", "warning"]) == 0
    assert run_command(["ontology", "check", str(path), "--fail-on", "info"]) == 1
    capsys.readouterr()
    assert run_command(["ontology", "check", str(path), "-f", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["check"] == "siblings-not-disjoint"
    assert run_command(["ontology", "check", str(path), "-f", "tsv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split("\t") == ["entity", "property", "value", "severity", "check"]
    assert len(lines) == 2
    path.write_text(PREFIX + HEADER + GOOD + FAULTS["several-labels"], "utf-8")
    assert run_command(["ontology", "check", str(path)]) == 1
    assert run_command(["ontology", "check", str(tmp_path / "none.ttl")]) == 2


def test_command_checks_the_own_ontology(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["ontology", "check"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 errors, 0 warnings, 0 info"


# ---- the page


@pytest.fixture(scope="module")
def page() -> str:
    return to_html()


def test_page_is_fresh(page: str) -> None:
    assert PAGE.read_text("utf-8") == page, "write it anew: kgbuild ontology docs docs/ontology.html"


def test_page_tells_of_every_term(page: str) -> None:
    for term in TERMS:
        assert f'<article id="{term}">' in page
        assert f"<code>kg:{term}</code>" in page
    for question in read_questions():
        assert f'id="{question.id}"' in page


def test_links_of_the_page_lead_somewhere(page: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert [i for i, n in Counter(ids).items() if n > 1] == []
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_page_loads_nothing(page: str) -> None:
    for tag in ("<script", "<link", "<img", "<iframe", "@import", "url("):
        assert tag not in page
    assert "src=" not in page


def test_diagram_has_every_class_once(page: str) -> None:
    diagram = page[page.index("<svg") : page.index("</svg>")]
    boxes = re.findall(r'<a href="#(\w+)"><rect', diagram)
    classes = {t.local for t in terms_in(read_graph([CORE])) if t.kind == "class"}
    assert sorted(boxes) == sorted(classes)
    rows = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)"', diagram)
    assert len(set(rows)) == len(rows), "two boxes in one place"


def test_page_is_the_same_in_every_process(page: str, tmp_path: Path) -> None:
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.html"
        command = [sys.executable, "-m", "kgbuild", "ontology", "docs", str(out)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed}, timeout=120)
        assert out.read_text("utf-8") == page


def test_page_of_a_defined_class_has_its_condition(page: str) -> None:
    part = page[page.index('<article id="LicensedExporter">') :]
    part = part[: part.index("</article>")]
    assert "kg:Firm and (kg:holds some kg:ExportLicense)</code>" in part


def test_page_escapes_what_terms_say(page: str) -> None:
    assert NS in page
    assert "firm&#x27;s" in page
