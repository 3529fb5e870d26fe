"""What is known of one thing: its facts with the claims behind each, and what is only claimed of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kgbuild.model import Literal, Term
from kgbuild.query.evidence import EvidenceRow, claims_about, evidence_rows
from kgbuild.query.results import display
from kgbuild.store import to_term
from kgbuild.terms import KG, NS, RDF_TYPE, RDFS_LABEL

#: Properties of the claim layer: they tell how something is known, not what.
_APART = frozenset({KG.claimSubject, KG.claimObject, KG.attributedTo, KG.claimedClass})


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement about a thing, with the claims that make it."""

    subject: str  #: label
    predicate: str  #: label of the property
    value: str  #: label, or the text of a literal
    fact: bool  #: else it is only claimed: denied, planned, possible, or contested
    evidence: tuple[EvidenceRow, ...]  #: empty for reference data of the ontology


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that a graph says of one thing."""

    iri: str
    label: str
    classes: tuple[str, ...]
    statements: tuple[Statement, ...]


def explain(store: ox.Store, iri: str) -> Explanation:
    """Return what the graph in `store` says of `iri`: as subject and as value, facts first."""
    node = ox.NamedNode(iri)
    facts: set[tuple[str, str, Term]] = set()
    for quad in (*store.quads_for_pattern(node, None, None), *store.quads_for_pattern(None, None, node)):
        subject, predicate, value = to_term(quad.subject), quad.predicate.value, to_term(quad.object)
        if isinstance(subject, str) and predicate.startswith(NS) and predicate not in _APART:
            facts.add((subject, predicate, value))
    statements = [_statement(store, triple, fact=True) for triple in facts]
    claimed = {t for t in _claimed(store, iri) if t not in facts and not _holds(store, t)}
    statements += [_statement(store, triple, fact=False) for triple in claimed]
    statements.sort(
        key=lambda s: (not s.fact, s.subject != _label(store, iri), s.predicate, s.subject, s.value)
    )
    classes = [to_term(q.object) for q in store.quads_for_pattern(node, ox.NamedNode(RDF_TYPE), None)]
    return Explanation(
        iri,
        _label(store, iri),
        tuple(sorted(_label(store, c) for c in classes if isinstance(c, str))),
        tuple(statements),
    )


def _holds(store: ox.Store, triple: tuple[str, str, Term]) -> bool:
    subject, predicate, value = triple
    node = ox.NamedNode(value) if isinstance(value, str) else None
    return node is not None and bool(
        list(store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), node))
    )


def _claimed(store: ox.Store, iri: str) -> Iterator[tuple[str, str, Term]]:
    """Yield the statements of all claims that have `iri` as subject or value."""
    node = ox.NamedNode(iri)
    for predicate in (KG.claimSubject, KG.claimObject):
        for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), node):
            parts = {
                q.predicate.value: to_term(q.object)
                for q in store.quads_for_pattern(quad.subject, None, None)
            }
            subject, about = parts.get(KG.claimSubject), parts.get(KG.claimPredicate)
            value = parts.get(KG.claimObject) or parts.get(KG.claimValue) or parts.get(KG.claimedClass)
            if isinstance(subject, str) and isinstance(about, str) and value is not None:
                yield (subject, about, value)


def _statement(store: ox.Store, triple: tuple[str, str, Term], *, fact: bool) -> Statement:
    subject, predicate, value = triple
    claims = claims_about(store, subject, predicate, value)
    rows = sorted(
        {row for claim in claims if isinstance(claim, str) for row in evidence_rows(store, claim)},
        key=lambda e: (e.published, e.article_iri, e.start, e.end, e.speaker),
    )
    shown = display(value) if isinstance(value, Literal) else _label(store, value)
    verb = "is a" if predicate == RDF_TYPE else _label(store, predicate)
    return Statement(_label(store, subject), verb, shown, fact, tuple(rows))


def _label(store: ox.Store, iri: str) -> str:
    labels = [
        to_term(q.object) for q in store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(RDFS_LABEL), None)
    ]
    texts = sorted((t.language != "en", t.language, t.value) for t in labels if isinstance(t, Literal))
    return texts[0][2] if texts else display(iri)
