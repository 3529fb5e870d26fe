"""Why ontology and facts cannot all be true: the fewest axioms and facts that HermiT still refuses.

First the facts are narrowed to the surroundings of things that look wrong, then facts and axioms are shrunk
by QuickXplain. What comes back is minimal: without any one of its statements the rest is consistent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from rdflib import OWL, RDF, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.term import Node

from kgbuild.rdf_files import read_graph
from kgbuild.reasoning.clashes import clashes
from kgbuild.reasoning.logic import read_logic
from kgbuild.reasoning.statements import Statement, Theory, fact, take_apart
from kgbuild.reasoning.trials import Exhausted, Trials, open_trials, quick_xplain

_SEEDS: Final = 6  #: things whose surroundings are tried before everything is
_RADII: Final = (1, 2)
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
    own = set(read_graph([graph_file])) if graph_file is not None else set()
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
    facts = sorted(theory.facts, key=lambda s: (not own.issuperset(s.triples), s.order))
    with open_trials(theory, limit, timeout) as search:
        try:
            found = _search(theory, facts, logic, search)
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


def _search(
    theory: Theory, facts: Sequence[Statement], logic: Graph, search: Trials
) -> list[Statement] | None:
    around = _inconsistent_part(theory, facts, logic, search)
    if around is None:
        return None
    axioms = [a for a in around if a.is_axiom]
    some = [f for f in around if not f.is_axiom]
    if some and not search.consistent(axioms):
        some = []
    if len(some) > 60:
        some = _shrink_by_subject(axioms, some, search)
    kept = quick_xplain(axioms, some, search)
    fewer = list(matter_for(kept, axioms))
    if len(fewer) < len(axioms) and not search.consistent([*fewer, *kept]):
        axioms = fewer
    return [*quick_xplain(kept, axioms, search), *kept]


def _inconsistent_part(
    theory: Theory, facts: Sequence[Statement], logic: Graph, search: Trials
) -> list[Statement] | None:
    """Return statements that are inconsistent, about few things where possible; None where all is well."""
    if len(facts) > 60:
        seen: set[frozenset[Statement]] = set()
        surroundings = _Surroundings(facts)
        for radius in _RADII:
            for seed in _seeds(logic):
                part = surroundings.of(seed, radius)
                if frozenset(part) in seen:
                    continue
                seen.add(frozenset(part))
                candidate = [*matter_for(part, theory.axioms), *part]
                if not search.consistent(candidate):
                    return candidate
    everything = [*theory.axioms, *facts]
    return None if search.consistent(everything) else everything


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

    def of(self, seed: Node, radius: int) -> list[Statement]:
        """Return the facts within `radius` steps of `seed` and the classes of what is met, in order."""
        things = {seed}
        chosen: set[int] = set()
        for _ in range(radius):
            near = {number for thing in things for number in self._by_thing[thing]}
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
