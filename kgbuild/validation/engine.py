"""Validation: shapes by the set engine, or by pySHACL as the reference; the only code that knows pySHACL."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

import pyshacl
from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError
from rdflib import RDF, BNode, Graph
from rdflib import Literal as RdfLiteral
from rdflib.term import Node

from kgbuild.errors import ShapeError
from kgbuild.model import Literal, Term
from kgbuild.rdf_files import Store, literals_as_written, read_keys
from kgbuild.resources import data_dir
from kgbuild.terms import RDF as RDF_NS
from kgbuild.terms import RDFS as RDFS_NS
from kgbuild.terms import XSD
from kgbuild.validation.checks import load_checks, run_checks
from kgbuild.validation.earlier import Earlier, read_earlier
from kgbuild.validation.evidence import MANIFEST, check_evidence
from kgbuild.validation.findings import Finding, fingerprint, locate
from kgbuild.validation.report import SH, ValidationReport, ValidationResult, sorted_report, to_ntriples
from kgbuild.validation.sets import CodedGraph, focus_counts, run, run_again, to_graph
from kgbuild.validation.shapes import load_shapes, named_shape, path_text, sh
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
    earlier: Path | None = None,
) -> ValidationReport:
    """Return what the shapes find in the graph of all `files`, and where quotes differ from the kept texts.

    `shapes` are folders of .ttl files or files; kgbuild's own by default. `texts` is the
    folder whose manifest.json lists the kept articles; by default that of the first file, if
    it has one. Without kept texts quotes are not compared, which the report tells among the
    shapes with nothing to check. `engine` is one of ENGINES; with `checks` the
    questions of queries/checks are asked too. `earlier` is the folder of an earlier build: what the
    changes since then do not touch is not looked at again, and the report is the same. Raises
    GraphError for files that cannot be read, and ShapeError for malformed shapes.
    """
    return find(files, shapes=shapes, texts=texts, engine=engine, checks=checks, most=0, earlier=earlier)[0]


def find(
    files: Sequence[Path],
    *,
    shapes: Path | Sequence[Path] | None = None,
    texts: Path | None = None,
    engine: str = "sets",
    checks: bool = True,
    known: frozenset[str] = frozenset(),
    most: int | None = None,
    earlier: Path | None = None,
) -> tuple[ValidationReport, tuple[Finding, ...]]:
    """Return the report as `validate` does, and its results with their places and sentences.

    Results whose fingerprints are `known` are left out there, and of the others those after the first `most`.
    """
    store = Store()
    data = CodedGraph.from_triples(read_keys(files, store if checks else None))
    shapes_graph = load_shapes(shapes)
    if texts is None and files and (files[0].parent / MANIFEST).is_file():
        texts = files[0].parent
    before = None
    if earlier is not None and texts is not None and shapes is None and checks and engine == "sets":
        before = read_earlier(earlier, files[0], texts, shapes_graph)
    report = validate_graph(data, shapes_graph, texts=texts, engine=engine, earlier=before)
    if checks:
        report = _checked(report, store, before)
    new = [r for r in report.results if most != 0 and (not known or fingerprint(r) not in known)]
    return report, locate(new[:most], files, data, texts)


def _checked(report: ValidationReport, store: Store, earlier: Earlier | None) -> ValidationReport:
    """Return the report with what the graph checks find."""
    every = load_checks()
    again = [c for c in every if earlier is None or c.depends_on(earlier.properties)]
    found, _ = run_checks(store, again)
    if earlier is not None:
        known = {c.iri for c in every} - {c.iri for c in again}
        found += [r for r in earlier.results if r.source_shape in known]
    return sorted_report((*report.results, *found), {**report.shapes, **{c.iri: 1 for c in every}})


def validate_graph(
    data: CodedGraph,
    shapes: Graph,
    *,
    texts: Path | None = None,
    engine: str = "sets",
    earlier: Earlier | None = None,
) -> ValidationReport:
    """Return the report on `data`; `shapes` comes from `load_shapes`.

    The class hierarchy of the vocabulary is added to `data`: a target class means its subclasses too.
    """
    results, counts = check_vocabulary(data)
    known = frozenset[str]() if earlier is None else earlier.known_articles(data)
    quotes, compared = check_evidence(data, texts, known=known)
    if earlier is not None:
        quotes += earlier.evidence(data, known)
    for triple in class_hierarchy():
        data.add(*triple)
    with literals_as_written():
        if engine != "sets":
            found = _by_pyshacl(to_graph(data), shapes)
        elif earlier is None:
            found = run(data, shapes)
        else:
            found = run_again(data, shapes, earlier.changed, earlier.results)
    return sorted_report((*results, *quotes, *found), {**counts, **compared, **focus_counts(data, shapes)})


@cache
def class_hierarchy() -> tuple[tuple[str, str, str], ...]:
    """Return the rdfs:subClassOf triples of the vocabulary between named classes."""
    return tuple(
        (s, p, o)
        for s, p, o in read_keys([data_dir("ontology") / "core.ttl"])
        if p == RDFS_NS + "subClassOf" and isinstance(s, str) and isinstance(o, str) and "_:" not in s + o
    )


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
