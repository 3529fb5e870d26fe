"""Real clients of the SPARQL Protocol against `kgbuild serve`, and the W3C manifests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import pytest
import rdflib
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.term import Node
from serve_process import Server, serving

pytest.importorskip("starlette", reason="kgbuild[serve] is not installed")

GRAPH: Final = """
@prefix kg: <https://w3id.org/kgbuild/ontology#> .
@prefix firm: <https://w3id.org/kgbuild/id/firm/> .
@prefix license: <https://w3id.org/kgbuild/id/license/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
firm:a a kg:Firm ; rdfs:label "Müller & Söhne"@de, "Mueller"@en ; kg:holds license:one .
firm:b a kg:Firm ; rdfs:label "B"@en ; kg:holds license:one .
"""
SELECT: Final = "SELECT ?f ?name { ?f kg:holds license:one ; rdfs:label ?name } ORDER BY ?f ?name"
CONSTRUCT: Final = "CONSTRUCT { ?f kg:holds ?l } { ?f kg:holds ?l }"
MF: Final = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT: Final = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT: Final = rdflib.Namespace("http://www.w3.org/2011/content#")
#: Tests of the manifest that change data first.
WRITING: Final = "update_"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path = tmp_path_factory.mktemp("clients") / "graph.ttl"
    path.write_text(GRAPH, "utf-8")
    with serving(path, "--workers", "1") as running:
        yield running


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_sparqlwrapper_reads_rows(server: Server, method: str, form: str) -> None:
    wrapper = pytest.importorskip("SPARQLWrapper")
    client = wrapper.SPARQLWrapper(f"{server.url}/sparql")
    client.setMethod(method)
    client.setReturnFormat(form)
    client.setQuery(SELECT)
    answer = client.query().convert()
    if form == "json":
        assert [row["name"]["value"] for row in answer["results"]["bindings"]] == [
            "Mueller", "Müller & Söhne", "B",
        ]  # fmt: skip
    elif form == "xml":
        assert len(answer.getElementsByTagName("result")) == 3
    else:
        assert "Müller & Söhne" in answer.decode()
        assert len(answer.splitlines()) == 4


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("form", ["turtle", "xml", "n3", "json-ld"])
def test_sparqlwrapper_reads_graphs(server: Server, method: str, form: str) -> None:
    wrapper = pytest.importorskip("SPARQLWrapper")
    client = wrapper.SPARQLWrapper(f"{server.url}/sparql")
    client.setMethod(method)
    client.setReturnFormat(form)
    client.setQuery(CONSTRUCT)
    answer = client.query().convert()
    if isinstance(answer, bytes):
        answer = rdflib.Graph().parse(data=answer, format={"json-ld": "json-ld"}.get(form, "turtle"))
    assert len(answer) == 2


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json", "csv"])
def test_the_store_of_rdflib_reads_rows_and_graphs(server: Server, method: str, form: str) -> None:
    store = SPARQLStore(f"{server.url}/sparql", method=method, returnFormat=form)
    graph = rdflib.Graph(store, identifier=rdflib.URIRef("urn:x-rdflib-default"))
    rows = list(store.query(SELECT))
    assert len(rows) == 3
    assert len(store.query(CONSTRUCT).graph or ()) == 2
    assert bool(store.query("ASK { ?f kg:holds ?l }").askAnswer) is True
    assert graph.store is store


def test_curl_posts_a_query_from_a_file(server: Server, tmp_path: Path) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    (tmp_path / "query.rq").write_text(SELECT, "utf-8")
    for way in (["--data-urlencode", "query@query.rq"], ["-G", "--data-urlencode", "query@query.rq"]):
        command = [
            curl,
            "-sS",
            "--fail",
            "--compressed",
            "-H",
            "Accept: text/csv",
            f"{server.url}/sparql",
            *way,
        ]
        out = subprocess.run(command, capture_output=True, check=True, cwd=tmp_path).stdout.decode()
        assert out.splitlines()[0] == "f,name"
        assert len(out.splitlines()) == 4


def test_comunica_finds_the_service_and_joins(server: Server) -> None:
    """Needs a folder, named in COMUNICA, in which @comunica/query-sparql@4 has been installed by npm."""
    folder = os.environ.get("COMUNICA", "")
    node = shutil.which("node")
    if node is None or not folder:
        pytest.skip("node, or a folder with @comunica/query-sparql in the variable COMUNICA, is not there")
    script = Path(__file__).parent / "serve_comunica.mjs"
    command = [node, str(script), folder, f"{server.url}/sparql"]
    out = subprocess.run(command, capture_output=True, check=True, timeout=120).stdout
    assert json.loads(out) == ["B", "Mueller", "Müller & Söhne"]


# ---- the manifests of W3C


def test_the_protocol_manifest_passes_in_all_that_reads(shared_dir: Path, tmp_path: Path) -> None:
    folder = shared_dir / "conformance"
    if not (folder / "run_protocol.py").is_file():
        pytest.skip("../shared/conformance is not there")
    data = folder / "protocol"
    graphs = [
        f"<http://kasei.us/2009/09/sparql/data/data{n}.rdf> {{ {(data / f'data{n}.nt').read_text()} }}\n"
        for n in (1, 2, 3)
    ]
    path = tmp_path / "graph.trig"
    path.write_text("".join(graphs), "utf-8")
    with serving(path, "--workers", "1") as running:
        command = [sys.executable, str(folder / "run_protocol.py"), "--query", f"{running.url}/sparql",
                   "--load", "gsp", "--gsp", f"{running.url}/store", "-v"]  # fmt: skip
        out = subprocess.run(command, capture_output=True, check=True, encoding="utf-8", timeout=120).stdout
    out = out.partition("== protocol/")[0] + out.rpartition("\n== ")[2]
    failed = [line.split()[1].rstrip(";") for line in out.splitlines() if line.startswith("FAIL ")]
    passed = [line.split()[1] for line in out.splitlines() if line.startswith("ok ")]
    assert [name for name in failed if not name.startswith(WRITING)] == []
    assert len(passed) >= 26
    assert len(failed) <= 8
    assert " match" in out
    assert "NO MATCH" not in out


def test_the_graph_store_manifest_passes_in_all_that_reads(shared_dir: Path, tmp_path: Path) -> None:
    """The writes of the manifest are made here; each read then meets the graph that the test has by then."""
    folder = shared_dir / "conformance" / "graph-store-protocol"
    if not folder.is_dir():
        pytest.skip("../shared/conformance is not there")
    reads = list(manifest_reads(folder / "manifest-indirect.ttl"))
    dataset = rdflib.Dataset()
    for number, (_, _, graph) in enumerate(reads):
        for triple in graph or ():
            dataset.graph(rdflib.URIRef(f"urn:read:{number}")).add(triple)
    path = tmp_path / "graph.trig"
    dataset.serialize(path, format="trig")
    assert len(reads) >= 8
    with serving(path, "--workers", "1") as running:
        for number, (method, status, graph) in enumerate(reads):
            reply = running.send(f"/store?graph=urn%3Aread%3A{number}", method, Accept="text/turtle")
            assert reply.status == status == (200 if graph else 404)
            if status == 200:
                assert reply.media_type == "text/turtle"
            if method == "GET" and graph:
                assert isomorphic(rdflib.Graph().parse(data=reply.text, format="turtle"), graph)


def manifest_reads(path: Path) -> Iterator[tuple[str, int, rdflib.Graph | None]]:
    """Yield method, status that is due and graph of each read of a named graph."""
    manifest = rdflib.Graph().parse(path)
    for test in Collection(manifest, next(manifest.objects(None, MF.entries))):
        graphs: dict[str, rdflib.Graph] = {}
        for step in Collection(manifest, _value(manifest, _value(manifest, test, MF.action), HT.requests)):
            method, target = (str(manifest.value(step, p)) for p in (HT.methodName, HT.absolutePath))
            name = unquote(target.partition("graph=")[2])
            text = manifest.value(manifest.value(step, HT.body), CNT.chars)
            if method == "DELETE":
                graphs.pop(name, None)
            elif method in {"PUT", "POST"} and name and not str(text).startswith("--"):
                known = graphs.get(name) if method == "POST" else None
                new = rdflib.Graph().parse(data=str(text), format="turtle", publicID="http://www.example/")
                graphs[name] = new + known if known else new
            elif method in {"GET", "HEAD"} and name:
                response = manifest.value(step, HT.resp)
                due = str(manifest.value(response, MF.expectedStatus)).rpartition("#")[2]
                if (due == "OK") == (name in graphs):  # else a form in several parts was posted before
                    yield method, {"OK": 200, "NotFound": 404}[due], graphs.get(name)


def _value(graph: rdflib.Graph, subject: Node, predicate: rdflib.URIRef) -> Node:
    return next(graph.objects(subject, predicate))
