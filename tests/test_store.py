"""Graph files of every syntax into one default graph, and the errors for what cannot be read."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgbuild.errors import GraphError
from kgbuild.export.reading import read_quads
from kgbuild.model import Literal
from kgbuild.store import load_store, to_term
from kgbuild.terms import KG, RDFS_LABEL, SKOS, XSD, local_iri

TURTLE = '@prefix a: <http://a/> .\na:s a:p a:o , "x"@en .\n'
TRIPLE = "<http://a/s> <http://a/p> <http://a/o>"
XML_HEAD = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="http://a/">'
XML = f'<?xml version="1.0"?>\n{XML_HEAD}<rdf:Description rdf:about="http://a/s"><a:p rdf:resource="http://a/o"/></rdf:Description></rdf:RDF>'
FILES = {
    "x.ttl": TURTLE,
    "x.nt": f"{TRIPLE} .\n",
    "x.trig": f"<http://a/g> {{ {TRIPLE} }}\n",
    "x.nq": f"{TRIPLE} <http://a/g> .\n",
    "x.jsonld": '{"@id": "http://a/g", "@graph": [{"@id": "http://a/s", "http://a/p": {"@id": "http://a/o"}}]}',
    "x.rdf": XML,
    "X.OWL": XML,
}


def _write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize("name", FILES)
def test_every_syntax_is_flattened_to_the_default_graph(tmp_path: Path, name: str) -> None:
    store = load_store(_write(tmp_path, name, FILES[name]), ontology=False)
    triple = [ox.NamedNode(f"http://a/{part}") for part in "spo"]
    assert ox.Quad(triple[0], triple[1], triple[2], ox.DefaultGraph()) in store
    assert not list(store.named_graphs())


def test_output_folder_is_read_by_its_flat_graph(tmp_path: Path) -> None:
    _write(tmp_path, "graph.ttl", TURTLE)
    _write(tmp_path, "graph.trig", "not read")
    assert len(load_store(tmp_path, ontology=False)) == 2


@pytest.mark.parametrize("ontology", [True, False])
def test_ontology_brings_classes_and_labels(tmp_path: Path, *, ontology: bool) -> None:
    store = load_store(_write(tmp_path, "x.ttl", TURTLE), ontology=ontology)
    label = ox.Quad(
        ox.NamedNode(local_iri("place", "DE")), ox.NamedNode(RDFS_LABEL), ox.Literal("Germany", language="en")
    )
    assert (label in store) is ontology
    assert bool(list(store.quads_for_pattern(None, None, ox.NamedNode(KG.StatusBearer)))) is ontology


def test_label_of_the_graph_goes_before_that_of_the_reference_data(tmp_path: Path) -> None:
    place = local_iri("place", "DE")
    path = _write(tmp_path, "x.ttl", f'<{place}> <{RDFS_LABEL}> "Federal Republic"@en .')
    labels = load_store(path).quads_for_pattern(ox.NamedNode(place), ox.NamedNode(RDFS_LABEL), None)
    assert [to_term(quad.object) for quad in labels] == [
        Literal("Federal Republic", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "en")
    ]


def test_label_in_another_language_does_not_keep_the_english_one_out(tmp_path: Path) -> None:
    text = f'<http://a/s> <{RDFS_LABEL}> "Name"@de ; <{SKOS}prefLabel> "name"@en .'
    store = load_store(_write(tmp_path, "x.ttl", text))
    labels = store.quads_for_pattern(ox.NamedNode("http://a/s"), ox.NamedNode(RDFS_LABEL), None)
    assert {quad.object.value for quad in labels} == {"Name", "name"}  # type: ignore[union-attr]


def test_blank_nodes_of_two_files_stay_two(tmp_path: Path) -> None:
    _write(tmp_path, "x.nq", '_:b <http://a/p> "1" .\n_:b <http://a/p> "2" <http://a/g> .\n')
    store = load_store(tmp_path / "x.nq", ontology=False)
    assert len({quad.subject for quad in store}) == 1


def test_folder_without_a_graph_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match=r"holds no graph\.ttl; run kgbuild build first"):
        load_store(tmp_path)


def test_missing_file_and_unknown_syntax_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="does not exist"):
        load_store(tmp_path / "nothing.ttl")
    with pytest.raises(GraphError, match=r"cannot tell the format; file names end in one of \.ttl"):
        load_store(_write(tmp_path, "x.txt", TURTLE))


def test_empty_graph_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="holds no triples"):
        load_store(_write(tmp_path, "x.ttl", "# nothing\n"))


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("x.ttl", "@prefix a: <http://a/> .\n\na:s a:p ; .\n", ":3:"),
        ("x.trig", "<http://a/g> {\n  <http://a/s> <http://a/p> }\n", ":2:"),
        ("x.nq", f"{TRIPLE} .\n<http://a/s> nonsense\n", ":2:"),
        ("x.rdf", '<?xml version="1.0"?>\n<rdf:RDF><a></rdf:RDF>', ""),
        ("x.jsonld", '{\n"@id":', ""),
        ("x.ttl", b'<http://a/s> <http://a/p> "\xff" .', ""),
    ],
)
def test_unreadable_files_are_named_with_the_place(
    tmp_path: Path, name: str, text: str | bytes, place: str
) -> None:
    with pytest.raises(GraphError) as caught:
        load_store(_write(tmp_path, name, text))
    assert f"{tmp_path / name}{place}" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["x.rdf", "x.owl"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_dtd_is_refused_before_anything_is_unfolded(tmp_path: Path, name: str, encoding: str) -> None:
    bomb = '<?xml version="1.0"?>\n<!doctype rdf:RDF [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>\n' + XML_HEAD
    with pytest.raises(GraphError, match=r"x\.(rdf|owl):\d+:\d+: RDF/XML with a DTD"):
        load_store(_write(tmp_path, name, bomb.replace("doctype", "DOCTYPE").encode(encoding)))


def test_json_ld_fetches_no_context(tmp_path: Path) -> None:
    text = '{"@context": "http://127.0.0.1:9/context.jsonld", "@id": "http://a/s", "p": "x"}'
    with pytest.raises(GraphError, match="not JSON-LD"):
        load_store(_write(tmp_path, "x.jsonld", text))


def test_terms_of_the_store_become_terms_of_kgbuild() -> None:
    assert to_term(ox.NamedNode("http://a/s")) == "http://a/s"
    assert to_term(ox.Literal("1", datatype=ox.NamedNode(XSD + "integer"))) == Literal("1", XSD + "integer")
    assert to_term(ox.BlankNode("b")) == "_:b"


@pytest.mark.parametrize("read", [load_store, read_quads])
@pytest.mark.parametrize("name", ["x.jsonld", "x.rdf"])
def test_a_file_that_would_take_hours_is_refused(
    name: str, read: Callable[[Path], object], tmp_path: Path
) -> None:
    n = 40_000
    inner = '{"urn:p":' * n + "1" + "}" * n
    if name == "x.rdf":
        inner = XML_HEAD + "<rdf:Description><a:p>" * n + "</a:p></rdf:Description>" * n + "</rdf:RDF>"
    start = time.process_time()
    with pytest.raises(GraphError, match="nested too deeply"):
        read(_write(tmp_path, name, inner))
    assert time.process_time() - start < 5
