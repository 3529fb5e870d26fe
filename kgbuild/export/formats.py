"""One function that writes a graph in any of the formats, and the list of them."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import BinaryIO, Final

from kgbuild.errors import GraphError, OutputError
from kgbuild.export import neo4j
from kgbuild.export.claims_behind import ClaimCounts
from kgbuild.export.dataset import Description, dataset_turtle, ro_crate
from kgbuild.export.folders import Member, text_member, write_folder, write_zip
from kgbuild.export.graph_files import gexf, graphml
from kgbuild.export.json_ld import json_ld
from kgbuild.export.lines import nquads, ntriples
from kgbuild.export.owl_profile import owl_profile
from kgbuild.export.pages import Pages
from kgbuild.export.parquet import require_pyarrow, write_parquet
from kgbuild.export.property_graph import PropertyGraph
from kgbuild.export.quads import Quads
from kgbuild.export.rdf_xml import rdf_xml
from kgbuild.export.reading import read_quads
from kgbuild.export.report import report_html
from kgbuild.export.tables import Table, Tables, csv_lines
from kgbuild.export.vault import Vault
from kgbuild.export.views import VIEWS, facts_of
from kgbuild.export.xml_text import XmlText
from kgbuild.resources import data_dir
from kgbuild.turtle import to_trig, to_turtle

_TITLE: Final = "Facts and quotes"


@dataclass(frozen=True, slots=True)
class Format:
    """A format that a graph can be written in."""

    name: str
    suffix: str  #: of the file, or of the ZIP file that stands for the folder
    media_type: str
    description: str
    kind: str  #: "rdf", "graph" (nodes and edges), "tables", "pages" or "description"
    folder: bool  #: whether it has several files
    view: str  #: by default


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written; a count is 0 where the format has no such thing."""

    format: Format
    view: str
    triples: int = 0
    nodes: int = 0
    edges: int = 0
    things: int = 0  #: with a page, or rows of tables
    files: int = 1
    replaced: int = 0  #: characters that XML cannot hold, written as U+FFFD


def _formats() -> Iterator[Format]:
    """Yield the formats in the order in which people see them."""
    for name, suffix, media, about in (
        ("turtle", ".ttl", "text/turtle", "RDF for people: one block a thing, without graphs"),
        ("trig", ".trig", "application/trig", "Turtle with one named graph an article"),
        ("ntriples", ".nt", "application/n-triples", "RDF, one sorted line a triple"),
        ("nquads", ".nq", "application/n-quads", "RDF, one sorted line a triple and graph"),
        ("jsonld", ".jsonld", "application/ld+json", "RDF as JSON with short names, with named graphs"),
        ("rdfxml", ".rdf", "application/rdf+xml", "RDF as XML, for Protégé and OWL tools"),
    ):
        yield Format(name, suffix, media, about, "rdf", False, "evidence")
    yield Format(
        "graphml",
        ".graphml",
        "application/graphml+xml",
        "nodes and edges: yEd, Cytoscape",
        "graph",
        False,
        "facts",
    )
    yield Format("gexf", ".gexf", "application/gexf+xml", "nodes and edges: Gephi", "graph", False, "facts")
    for name, kind, about, view in (
        ("neo4j", "graph", "nodes.csv and relationships.csv with headers for Neo4j", "facts"),
        ("csv", "tables", "a table a class, several values in a cell", "facts"),
        ("parquet", "tables", "a table a class, typed, with lists: pandas, Polars, DuckDB, R", "facts"),
        ("markdown", "pages", "a page a thing, with links and quotes: Obsidian", "evidence"),
    ):
        yield Format(name, ".zip", "application/zip", about, kind, True, view)
    yield Format(
        "html",
        ".html",
        "text/html",
        "all things with quotes in one page, offline",
        "pages",
        False,
        "evidence",
    )
    yield Format(
        "dataset",
        ".ttl",
        "text/turtle",
        "description of the graph: DCAT and VoID",
        "description",
        False,
        "evidence",
    )
    yield Format(
        "rocrate",
        ".json",
        "application/ld+json",
        "description of the graph: RO-Crate",
        "description",
        False,
        "evidence",
    )


#: Format by name.
FORMATS: Final[Mapping[str, Format]] = {form.name: form for form in _formats()}
_OWL_FORMATS: Final = ("turtle", "rdfxml")


def export(
    source: Path,
    format_name: str,
    out: BinaryIO,
    *,
    view: str | None = None,
    owl: bool = False,
    description: Description | None = None,
) -> Exported:
    """Write the graph of `source` to `out`, the same bytes for the same graph, and return what was written.

    `source`: an output folder (graph.trig, else graph.ttl) or an RDF file. `format_name`: one of FORMATS; one
    of several files comes as a ZIP file. `view`: one of VIEWS, by default that of the format. `owl`: as one
    OWL 2 ontology with the vocabulary, see `owl_profile`; Turtle and RDF/XML only. `description`: what the
    formats dataset and rocrate say beyond the graph.

    Raises GraphError for an unknown format or view, an unreadable source, or a term that the format cannot
    write; ResourceError for Parquet without pyarrow.
    """
    job = _Job(source, format_name, view, owl=owl, description=description)
    if job.form.folder:
        files = write_zip(job.members(), out)
        return job.done(files)
    out.writelines(piece.encode() for piece in job.pieces())
    return job.done(1)


def export_file(
    source: Path,
    format_name: str,
    target: Path,
    *,
    view: str | None = None,
    owl: bool = False,
    description: Description | None = None,
) -> Exported:
    """Write the graph of `source` to `target` as `export` does, and return what was written.

    `target` is a file, replaced only when all is written; for formats of several files a folder, or a ZIP
    file where it ends in .zip. Files of an earlier export in that folder are replaced; where others are in
    the way, or those were changed, nothing is written. Raises OutputError then, and where nothing can be
    written there, else as `export`.
    """
    target = target.absolute()
    part = target.with_name(target.name + ".part")
    job = _Job(source, format_name, view, owl=owl, description=description)
    try:
        if job.form.folder and target.suffix.lower() != ".zip":
            about = {"format": job.form.name, "view": job.view}
            return job.done(write_folder(job.members(), target, about))
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as out:
            done = export(source, format_name, out, view=view, owl=owl, description=description)
        part.replace(target)
    except OSError as err:
        raise OutputError(f"{target}: cannot be written: {err.strerror or err}") from err
    finally:
        with contextlib.suppress(OSError):  # the error that is on its way says more
            part.unlink(missing_ok=True)
    return done


def find_format(name: str) -> Format:
    """Return the format of this name. Raises GraphError, with what may have been meant."""
    if name in FORMATS:
        return FORMATS[name]
    near = difflib.get_close_matches(name, FORMATS, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise GraphError(f"there is no format {name!r}{hint} formats: {', '.join(FORMATS)}")


class _Job:
    """One export: reads when first needed, and knows the counts when all is written."""

    def __init__(
        self, source: Path, name: str, view: str | None, *, owl: bool, description: Description | None
    ) -> None:
        self.form = find_format(name)
        self.view = view or ("all" if owl else self.form.view)
        if self.view not in VIEWS:
            raise GraphError(f"there is no view {self.view!r}; views: {', '.join(VIEWS)}")
        if self.view == "all" and self.form.kind != "rdf":
            takers = ", ".join(form.name for form in FORMATS.values() if form.kind == "rdf")
            raise GraphError(
                f"the vocabulary has no place in {self.form.name}; formats with the view all: {takers}"
            )
        if owl and name not in _OWL_FORMATS:
            raise GraphError(f"OWL tools read {' and '.join(_OWL_FORMATS)}, not {name}")
        if self.form.name == "parquet":
            require_pyarrow()
        self._source, self._owl = source, owl
        self._description = description or Description()
        self._xml = XmlText()

    @cached_property
    def all(self) -> Quads:
        """Return the graph with its claims; with the vocabulary where that is wanted."""
        if self.view == "all" or self._owl:
            return read_quads(self._source, data_dir("ontology") / "core.ttl")
        return read_quads(self._source)

    @cached_property
    def quads(self) -> Quads:
        """Return what the view has."""
        quads = facts_of(self.all) if self.view == "facts" else self.all
        return owl_profile(quads) if self._owl else quads

    @cached_property
    def graph(self) -> PropertyGraph:
        """Return the nodes and edges."""
        return PropertyGraph(self.quads, ClaimCounts(self.all))

    @cached_property
    def tables(self) -> Tables:
        """Return the tables."""
        return Tables(self.quads, self.all)

    @cached_property
    def pages(self) -> Pages:
        """Return the pages."""
        vocabulary = read_quads(data_dir("ontology") / "core.ttl")
        return Pages(facts_of(self.all), self.all, vocabulary, quotes=self.view != "facts")

    def pieces(self) -> Iterable[str]:
        """Return the text of a format of one file, in pieces. Errors come before the first of them."""
        writers: dict[str, Callable[[], Iterable[str]]] = {
            "turtle": lambda: (to_turtle(self.quads.triples()),),
            "trig": lambda: (self._trig(),),
            "ntriples": lambda: ntriples(self.quads),
            "nquads": lambda: nquads(self.quads),
            "jsonld": lambda: json_ld(self.quads),
            "rdfxml": lambda: rdf_xml(self.quads, self._xml),
            "graphml": lambda: graphml(self.graph, self._xml),
            "gexf": lambda: gexf(self.graph, self._xml),
            "html": lambda: report_html(self.pages, _TITLE),
            "dataset": lambda: (dataset_turtle(self.quads, self._source, self._description),),
            "rocrate": lambda: (ro_crate(self.quads, self._source, self._description),),
        }
        return writers[self.form.name]()

    def _trig(self) -> str:
        named = {self.quads.iri(name): graph.triples() for name, graph in self.quads.by_graph()}
        return to_trig(self.quads.default().triples(), named)

    def members(self) -> Iterator[Member]:
        """Yield the files of a format of several files."""
        match self.form.name:
            case "neo4j":
                graph = self.graph
                yield text_member("nodes.csv", lambda: neo4j.nodes_csv(graph))
                yield text_member("relationships.csv", lambda: neo4j.relationships_csv(graph))
                yield text_member("import.txt", lambda: (neo4j.README,))
            case "csv" | "parquet":
                for table in self.tables.tables:
                    yield self._table(table)
            case _:
                for name, text in Vault(self.pages).files():
                    yield text_member(name, partial(_whole, text))

    def _table(self, table: Table) -> Member:
        if self.form.name == "csv":
            return text_member(f"{table.name}.csv", lambda: csv_lines(self.tables, table))
        return f"{table.name}.parquet", lambda out: write_parquet(self.tables, table, out)

    def done(self, files: int) -> Exported:
        """Return what was written."""
        triples = nodes = edges = things = 0
        match self.form.kind:
            case "graph":
                nodes, edges = self.graph.node_count, self.graph.edge_count
            case "tables":
                things = sum(len(table) for table in self.tables.tables)
            case "pages":
                things = len(self.pages.things)
            case _:
                graphs = self.form.name in {"trig", "nquads", "jsonld"}
                triples = len(self.quads) if graphs else sum(1 for _ in self.quads.codes())
        return Exported(self.form, self.view, triples, nodes, edges, things, files, self._xml.replaced)


def _whole(text: str) -> tuple[str]:
    return (text,)
