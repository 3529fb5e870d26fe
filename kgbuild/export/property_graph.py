"""Triples as a property graph: nodes with columns, edges with a type, for tools that know no RDF.

Nodes and edges are made one by one from the numbers of `Quads`; the graph never stands in memory as objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kgbuild.export.claims_behind import ClaimCounts
from kgbuild.export.columns import LABELS, Column, ColumnFinder, best_label, short_name
from kgbuild.export.quads import About, Quads
from kgbuild.model import Literal, Term
from kgbuild.terms import NS, OWL, RDF, RDF_TYPE, RDFS, XSD

#: An IRI of these namespaces is a term of a vocabulary: part of a node's description, no node by itself.
_VOCABULARIES: Final = (NS, RDF, RDFS, OWL, XSD)
_TAKEN: Final = ("id", "label", "kind", "iri")  #: names of columns that every node has


@dataclass(frozen=True, slots=True)
class Node:
    """A thing."""

    iri: str  #: or "_:" and a name
    label: str
    kinds: tuple[str, ...]  #: short names of its classes, sorted
    values: Mapping[str, list[Term]]  #: name of the column -> its values, sorted


@dataclass(frozen=True, slots=True)
class Edge:
    """An object property between two things."""

    source: str
    target: str
    type: str  #: short name of the property
    iri: str  #: IRI of the property
    claims: int  #: that tell it; 0 for reference data


class PropertyGraph:
    """The nodes of a graph in the order of their IRIs, its edges, and the columns that nodes may have.

    A node is whatever is subject of a triple, or object without being a term of a vocabulary.
    """

    def __init__(self, quads: Quads, counts: ClaimCounts) -> None:
        self._quads = quads
        self._counts = counts
        self._type = quads.number(RDF_TYPE)
        self._labels = {quads.number(iri) for iri in LABELS}
        self._is_node = bytearray(len(quads.terms))
        self.edge_count = 0  #: number of edges
        finder = ColumnFinder()
        for s, about in quads.subjects():
            self._is_node[s] = 1
            for p, values in about.items():
                kept = [quads.terms[o] for o in values if self._is_value(p, o)]
                if kept:
                    finder.see(quads.iri(p), kept)
                for o in values:
                    if self._is_edge(p, o):
                        self._is_node[o] = 1
                        self.edge_count += 1
        self.columns: tuple[Column, ...] = finder.columns(_TAKEN)
        self._names = {quads.number(c.property): c.name for c in self.columns}
        self.node_count: int = self._is_node.count(1)  #: number of nodes

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes."""
        last = -1
        for s, about in self._quads.subjects():
            for number in range(last + 1, s):
                if self._is_node[number]:
                    yield self._node(number, {})
            yield self._node(s, about)
            last = s
        for number in range(last + 1, len(self._is_node)):
            if self._is_node[number]:
                yield self._node(number, {})

    def edges(self) -> Iterator[Edge]:
        """Yield the edges by source, type and target."""
        iri = self._quads.iri
        short: dict[int, str] = {}
        for s, p, o in self._quads.codes():
            if self._is_edge(p, o):
                name = short.get(p)
                if name is None:
                    name = short[p] = short_name(iri(p))
                yield Edge(iri(s), iri(o), name, iri(p), self._counts.of(s, p, o))

    def _node(self, number: int, about: About) -> Node:
        terms, iri = self._quads.terms, self._quads.iri(number)
        labels = [terms[o] for p in self._labels for o in about.get(p, ())]
        kinds = [terms[o] for o in about.get(self._type, ())]
        values = {
            self._names[p]: kept
            for p, found in about.items()
            if p in self._names and (kept := [terms[o] for o in found if self._is_value(p, o)])
        }
        return Node(
            iri,
            best_label(labels) or short_name(iri),
            tuple(sorted({short_name(kind) for kind in kinds if isinstance(kind, str)})),
            dict(sorted(values.items())),
        )

    def _is_edge(self, predicate: int, value: int) -> bool:
        term = self._quads.terms[value]
        return isinstance(term, str) and predicate != self._type and not term.startswith(_VOCABULARIES)

    def _is_value(self, predicate: int, value: int) -> bool:
        if isinstance(self._quads.terms[value], Literal):
            return predicate not in self._labels
        return predicate != self._type and not self._is_edge(predicate, value)
