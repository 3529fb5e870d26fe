"""What a reasoner is to see of ontology and graph: no claims, no annotations, nothing from the network."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from rdflib import OWL, RDF, RDFS, Graph, URIRef

from kgbuild.errors import OntologyError
from kgbuild.rdf_files import read_graph
from kgbuild.resources import data_dir
from kgbuild.terms import KG

_CLAIM_LAYER: Final = tuple(URIRef(c) for c in (KG.Claim, KG.TextSegment, KG.ExtractionRun))
_DROPPED: Final = frozenset(
    (OWL.imports, OWL.versionIRI, OWL.versionInfo, RDFS.label, RDFS.comment, RDFS.seeAlso)
)


def ontology_files(folder: Path | None = None) -> tuple[Path, ...]:
    """Return core.ttl, then alignments and reference data, of `folder` or of kgbuild's own ontology.

    Raises OntologyError when the folder has no core.ttl.
    """
    folder = data_dir("ontology") if folder is None else folder
    core = folder / "core.ttl"
    if not core.is_file():
        raise OntologyError(f"{folder} is no ontology folder: it needs core.ttl")
    more = (path for name in ("alignments", "reference") for path in sorted((folder / name).glob("*.ttl")))
    return (core, *more)


def read_logic(graph_file: Path | None, folder: Path | None = None) -> Graph:
    """Return ontology and facts without claims and annotations; without a graph file the ontology alone.

    Raises GraphError and OntologyError for files that are missing or not well-formed.
    """
    axioms = read_graph(ontology_files(folder))
    if graph_file is not None:
        axioms += read_graph([graph_file])
    return without_claims_and_annotations(axioms)


def without_claims_and_annotations(graph: Graph) -> Graph:
    """Return what the logic speaks of; no owl:imports, which the OWL API would fetch from the network."""
    annotations = set(graph.subjects(RDF.type, OWL.AnnotationProperty)) | _DROPPED
    hidden = {s for cls in (*_CLAIM_LAYER, OWL.Ontology) for s in graph.subjects(RDF.type, cls)} | annotations
    logic = Graph()
    for subject, predicate, value in graph:
        if subject not in hidden and predicate not in annotations:
            logic.add((subject, predicate, value))
    return logic
