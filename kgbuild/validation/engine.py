"""Validation: shapes by the set engine, or by pySHACL as the reference; the only code that knows pySHACL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyshacl
from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError
from rdflib import RDF, RDFS, BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.term import Node

from kgbuild.errors import ShapeError
from kgbuild.model import Literal, Term
from kgbuild.rdf_files import literals_as_written, read_graph
from kgbuild.resources import data_dir
from kgbuild.terms import RDF as RDF_NS
from kgbuild.terms import XSD
from kgbuild.validation.checks import load_checks, run_checks
from kgbuild.validation.evidence import MANIFEST, check_evidence
from kgbuild.validation.findings import Finding, locate
from kgbuild.validation.report import SH, ValidationReport, ValidationResult, sorted_report, to_ntriples
from kgbuild.validation.sets import CodedGraph, run
from kgbuild.validation.shapes import focus_counts, load_shapes, named_shape, path_text, sh
from kgbuild.validation.vocabulary import check_vocabulary

#: Engines by name: the same results, the first one many times faster.
ENGINES: Final = ("sets", "pyshacl")


def validate(
    files: Sequence[Path],
    *,
    shapes: Path | Sequence[Path] | None = None,
    texts: Path | None = None,
    engine: str = "sets",
    checks: bool = True,
) -> ValidationReport:
    """Return what the shapes find in the graph of all `files`, and where quotes differ from the kept texts.

    `shapes` are folders of .ttl files or files; kgbuild's own by default. `texts` is the
    folder whose manifest.json lists the kept articles; by default that of the first file, if
    it has one. Without kept texts quotes are not compared, which the report tells among the
    shapes with nothing to check. `engine` is one of ENGINES; with `checks` the
    questions of queries/checks are asked too. Raises GraphError for files that
    cannot be read, and ShapeError for malformed shapes.
    """
    return find(files, shapes=shapes, texts=texts, engine=engine, checks=checks, places=False)[0]


def find(
    files: Sequence[Path],
    *,
    shapes: Path | Sequence[Path] | None = None,
    texts: Path | None = None,
    engine: str = "sets",
    checks: bool = True,
    places: bool = True,
) -> tuple[ValidationReport, tuple[Finding, ...]]:
    """Return the report as `validate` does, and with `places` each result with its place and sentences."""
    data = read_graph(files)
    shapes_graph = load_shapes(shapes)
    if texts is None and files and (files[0].parent / MANIFEST).is_file():
        texts = files[0].parent
    report = validate_graph(data, shapes_graph, texts=texts, engine=engine)
    if checks:
        broken, asked = run_checks(files, load_checks())
        report = sorted_report((*report.results, *broken), {**report.shapes, **asked})
    return report, locate(report, files, data, texts) if places else ()


def validate_graph(
    data: Graph, shapes: Graph, *, texts: Path | None = None, engine: str = "sets"
) -> ValidationReport:
    """Return the report on `data`, without changing it; `shapes` comes from `load_shapes`."""
    results, counts = check_vocabulary(data)
    quotes, compared = check_evidence(data, texts)
    typed = data + _class_hierarchy()
    results += quotes + (_by_sets(typed, shapes) if engine == "sets" else _by_pyshacl(typed, shapes))
    return sorted_report(results, {**counts, **compared, **focus_counts(shapes, typed)})


def _class_hierarchy() -> Graph:
    """Return the rdfs:subClassOf triples of the vocabulary: a target class means its subclasses too."""
    hierarchy = Graph()
    for lower, upper in read_graph([data_dir("ontology") / "core.ttl"]).subject_objects(RDFS.subClassOf):
        if isinstance(lower, URIRef) and isinstance(upper, URIRef):
            hierarchy.add((lower, RDFS.subClassOf, upper))
    return hierarchy


def _by_sets(data: Graph, shapes: Graph) -> list[ValidationResult]:
    with literals_as_written():
        return run(CodedGraph.from_graph(data), shapes)


def _by_pyshacl(data: Graph, shapes: Graph) -> list[ValidationResult]:
    with literals_as_written():
        try:
            _, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=False, inference="none")
        except (ShapeLoadError, ConstraintLoadError, ReportableRuntimeError, TypeError) as err:
            raise ShapeError(f"the shapes cannot be applied: {' '.join(str(err).split())}") from err
    if not isinstance(report, Graph):
        raise ShapeError(f"the shapes cannot be applied: {report}")
    return [_result(report, shapes, node) for node in report.subjects(RDF.type, sh("ValidationResult"))]


def _result(report: Graph, shapes: Graph, node: Node) -> ValidationResult:
    focus = report.value(node, sh("focusNode"))
    path = report.value(node, sh("resultPath"))
    value = report.value(node, sh("value"))
    shape = report.value(node, sh("sourceShape"))
    if focus is None or shape is None:  # SHACL, section 3.6.2: each result has both
        raise ShapeError("pySHACL reports a result without focus node or source shape")
    term = _term(focus)
    return ValidationResult(
        focus_node=term if isinstance(term, str) else to_ntriples(term),
        path=None if path is None else path_text(report, path),
        value=None if value is None else _term(value),
        source_shape=named_shape(shapes, shape),
        component=str(report.value(node, sh("sourceConstraintComponent"))),
        severity=str(report.value(node, sh("resultSeverity"))).removeprefix(SH),
        message=min(str(message) for message in report.objects(node, sh("resultMessage"))),
    )


def _term(node: Node) -> Term:
    if isinstance(node, RdfLiteral):
        default = RDF_NS + "langString" if node.language else XSD + "string"
        return Literal(str(node), str(node.datatype or default), node.language or "")
    return f"_:{node}" if isinstance(node, BNode) else str(node)
