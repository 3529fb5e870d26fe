"""One function that writes a graph in any of the formats, and the list of them."""

from __future__ import annotations

import contextlib
import difflib
import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from kgbuild.errors import GraphError, OutputError
from kgbuild.export.graph_files import edges_csv, gexf, graphml, nodes_csv
from kgbuild.export.property_graph import PropertyGraph, property_graph
from kgbuild.export.rdf_syntaxes import json_ld, rdf_xml
from kgbuild.export.reading import Quads, read_quads
from kgbuild.export.xml_text import XmlText
from kgbuild.resources import data_dir
from kgbuild.terms import KG, RDF_TYPE
from kgbuild.turtle import to_nquads, to_ntriples, to_trig, to_turtle


@dataclass(frozen=True, slots=True)
class Format:
    """A format that a graph can be written in."""

    name: str
    suffix: str
    media_type: str
    description: str
    rdf: bool  #: else nodes and edges


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    format: Format
    triples: int  #: 0 for formats of nodes and edges
    nodes: int  #: 0 for RDF formats
    edges: int  #: 0 for RDF formats
    replaced: int  #: characters that XML cannot hold, written as U+FFFD


#: Format by name.
FORMATS: Final[Mapping[str, Format]] = {
    form.name: form
    for form in (
        Format("turtle", ".ttl", "text/turtle", "RDF for people: one block a thing, without graphs", True),
        Format("trig", ".trig", "application/trig", "Turtle with one named graph an article", True),
        Format("ntriples", ".nt", "application/n-triples", "RDF, one sorted line a triple", True),
        Format("nquads", ".nq", "application/n-quads", "RDF, one sorted line a triple and graph", True),
        Format("jsonld", ".jsonld", "application/ld+json", "RDF as JSON, with named graphs", True),
        Format("rdfxml", ".rdf", "application/rdf+xml", "RDF as XML, for Protégé and OWL tools", True),
        Format("graphml", ".graphml", "application/graphml+xml", "nodes and edges: yEd, Cytoscape", False),
        Format("gexf", ".gexf", "application/gexf+xml", "nodes and edges: Gephi", False),
        Format("csv", ".zip", "application/zip", "nodes.csv and edges.csv with headers for Neo4j", False),
    )
}
#: Classes of things that only claims speak of: a picture of facts has no place for them.
_CLAIM_LAYER: Final = frozenset(
    {
        KG.Claim,
        KG.TextSegment,
        KG.ExtractionRun,
        KG.Article,
        KG.UnconfirmedThing,
        KG.UnnamedSource,
        KG.ClaimPolarity,
        KG.ClaimCertainty,
    }
)


#: Classes of values; one that no fact has is there for a claim.
_VALUES: Final = frozenset({KG.TimeExtent, KG.Quantity})


def export(
    source: Path,
    format_name: str,
    out: BinaryIO,
    *,
    claims: bool | None = None,
    ontology: bool = False,
) -> Exported:
    """Write the graph of `source` to `out`, the same bytes for the same graph, and return what was written.

    `source`: an output folder (graph.trig, else graph.ttl) or an RDF file. `format_name`: one of FORMATS; CSV
    comes as a ZIP file of nodes.csv and edges.csv. `claims`: with articles, claims and what only claims speak
    of; by default RDF formats have them and formats of nodes and edges do not. `ontology`: with the
    vocabulary (core.ttl), without which OWL tools take properties for annotations; RDF formats only.

    Raises GraphError for an unknown format, an unreadable source, or a term that the format cannot write.
    """
    form = _format(format_name)
    if ontology and not form.rdf:
        raise GraphError(
            f"the vocabulary has no place among the nodes and edges of {form.name}; "
            f"formats that take it: {', '.join(name for name, other in FORMATS.items() if other.rdf)}"
        )
    quads = read_quads(source, data_dir("ontology") / "core.ttl") if ontology else read_quads(source)
    if not (form.rdf if claims is None else claims):
        quads = _facts(quads)
    xml = XmlText()
    if form.rdf:
        _send(_rdf(quads, form.name, xml), out)
        return Exported(form, _count(quads, form.name), 0, 0, xml.replaced)
    graph = property_graph(quads.flat())
    if form.name == "csv":
        _zip(graph, out)
    else:
        _send(graphml(graph, xml) if form.name == "graphml" else gexf(graph, xml), out)
    return Exported(form, 0, len(graph.nodes), len(graph.edges), xml.replaced)


def export_file(
    source: Path, format_name: str, target: Path, *, claims: bool | None = None, ontology: bool = False
) -> Exported:
    """Write the graph of `source` to the file `target` as `export` does, and return what was written.

    An older file stays until all is written. CSV goes into the folder `target` as nodes.csv and edges.csv,
    unless `target` ends in .zip.
    Raises OutputError where nothing can be written there, else as `export`.
    """
    target = target.absolute()
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as out:
            done = export(source, format_name, out, claims=claims, ontology=ontology)
        if format_name == "csv" and target.suffix.lower() != ".zip":
            target.mkdir(exist_ok=True)
            with zipfile.ZipFile(part) as archive:
                archive.extractall(target)
        else:
            part.replace(target)
    except OSError as err:
        raise OutputError(f"{target}: cannot be written: {err.strerror or err}") from err
    finally:
        with contextlib.suppress(OSError):  # the error that is on its way says more
            part.unlink(missing_ok=True)
    return done


def _format(name: str) -> Format:
    if name in FORMATS:
        return FORMATS[name]
    near = difflib.get_close_matches(name, FORMATS, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise GraphError(f"there is no format {name!r}{hint} formats: {', '.join(FORMATS)}")


def _facts(quads: Quads) -> Quads:
    """Return the default graph without claims, their evidence, and things that no fact is known of."""
    hidden = {s for s, p, o in quads.flat() if p == RDF_TYPE and o in _CLAIM_LAYER}
    kept = [t for t in quads.default if t[0] not in hidden and t[2] not in hidden]
    used = {o for _, _, o in kept}
    idle = {s for s, p, o in kept if p == RDF_TYPE and o in _VALUES and s not in used}
    return Quads(tuple(t for t in kept if t[0] not in idle), {})


def _rdf(quads: Quads, name: str, xml: XmlText) -> Iterable[str]:
    try:
        match name:
            case "turtle":
                return (to_turtle(quads.flat()),)
            case "trig":
                return (to_trig(quads.default, quads.graphs),)
            case "ntriples":
                return (to_ntriples(quads.flat()),)
            case "nquads":
                return (to_nquads(quads.default, quads.graphs),)
            case "jsonld":
                return json_ld(quads)
            case _:
                return rdf_xml(quads, xml)
    except ValueError as err:
        raise GraphError(f"cannot be written as {name}: {err}") from err


def _count(quads: Quads, name: str) -> int:
    if name in {"trig", "nquads", "jsonld"}:
        return len(set(quads.default)) + sum(len(set(triples)) for triples in quads.graphs.values())
    return len(set(quads.flat()))


def _send(pieces: Iterable[str], out: BinaryIO) -> None:
    out.writelines(piece.encode() for piece in pieces)


def _zip(graph: PropertyGraph, out: BinaryIO) -> None:
    # Stored, with the earliest time that ZIP knows: compressed bytes differ between versions of zlib.
    # Through a buffer: zipfile writes other bytes where it cannot seek.
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, lines in (("nodes.csv", nodes_csv(graph)), ("edges.csv", edges_csv(graph))):
            with archive.open(_entry(name), "w", force_zip64=True) as file:
                file.writelines(line.encode() for line in lines)
    out.write(buffer.getbuffer())


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.create_system = 3  # else the system that writes stands in the file
    entry.external_attr = 0o644 << 16
    return entry
