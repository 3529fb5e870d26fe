"""Rules of OWL 2 RL, written out for one ontology as SPARQL: premises, conclusions, contradictions.

Each axiom becomes a rule with the properties and classes of the ontology in it, so no rule has to look for
axioms in the data. Source: OWL 2 Web Ontology Language Profiles, section 4.3, whose names of rules are given
below. Left out are owl:sameAs, for which two values of a functional property are reported instead, and what
follows about classes and properties themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, count
from typing import Final

from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.collection import Collection as RdfList
from rdflib.term import Node

from kgbuild.reasoning.wording import name
from kgbuild.terms import RDF_TYPE

_PROPERTIES: Final = (OWL.ObjectProperty, OWL.DatatypeProperty)


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """If the premise holds, so does the conclusion."""

    axiom: str  #: what it comes from, for people
    premise: str  #: a SPARQL group graph pattern without its brackets
    conclusion: tuple[str, str, str]  #: subject, predicate and object, as in SPARQL
    reads: frozenset[str]  #: IRIs of the properties and classes in the premise
    writes: str  #: IRI of the property or class of the conclusion

    @property
    def update(self) -> str:
        """Return the rule as SPARQL Update."""
        return f"INSERT {{ {' '.join(self.conclusion)} }} WHERE {{ {self.premise} }}"


@dataclass(frozen=True, slots=True, order=True)
class Conflict:
    """A pattern that a consistent graph does not have, or that would make two things one."""

    axiom: str
    query: str  #: SELECT of ?one and ?two, sorted
    same: bool  #: True where two things would be one, no contradiction by itself


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What an ontology says, as rules."""

    rules: tuple[Rule, ...]
    conflicts: tuple[Conflict, ...]
    beyond: tuple[str, ...]  #: axioms for which OWL 2 RL has no rule, or none is written here


class _Beyond(Exception):  # noqa: N818 - caught where the axiom is known
    """A construct without a rule."""


def rules_of(ontology: Graph) -> RuleSet:
    """Return the rules of all axioms of `ontology`, sorted."""
    maker = _Maker(ontology)
    maker.make()
    return RuleSet(tuple(sorted(maker.rules)), tuple(sorted(maker.conflicts)), tuple(sorted(maker.beyond)))


class _Maker:
    def __init__(self, ontology: Graph) -> None:
        self._graph = ontology
        self._annotations = set(ontology.subjects(RDF.type, OWL.AnnotationProperty))
        self._data = set(ontology.subjects(RDF.type, OWL.DatatypeProperty))
        self.rules: set[Rule] = set()
        self.conflicts: set[Conflict] = set()
        self.beyond: set[str] = set()

    def make(self) -> None:
        """Fill `rules`, `conflicts` and `beyond`."""
        self._classes()
        self._properties()
        self._ends()
        self._conflicts()

    def _classes(self) -> None:
        g = self._graph
        for lower, upper in g.subject_objects(RDFS.subClassOf):
            self._implies(lower, upper)
        for one, two in g.subject_objects(OWL.equivalentClass):
            self._implies(one, two)
            self._implies(two, one)
        for cls, head in g.subject_objects(OWL.intersectionOf):
            if not isinstance(cls, BNode):  # a named class defined by its parts
                for part in RdfList(g, head):
                    self._implies(cls, part)

    def _properties(self) -> None:
        g = self._graph
        for lower, upper in g.subject_objects(RDFS.subPropertyOf):
            self._property_rule(lower, upper, "prp-spo1", "?x {0} ?y", ("?x", "?y"))
        for one, two in g.subject_objects(OWL.equivalentProperty):
            self._property_rule(one, two, "prp-eqp1", "?x {0} ?y", ("?x", "?y"))
            self._property_rule(two, one, "prp-eqp2", "?x {0} ?y", ("?x", "?y"))
        for one, two in g.subject_objects(OWL.inverseOf):
            if not isinstance(one, BNode):
                self._property_rule(one, two, "prp-inv1", "?x {0} ?y", ("?y", "?x"))
                self._property_rule(two, one, "prp-inv2", "?x {0} ?y", ("?y", "?x"))
        for prop in g.subjects(RDF.type, OWL.SymmetricProperty):
            self._property_rule(prop, prop, "prp-symp", "?x {0} ?y", ("?y", "?x"))
        for prop in g.subjects(RDF.type, OWL.TransitiveProperty):
            self._property_rule(prop, prop, "prp-trp", "?x {0} ?y . ?y {0} ?z", ("?x", "?z"))
        for prop, head in g.subject_objects(OWL.propertyChainAxiom):
            self._chain(prop, list(RdfList(g, head)))

    def _ends(self) -> None:
        g = self._graph
        for prop, cls in g.subject_objects(RDFS.domain):
            if prop not in self._annotations:
                self._implies_from(f"?x {_iri(prop)} ?y", {str(prop)}, "?x", cls, f"{name(prop)} rdfs:domain")
        for prop, cls in g.subject_objects(RDFS.range):
            if prop not in self._annotations and prop not in self._data:
                self._implies_from(f"?y {_iri(prop)} ?x", {str(prop)}, "?x", cls, f"{name(prop)} rdfs:range")

    # ---- rules on properties

    def _property_rule(
        self, premise: Node, conclusion: Node, rule: str, pattern: str, ends: tuple[str, str]
    ) -> None:
        if premise in self._annotations or conclusion in self._annotations:
            return
        subject, value = ends
        self.rules.add(
            Rule(
                f"{rule}: {name(premise)}, {name(conclusion)}",
                pattern.format(_iri(premise)),
                (subject, _iri(conclusion), value),
                frozenset((str(premise),)),
                str(conclusion),
            )
        )

    def _chain(self, prop: Node, steps: list[Node]) -> None:
        path = " . ".join(f"?v{i} {_iri(step)} ?v{i + 1}" for i, step in enumerate(steps))
        label = f"prp-spo2: {' '.join(map(name, steps))}, {name(prop)}"
        ends = ("?v0", _iri(prop), f"?v{len(steps)}")
        self.rules.add(Rule(label, path, ends, frozenset(map(str, steps)), str(prop)))

    # ---- rules on classes

    def _implies(self, lower: Node, upper: Node) -> None:
        """Add what follows for the members of `lower`: they belong to `upper`."""
        label = f"{name(lower, self._graph)} rdfs:subClassOf"
        reads: set[str] = set()
        try:
            premise = self._membership(lower, "?x", count(), reads)
        except _Beyond as err:
            self.beyond.add(f"{label} {name(upper, self._graph)}: {err}")
            return
        self._implies_from(premise, reads, "?x", upper, label)

    def _implies_from(self, premise: str, reads: set[str], var: str, upper: Node, label: str) -> None:
        """Add that whatever `premise` finds as `var` belongs to the class expression `upper`."""
        g = self._graph
        label_of = f"{label} {name(upper, g)}"
        if upper == OWL.Thing:
            return
        if not isinstance(upper, BNode):
            if upper == OWL.Nothing:
                self._conflict(label_of, _itself(premise, var))
                return
            ends = (var, f"<{RDF_TYPE}>", _iri(upper))
            self.rules.add(Rule(label_of, premise, ends, frozenset(reads), str(upper)))
            return
        if (head := g.value(upper, OWL.intersectionOf)) is not None:
            for part in RdfList(g, head):
                self._implies_from(premise, reads, var, part, label)
            return
        prop = g.value(upper, OWL.onProperty)
        if prop is not None and (filler := g.value(upper, OWL.hasValue)) is not None:
            ends = (var, _iri(prop), _term(filler))
            self.rules.add(Rule(label_of, premise, ends, frozenset(reads), str(prop)))
        elif prop is not None and (filler := g.value(upper, OWL.allValuesFrom)) is not None:
            other = f"{var}a"
            more = f"{premise} . {var} {_iri(prop)} {other}"
            if prop not in self._data:
                self._implies_from(more, reads | {str(prop)}, other, filler, f"{label} ({name(prop)} only)")
        elif (complement := g.value(upper, OWL.complementOf)) is not None:
            try:
                both = f"{premise} . {self._membership(complement, var, count(), set())}"
            except _Beyond as err:
                self.beyond.add(f"{label_of}: {err}")
                return
            self._conflict(label_of, _itself(both, var))
        else:
            self.beyond.add(f"{label_of}: OWL 2 RL concludes nothing from it, or no rule is written for it")

    def _membership(self, cls: Node, var: str, fresh: Iterator[int], reads: set[str]) -> str:
        """Return a pattern for "var belongs to cls"; put what it reads into `reads`. Raises _Beyond."""
        g = self._graph
        if not isinstance(cls, BNode):
            if cls == OWL.Thing:
                raise _Beyond("anything at all")
            reads.add(str(cls))
            return f"{var} <{RDF_TYPE}> {_iri(cls)}"
        if (head := g.value(cls, OWL.intersectionOf)) is not None:
            return " . ".join(self._membership(part, var, fresh, reads) for part in RdfList(g, head))
        if (head := g.value(cls, OWL.unionOf)) is not None:
            parts = [f"{{ {self._membership(part, var, fresh, reads)} }}" for part in RdfList(g, head)]
            return " UNION ".join(parts)
        prop = g.value(cls, OWL.onProperty)
        if isinstance(prop, URIRef):
            reads.add(str(prop))
            if (filler := g.value(cls, OWL.hasValue)) is not None:
                return f"{var} {_iri(prop)} {_term(filler)}"
            if (filler := g.value(cls, OWL.someValuesFrom)) is not None:
                other = f"?w{next(fresh)}"
                step = f"{var} {_iri(prop)} {other}"
                if filler == OWL.Thing or prop in self._data:
                    return step
                return f"{step} . {self._membership(filler, other, fresh, reads)}"
        raise _Beyond("no rule is written for this condition")

    # ---- what cannot be

    def _conflicts(self) -> None:
        g = self._graph
        pairs = {tuple(sorted(pair, key=str)) for pair in g.subject_objects(OWL.disjointWith)}
        for head in g.objects(None, OWL.members):
            pairs.update(tuple(sorted(p, key=str)) for p in combinations(RdfList(g, head), 2))
        for one, two in pairs:
            if not isinstance(one, BNode) and not isinstance(two, BNode):
                both = f"?one a {_iri(one)} , {_iri(two)} BIND(?one AS ?two)"
                self._conflict(f"cax-dw: {name(one)} owl:disjointWith {name(two)}", both)
        for one, two in g.subject_objects(OWL.propertyDisjointWith):
            both = f"?one {_iri(one)} ?two . ?one {_iri(two)} ?two"
            self._conflict(f"prp-pdw: {name(one)} owl:propertyDisjointWith {name(two)}", both)
        for prop in g.subjects(RDF.type, OWL.IrreflexiveProperty):
            self._conflict(f"prp-irp: {name(prop)}", f"?one {_iri(prop)} ?one BIND(?one AS ?two)")
        for prop in g.subjects(RDF.type, OWL.AsymmetricProperty):
            both = f"?one {_iri(prop)} ?two . ?two {_iri(prop)} ?one FILTER(STR(?one) <= STR(?two))"
            self._conflict(f"prp-asyp: {name(prop)}", both)
        for prop in g.subjects(RDF.type, OWL.FunctionalProperty):
            double = f"?x {_iri(prop)} ?one , ?two FILTER(STR(?one) < STR(?two))"
            self._conflict(f"prp-fp: {name(prop)}", double, same=prop not in self._data)

    def _conflict(self, axiom: str, pattern: str, *, same: bool = False) -> None:
        query = f"SELECT DISTINCT ?one ?two WHERE {{ {pattern} }} ORDER BY ?one ?two"
        self.conflicts.add(Conflict(axiom, query, same))


def _itself(pattern: str, var: str) -> str:
    return f"{pattern} BIND({var} AS ?one) BIND({var} AS ?two)"


def _iri(node: Node) -> str:
    return f"<{node}>"


def _term(node: Node) -> str:
    return node.n3() if isinstance(node, RdfLiteral) else _iri(node)
