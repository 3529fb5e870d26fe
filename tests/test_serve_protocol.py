"""The SPARQL Protocol and the Graph Store Protocol as `kgbuild serve` speaks them, and what it refuses."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest
from serve_process import GRAPH, HOLDERS, SECONDS, Server, holders, serving

from kgbuild.model import Literal, Triple
from kgbuild.turtle import to_turtle

pytest.importorskip("starlette", reason="kgbuild[serve] is not installed")

from kgbuild.serve.as_written import as_written

DECIMAL: Final = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path = tmp_path_factory.mktemp("serve") / "graph.trig"
    path.write_text(GRAPH, "utf-8")
    with serving(path, "--timeout", str(SECONDS), "--rows", "500") as running:
        yield running


# ---- ways to ask


def test_get_post_form_and_post_direct_give_the_same(server: Server) -> None:
    form = "query=" + "".join(f"%{byte:02X}" for byte in HOLDERS.encode())
    replies = [
        server.query(HOLDERS),
        server.send("/sparql", "POST", form.encode(), Content_Type="application/x-www-form-urlencoded"),
        server.send("/sparql", "POST", HOLDERS.encode(), Content_Type="application/sparql-query"),
        server.send(
            "/sparql/", "POST", HOLDERS.encode(), Content_Type="application/sparql-query; charset=UTF-8"
        ),
    ]
    assert [reply.status for reply in replies] == [200] * 4
    assert [holders(reply.body) for reply in replies] == [["example-a", "example-b"]] * 4


def test_a_form_is_decoded_once(server: Server) -> None:
    reply = server.query('SELECT ?x { BIND("a%20b+c" AS ?x) }')
    assert json.loads(reply.body)["results"]["bindings"][0]["x"]["value"] == "a%20b+c"


def test_head_has_the_headers_of_get_and_no_body(server: Server) -> None:
    path = "/sparql?query=ASK%7B%7D"
    head, get = server.send(path, "HEAD"), server.send(path)
    assert (head.status, head.body) == (200, b"")
    assert head.media_type == get.media_type
    assert head.headers["content-length"] == str(len(get.body))


# ---- formats


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/*;q=0.5, application/xml;q=0.4", "text/csv"),
        ("text/csv;q=0.2, text/tab-separated-values", "text/tab-separated-values"),
        ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
        ("garbage", "application/sparql-results+json"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "application/sparql-results+json"),
    ],
)
def test_rows_come_in_the_format_that_is_accepted(server: Server, accept: str, media_type: str) -> None:
    reply = server.query(HOLDERS, accept=accept)
    assert (reply.status, reply.media_type) == (200, media_type)
    assert b"example-b" in reply.body
    assert "Accept" in reply.headers["vary"]


@pytest.mark.parametrize(
    ("form", "media_type", "rdf"),
    [
        ("turtle", "text/turtle", ox.RdfFormat.TURTLE),
        ("nt", "application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("rdf", "application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("json", "application/ld+json", ox.RdfFormat.JSON_LD),
        ("n3", "text/n3", ox.RdfFormat.N3),
        ("trig", "application/trig", ox.RdfFormat.TRIG),
        ("nquads", "application/n-quads", ox.RdfFormat.N_QUADS),
    ],
)
def test_triples_come_in_all_formats(server: Server, form: str, media_type: str, rdf: ox.RdfFormat) -> None:
    text = "CONSTRUCT { ?f kg:holds ?l } { ?f kg:holds ?l }"
    for reply in (server.query(text, format=form), server.query(text, accept=media_type)):
        assert (reply.status, reply.media_type) == (200, media_type)
        assert len(list(ox.parse(reply.body, rdf))) == 2


def test_the_format_parameter_goes_before_the_header(server: Server) -> None:
    assert (
        server.query(HOLDERS, accept="text/csv", format="xml").media_type == "application/sparql-results+xml"
    )
    assert server.query(HOLDERS, output="csv").media_type == "text/csv"


def test_what_asks_for_rows_where_there_are_none_gets_what_there_is(server: Server) -> None:
    # as rdflib's SPARQLStore asks, which fixes the header before it knows the query
    reply = server.query("DESCRIBE firm:example-a", accept="application/sparql-results+json")
    assert (reply.status, reply.media_type) == (200, "text/turtle")
    assert b"example-1" in reply.body
    assert server.query("DESCRIBE firm:example-a", format="csv").media_type == "text/turtle"
    assert server.query("ASK {}", accept="text/csv").media_type == "application/sparql-results+json"


def test_of_several_formats_the_first_known_counts(server: Server) -> None:
    # as SPARQLWrapper asks
    reply = server.send("/sparql?query=SELECT%20%2A%20%7B%7D&format=spss&format=tsv&format=csv&output=json")
    assert (reply.status, reply.media_type) == (200, "text/tab-separated-values")


@pytest.mark.parametrize("accept", ["text/turtle", "image/png", "application/n-triples, text/turtle"])
def test_rows_have_no_format_for_graphs(server: Server, accept: str) -> None:
    reply = server.query(HOLDERS, accept=accept)
    assert reply.status == 406
    assert "application/sparql-results+json" in reply.text


def test_a_verdict_comes_in_json_and_xml(server: Server) -> None:
    assert json.loads(server.query("ASK { ?f kg:holds ?l }").body)["boolean"] is True
    assert b"<boolean>false</boolean>" in server.query("ASK { ?l kg:holds 7 }", format="xml").body


def test_the_service_describes_itself(server: Server) -> None:
    reply = server.send("/sparql", Accept="text/turtle")
    triples = list(ox.parse(reply.body, ox.RdfFormat.TURTLE))
    endpoint = ox.NamedNode("http://www.w3.org/ns/sparql-service-description#endpoint")
    assert [q.object for q in triples if q.predicate == endpoint] == [ox.NamedNode(f"{server.url}/sparql")]
    named = server.send("/sparql?format=jsonld")
    assert len(list(ox.parse(named.body, ox.RdfFormat.JSON_LD))) == len(triples)


def test_a_strange_host_makes_no_error(server: Server) -> None:
    assert server.send("/sparql", Host="<x> {y}").status in {200, 400}
    assert server.query("CONSTRUCT { <s> <p> 1 } {}").status == 200


# ---- graphs


def test_graphs_of_the_request_go_before_those_of_the_query(server: Server) -> None:
    text = "SELECT ?f FROM <urn:two> { ?f kg:holds ?l } ORDER BY ?f"
    assert holders(server.query(text).body) == ["example-b"]
    assert holders(server.query(text, default_graph_uri="urn:one").body) == ["example-a"]
    assert holders(server.query(text, default_graph_uri="urn:none").body) == []


def test_named_graphs_are_those_that_are_named(server: Server) -> None:
    text = "SELECT ?f ?g { GRAPH ?g { ?f kg:holds ?l } } ORDER BY ?f"
    assert holders(server.query(text).body) == ["example-a", "example-b"]
    assert holders(server.query(text, named_graph_uri="urn:two").body) == ["example-b"]
    assert holders(server.query("SELECT ?f { ?f kg:holds ?l }", named_graph_uri="urn:two").body) == []


def test_a_graph_name_is_absolute(server: Server) -> None:
    assert server.query(HOLDERS, default_graph_uri="relative").status == 400
    assert server.query(HOLDERS, default_graph_uri="").status == 200  # as some clients send it


def test_a_graph_is_read_from_the_graph_store(server: Server) -> None:
    one = server.send("/store?graph=urn:one", Accept="application/n-triples")
    assert (one.status, len(one.body.splitlines())) == (200, 3)
    whole = server.send("/store?default", Accept="application/n-triples")
    assert b"example-a" in whole.body
    assert b"example-b" in whole.body
    assert server.send("/store?graph=urn:one", "HEAD").body == b""
    assert server.send("/store?graph=urn:none").status == 404
    assert server.send("/store?graph=urn:none", "HEAD").status == 404
    assert server.send("/store?graph=one").status == 400
    assert server.send("/store").status == 400
    assert server.send("/store?default&graph=urn:one").status == 400


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_the_graph_store_is_never_written(server: Server, method: str) -> None:
    reply = server.send("/store?graph=urn:one", method, b"<urn:a> <urn:b> 1 .", Content_Type="text/turtle")
    assert reply.status == 405
    assert "GET" in reply.headers["allow"]
    assert server.send("/store?graph=urn:one", Accept="application/n-triples").body.count(b"\n") == 3


def test_a_thing_has_its_triples_at_its_iri(server: Server) -> None:
    reply = server.send("/id/firm/example-a", Accept="application/n-triples")
    assert (reply.status, len(reply.body.splitlines())) == (200, 3)
    assert server.send("/id/firm/nobody", Accept="text/turtle").status == 404


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a flat graph with numbers that a store writes otherwise."""
    decimal, count = (
        f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("decimal", "nonNegativeInteger")
    )
    firm = "https://w3id.org/kgbuild/id/firm/example-"
    value = "https://w3id.org/kgbuild/ontology#value"
    triples: list[Triple] = [
        (f"{firm}a", value, Literal("1.50", decimal)), (f"{firm}a", value, Literal("07", count)),
        (f"{firm}a", "https://w3id.org/kgbuild/ontology#basedIn", f"{firm}ab"),
        (f"{firm}ab", value, Literal("2.00", decimal)), ("http://example.org/x", value, f"{firm}a"),
    ]  # fmt: skip
    path = tmp_path_factory.mktemp("numbers") / "graph.ttl"
    path.write_text(to_turtle(triples), "utf-8")
    with serving(path, "--workers", "1") as running:
        yield running


@pytest.mark.parametrize("form", ["application/n-triples", "text/turtle", "application/ld+json"])
def test_a_thing_keeps_its_numbers_as_they_were_written(numbers: Server, form: str) -> None:
    reply = numbers.send("/id/firm/example-a", Accept=form)
    found = {triple.object.value for triple in ox.parse(reply.body, format=ox.RdfFormat.from_media_type(form))
             if isinstance(triple.object, ox.Literal)}  # fmt: skip
    assert found == {"1.50", "07"}
    if form == "application/n-triples":
        assert len(reply.body.splitlines()) == 4


def test_another_layout_or_another_graph_changes_nothing(tmp_path: Path) -> None:
    known = [ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), ox.Literal("1.5", datatype=DECIMAL))]
    file = tmp_path / "graph.ttl"
    for text in (
        "",
        "<urn:a> <urn:p> 1.60 .",
        "<urn:a> <urn:p> 1.50 .",
        "\n<urn:a> <urn:p> 1.50",
        "\n<urn:a> nothing .",
    ):
        file.write_text(text, "utf-8")
        assert as_written(file, "urn:a", known) == known
    assert as_written(tmp_path / "none.ttl", "urn:a", known) == known
    file.write_text("@prefix x: <urn:x> .\n\n<urn:a> <urn:p> 1.50 .\n", "utf-8")
    (kept,) = as_written(file, "urn:a", known)
    assert kept.object == ox.Literal("1.50", datatype=DECIMAL)


def test_graph_parameters_need_named_graphs(numbers: Server) -> None:
    for name in ("default-graph-uri", "named-graph-uri"):
        reply = numbers.send(f"/sparql?query=ASK%7B%7D&{name}=urn:one")
        assert (reply.status, "no named graphs" in reply.text) == (400, True)


# ---- graphs named by the address


def test_a_graph_is_read_at_its_own_address(tmp_path: Path) -> None:
    article = "https://w3id.org/kgbuild/id/article/one"
    path = tmp_path / "graph.trig"
    path.write_text(
        f"<http://data.example/store/a%20b> {{ <urn:s> <urn:p> 1.50 }} <{article}> {{ <urn:t> a <urn:C> }}"
    )
    with serving(path, "--workers", "1") as running:
        own = running.send("/store/a%20b", Host="data.example", Accept="application/n-triples")
        assert own.body == b'<urn:s> <urn:p> "1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n'
        assert running.send("/store/a%20b", "HEAD", Host="data.example").status == 200
        assert running.send("/store/a%20b").status == 404
        named = running.send("/store?graph=https%3A%2F%2Fw3id.org%2Fkgbuild%2Fid%2Farticle%2Fone")
        assert running.send("/store/article/one").body == named.body
        assert running.send("/store/article/one?default").status == 400
        assert running.send("/store/a", Host="<>").status == 400
        assert running.send("/store/article/one", "PUT", b"").status == 405


# ---- headers


def test_what_is_known_is_not_sent_again(server: Server) -> None:
    first = server.query(HOLDERS)
    tag = first.headers["etag"]
    path = "/sparql?query=" + "".join(f"%{byte:02X}" for byte in HOLDERS.encode())
    again = server.send(path, If_None_Match=f'"other", {tag}')
    assert (again.status, again.body) == (304, b"")
    assert server.send(path, If_None_Match='"other"').status == 200
    assert server.send(path, If_None_Match=tag, Accept="text/csv").status == 200
    graph = server.send("/store?default")
    assert server.send("/store?default", If_None_Match=graph.headers["etag"]).status == 304


def test_what_differs_each_time_is_not_kept(server: Server) -> None:
    replies = [server.query("SELECT (STRUUID() AS ?x) {}") for _ in range(2)]
    assert replies[0].body != replies[1].body
    assert all("etag" not in reply.headers for reply in replies)


def test_large_answers_are_compressed(server: Server) -> None:
    path = "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%20200"
    plain, packed = server.send(path), server.send(path, Accept_Encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body


def test_other_sites_may_read_and_no_more(server: Server) -> None:
    reply = server.send("/sparql?query=ASK%7B%7D", Origin="https://example.org")
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in reply.headers
    asked = server.send("/sparql", "OPTIONS", Origin="https://example.org")
    assert asked.status == 204
    assert asked.headers["access-control-allow-methods"] == "GET, HEAD, POST"
    assert "access-control-allow-origin" not in server.send("/health").headers


@pytest.mark.parametrize(
    "path", ["/sparql", "/sparql?query=x", "/health", "/nothing", "/store", "/api/names"]
)
def test_every_answer_has_the_headers_of_safety(server: Server, path: str) -> None:
    headers = server.send(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


# ---- rows that are cut, and evidence


def test_rows_are_cut_on_request_and_that_is_told(server: Server) -> None:
    reply = server.query("SELECT * { ?s ?p ?o }", rows="3")
    answer = json.loads(reply.body)
    assert len(answer["results"]["bindings"]) == 3
    assert answer["kgbuild"] == {"cut": True, "rows": 3}
    assert answer["head"]["vars"] == ["s", "p", "o"]  # in the order of the query
    assert reply.headers["kgbuild-cut"] == "3"
    whole = server.query(HOLDERS, rows="3")
    assert "kgbuild-cut" not in whole.headers
    assert "kgbuild" not in json.loads(whole.body)


def test_evidence_comes_with_rows(server: Server) -> None:
    answer = json.loads(server.query(HOLDERS, evidence="true").body)
    assert answer["kgbuild"]["evidence"] == [[], []]
    assert server.query("DESCRIBE firm:example-a", evidence="true").status == 400
