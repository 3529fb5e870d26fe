"""Axioms and facts for people: prefixed names and, for axioms, a sentence that says what follows."""

from __future__ import annotations

from typing import Final

from rdflib import OWL, RDF, RDFS, BNode, Graph
from rdflib import Literal as RdfLiteral
from rdflib.collection import Collection as RdfList
from rdflib.term import Node

from kgbuild.reasoning.rdf_xml import Triple
from kgbuild.terms import compact

_NO_GRAPH: Final = Graph()
_SENTENCES: Final[dict[Node, str]] = {
    RDFS.subClassOf: "every {0} is a {1}",
    RDFS.subPropertyOf: "what is linked by {0} is linked by {1}",
    RDFS.domain: "whatever has {0} is a {1}",
    RDFS.range: "whatever is a value of {0} is a {1}",
    OWL.inverseOf: "{0} and {1} say the same in opposite directions",
    OWL.disjointWith: "nothing is both a {0} and a {1}",
    OWL.propertyDisjointWith: "no two things are linked by both {0} and {1}",
    OWL.equivalentClass: "{0} and {1} have the same members",
    OWL.equivalentProperty: "{0} and {1} link the same things",
    OWL.propertyChainAxiom: "a path along {1} makes {0}",
}
_RESTRICTIONS: Final = ((OWL.someValuesFrom, "some"), (OWL.allValuesFrom, "only"), (OWL.hasValue, "value"))
_CHARACTERISTICS: Final[dict[Node, str]] = {
    OWL.FunctionalProperty: "nothing has two different values of {0}",
    OWL.InverseFunctionalProperty: "no value of {0} is shared by two things",
    OWL.SymmetricProperty: "{0} holds in both directions",
    OWL.AsymmetricProperty: "{0} never holds in both directions",
    OWL.TransitiveProperty: "{0} of {0} is {0}",
    OWL.IrreflexiveProperty: "nothing has itself as {0}",
    OWL.ReflexiveProperty: "everything has itself as {0}",
}


def written(triple: Triple, graph: Graph = _NO_GRAPH) -> str:
    """Return a triple with prefixed names, `graph` unfolding its blank nodes."""
    subject, predicate, value = triple
    verb = "a" if predicate == RDF.type else name(predicate)
    return f"{name(subject, graph)} {verb} {name(value, graph)}"


def in_words(triple: Triple, graph: Graph = _NO_GRAPH) -> str:
    """Return what an axiom says, or the triple itself where it is none that has a sentence here."""
    subject, predicate, value = triple
    if predicate == RDF.type:
        form = _CHARACTERISTICS.get(value, "{0} a {1}")
    else:
        form = _SENTENCES.get(predicate, "")
    if not form:
        return written(triple, graph)
    return form.format(name(subject, graph), name(value, graph))


def name(node: Node, graph: Graph = _NO_GRAPH) -> str:
    """Return a term for people; class expressions in Manchester syntax, lists in round brackets."""
    if isinstance(node, RdfLiteral):
        return node.n3() if node.datatype is None else f'"{node}"^^{compact(str(node.datatype))}'
    if not isinstance(node, BNode):
        return compact(str(node))
    for head in graph.objects(node, OWL.intersectionOf):
        return "(" + " and ".join(name(n, graph) for n in RdfList(graph, head)) + ")"
    for head in graph.objects(node, OWL.unionOf):
        return "(" + " or ".join(name(n, graph) for n in RdfList(graph, head)) + ")"
    prop = graph.value(node, OWL.onProperty)
    if prop is not None:
        for predicate, word in _RESTRICTIONS:
            if (filler := graph.value(node, predicate)) is not None:
                return f"({name(prop, graph)} {word} {name(filler, graph)})"
    if (node, RDF.first, None) in graph:
        return "(" + " ".join(name(n, graph) for n in RdfList(graph, node)) + ")"
    return "[]"
