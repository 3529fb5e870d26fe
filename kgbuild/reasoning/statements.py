"""Axioms and facts as single statements, each with the triples that write it and the terms it speaks of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, TypeAlias

from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.collection import Collection as RdfList
from rdflib.term import Node

from kgbuild.reasoning.rdf_xml import Triple
from kgbuild.reasoning.wording import in_words, written

#: Types that only say what kind of term a name is; the OWL API needs them, and they assert nothing.
DECLARATIONS: Final = frozenset(
    (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.NamedIndividual, RDFS.Datatype)
)
_LOGIC: Final = (str(OWL), str(RDFS))
#: Axioms that say something only of what both of their terms speak of.
_OF_BOTH: Final = frozenset((OWL.disjointWith, OWL.propertyDisjointWith))
_EITHER: Final = frozenset((OWL.inverseOf, OWL.equivalentClass, OWL.equivalentProperty))


@dataclass(frozen=True, slots=True)
class Statement:
    """One axiom of the ontology, or one fact."""

    triples: tuple[Triple, ...]  #: sorted
    is_axiom: bool
    text: str  #: in the terms of OWL: "kg:Firm owl:disjointWith kg:PublicBody"
    words: str  #: what it says: "nothing is both a kg:Firm and a kg:PublicBody"; facts as they are written
    needs: tuple[frozenset[Node], ...]  #: it matters where all terms of one of these sets are spoken of

    @property
    def terms(self) -> frozenset[Node]:
        """Return all IRIs in it."""
        return frozenset(n for triple in self.triples for n in triple if isinstance(n, URIRef))

    @property
    def order(self) -> tuple[str, ...]:
        """Return a key that does not depend on how blank nodes are called."""
        return (self.text, *(f"{t[0]} {t[1]} {t[2]}" for t in self.triples if not _has_blank(t)))


@dataclass(frozen=True, slots=True)
class Theory:
    """A graph taken apart."""

    axioms: tuple[Statement, ...]
    facts: tuple[Statement, ...]
    declarations: Mapping[Node, tuple[Triple, ...]]

    def graph_of(self, statements: Iterable[Statement]) -> set[Triple]:
        """Return the triples of `statements` with the declarations of their terms."""
        triples: set[Triple] = set()
        for statement in statements:
            triples.update(statement.triples)
            for term in statement.terms:
                triples.update(self.declarations.get(term, ()))
        return triples


TriplesByNode: TypeAlias = Mapping[Node, Sequence[Triple]]


def take_apart(logic: Graph) -> Theory:
    """Return the axioms and facts of `logic`, sorted.

    owl:AllDisjointClasses becomes one statement for each pair; the blank nodes of a class expression or a
    list stay with the axiom that they are part of.
    """
    declarations: defaultdict[Node, list[Triple]] = defaultdict(list)
    plain: list[Triple] = []
    tied: list[Triple] = []
    for triple in logic:
        if triple[1] == RDF.type and triple[2] in DECLARATIONS and not isinstance(triple[0], BNode):
            declarations[triple[0]].append(triple)
        else:
            (tied if _has_blank(triple) else plain).append(triple)
    axioms: list[Statement] = []
    facts: list[Statement] = []
    for triple in plain:
        (axioms if _is_axiom(triple) else facts).append(_single(triple))
    for component in _components(tied):
        made, is_axiom = _together(logic, component)
        (axioms if is_axiom else facts).extend(made)
    return Theory(
        tuple(sorted(set(axioms), key=lambda s: s.order)),
        tuple(sorted(set(facts), key=lambda s: s.order)),
        {term: tuple(triples) for term, triples in declarations.items()},
    )


def fact(subject: Node, predicate: Node, value: Node) -> Statement:
    """Return a statement that one triple is so."""
    return _single((subject, predicate, value))


def _has_blank(triple: Triple) -> bool:
    return isinstance(triple[0], BNode) or isinstance(triple[2], BNode)


def _is_axiom(triple: Triple) -> bool:
    """Return whether the triple is about terms: its property, or its class, is one of OWL or RDFS."""
    _, predicate, value = triple
    if predicate == RDF.type:
        return str(value).startswith(_LOGIC) and value not in {OWL.Thing, OWL.Nothing}
    return str(predicate).startswith(_LOGIC) and predicate not in {OWL.sameAs, OWL.differentFrom}


def _single(triple: Triple) -> Statement:
    subject, predicate, value = triple
    is_axiom = _is_axiom(triple)
    needs: tuple[frozenset[Node], ...] = ()
    if is_axiom and predicate in _OF_BOTH:
        needs = (frozenset((subject, value)),)
    elif is_axiom and predicate in _EITHER:
        needs = (frozenset((subject,)), frozenset((value,)))
    elif is_axiom:
        needs = (frozenset((subject,)),)
    text = written(triple)
    return Statement((triple,), is_axiom, text, in_words(triple) if is_axiom else text, needs)


def _components(triples: Iterable[Triple]) -> Iterable[list[Triple]]:
    """Yield groups of triples that share blank nodes, as lists."""
    parent: dict[Node, Node] = {}

    def root(node: Node) -> Node:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    every = list(triples)
    for subject, _, value in every:
        blanks = [n for n in (subject, value) if isinstance(n, BNode)]
        for one, two in combinations(blanks, 2):
            parent[root(one)] = root(two)
    groups: defaultdict[Node, list[Triple]] = defaultdict(list)
    for triple in every:
        groups[root(triple[0] if isinstance(triple[0], BNode) else triple[2])].append(triple)
    return groups.values()


def _together(graph: Graph, component: Sequence[Triple]) -> tuple[list[Statement], bool]:
    """Return the statements that triples tied by blank nodes write, and whether they are axioms."""
    for head, predicate, value in component:
        if predicate == RDF.type and value == OWL.AllDisjointClasses:
            for members in graph.objects(head, OWL.members):
                pairs = combinations(sorted(RdfList(graph, members), key=str), 2)
                return [_single((one, OWL.disjointWith, two)) for one, two in pairs], True
    triples = tuple(sorted(component, key=lambda t: (str(t[1]), str(t[0]), str(t[2]))))
    is_axiom = any(str(n).startswith(_LOGIC) for t in triples for n in t[1:])
    no_terms = (*_LOGIC, str(RDF))
    used = {n for t in triples for n in t if isinstance(n, URIRef) and not str(n).startswith(no_terms)}
    named = [t for t in triples if not isinstance(t[0], BNode) and str(t[1]).startswith(_LOGIC)]
    named += [t for t in triples if not isinstance(t[2], (BNode, RdfLiteral)) and t[1] == RDFS.subClassOf]
    main = named[0] if named else triples[0]
    text = written(main, graph)
    needs = tuple(frozenset((n,)) for n in sorted(used, key=str)) if is_axiom else ()
    return [Statement(triples, is_axiom, text, in_words(main, graph) if is_axiom else text, needs)], is_axiom
