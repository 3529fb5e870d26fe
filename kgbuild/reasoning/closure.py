"""What follows from a graph by the rules of OWL 2 RL, for queries: computed by Oxigraph, to a fixpoint."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import pyoxigraph as ox
from rdflib import Graph

from kgbuild.model import Literal, Term, Triple
from kgbuild.rdf_files import Key, read_graph, read_keys
from kgbuild.reasoning.logic import ontology_files
from kgbuild.reasoning.rules import Rule, rules_of
from kgbuild.terms import RDF_TYPE, compact, slug

#: Name of the graph that holds what follows, in TriG and N-Quads.
INFERRED: Final = "https://w3id.org/kgbuild/graph/inferred"
Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_NONE: Final[Mapping[tuple[Node, Node], ox.Literal]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Closure:
    """What follows, and what stands in its way."""

    triples: tuple[Triple, ...]  #: new ones only, sorted
    rules: int  #: how many were made from the ontology
    runs: int  #: how often a rule ran until nothing new came
    conflicts: tuple[str, ...]  #: contradictions, for people; then anything may follow
    same: tuple[str, ...]  #: pairs that a functional property would make one thing; they are left as two
    beyond: tuple[str, ...]  #: axioms without a rule


def close_files(graph_file: Path | None, ontology: Path | None = None) -> Closure:
    """Return what follows from a graph file, the vocabulary, the alignments and the reference data.

    `ontology` is a folder as for `check_consistency`. Raises GraphError for files that are
    missing or not well-formed, and OntologyError.
    """
    files = ontology_files(ontology)
    terms = [p for p in files if p.parent.name != "reference"]
    data = [p for p in files if p.parent.name == "reference"]
    if graph_file is not None:
        data.append(graph_file)
    axioms = read_graph(terms)
    store = ox.Store()
    literals: set[tuple[Node, ox.Literal]] = set()
    for path in (*terms, *data):
        quads = list(_quads(path))
        store.bulk_extend(quads)
        literals.update((q.subject, q.object) for q in quads if isinstance(q.object, ox.Literal))
    return close(store, axioms, _as_written(literals))


def close(
    store: ox.Store, ontology: Graph, written: Mapping[tuple[Node, Node], ox.Literal] = _NONE
) -> Closure:
    """Return what follows from the default graph of `store` by the axioms of `ontology`; `store` gains it.

    Only statements about individuals; those about classes and properties are the ontology's matter. `written`
    maps a subject and a literal as the store has rewritten it to the literal of the file.
    """
    known = {
        (q.subject, q.predicate, q.object)
        for q in store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    }
    made = rules_of(ontology)
    runs = _run(store, made.rules)
    new = [
        (_text(q.subject), q.predicate.value, _term(written.get((q.subject, q.object), q.object)))
        for q in store.quads_for_pattern(None, None, None, ox.DefaultGraph())
        if (q.subject, q.predicate, q.object) not in known
    ]
    found: defaultdict[bool, list[str]] = defaultdict(list)
    for conflict in made.conflicts:
        solutions = store.query(conflict.query)
        if isinstance(solutions, ox.QuerySolutions):
            for one, two in solutions:
                things = [_shown(one)] if one == two else [_shown(one), _shown(two)]
                found[conflict.same].append(f"{conflict.axiom}: {', '.join(things)}")
    return Closure(
        tuple(sorted(new, key=_order)),
        len(made.rules),
        runs,
        tuple(found[False]),
        tuple(found[True]),
        made.beyond,
    )


def _run(store: ox.Store, rules: Sequence[Rule]) -> int:
    """Run rules until none adds anything, each again only when what it reads has grown; return the runs."""
    readers: defaultdict[str, list[int]] = defaultdict(list)
    for number, rule in enumerate(rules):
        for term in rule.reads:
            readers[term].append(number)
    waiting = dict.fromkeys(range(len(rules)))
    runs = 0
    while waiting:
        number = next(iter(waiting))
        del waiting[number]
        rule = rules[number]
        if not all(_occurs(store, term) for term in rule.reads) and " UNION " not in rule.premise:
            continue
        before = len(store)
        store.update(rule.update)
        runs += 1
        if len(store) > before:
            waiting.update(dict.fromkeys(readers[rule.writes]))
    return runs


def _occurs(store: ox.Store, term: str) -> bool:
    """Return whether the store has a triple with this property, or a member of this class."""
    node = ox.NamedNode(term)
    for pattern in ((None, node, None), (None, ox.NamedNode(RDF_TYPE), node)):
        if next(iter(store.quads_for_pattern(*pattern)), None) is not None:
            return True
    return False


def _quads(path: Path) -> Iterator[ox.Quad]:
    for subject, predicate, value in read_keys([path]):
        yield ox.Quad(_node(subject, path), ox.NamedNode(str(predicate)), _node(value, path))


def _node(key: Key, path: Path) -> Any:
    """Return the term of a key; the blank nodes of two files are two."""
    if isinstance(key, str):
        named = not key.startswith("_:")
        return ox.NamedNode(key) if named else ox.BlankNode(f"{slug(path.stem)}-{key[2:]}")
    lexical, datatype, language = key
    if language:
        return ox.Literal(lexical, language=language)
    return ox.Literal(lexical, datatype=ox.NamedNode(datatype))


def _as_written(literals: Iterable[tuple[Node, ox.Literal]]) -> dict[tuple[Node, Node], ox.Literal]:
    """Return the literals that a store rewrites (1.50 to 1.5), by their subject and what it makes of them."""
    ordered = sorted(literals, key=lambda pair: (str(pair[0]), str(pair[1])), reverse=True)
    scratch = ox.Store()
    value = ox.NamedNode(INFERRED)
    scratch.bulk_extend(ox.Quad(ox.NamedNode(f"urn:{i}"), value, pair[1]) for i, pair in enumerate(ordered))
    found: dict[tuple[Node, Node], ox.Literal] = {}
    for number, (subject, literal) in enumerate(ordered):
        for quad in scratch.quads_for_pattern(ox.NamedNode(f"urn:{number}"), None, None):
            if quad.object != literal:
                found[subject, quad.object] = literal
    return found


def _text(node: Node) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)


def _term(node: Node) -> Term:
    if isinstance(node, ox.Literal):
        return Literal(node.value, node.datatype.value, node.language or "")
    return _text(node)


def _shown(node: Node | None) -> str:
    return compact(node.value) if isinstance(node, ox.NamedNode) else str(node)


def _order(triple: Triple) -> tuple[str, ...]:
    subject, predicate, value = triple
    if isinstance(value, Literal):
        return (subject, predicate, "1", value.value, value.datatype, value.language)
    return (subject, predicate, "0", value)
