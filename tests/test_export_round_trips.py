"""Every writer is read back by a program of another make: the same graph, the same texts."""

from __future__ import annotations

import csv
import hashlib
import html.parser
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import run
from typing import Any

import pyoxigraph as ox
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kgbuild.export import FORMATS, export

RDF = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
WITH_GRAPHS = ("trig", "nquads", "jsonld")


def exported(source: Path, name: str, **options: Any) -> bytes:
    out = io.BytesIO()
    export(source, name, out, **options)
    return out.getvalue()


def canonical(quads: Any) -> str:
    """Return RDFC-1.0: sorted N-Quads with canonical names of blank nodes."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in dataset))


def digest(quads: Any) -> str:
    return hashlib.sha256(canonical(quads).encode()).hexdigest()


# ---- RDF


@pytest.mark.parametrize("name", RDF)
@pytest.mark.parametrize("view", ["facts", "evidence", "all"])
def test_rdf_comes_back_as_the_same_graph(example_output: Path, name: str, view: str) -> None:
    text = exported(example_output, name, view=view)
    wanted = exported(example_output, "nquads" if name in WITH_GRAPHS else "ntriples", view=view)
    assert len(wanted.splitlines()) > 1000
    assert digest(ox.parse(text, RDF[name])) == digest(ox.parse(wanted, RDF["nquads"]))


def test_sorted_nquads_are_what_the_build_wrote(example_output: Path) -> None:
    quads = list(ox.parse(path=str(example_output / "graph.trig")))
    lines = sorted({f"{quad} .\n" for quad in quads})
    assert exported(example_output, "nquads").decode() == "".join(lines)
    assert digest(quads) == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_turtle_is_what_the_build_wrote(example_output: Path) -> None:
    for name, file in (("turtle", "graph.ttl"), ("trig", "graph.trig")):
        written = (example_output / file).read_text("utf-8")
        assert exported(example_output, name).decode() == re.sub(r"\A(?:#.*\n)*\n*", "", written)


@pytest.mark.parametrize(
    ("name", "syntax"), [("turtle", "turtle"), ("ntriples", "ntriples"), ("rdfxml", "rdfxml")]
)
def test_rapper_counts_the_same_triples(
    example_output: Path, name: str, syntax: str, needs_program: Callable[..., str]
) -> None:
    rapper = needs_program("rapper", "raptor2-utils")
    out = io.BytesIO()
    done = export(example_output, name, out, view="all")
    counted = run(
        [rapper, "-c", "-i", syntax, "-", "urn:x"], input=out.getvalue(), capture_output=True, check=False
    )
    assert f"returned {done.triples} triples" in counted.stderr.decode()


def _suite(folder: Path) -> list[tuple[Path, Path]]:
    """Return inputs and results of the W3C tests of RDFC-1.0 with SHA-256."""
    pairs = [
        (path, path.with_name(path.name.replace("-in.nq", "-rdfc10.nq")))
        for path in sorted(folder.glob("*-in.nq"))
    ]
    return [(given_, wanted) for given_, wanted in pairs if wanted.is_file() and "test075" not in wanted.name]


@pytest.mark.parametrize("name", WITH_GRAPHS)
def test_datasets_of_the_canonicalization_suite_come_back(shared_dir: Path, name: str) -> None:
    folder = shared_dir / "conformance" / "rdfc10" / "tests" / "rdfc10"
    if not folder.is_dir():
        pytest.skip("the W3C suite for RDFC-1.0 is not in the folder `shared` beside the checkout")
    suite = _suite(folder)
    assert len(suite) > 60
    for given_, wanted in suite:
        text = exported(given_, name)
        assert canonical(ox.parse(text, RDF[name])) == wanted.read_bytes().decode(), given_.name


# ---- texts through every writer

TEXTS = st.one_of(
    st.text(max_size=30),
    st.text(
        st.sampled_from("\0\x01\x0b\x1f\x7f\x85\u2028\ufffe\uffff\ufdd0\t\n\r \"'<>&;|,\\#*_[]()`~$%=^-+.19"),
        max_size=12,
    ),
    st.sampled_from(
        [
            "עברית מימין",
            "العربية",
            "👩🏽‍🔬 🇨🇳",
            "稀土",
            "e\u0301",
            "]]>",
            "<!--",
            "--- \n",
            "[[x]]",
            "=1+1",
            "\ufeffx",
            "1. a",
            "- b",
        ]
    ),
)
PREDICATES = {"label": "http://www.w3.org/2000/01/rdf-schema#label", "note": "urn:note"}


def _source(folder: Path, text: str) -> Path:
    quads = [
        ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode(PREDICATES["label"]), ox.Literal(text, language="en")),
        ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode(PREDICATES["note"]), ox.Literal(text)),
        ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:to"), ox.NamedNode("urn:b")),
    ]
    path = folder / "text.nt"
    ox.serialize(quads, str(path), ox.RdfFormat.N_TRIPLES)
    return path


def _xml(text: str) -> str:
    return "".join(
        c if c in "\t\n\r" or " " <= c < "\ud800" or "\ue000" <= c < "\ufffe" or c > "\uffff" else "\ufffd"
        for c in text
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("texts")


@given(text=TEXTS)
@settings(deadline=None, max_examples=40)
def test_any_text_comes_back_from_rdf(folder: Path, text: str) -> None:
    source = _source(folder, text)
    for name, form in RDF.items():
        wanted = _xml(text) if name == "rdfxml" else text
        found = [
            q.object.value for q in ox.parse(exported(source, name), form) if isinstance(q.object, ox.Literal)
        ]
        assert found == [wanted, wanted], name


@given(text=TEXTS)
@settings(deadline=None, max_examples=40)
def test_any_text_comes_back_from_graph_files(folder: Path, text: str) -> None:
    networkx = pytest.importorskip("networkx")
    source = _source(folder, text)
    for name, read in (("graphml", networkx.read_graphml), ("gexf", networkx.read_gexf)):
        graph = read(io.BytesIO(exported(source, name)))
        assert graph.nodes["urn:a"]["urn_note"] == _xml(text)
        assert graph.nodes["urn:a"]["label"] == (_xml(text) or "urn:a")
        assert list(graph.edges) in ([("urn:a", "urn:b")], [("urn:a", "urn:b", "e0")])


def _first_file(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


@given(text=TEXTS)
@settings(deadline=None, max_examples=40)
def test_any_text_comes_back_from_delimited_files(folder: Path, text: str) -> None:
    source = _source(folder, text)
    for name, file in (("neo4j", "nodes.csv"), ("csv", "without_class.csv")):
        head, row, *_ = csv.reader(io.StringIO(_first_file(exported(source, name), file), newline=""))
        cells = dict(zip(head, row, strict=True))
        assert (cells["urn_note"], cells["label"]) == (text, text or "urn:a")


@given(text=TEXTS)
@settings(deadline=None, max_examples=30)
def test_any_text_comes_back_from_parquet(folder: Path, text: str) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    data = exported(_source(folder, text), "parquet")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        table = parquet.read_table(io.BytesIO(archive.read("without_class.parquet")))
    assert table.column("urn_note").to_pylist() == [text]


def _words(text: str) -> str:
    return " ".join(re.sub("[\0-\x1f\x7f]", " ", text).split())


@given(text=TEXTS)
@settings(deadline=None, max_examples=40)
def test_any_text_comes_back_from_markdown(folder: Path, text: str) -> None:
    data = exported(_source(folder, text), "markdown")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        (name,) = [name for name in archive.namelist() if name != "index.md"]
        page = archive.read(name).decode()
    _, front, body = page.split("---\n", 2)
    shown = text or "urn:a"
    assert yaml.safe_load(front)["aliases"] == [shown]
    tokens = MarkdownIt().parse(body)
    inline = [token for token in tokens if token.type == "inline"]
    texts = ["".join(c.content for c in token.children or []) for token in inline]
    assert all(
        c.type in {"text", "text_special", "em_open", "em_close"} for t in inline for c in t.children or []
    )
    assert texts[0].strip() == _words(shown)
    assert f"urn:note: {_words(text)}".strip() in [text.strip() for text in texts]


class _Texts(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.found.append((self.tags[-1] if self.tags else "", data))


@given(text=TEXTS)
@settings(deadline=None, max_examples=40)
def test_any_text_comes_back_from_html(folder: Path, text: str) -> None:
    page = exported(_source(folder, text), "html").decode()
    known = exported(_source(folder, "plain"), "html").decode()
    reader, plain = _Texts(), _Texts()
    reader.feed(page)
    plain.feed(known)
    assert reader.tags == plain.tags
    forbidden = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]"
    shown = re.sub(forbidden, "\ufffd", text or "urn:a").replace("\r", " ")
    assert ("h3", shown) in reader.found


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_graph_is_written_and_read(tmp_path: Path, name: str) -> None:
    source = tmp_path / "empty.nt"
    source.write_text("", "utf-8")
    data = exported(source, name)
    if name in RDF:
        assert list(ox.parse(data, RDF[name])) == []
    else:
        assert data
