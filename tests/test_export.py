from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import run
from typing import Any
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from kgbuild.errors import GraphError, OutputError
from kgbuild.export import FORMATS, Exported, export, export_file
from kgbuild.rdf_files import literals_as_written
from kgbuild.terms import KG, RDF_TYPE, expand

RDF_FORMATS = [name for name, form in FORMATS.items() if form.kind == "rdf"]
OXIGRAPH = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
RDFLIB = {
    "turtle": "turtle",
    "trig": "trig",
    "ntriples": "nt11",
    "nquads": "nquads",
    "jsonld": "json-ld",
    "rdfxml": "xml",
}
WITH_GRAPHS = ("trig", "nquads", "jsonld")
FIRM = expand("firm:example-magnets-0a1b2c3d4e")
LICENSE = expand("license:example-magnets-1a2b3c4d5e")


@pytest.fixture(scope="session")
def example(root: Path) -> Path:
    return root / "tests" / "graphs" / "export-example.trig"


def exported(source: Path, name: str, **options: Any) -> bytes:
    out = io.BytesIO()
    export(source, name, out, **options)
    return out.getvalue()


def oxigraph_quads(
    data: bytes | str, form: ox.RdfFormat, *, graphs: bool, xml: bool = False
) -> set[tuple[str, ...]]:
    """Return quads as texts; with `xml`, literals as they are after XML has taken out what it cannot hold."""
    found: set[tuple[str, ...]] = set()
    for quad in ox.parse(data, form):
        value = quad.object
        if xml and isinstance(value, ox.Literal):
            clean = "".join("\ufffd" if c in "\0\x1f\ufffe" else c for c in value.value)
            value = (
                ox.Literal(clean, language=value.language)
                if value.language
                else ox.Literal(clean, datatype=value.datatype)
            )
        found.add(
            (str(quad.subject), str(quad.predicate), str(value), str(quad.graph_name) if graphs else "")
        )
    return found


# ---- RDF -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RDF_FORMATS)
def test_rdf_reads_back_with_oxigraph(example: Path, name: str) -> None:
    graphs = name in WITH_GRAPHS
    wanted = oxigraph_quads(example.read_bytes(), ox.RdfFormat.TRIG, graphs=graphs, xml=name == "rdfxml")
    assert oxigraph_quads(exported(example, name), OXIGRAPH[name], graphs=graphs) == wanted


@pytest.mark.parametrize("name", RDF_FORMATS)
def test_rdf_reads_back_with_rdflib(example: Path, name: str) -> None:
    def read(data: bytes, form: str) -> set[tuple[Any, ...]]:
        dataset = rdflib.Dataset()
        with literals_as_written():
            dataset.parse(data=data, format=form)
        return {
            (s, p, o, str(g) if name in WITH_GRAPHS and g and "x-rdflib" not in str(g) else "")
            for s, p, o, g in dataset.quads()
        }

    wanted = read(example.read_bytes(), "trig")
    if name == "rdfxml":
        wanted = {(s, p, _without_controls(o), g) for s, p, o, g in wanted}
    assert read(exported(example, name), RDFLIB[name]) == wanted


def _without_controls(value: Any) -> Any:
    if not isinstance(value, rdflib.Literal):
        return value
    clean = "".join("\ufffd" if c in "\0\x1f\ufffe" else c for c in str(value))
    return rdflib.Literal(clean, lang=value.language, datatype=value.datatype, normalize=False)


IRIS = st.one_of(
    st.sampled_from(
        [FIRM, LICENSE, str(KG.holds), RDF_TYPE, str(KG.Firm), "urn:x:y", "firm:a", "kg:b", "xsd:c"]
    ),
    st.text("abZ09-_.~:!$&'()*+,;=@é城", max_size=6).map("http://example.org/#x".__add__),
)
LITERALS = st.one_of(
    st.builds(ox.Literal, st.text(max_size=8)),
    st.builds(
        lambda text, tag: ox.Literal(text, language=tag),
        st.text(max_size=8),
        st.sampled_from(["en", "zh-hans"]),
    ),
    st.builds(
        lambda text, iri: ox.Literal(text, datatype=ox.NamedNode(iri)),
        st.sampled_from(["true", "false", "1", "007", "1.50", "x <&> y", " "]),
        st.one_of(
            IRIS.filter(lambda iri: iri != RDF_TYPE),
            st.sampled_from(["integer", "boolean", "decimal"]).map(
                lambda n: f"http://www.w3.org/2001/XMLSchema#{n}"
            ),
        ),
    ),
)
QUADS = st.lists(
    st.builds(
        ox.Quad,
        st.one_of(IRIS.map(ox.NamedNode), st.sampled_from("abc").map(ox.BlankNode)),
        st.one_of(IRIS, st.just(RDF_TYPE)).map(ox.NamedNode),
        st.one_of(IRIS.map(ox.NamedNode), st.sampled_from("abc").map(ox.BlankNode), LITERALS),
        st.one_of(st.just(ox.DefaultGraph()), IRIS.map(ox.NamedNode)),
    ),
    max_size=8,
)


def _canonical(quads: list[ox.Quad]) -> set[str]:
    data = ox.Dataset(quads)
    data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in data}


@pytest.mark.parametrize("name", ["jsonld", "nquads", "trig"])
@given(quads=QUADS)
@settings(deadline=None, max_examples=40)
def test_any_dataset_keeps_its_meaning(
    tmp_path_factory: pytest.TempPathFactory, name: str, quads: list[ox.Quad]
) -> None:
    source = tmp_path_factory.mktemp("any") / "any.nq"
    ox.serialize(quads, str(source), ox.RdfFormat.N_QUADS)
    assert _canonical(list(ox.parse(exported(source, name), OXIGRAPH[name]))) == _canonical(quads)


@given(quads=QUADS)
@settings(deadline=None, max_examples=40)
def test_any_graph_keeps_its_meaning_in_rdf_xml(
    tmp_path_factory: pytest.TempPathFactory, quads: list[ox.Quad]
) -> None:
    source = tmp_path_factory.mktemp("any") / "any.nq"
    ox.serialize(quads, str(source), ox.RdfFormat.N_QUADS)
    flat = [ox.Quad(q.subject, q.predicate, _legal_in_xml(q.object)) for q in quads]
    if any(not re.search(r"[A-Za-z_][A-Za-z0-9_.-]*$", quad.predicate.value) for quad in quads):
        with pytest.raises(GraphError, match="RDF/XML has no way to write the property"):
            exported(source, "rdfxml")
        return
    text = exported(source, "rdfxml")
    assert _canonical(list(ox.parse(text, ox.RdfFormat.RDF_XML))) == _canonical(flat)


def _legal_in_xml(value: Any) -> Any:
    if not isinstance(value, ox.Literal):
        return value
    clean = "".join(
        c if c in "\t\n\r" or " " <= c < "\ufffe" or c > "\uffff" else "\ufffd" for c in value.value
    )
    return (
        ox.Literal(clean, language=value.language)
        if value.language
        else ox.Literal(clean, datatype=value.datatype)
    )


def test_rdf_xml_counts_what_xml_cannot_hold(example: Path) -> None:
    done = export(example, "rdfxml", io.BytesIO())
    assert done.replaced == 3
    assert export(example, "turtle", io.BytesIO()).replaced == 0


@pytest.mark.parametrize("name", RDF_FORMATS)
def test_ontology_joins_in(example: Path, root: Path, name: str) -> None:
    def graph(data: bytes, form: str) -> rdflib.Graph:
        dataset = rdflib.Dataset(default_union=True)
        with literals_as_written():
            dataset.parse(data=data, format=form)
            flat = rdflib.Graph()
            for s, p, o, _ in dataset.quads():
                flat.add((s, p, o))
        return flat

    if name == "rdfxml":
        wanted = graph(exported(example, "rdfxml"), "xml")
    else:
        wanted = graph(example.read_bytes(), "trig")
    with literals_as_written():
        wanted.parse(root / "ontology" / "core.ttl")
    again = graph(exported(example, name, view="all"), RDFLIB[name])
    assert isomorphic(again, wanted)


def test_claims_can_be_left_out_of_rdf(example: Path) -> None:
    text = exported(example, "turtle", view="facts").decode()
    assert "kg:holds license:example-magnets-1a2b3c4d5e" in text
    for absent in ("kg:Claim", "kg:TextSegment", "kg:Article", "kg:UnconfirmedThing", "time:2031"):
        assert absent not in text


def test_facts_of_the_flat_file_are_those_of_the_file_with_graphs(example: Path, tmp_path: Path) -> None:
    flat = tmp_path / "graph.ttl"
    export_file(example, "turtle", flat)
    for name in ("turtle", "graphml", "csv", "neo4j"):
        assert exported(tmp_path, name, view="facts") == exported(example, name, view="facts")


def test_output_folder_gives_the_file_with_graphs_first(example: Path, tmp_path: Path) -> None:
    (tmp_path / "graph.ttl").write_text("<urn:a> <urn:b> <urn:c> .", "utf-8")
    assert exported(tmp_path, "ntriples") == b"<urn:a> <urn:b> <urn:c> .\n"
    (tmp_path / "graph.trig").write_bytes(example.read_bytes())
    assert exported(tmp_path, "nquads") == exported(example, "nquads")


# ---- nodes and edges -----------------------------------------------------------------------------


def _networkx(name: str, data: bytes) -> Any:
    networkx = pytest.importorskip("networkx")
    read = {"graphml": networkx.read_graphml, "gexf": networkx.read_gexf}[name]
    return read(io.BytesIO(data))


@pytest.mark.parametrize("name", ["graphml", "gexf"])
def test_nodes_and_edges_read_back_with_networkx(example: Path, name: str) -> None:
    out = io.BytesIO()
    done = export(example, name, out)
    graph = _networkx(name, out.getvalue())
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (done.nodes, done.edges) == (19, 17)
    assert done.replaced == 0
    firm = graph.nodes[FIRM]
    assert (firm["label"], firm["kind"]) == ('Example "Magnets" & Söhne <Ningbo>, Ltd.', "Firm")
    license_ = graph.nodes[LICENSE]
    assert license_["kind"] == "ExportLicense;License"
    assert license_["condition"] == "for cars only | none | few;\nsee the notice"
    assert license_["destinationsExhaustive"] is False
    assert graph.nodes[expand("quantity:nearly-8-percent")]["numericValue"] == 8.0
    assert graph.nodes[expand("place:CN")]["label"] == "China"
    (edge,) = (
        graph.get_edge_data(FIRM, LICENSE).values() if graph.is_multigraph() else [graph.edges[FIRM, LICENSE]]
    )
    assert edge["iri"] == KG.holds
    assert edge["type" if name == "graphml" else "label"] == "holds"


@pytest.mark.parametrize("name", ["graphml", "gexf"])
def test_claims_become_nodes_when_asked_for(example: Path, name: str) -> None:
    out = io.BytesIO()
    done = export(example, name, out, view="evidence")
    assert done.replaced == 3
    graph = _networkx(name, out.getvalue())
    claim = graph.nodes[expand("claim:5e6f708192")]
    assert claim["claimPredicate"] == "kg:holds"
    assert graph.has_edge(expand("claim:5e6f708192"), FIRM)
    assert (
        graph.nodes[expand("segment:0-40")]["exactText"]
        == "It got\r\none,\ufffd \ufffd\ufffd it says: ]]> -- "
    )
    assert graph.nodes[expand("segment:0-40")]["endOffset"] == 40
    assert expand("unconfirmed:example-4d5e6f7081") in graph


def test_parallel_edges_stay_apart(tmp_path: Path) -> None:
    source = tmp_path / "two.nt"
    source.write_text(
        "<urn:a> <urn:p> <urn:b> .\n<urn:a> <urn:q> <urn:b> .\n<urn:a> <urn:q> <urn:b> .\n", "utf-8"
    )
    for name in ("graphml", "gexf"):
        graph = _networkx(name, exported(source, name))
        assert sorted(d["iri"] for _, _, d in graph.edges(data=True)) == ["urn:p", "urn:q"]


def test_gexf_says_its_version_and_no_date(example: Path) -> None:
    top = ET.fromstring(exported(example, "gexf"))  # noqa: S314
    assert top.tag == "{http://gexf.net/1.3}gexf"
    assert top.get("version") == "1.3"
    meta = top.find("{http://gexf.net/1.3}meta")
    assert meta is not None
    assert meta.attrib == {}


def _neo4j(data: bytes) -> tuple[list[list[str]], list[list[str]]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["nodes.csv", "relationships.csv", "import.txt"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        nodes, edges = (
            list(csv.reader(io.StringIO(archive.read(name).decode(), newline="")))
            for name in archive.namelist()[:2]
        )
    return nodes, edges


def test_neo4j_has_the_headers_of_its_importer(example: Path) -> None:
    nodes, edges = _neo4j(exported(example, "neo4j", view="evidence"))
    assert nodes[0][:3] == ["id:ID", "label", ":LABEL"]
    assert {"numericValue:double", "textLength:long", "inferred:boolean", "isoCode"} <= set(nodes[0])
    assert {"earliestStart:datetime", "condition"} <= set(nodes[0])
    assert edges[0] == [":START_ID", ":END_ID", ":TYPE", "iri", "claims:long"]
    assert {len(row) for row in nodes} == {len(nodes[0])}
    by_id = {row[0]: dict(zip(nodes[0], row, strict=True)) for row in nodes[1:]}
    assert len(by_id) == len(nodes) - 1
    assert by_id[FIRM]["label"] == 'Example "Magnets" & Söhne <Ningbo>, Ltd.'
    assert by_id[expand("segment:0-40")]["exactText"] == "It got\r\none,\0 \x1f\ufffe it says: ]]> -- "
    assert by_id[expand("quantity:nearly-8-percent")]["numericValue:double"] == "8.00"
    assert by_id[LICENSE]["condition"] == "for cars only | none | few;\nsee the notice"
    assert [FIRM, LICENSE, "holds", KG.holds, "1"] in edges
    assert [FIRM, expand("place:CN"), "basedIn", KG.basedIn, "0"] in edges
    assert {end for row in edges[1:] for end in row[:2]} <= by_id.keys()


def test_neo4j_holds_the_same_graph_as_graphml(example: Path) -> None:
    nodes, edges = _neo4j(exported(example, "neo4j"))
    graph = _networkx("graphml", exported(example, "graphml"))
    assert {row[0] for row in nodes[1:]} == set(graph.nodes)
    assert sorted((*row[:3], int(row[4])) for row in edges[1:]) == sorted(
        (a, b, d["type"], d["claims"]) for a, b, d in graph.edges(data=True)
    )


def test_several_values_are_an_array_unless_one_has_the_separator(tmp_path: Path) -> None:
    source = tmp_path / "several.ttl"
    source.write_text('<urn:a> <urn:p:n> 1 , 2 ; <urn:p:t> "x" , "y;z" ; <urn:p:u> "b" , "a" .', "utf-8")
    nodes, _ = _neo4j(exported(source, "neo4j"))
    assert nodes == [
        ["id:ID", "label", ":LABEL", "urn_p_n:long[]", "urn_p_t", "urn_p_u:string[]"],
        ["urn:a", "urn:a", "", "1;2", "x | y;z", "a;b"],
    ]


def test_columns_of_foreign_properties_have_names_that_neo4j_takes(tmp_path: Path) -> None:
    source = tmp_path / "foreign.ttl"
    source.write_text(
        """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @prefix kg: <https://w3id.org/kgbuild/ontology#> .
        <urn:a> skos:notation 1 ; <urn:p:q> 2 , 3 ; <urn:p_q> "4" ; <urn:label> "5" ; kg:unit 6 .
        <urn:b> kg:unit 6.5 ; <urn:p_q> true ; <urn:big> 1234567890123456789012 .""",
        "utf-8",
    )
    nodes, _ = _neo4j(exported(source, "neo4j"))
    assert nodes[0] == [
        "id:ID",
        "label",
        ":LABEL",
        "skos_notation:long",
        "unit:double",
        "urn_big",
        "urn_label",
        "urn_p_q:long[]",
        "urn_p_q_2",
    ]
    assert nodes[1] == ["urn:a", "urn:a", "", "1", "6", "", "5", "2;3", "4"]


# ---- the same bytes, errors, files ---------------------------------------------------------------

SCRIPT = """
import hashlib, io, sys
from pathlib import Path
from kgbuild.export import FORMATS, export
for name, form in FORMATS.items():
    for view in ("facts", "evidence"):
        out = io.BytesIO()
        export(Path(sys.argv[1]), name, out, view=view)
        print(name, view, hashlib.sha256(out.getvalue()).hexdigest())
"""


def test_same_bytes_in_each_run(example: Path, root: Path) -> None:
    results = set()
    for seed in ("0", "1", "4711"):
        env = {**os.environ, "PYTHONHASHSEED": seed}
        done = run(
            [sys.executable, "-c", SCRIPT, str(example)], capture_output=True, check=True, env=env, cwd=root
        )
        results.add(done.stdout)
    (lines,) = results
    assert len(lines.splitlines()) == 2 * len(FORMATS)


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if form.kind != "description"])
def test_order_of_the_file_does_not_matter(example: Path, tmp_path: Path, name: str) -> None:
    lines = exported(example, "nquads").splitlines(keepends=True)
    source = tmp_path / "mixed.nq"
    source.write_bytes(b"".join(sorted(lines, key=lambda line: hashlib.sha256(line).digest())))
    assert exported(source, name, view="evidence") == exported(example, name, view="evidence")


def test_counts_say_what_was_written(example: Path) -> None:
    done = export(example, "nquads", out := io.BytesIO())
    assert done == Exported(FORMATS["nquads"], "evidence", len(out.getvalue().splitlines()))
    done = export(example, "ntriples", out := io.BytesIO())
    assert done.triples == len(out.getvalue().splitlines())


def test_unknown_format_is_refused_with_the_list(example: Path) -> None:
    with pytest.raises(
        GraphError, match=r"no format 'turtel'; did you mean turtle\? formats: turtle, trig, .*rocrate"
    ):
        export(example, "turtel", io.BytesIO())


def test_ontology_is_refused_for_nodes_and_edges(example: Path) -> None:
    with pytest.raises(
        GraphError, match="the vocabulary has no place in gexf; formats with the view all: turtle, trig"
    ):
        export(example, "gexf", io.BytesIO(), view="all")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.ttl", b"<urn:a> <urn:b>\n<urn:c> ;;; <", r"a.ttl, line 2: not Turtle: "),
        ("a.ttl", b"<a> <urn:b> <urn:c> .", r"a.ttl, line 1: not Turtle: No scheme found in an absolute IRI"),
        ("a.nt", b'<urn:a> <urn:b> "\xff" .', r"a.nt, line 1: not N-Triples: "),
        ("a.jsonld", b'{"@context": "https://example.org/c", "@id": "urn:a"}', "a.jsonld.*: not JSON-LD: "),
        ("a.rdf", b'<?xml version="1.0"?>\n<!DOCTYPE x []>', "a.rdf, line 2: RDF/XML with a DTD"),
        ("a.rdf", "<x/>".encode("utf-16"), "a.rdf, line 1: RDF/XML with a DTD or not in UTF-8"),
        ("a.txt", b"", "a.txt: cannot tell the format; file names end in one of .ttl .trig"),
        ("a.nt", b'<urn:a> <urn:b> "x"@en--ltr .', "has a base direction; only RDF 1.1"),
        ("a.nt", b"<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .", "has a triple as a term"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    source = tmp_path / name
    source.write_bytes(content)
    with pytest.raises(GraphError, match=message):
        export(source, "turtle", io.BytesIO())


def test_missing_sources_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        GraphError, match=r"holds neither graph\.trig nor graph\.ttl; run kgbuild build first"
    ):
        export(tmp_path, "turtle", io.BytesIO())
    with pytest.raises(GraphError, match="does not exist"):
        export(tmp_path / "none.ttl", "turtle", io.BytesIO())


@pytest.mark.parametrize("iri", ["urn:b:1", "http://www.w3.org/1999/02/22-rdf-syntax-ns#li"])
def test_property_that_xml_cannot_name_is_refused_before_anything_is_written(
    tmp_path: Path, iri: str
) -> None:
    source = tmp_path / "a.nt"
    source.write_text(f"<urn:a> <urn:b> <urn:c> .\n<urn:a> <{iri}> <urn:c> .", "utf-8")
    out = io.BytesIO()
    with pytest.raises(GraphError, match=f"no way to write the property <{iri}>"):
        export(source, "rdfxml", out)
    assert out.getvalue() == b""


def test_files_are_replaced_only_when_all_is_written(example: Path, tmp_path: Path) -> None:
    target = tmp_path / "new" / "out.trig"
    export_file(example, "trig", target)
    before = target.read_bytes()
    assert before == exported(example, "trig")
    with pytest.raises(GraphError):
        export_file(tmp_path / "none.ttl", "trig", target)
    assert target.read_bytes() == before
    assert sorted(path.name for path in target.parent.iterdir()) == ["out.trig"]


def test_place_that_cannot_be_written_is_an_output_error(example: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        export_file(example, "turtle", tmp_path / "file" / "out.ttl")


def test_rapper_reads_rdf_xml(example: Path, needs_program: Callable[..., str]) -> None:
    rapper = needs_program("rapper", "raptor2-utils")
    out = io.BytesIO()
    done = export(example, "rdfxml", out, view="all")
    counted = run(
        [rapper, "-c", "-i", "rdfxml", "-", "urn:x"], input=out.getvalue(), capture_output=True, check=False
    )
    assert f"returned {done.triples} triples" in counted.stderr.decode()
