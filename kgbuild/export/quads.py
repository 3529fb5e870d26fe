"""RDF held as numbers: each term once, each quad one integer, all in the order of N-Quads.

A million triples take some 300 MB here, and several times that as Python tuples in sets.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, TypeAlias

from kgbuild.model import Term, Triple
from kgbuild.terms import RDF_TYPE
from kgbuild.turtle import term_text

_BITS: Final = 32
_MASK: Final = (1 << _BITS) - 1
#: Numbers of subject, predicate and value.
Codes: TypeAlias = tuple[int, int, int]
#: Number of a predicate and the numbers of its values.
About: TypeAlias = dict[int, list[int]]


@dataclass(frozen=True, slots=True)
class Quads:
    """Quads of a default graph and of named graphs.

    Terms are numbered in the order of their N-Triples texts, quads sorted by subject, predicate, value and
    graph; so lines come out sorted, and a thing's triples stand together.
    """

    terms: Sequence[Term]
    keys: Sequence[int]  #: sorted; subject, predicate, value, and graph: 0 or the number of its name plus 1

    def __len__(self) -> int:
        return len(self.keys)

    def number(self, term: Term) -> int:
        """Return the number of `term`, or -1 where no quad has it."""
        text = term_text(term)
        at = bisect_left(self.terms, text, key=term_text)
        return at if at < len(self.terms) and self.terms[at] == term else -1

    def iri(self, number: int) -> str:
        """Return the IRI or blank node that has this number. Raises TypeError for a literal."""
        term = self.terms[number]
        if not isinstance(term, str):
            raise TypeError(f"term {number} is the literal {term.value!r}")
        return term

    def quads(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield subject, predicate, value and graph of each quad; graph -1 is the default graph."""
        for key in self.keys:
            yield (
                key >> 3 * _BITS,
                key >> 2 * _BITS & _MASK,
                key >> _BITS & _MASK,
                (key & _MASK) - 1,
            )

    def codes(self) -> Iterator[Codes]:
        """Yield the triples of all graphs, each once."""
        last = -1
        for key in self.keys:
            triple = key >> _BITS
            if triple != last:
                last = triple
                yield triple >> 2 * _BITS, triple >> _BITS & _MASK, triple & _MASK

    def triples(self) -> Iterator[Triple]:
        """Yield the triples of all graphs as terms, each once."""
        terms = self.terms
        for s, p, o in self.codes():
            yield self.iri(s), self.iri(p), terms[o]

    def subjects(self) -> Iterator[tuple[int, About]]:
        """Yield each subject with its predicates and their values, over all graphs."""
        return _grouped(self.codes())

    def about(self, subject: int) -> About:
        """Return the predicates of one subject and their values, over all graphs."""
        start = bisect_left(self.keys, subject << 3 * _BITS)
        end = bisect_left(self.keys, (subject + 1) << 3 * _BITS)
        return next((about for _, about in Quads(self.terms, self.keys[start:end]).subjects()), {})

    def graph_names(self) -> list[int]:
        """Return the numbers of the names of graphs, sorted."""
        return sorted({(key & _MASK) - 1 for key in self.keys} - {-1})

    def default(self) -> Quads:
        """Return the default graph alone."""
        return Quads(self.terms, [key for key in self.keys if not key & _MASK])

    def by_graph(self) -> Iterator[tuple[int, Quads]]:
        """Yield each named graph with its name, sorted; its quads stand in the default graph."""
        named: dict[int, list[int]] = {}
        for key in self.keys:
            if graph := key & _MASK:
                named.setdefault(graph - 1, []).append(key ^ graph)
        for name in sorted(named):
            yield name, Quads(self.terms, named[name])

    def without(self, hidden: set[int]) -> Quads:
        """Return the quads with nothing `hidden` as subject or value; terms keep their numbers."""
        return Quads(
            self.terms,
            [
                key
                for key in self.keys
                if key >> 3 * _BITS not in hidden and key >> _BITS & _MASK not in hidden
            ],
        )

    def of_class(self, classes: Iterable[str]) -> set[int]:
        """Return the things that have one of the `classes`, by rdf:type."""
        kind = self.number(RDF_TYPE)
        wanted = {self.number(iri) for iri in classes} - {-1}
        return {s for s, p, o in self.codes() if p == kind and o in wanted}


def _grouped(codes: Iterator[Codes]) -> Iterator[tuple[int, About]]:
    for subject, triples in groupby(codes, key=lambda triple: triple[0]):
        about: About = {}
        for _, p, o in triples:
            about.setdefault(p, []).append(o)
        yield subject, about


class Collector:
    """Takes terms and quads in any order and makes Quads of them."""

    def __init__(self) -> None:
        self._terms: list[Term] = []
        self._columns = tuple(array("L") for _ in range(4))

    def add_term(self, term: Term) -> int:
        """Return a number for `term`, which must not have been added before."""
        self._terms.append(term)
        return len(self._terms) - 1

    def add_quad(self, subject: int, predicate: int, value: int, graph: int) -> None:
        """Add a quad by the numbers of its terms; `graph` is -1 for the default graph."""
        for column, number in zip(self._columns, (subject, predicate, value, graph + 1), strict=True):
            column.append(number)

    def collect(self) -> Quads:
        """Return what was added, sorted, each quad once."""
        texts = [term_text(term) for term in self._terms]
        order = sorted(range(len(texts)), key=texts.__getitem__)
        rank = array("L", bytes(len(order) * array("L").itemsize))
        for place, number in enumerate(order):
            rank[number] = place
        keys = {
            rank[s] << 3 * _BITS | rank[p] << 2 * _BITS | rank[o] << _BITS | (rank[g - 1] + 1 if g else 0)
            for s, p, o, g in zip(*self._columns, strict=True)
        }
        return Quads([self._terms[number] for number in order], sorted(keys))


def collect(default: Iterable[Triple], graphs: Iterable[tuple[str, Iterable[Triple]]] = ()) -> Quads:
    """Return the triples of a default graph and of named graphs as Quads."""
    collector = Collector()
    known: dict[Term, int] = {}

    def number(term: Term) -> int:
        if term not in known:
            known[term] = collector.add_term(term)
        return known[term]

    for s, p, o in default:
        collector.add_quad(number(s), number(p), number(o), -1)
    for name, triples in graphs:
        for s, p, o in triples:
            collector.add_quad(number(s), number(p), number(o), number(name))
    return collector.collect()
