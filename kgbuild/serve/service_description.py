"""What the endpoint says of itself (SPARQL 1.1 Service Description)."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from kgbuild.serve.negotiation import GRAPHS, Offer

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMAT: Final = "http://www.w3.org/ns/formats/"
_TYPE: Final = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
#: Of the formats in ROWS and GRAPHS (www.w3.org/ns/formats).
_NAMES: Final = (
    "SPARQL_Results_JSON SPARQL_Results_XML SPARQL_Results_CSV SPARQL_Results_TSV Turtle N-Triples RDF_XML "
    "JSON-LD N3 TriG N-Quads"
).split()


def service_description(endpoint: str, offer: Offer) -> bytes:
    """Return the description of the endpoint at the IRI `endpoint`, in a format of GRAPHS."""
    service = ox.NamedNode(endpoint)
    dataset, graph = ox.NamedNode(f"{endpoint}#dataset"), ox.NamedNode(f"{endpoint}#graph")
    triples = [
        ox.Triple(service, _TYPE, _sd("Service")),
        ox.Triple(service, _sd("endpoint"), service),
        ox.Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        ox.Triple(service, _sd("defaultDataset"), dataset),
        ox.Triple(dataset, _TYPE, _sd("Dataset")),
        ox.Triple(dataset, _sd("defaultGraph"), graph),
        ox.Triple(graph, _TYPE, _sd("Graph")),
    ]
    triples += [ox.Triple(service, _sd("resultFormat"), ox.NamedNode(_FORMAT + name)) for name in _NAMES]
    prefixes = {"sd": _SD, "format": _FORMAT}
    written = ox.serialize(triples, format=GRAPHS[offer], prefixes=prefixes)
    assert written is not None  # noqa: S101 - without an output the bytes come back
    return written


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + name)
