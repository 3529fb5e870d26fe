"""From a row of an answer to the places in the articles that say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kgbuild.model import Literal, Term
from kgbuild.query.saved import ANYTHING, SavedQuery
from kgbuild.store import to_term
from kgbuild.terms import KG, RDFS_LABEL, compact, expand

_VALUE_PROPERTIES: Final = (KG.claimObject, KG.claimValue, KG.claimedClass)


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One claim of one article: what it says, where, who says it, and how surely."""

    article_title: str
    article_iri: str
    publisher: str  #: name, or ""
    published: str  #: EDTF, or ""
    speaker: str  #: name of who says it, other than the writer, or ""
    polarity: str  #: "affirmed" or "denied"
    certainty: str  #: "actual", "in principle", "planned" or "possible"
    start: int  #: of the quote, in code points of the article's text
    end: int
    quote: str
    predicate: str  #: of the claim, as a prefixed name


def evidence_of(store: ox.Store, query: SavedQuery, row: Mapping[str, Term]) -> tuple[EvidenceRow, ...]:
    """Return the claims behind one row of an answer to `query`, an element of `QueryResult.bindings`.

    They come in the order of the patterns in the query's header; for one pattern by date, article and place.
    """
    found: dict[EvidenceRow, None] = {}
    for pattern in query.evidence:
        terms = [_term(word, row) for word in pattern]
        if None in terms:
            continue  # an optional part of the query that this row does not have
        claims = [terms[0]] if len(terms) == 1 else claims_about(store, *terms)
        rows = [
            evidence for claim in claims if isinstance(claim, str) for evidence in evidence_rows(store, claim)
        ]
        rows.sort(key=lambda e: (e.published, e.article_iri, e.start, e.end, e.predicate, e.speaker))
        found.update(dict.fromkeys(rows))
    return tuple(found)


def distinct_places(rows: Iterable[EvidenceRow]) -> tuple[EvidenceRow, ...]:
    """Return the rows, each place with its speaker and stance once: one sentence may show several facts."""
    found: dict[tuple[object, ...], EvidenceRow] = {}
    for e in rows:
        found.setdefault((e.article_iri, e.start, e.end, e.speaker, e.polarity, e.certainty), e)
    return tuple(found.values())


def _term(word: str, row: Mapping[str, Term]) -> Term | None:
    if word.startswith("?"):
        return row.get(word[1:])
    if word.startswith("<"):
        return word[1:-1]
    return word if word == ANYTHING else expand(word)


def claims_about(
    store: ox.Store, subject: Term | None, predicate: Term | None, value: Term | None
) -> list[Term]:
    """Return the IRIs of the claims that say so, sorted; a `value` of ANYTHING matches any."""
    if not isinstance(subject, str) or not isinstance(predicate, str):
        return []
    found = []
    for quad in store.quads_for_pattern(None, _node(KG.claimSubject), _node(subject)):
        claim = to_term(quad.subject)
        if isinstance(claim, str) and predicate in _objects(store, claim, KG.claimPredicate):
            values = {v for name in _VALUE_PROPERTIES for v in _objects(store, claim, name)}
            if value == ANYTHING or value in values:
                found.append(claim)
    return sorted(found)


def evidence_rows(store: ox.Store, claim: str) -> Iterator[EvidenceRow]:
    """Yield the evidence of one claim, a row a text segment."""
    for segment in _iris(store, claim, KG.evidencedBy):
        for article in _iris(store, segment, KG.segmentOf):
            yield EvidenceRow(
                article_title=_label(store, article),
                article_iri=article,
                publisher=_name(store, article, KG.publishedBy),
                published=_text(store, _one(store, article, KG.publishedAt), KG.edtf),
                speaker=_name(store, claim, KG.attributedTo),
                polarity=_name(store, claim, KG.claimPolarity),
                certainty=_name(store, claim, KG.claimCertainty),
                start=int(_text(store, segment, KG.startOffset) or 0),
                end=int(_text(store, segment, KG.endOffset) or 0),
                quote=_text(store, segment, KG.exactText),
                predicate=", ".join(map(compact, _iris(store, claim, KG.claimPredicate))),
            )


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def _objects(store: ox.Store, subject: str, predicate: str) -> list[Term]:
    if not subject or subject.startswith("_:"):
        return []
    return [to_term(quad.object) for quad in store.quads_for_pattern(_node(subject), _node(predicate), None)]


def _iris(store: ox.Store, subject: str, predicate: str) -> list[str]:
    return sorted(term for term in _objects(store, subject, predicate) if isinstance(term, str))


def _one(store: ox.Store, subject: str, predicate: str) -> str:
    return next(iter(_iris(store, subject, predicate)), "")


def _text(store: ox.Store, subject: str, predicate: str) -> str:
    literals = [term for term in _objects(store, subject, predicate) if isinstance(term, Literal)]
    return min((literal.value for literal in literals), default="")


def _label(store: ox.Store, iri: str) -> str:
    literals = [term for term in _objects(store, iri, RDFS_LABEL) if isinstance(term, Literal)]
    literals.sort(key=lambda literal: (literal.language != "en", literal.value))
    return literals[0].value if literals else iri.rpartition("/")[2]


def _name(store: ox.Store, subject: str, predicate: str) -> str:
    return ", ".join(_label(store, iri) for iri in _iris(store, subject, predicate))
