"""SHACL Core by the W3C suite and by pySHACL: the set engine finds what they find."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
from rdflib import RDF, BNode, Graph, Namespace
from rdflib.term import Node

from kgbuild.rdf_files import literals_as_written
from kgbuild.validation.report import SH
from kgbuild.validation.sets import CodedGraph, run
from kgbuild.validation.sets.coded_graph import key_of
from kgbuild.validation.shapes import named_shape, path_text, sh

SUITE: Final = Path(__file__).resolve().parents[2] / "shared" / "conformance" / "shacl" / "core"
MF: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT: Final = Namespace("http://www.w3.org/ns/shacl-test#")
#: Tests that the suite expects otherwise, and why.
EXCEPTIONS: Final[dict[str, str]] = {}
Finding = tuple[Any, ...]


def entries() -> list[tuple[Path, str]]:
    found = []
    for path in sorted(SUITE.rglob("*.ttl")):
        if path.name != "manifest.ttl" and "sht:Validate" in path.read_text("utf-8"):
            found.append((path, f"{path.parent.name}/{path.stem}"))
    return found


def parse(path: Path) -> Graph:
    graph = Graph()
    with literals_as_written():
        graph.parse(path, format="turtle", publicID=path.as_uri())
    return graph


def graph_of(name: Node, path: Path, whole: Graph) -> Graph:
    return whole if str(name) == path.as_uri() else parse(Path(str(name).removeprefix("file://")))


def expected(graph: Graph, report: Node, shapes: Graph) -> set[Finding]:
    found = set()
    for result in graph.objects(report, sh("result")):
        path = graph.value(result, sh("resultPath"))
        value = graph.value(result, sh("value"))
        shape = graph.value(result, sh("sourceShape"))
        assert shape is not None
        found.add(
            (
                key_of(graph.value(result, sh("focusNode")) or BNode()),
                None if path is None else path_text(graph, path),
                None if value is None else key_of(value),
                named_shape(shapes, shape),
                str(graph.value(result, sh("sourceConstraintComponent"))),
                str(graph.value(result, sh("resultSeverity"))).removeprefix(SH),
            )
        )
    return found


def found_by_sets(data: Graph, shapes: Graph) -> set[Finding]:
    graph = CodedGraph.from_graph(data)
    with literals_as_written():
        results = run(graph, shapes)
    out = set()
    for r in results:
        value = r.value
        key: Any = (
            None
            if value is None
            else value
            if isinstance(value, str)
            else (value.value, value.datatype, value.language)
        )
        out.add((r.focus_node, r.path, key, r.source_shape, r.component, r.severity))
    return out


def shown(findings: set[Finding]) -> set[Finding]:
    from kgbuild.model import Literal
    from kgbuild.validation.report import to_ntriples

    return {(f if isinstance(f, str) else to_ntriples(Literal(*f)), *rest) for f, *rest in findings}


@pytest.mark.skipif(not SUITE.is_dir(), reason="the W3C suite is not beside this checkout")
def test_the_suite_is_all_there() -> None:
    assert len(entries()) >= 98


@pytest.mark.parametrize(("path", "name"), entries(), ids=lambda x: x if isinstance(x, str) else "")
def test_w3c(path: Path, name: str) -> None:
    graph = parse(path)
    for entry in graph.subjects(RDF.type, SHT.Validate):
        action = graph.value(entry, MF.action)
        assert action is not None
        data = graph_of(graph.value(action, SHT.dataGraph) or BNode(), path, graph)
        shapes = graph_of(graph.value(action, SHT.shapesGraph) or BNode(), path, graph)
        report = graph.value(entry, MF.result)
        if report == SHT.Failure:
            continue
        assert report is not None
        wanted = shown(expected(graph, report, shapes))
        got = found_by_sets(data, shapes)
        if name in EXCEPTIONS:
            assert got != wanted, f"{name} is no exception any more"
        else:
            assert got == wanted
