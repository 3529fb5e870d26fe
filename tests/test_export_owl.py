"""The OWL profile opens in the OWL API: every statement is a logical axiom, none turns into an annotation."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgbuild.errors import GraphError
from kgbuild.export import export, export_file
from kgbuild.terms import DATA_PROPERTIES, NS, OBJECT_PROPERTIES, OWL, RDF_TYPE, RDFS, XSD

JARS = Path("/usr/share/java")
LOGICAL = {NS + name for name in (*OBJECT_PROPERTIES, *DATA_PROPERTIES)}


@pytest.fixture(scope="session")
def example(root: Path) -> Path:
    return root / "tests" / "graphs" / "export-example.trig"


@pytest.fixture(scope="session")
def count_axioms(root: Path, needs_program: Callable[..., str]) -> Callable[..., list[list[str]]]:
    """Return a function that opens files in the OWL API and returns what CountAxioms.java prints."""
    java = needs_program("java", "default-jdk-headless")
    needs_program("javac", "default-jdk-headless")
    if not list(JARS.glob("owlapi-api*.jar")):
        reason = f"the OWL API is not in {JARS} (Debian package libowlapi-java)"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}; .ci/run installs what the tests need", pytrace=False)
        pytest.skip(reason)

    def count(*files: Path) -> list[list[str]]:
        command = [
            java,
            "-cp",
            f"{JARS}/*",
            str(root / "tests" / "owl" / "CountAxioms.java"),
            *map(str, files),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        return [line.split("\t") for line in done.stdout.splitlines()]

    return count


def _quads(source: Path, **options: object) -> list[ox.Quad]:
    out = io.BytesIO()
    export(source, "turtle", out, owl=True, **options)  # type: ignore[arg-type]
    return list(ox.parse(out.getvalue(), ox.RdfFormat.TURTLE))


def _statements(quads: list[ox.Quad]) -> int:
    """Return the number of triples that are axioms about individuals."""
    individuals = {
        q.subject
        for q in quads
        if q.predicate.value == RDF_TYPE and q.object.value.startswith(NS)  # type: ignore[union-attr]
    }
    return sum(
        q.predicate.value in LOGICAL or q.predicate.value == RDF_TYPE
        for q in quads
        if q.subject in individuals
    )


def test_every_statement_is_a_logical_axiom(
    example_output: Path, root: Path, tmp_path: Path, count_axioms: Callable[..., list[list[str]]]
) -> None:
    files = [tmp_path / "graph.ttl", tmp_path / "graph.owl"]
    for form, target in zip(("turtle", "rdfxml"), files, strict=True):
        export_file(example_output, form, target, owl=True)
    core, *both = count_axioms(root / "ontology" / "core.ttl", *files)
    stated = _statements(_quads(example_output))
    assert stated > 10_000
    for axioms, _, violations, version in both:
        assert int(axioms) == int(core[0]) + stated
        assert violations == core[2] == "0"
        assert "https://w3id.org/kgbuild/id/dataset/" in version


def test_without_the_profile_statements_turn_into_annotations(
    example: Path, root: Path, tmp_path: Path, count_axioms: Callable[..., list[list[str]]]
) -> None:
    export_file(example, "turtle", tmp_path / "plain.ttl")
    export_file(example, "turtle", tmp_path / "owl.ttl", owl=True)
    core = root / "ontology" / "core.ttl"
    plain, owl, vocabulary = count_axioms(tmp_path / "plain.ttl", tmp_path / "owl.ttl", core)
    assert int(plain[1]) > int(plain[0])
    assert int(owl[0]) - int(vocabulary[0]) == _statements(_quads(example)) > int(plain[0])


def test_foreign_terms_are_declared_and_datatypes_are_those_of_owl(
    root: Path, tmp_path: Path, count_axioms: Callable[..., list[list[str]]]
) -> None:
    source = tmp_path / "foreign.ttl"
    source.write_text(
        """@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <urn:x:a> a <urn:x:Class> ; <urn:x:to> <urn:x:b> ; <urn:x:day> "2025-06-11"^^xsd:date ;
            <urn:x:month> "2025-06"^^xsd:gYearMonth , "2024"^^xsd:gYear ; <urn:x:lasts> "P1Y"^^xsd:duration ;
            <urn:x:both> "text" , <urn:x:b> .""",
        "utf-8",
    )
    quads = _quads(source)
    values = {
        q.object.value: q.object.datatype.value
        for q in quads
        if isinstance(q.object, ox.Literal) and q.subject == ox.NamedNode("urn:x:a")
    }
    assert values == {
        "2025-06-11T00:00:00Z": XSD + "dateTime",
        "2025-06-01T00:00:00Z": XSD + "dateTime",
        "2024-01-01T00:00:00Z": XSD + "dateTime",
        "P1Y": XSD + "string",
        "text": XSD + "string",
    }
    kinds = {q.subject.value: q.object.value for q in quads if q.predicate.value == RDF_TYPE}  # type: ignore[union-attr]
    assert kinds["urn:x:to"] == OWL + "ObjectProperty"
    assert kinds["urn:x:day"] == OWL + "DatatypeProperty"
    assert kinds["urn:x:both"] == OWL + "AnnotationProperty"
    assert kinds["urn:x:Class"] == OWL + "Class"
    export_file(source, "rdfxml", tmp_path / "foreign.owl", owl=True)
    with_it, core = count_axioms(tmp_path / "foreign.owl", root / "ontology" / "core.ttl")
    assert (int(with_it[0]), with_it[2]) == (int(core[0]) + 6, "0")


def test_one_header_whose_version_follows_the_content(example: Path, tmp_path: Path) -> None:
    def header(source: Path) -> tuple[list[str], str]:
        quads = _quads(source)
        headers = [q.subject.value for q in quads if q.object == ox.NamedNode(OWL + "Ontology")]  # type: ignore[union-attr]
        (version,) = [q.object.value for q in quads if q.predicate.value == OWL + "versionIRI"]  # type: ignore[union-attr]
        return headers, version

    (headers, version) = header(example)
    assert headers == ["https://w3id.org/kgbuild/id/dataset"]
    other = tmp_path / "other.trig"
    other.write_text(example.read_text("utf-8").replace("Other Alloys", "More Alloys"), "utf-8")
    assert header(other)[1] != version
    assert header(example)[1] == version


def test_facts_alone_can_be_an_ontology(example: Path) -> None:
    quads = _quads(example, view="facts")
    assert ox.NamedNode(NS + "Claim") not in {q.object for q in quads if q.predicate.value == RDF_TYPE}
    assert any(q.subject == ox.NamedNode(NS + "holds") for q in quads)
    assert any(q.predicate.value == RDFS + "isDefinedBy" for q in quads)


@pytest.mark.parametrize("name", ["nquads", "jsonld", "graphml"])
def test_other_formats_are_no_owl(example: Path, name: str) -> None:
    with pytest.raises(GraphError, match=r"OWL tools read turtle and rdfxml|no place in graphml"):
        export(example, name, io.BytesIO(), owl=True)
