"""Why ontology and facts cannot all be true: a few axioms and facts that HermiT still refuses.

First the facts are narrowed to the surroundings of things that look wrong, then facts and axioms are shrunk
by QuickXplain. What comes back is minimal: without any one of its statements the rest is consistent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from pathlib import Path
from typing import Final

from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.term import Node

from kgbuild.rdf_files import read_keys
from kgbuild.reasoning.clashes import clashes
from kgbuild.reasoning.logic import Nodes, read_logic
from kgbuild.reasoning.statements import Statement, Theory, fact, take_apart
from kgbuild.reasoning.trials import Exhausted, Trials, open_trials, quick_xplain

_SEEDS: Final = 6  #: things whose surroundings are tried before everything is
_RADII: Final = (1, 2)
_MANY: Final = 60  #: facts above which it pays to look at surroundings, and at subjects before facts
_ANYTHING: Final = URIRef("urn:kgbuild:anything")


@dataclass(frozen=True, slots=True)
class Explanation:
    """Statements that cannot all be true."""

    axioms: tuple[Statement, ...]
    facts: tuple[Statement, ...]
    minimal: bool  #: leaving out any one makes the rest consistent; False where the limits ended the search
    trials: int  #: how often HermiT was asked


def explain_contradiction(
    graph_file: Path | None, *, timeout: float = 120, trials: int = 250, ontology: Path | None = None
) -> Explanation | None:
    """Return why ontology and facts are inconsistent, or None when they are consistent.

    The facts of the graph are preferred to reference data. After `timeout` seconds or `trials` questions to
    HermiT the smallest set found is returned, and said to be not minimal. Raises ReasoningError, GraphError
    and OntologyError as `check_consistency`.
    """
    logic = read_logic(graph_file, ontology)
    nodes = Nodes()
    own = {nodes.triple(t) for t in read_keys([] if graph_file is None else [graph_file])}
    return _explain(take_apart(logic), logic, own, timeout, trials)


def explain_empty_class(
    iri: str,
    graph_file: Path | None,
    *,
    timeout: float = 120,
    trials: int = 250,
    ontology: Path | None = None,
) -> Explanation | None:
    """Return why nothing can belong to the class `iri`, or None where something can; else as above."""
    member = fact(_ANYTHING, RDF.type, URIRef(iri))
    logic = read_logic(graph_file, ontology)
    theory = take_apart(logic)
    alone = Theory(theory.axioms, (member,), theory.declarations)
    return _explain(alone, Graph(), set(member.triples), timeout, trials)


def _explain(
    theory: Theory, logic: Graph, own: set[tuple[Node, Node, Node]], timeout: float, limit: int
) -> Explanation | None:
    facts = sorted(theory.facts, key=lambda s: (not own.issuperset(s.triples), not _is_type(s), s.order))
    theory = Theory(tuple(sorted(theory.axioms, key=_simplicity)), theory.facts, theory.declarations)
    with open_trials(theory, limit, timeout) as search:
        try:
            found = _search(theory, facts, logic, search, sum(own.issuperset(f.triples) for f in facts))
        except Exhausted:
            if search.smallest is None:
                everything = Explanation(theory.axioms, tuple(facts), minimal=False, trials=search.made)
                return everything if logic else None
            found = list(search.smallest)
            minimal = False
        else:
            minimal = True
        if found is None:
            return None
        return Explanation(
            tuple(s for s in found if s.is_axiom),
            tuple(s for s in found if not s.is_axiom),
            minimal,
            search.made,
        )


def _is_type(statement: Statement) -> bool:
    return statement.triples[0][1] == RDF.type


def _simplicity(axiom: Statement) -> tuple[int, tuple[str, ...]]:
    """Return a key that puts first what people understand soonest; the search prefers what comes first."""
    predicate = axiom.triples[0][1]
    known = (RDFS.domain, RDFS.range, RDFS.subClassOf, OWL.disjointWith, RDFS.subPropertyOf)
    rank = known.index(predicate) if predicate in known and len(axiom.triples) == 1 else len(known)
    return rank, axiom.order


def _search(
    theory: Theory, facts: Sequence[Statement], logic: Graph, search: Trials, own: int
) -> list[Statement] | None:
    around = _inconsistent_part(theory, facts, logic, search, own)
    if around is None:
        return None
    axioms = [a for a in around if a.is_axiom]
    some = [f for f in around if not f.is_axiom]
    if some and not search.consistent(axioms):
        some = []
    if len(some) > _MANY:
        some = _shrink_by_subject(axioms, some, search)
    kept = quick_xplain(axioms, some, search)
    fewer = list(matter_for(kept, axioms))
    if len(fewer) < len(axioms) and not search.consistent([*fewer, *kept]):
        axioms = fewer
    return [*quick_xplain(kept, axioms, search), *kept]


def _inconsistent_part(
    theory: Theory, facts: Sequence[Statement], logic: Graph, search: Trials, own: int
) -> list[Statement] | None:
    """Return statements that are inconsistent, about few things where possible; None where all is well.

    The first `own` of `facts` are those of the graph, the others are reference data.
    """
    if len(facts) > _MANY:
        seen: set[frozenset[Statement]] = set()
        for part in _small_parts(facts, logic, own):
            candidate = [*matter_for(part, theory.axioms), *part]
            if frozenset(part) not in seen and not search.consistent(candidate):
                return candidate
            seen.add(frozenset(part))
    everything = [*theory.axioms, *facts]
    return None if search.consistent(everything) else everything


def _small_parts(facts: Sequence[Statement], logic: Graph, own: int) -> Iterator[Sequence[Statement]]:
    """Yield facts about few things, the most likely to be at fault first."""
    surroundings = _Surroundings(facts)
    seeds = _seeds(logic)
    for radius, limit in product(_RADII, (own, len(facts))):
        for seed in seeds:
            yield surroundings.of(seed, radius, limit)
    yield facts[:own]


def _seeds(logic: Graph) -> list[Node]:
    """Return things at which something looks wrong, the clearest first; sorted, so the same in every run."""
    clear = {clash.thing for clash in clashes(logic)}
    doubled: set[Node] = set()
    for prop in logic.subjects(RDF.type, OWL.FunctionalProperty):
        for inverse in (None, *logic.objects(prop, OWL.inverseOf), *logic.subjects(OWL.inverseOf, prop)):
            values: defaultdict[Node, set[Node]] = defaultdict(set)
            for subject, value in logic.subject_objects(prop if inverse is None else inverse):
                values[subject if inverse is None else value].add(value if inverse is None else subject)
            doubled.update(thing for thing, found in values.items() if len(found) > 1)
    ordered = chain(sorted(clear, key=str), sorted(doubled - clear, key=str))
    return list(ordered)[:_SEEDS]


class _Surroundings:
    """Facts by the things they are about."""

    def __init__(self, facts: Sequence[Statement]) -> None:
        self._facts = facts
        self._by_thing: defaultdict[Node, list[int]] = defaultdict(list)
        self._types: defaultdict[Node, list[int]] = defaultdict(list)
        for number, statement in enumerate(facts):
            for subject, predicate, value in statement.triples:
                if predicate == RDF.type:
                    self._types[subject].append(number)
                else:
                    self._by_thing[subject].append(number)
                    if not isinstance(value, RdfLiteral):
                        self._by_thing[value].append(number)

    def of(self, seed: Node, radius: int, limit: int) -> list[Statement]:
        """Return which of the first `limit` facts are within `radius` steps of `seed`, and what is met there.

        What something is comes from all facts. The order stays.
        """
        things = {seed}
        chosen: set[int] = set()
        for _ in range(radius):
            near = {number for thing in things for number in self._by_thing[thing] if number < limit}
            chosen |= near
            things |= {
                n
                for i in near
                for t in self._facts[i].triples
                for n in (t[0], t[2])
                if not isinstance(n, RdfLiteral)
            }
        chosen.update(number for thing in things for number in self._types[thing])
        return [self._facts[i] for i in sorted(chosen)]


def matter_for(facts: Iterable[Statement], axioms: Sequence[Statement]) -> Iterator[Statement]:
    """Yield the axioms that speak of what the facts speak of, or of what such axioms lead to, in their order.

    A guess that costs nothing: whoever relies on it asks HermiT.
    """
    spoken: set[Node] = {OWL.Thing}
    for statement in facts:
        for _, predicate, value in statement.triples:
            spoken.add(value if predicate == RDF.type else predicate)
    chosen: set[int] = set()
    grown = True
    while grown:
        grown = False
        for number, axiom in enumerate(axioms):
            if number not in chosen and any(need <= spoken for need in axiom.needs):
                chosen.add(number)
                before = len(spoken)
                spoken |= axiom.terms
                grown = grown or len(spoken) > before
    return (axioms[i] for i in sorted(chosen))


def _shrink_by_subject(
    axioms: Sequence[Statement], facts: Sequence[Statement], search: Trials
) -> list[Statement]:
    """Return the facts of the few subjects that are inconsistent together; the order of facts stays."""
    groups: dict[Node, list[Statement]] = {}
    for statement in facts:
        groups.setdefault(statement.triples[0][0], []).append(statement)

    class _Groups:
        def consistent(self, statements: Sequence[Statement]) -> bool:
            return search.consistent(list(chain(axioms, *(groups[s.triples[0][0]] for s in statements))))

    heads = [members[0] for members in groups.values()]
    kept = {s.triples[0][0] for s in quick_xplain([], heads, _Groups())}
    return [f for f in facts if f.triples[0][0] in kept]
