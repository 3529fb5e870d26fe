"""What a reasoner is to see of ontology and graph: no claims, no annotations, nothing from the network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from rdflib import BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.term import Node

from kgbuild.errors import OntologyError
from kgbuild.rdf_files import Key, literals_as_written, read_keys
from kgbuild.reasoning.rdf_xml import Triple
from kgbuild.resources import data_dir
from kgbuild.terms import KG, OWL, RDF_TYPE, RDFS, XSD
from kgbuild.terms import RDF as RDF_NS

_CLAIM_LAYER: Final = frozenset((KG.Claim, KG.TextSegment, KG.ExtractionRun, OWL + "Ontology"))
_DROPPED: Final = frozenset(
    (
        *(OWL + name for name in ("imports", "versionIRI", "versionInfo")),
        *(RDFS + name for name in ("label", "comment", "seeAlso")),
    )
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
    files = [*ontology_files(folder), *([] if graph_file is None else [graph_file])]
    logic = Graph()
    nodes = Nodes()
    for triple in _without_claims_and_annotations(list(read_keys(files))):
        logic.add(nodes.triple(triple))
    return logic


class Nodes:
    """Terms of rdflib for keys, each made once; literals as they are written."""

    def __init__(self) -> None:
        self._known: dict[Key, Node] = {}

    def triple(self, keys: tuple[Key, Key, Key]) -> Triple:
        """Return a triple of terms."""
        subject, predicate, value = map(self.of, keys)
        return subject, predicate, value

    def of(self, key: Key) -> Node:
        """Return the term of a key."""
        node = self._known.get(key)
        if node is None:
            node = self._known[key] = _node(key)
        return node


def _node(key: Key) -> Node:
    if isinstance(key, str):
        return BNode(key[2:]) if key.startswith("_:") else URIRef(key)
    lexical, datatype, language = key
    plain = datatype in {XSD + "string", RDF_NS + "langString"}
    with literals_as_written():
        return RdfLiteral(
            lexical, lang=language or None, datatype=None if plain else URIRef(datatype), normalize=False
        )


def _without_claims_and_annotations(
    triples: Sequence[tuple[Key, Key, Key]],
) -> Iterator[tuple[Key, Key, Key]]:
    """Yield what the logic speaks of; no owl:imports, which the OWL API would fetch from the network."""
    annotations = {s for s, p, o in triples if p == RDF_TYPE and o == OWL + "AnnotationProperty"} | _DROPPED
    hidden = {s for s, p, o in triples if p == RDF_TYPE and o in _CLAIM_LAYER} | annotations
    return (t for t in triples if t[0] not in hidden and t[1] not in annotations)
