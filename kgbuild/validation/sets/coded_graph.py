"""A graph as integers: one number a term, one map a predicate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final, TypeAlias

from rdflib import BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.term import Node

from kgbuild.rdf_files import Key
from kgbuild.terms import RDF as RDF_NS
from kgbuild.terms import RDF_TYPE, RDFS, XSD

#: The values of one subject: one number, or several.
Values: TypeAlias = int | tuple[int, ...] | dict[int, None]
_FEW: Final = 8
_NONE: Final[Mapping[int, Values]] = {}


class CodedGraph:
    """Triples of numbers. Adding is cheap; the inverse of a predicate is built when it is first asked for."""

    def __init__(self) -> None:
        self._ids: dict[Key, int] = {}
        self.keys: list[Key] = []
        self._forward: dict[int, dict[int, Values]] = {}
        self._inverse: dict[int, dict[int, list[int]]] = {}
        self._members: dict[int, frozenset[int]] = {}
        self._literals: dict[int, RdfLiteral] = {}
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @classmethod
    def from_triples(cls, triples: Iterable[tuple[Key, Key, Key]]) -> CodedGraph:
        """Return a graph of triples of keys."""
        graph = cls()
        for subject, predicate, value in triples:
            graph.add(subject, predicate, value)
        return graph

    @classmethod
    def from_graph(cls, source: Graph) -> CodedGraph:
        """Return a graph of the triples of an rdflib graph; blank nodes keep their names."""
        return cls.from_triples((key_of(s), key_of(p), key_of(o)) for s, p, o in source)

    def intern(self, key: Key) -> int:
        """Return the number of a term, a new one where the graph does not have it."""
        number = self._ids.get(key)
        if number is None:
            number = self._ids[key] = len(self.keys)
            self.keys.append(key)
        return number

    def number(self, key: Key) -> int | None:
        """Return the number of a term; None where the graph does not have it."""
        return self._ids.get(key)

    def add(self, subject: Key, predicate: Key, value: Key) -> None:
        """Add a triple; one that is there already changes nothing."""
        s, p, o = self.intern(subject), self.intern(predicate), self.intern(value)
        values = self._forward.setdefault(p, {})
        here = values.get(s)
        if here is None:
            values[s] = o
        elif isinstance(here, int):
            if here == o:
                return
            values[s] = (here, o)
        elif o in here:
            return
        elif isinstance(here, tuple):
            values[s] = (*here, o) if len(here) < _FEW else dict.fromkeys((*here, o))
        else:
            here[o] = None
        self._size += 1

    # ---- asking

    def forward(self, predicate: int) -> Mapping[int, Values]:
        """Return subject -> values of a predicate."""
        return self._forward.get(predicate, _NONE)

    def values(self, predicate: int, subject: int) -> tuple[int, ...]:
        """Return the values that a subject has for a predicate."""
        found = self.forward(predicate).get(subject)
        if found is None:
            return ()
        return (found,) if isinstance(found, int) else tuple(found)

    def objects(self, subject: Key, predicate: str) -> tuple[Key, ...]:
        """Return the values that a subject has for a predicate, by their keys; none creates nothing."""
        s, p = self._ids.get(subject), self._ids.get(predicate)
        return () if s is None or p is None else tuple(self.keys[o] for o in self.values(p, s))

    def subjects(self, predicate: str, value: Key) -> tuple[Key, ...]:
        """Return the subjects that have a value for a predicate, by their keys."""
        p, o = self._ids.get(predicate), self._ids.get(value)
        return () if p is None or o is None else tuple(self.keys[s] for s in self.inverse(p).get(o, ()))

    def has(self, subject: Key, predicate: str, value: Key | None = None) -> bool:
        """Return whether a triple is there; without `value` whether the subject has any for the predicate."""
        found = self.objects(subject, predicate)
        return bool(found) if value is None else value in found

    def triples(self) -> Iterator[tuple[Key, str, Key]]:
        """Yield all triples by their keys, predicate by predicate."""
        for predicate, values in self._forward.items():
            name = str(self.keys[predicate])
            for subject, found in values.items():
                for value in (found,) if isinstance(found, int) else found:
                    yield self.keys[subject], name, self.keys[value]

    def inverse(self, predicate: int) -> Mapping[int, list[int]]:
        """Return value -> subjects of a predicate."""
        known = self._inverse.get(predicate)
        if known is None:
            known = self._inverse[predicate] = {}
            for subject, found in self.forward(predicate).items():
                for value in (found,) if isinstance(found, int) else found:
                    known.setdefault(value, []).append(subject)
        return known

    def predicates(self) -> Iterable[int]:
        """Return all predicates."""
        return self._forward

    def subclasses(self, cls: int) -> set[int]:
        """Return a class and all that rdfs:subClassOf leads to it from."""
        lower = self.inverse(self.intern(RDFS + "subClassOf"))
        todo, seen = [cls], set[int]()
        while todo:
            here = todo.pop()
            if here not in seen:
                seen.add(here)
                todo.extend(lower.get(here, ()))
        return seen

    def members(self, cls: int) -> AbstractSet[int]:
        """Return the SHACL instances of a class: those of its subclasses too (SHACL, section 1.1)."""
        known = self._members.get(cls)
        if known is None:
            types = self.inverse(self.intern(RDF_TYPE))
            known = frozenset(node for lower in self.subclasses(cls) for node in types.get(lower, ()))
            self._members[cls] = known
        return known

    def literal(self, number: int) -> RdfLiteral | None:
        """Return a literal with its value, None for an IRI or blank node; ill-typed ones say so."""
        known = self._literals.get(number)
        key = self.keys[number]
        if known is None and isinstance(key, tuple):
            lexical, datatype, language = key
            plain = datatype in {XSD + "string", RDF_NS + "langString"}
            known = RdfLiteral(
                lexical, lang=language or None, datatype=None if plain else URIRef(datatype), normalize=False
            )
            self._literals[number] = known
        return known


def key_of(term: Node) -> Key:
    """Return the key of an rdflib term."""
    if isinstance(term, RdfLiteral):
        default = RDF_NS + "langString" if term.language else XSD + "string"
        return (str(term), str(term.datatype or default), term.language or "")
    return f"_:{term}" if isinstance(term, BNode) else str(term)


def to_graph(graph: CodedGraph) -> Graph:
    """Return the triples as an rdflib graph; blank nodes keep their names."""
    out = Graph()
    for subject, predicate, value in graph.triples():
        out.add((to_node(subject), URIRef(predicate), to_node(value)))
    return out


def to_node(key: Key) -> Node:
    """Return the rdflib term of a key, a literal as it is written."""
    if isinstance(key, tuple):
        lexical, datatype, language = key
        plain = datatype in {XSD + "string", RDF_NS + "langString"}
        return RdfLiteral(
            lexical, lang=language or None, datatype=None if plain else URIRef(datatype), normalize=False
        )
    return BNode(key[2:]) if key.startswith("_:") else URIRef(key)
