"""The terms that an ontology file declares, with what it says of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

KINDS: Final[dict[str, URIRef]] = {
    "class": OWL.Class,
    "object property": OWL.ObjectProperty,
    "data property": OWL.DatatypeProperty,
    "annotation property": OWL.AnnotationProperty,
}
#: Characteristic -> word for it.
CHARACTERISTICS: Final[dict[str, URIRef]] = {
    "functional": OWL.FunctionalProperty,
    "symmetric": OWL.SymmetricProperty,
    "transitive": OWL.TransitiveProperty,
    "irreflexive": OWL.IrreflexiveProperty,
    "asymmetric": OWL.AsymmetricProperty,
}
_PREFERRED: Final = URIRef("http://purl.org/vocab/vann/preferredNamespaceUri")


@dataclass(frozen=True, slots=True)
class Term:
    """A class or a property of the ontology's own namespace."""

    iri: str
    local: str
    kinds: tuple[str, ...]  #: "class", "object property", ...; one, unless the file puns
    labels: Mapping[str, tuple[str, ...]]  #: by language
    definitions: Mapping[str, tuple[str, ...]]
    examples: tuple[str, ...]
    notes: tuple[str, ...]
    above: tuple[str, ...]  #: IRIs of named superclasses or superproperties
    domains: tuple[str, ...]
    ranges: tuple[str, ...]
    inverses: tuple[str, ...]
    characteristics: tuple[str, ...]

    @property
    def kind(self) -> str:
        """Return the first of its kinds."""
        return self.kinds[0]

    @property
    def label(self) -> str:
        """Return the English label, or the local name."""
        return next(iter(self.labels.get("en", ())), self.local)

    @property
    def definition(self) -> str:
        """Return the English definition, or ""."""
        return next(iter(self.definitions.get("en", ())), "")


def header_of(graph: Graph) -> str:
    """Return the IRI of the ontology, or "" where there is no header or more than one."""
    headers = {str(s) for s in graph.subjects(RDF.type, OWL.Ontology)}
    return headers.pop() if len(headers) == 1 else ""


def namespace_of(graph: Graph) -> str:
    """Return the namespace of the ontology's own terms: the one it prefers, else its IRI with "#"."""
    header = header_of(graph)
    preferred = graph.value(URIRef(header), _PREFERRED)
    return str(preferred) if preferred is not None else header.rstrip("#/") + "#"


def terms_in(graph: Graph) -> tuple[Term, ...]:
    """Return the terms of the ontology's own namespace, sorted by IRI."""
    space = namespace_of(graph)
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for word, cls in KINDS.items():
        for subject in graph.subjects(RDF.type, cls):
            if isinstance(subject, URIRef) and subject.startswith(space):
                kinds[str(subject)].append(word)
    return tuple(_term(graph, iri, iri.removeprefix(space), kinds[iri]) for iri in sorted(kinds))


def _term(graph: Graph, iri: str, local: str, kinds: list[str]) -> Term:
    node = URIRef(iri)
    inverses = {*graph.objects(node, OWL.inverseOf), *graph.subjects(OWL.inverseOf, node)}
    above = {*graph.objects(node, RDFS.subClassOf), *graph.objects(node, RDFS.subPropertyOf)}
    return Term(
        iri,
        local,
        tuple(kinds),
        _by_language(graph.objects(node, RDFS.label)),
        _by_language(graph.objects(node, SKOS.definition)),
        tuple(sorted(map(str, graph.objects(node, SKOS.example)))),
        tuple(sorted(map(str, graph.objects(node, SKOS.scopeNote)))),
        _named(above),
        _named(graph.objects(node, RDFS.domain)),
        _named(graph.objects(node, RDFS.range)),
        _named(inverses),
        tuple(word for word, cls in CHARACTERISTICS.items() if (node, RDF.type, cls) in graph),
    )


def _by_language(values: Iterable[Node]) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for value in values:
        if isinstance(value, Literal):
            found[value.language or ""].append(str(value))
    return {language: tuple(sorted(found[language])) for language in sorted(found)}


def _named(nodes: Iterable[Node]) -> tuple[str, ...]:
    return tuple(sorted({str(n) for n in nodes if not isinstance(n, BNode)}))


def disjoint_pairs(graph: Graph) -> frozenset[frozenset[str]]:
    """Return the pairs of named classes that the file says have no member in common."""
    pairs = {frozenset(map(str, pair)) for pair in graph.subject_objects(OWL.disjointWith)}
    for head in graph.objects(None, OWL.members):
        members = [str(m) for m in Collection(graph, head)]
        pairs.update(frozenset((one, two)) for one in members for two in members if one != two)
    return frozenset(pairs)


def climb(iri: str, above: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Return `iri` and all that `above` leads to from it."""
    seen: set[str] = set()
    todo = [iri]
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo.extend(above.get(here, ()))
    return frozenset(seen)
