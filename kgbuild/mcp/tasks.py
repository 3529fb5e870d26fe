"""What the tools ask of the store: the vocabulary in use, things by name, the claims that say a fact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kgbuild.errors import QueryError
from kgbuild.knowledge_graph.tasks import labels_of
from kgbuild.model import Literal, Term
from kgbuild.ontology import name_key
from kgbuild.query.evidence import EvidenceRow, claims_about, distinct_places, evidence_rows
from kgbuild.query.names import about, instances, resolve_name
from kgbuild.query.running import run_sparql
from kgbuild.query.saved import ANYTHING
from kgbuild.store import to_term
from kgbuild.terms import (
    KG,
    NS,
    OWL,
    RDF,
    RDF_TYPE,
    RDFS,
    RDFS_LABEL,
    SKOS,
    SKOS_ALT,
    SKOS_PREF,
    TERMS,
    compact,
)

_NAMES: Final = (
    RDFS_LABEL,
    SKOS_PREF,
    SKOS_ALT,
    KG.metonym,
    KG.demonym,
    KG.isoCode,
    KG.elementSymbol,
    KG.ticker,
)
#: Classes of things that tell how something is known; nobody looks for them by name.
_APART: Final = (KG.Claim, KG.TextSegment, KG.ExtractionRun, KG.TimeExtent, KG.Quantity, KG.StatusRecord)
_CUTOFF: Final = 75.0  #: of 100
_SHORTEST: Final = 4  #: characters of a name that is found by likeness
_LONGEST: Final = 300  #: characters of a name that are compared; likeness of long texts takes long
_COUNTS: Final = {
    "class": "SELECT ?term (COUNT(*) AS ?n) { ?s a ?term } GROUP BY ?term",
    "property": "SELECT ?term (COUNT(*) AS ?n) { ?s ?term ?o } GROUP BY ?term",
}


@dataclass(frozen=True, slots=True)
class Described:
    """A term of the vocabulary."""

    name: str  #: prefixed
    kind: str  #: "class" or "property"
    label: str
    definition: str
    above: tuple[str, ...]  #: classes or properties above it
    domain: str
    range: str
    uses: int  #: things of the class, or triples of the property


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of the vocabulary that the graph uses."""

    def __call__(self, store: ox.Store) -> tuple[Described, ...]:
        """Return them, classes first, each kind in order of name."""
        found = []
        for kind, query in _COUNTS.items():
            counts = {
                str(term): int(n.value) for term, n in run_sparql(store, query).rows if isinstance(n, Literal)
            }
            found += [
                self._describe(store, iri, kind, uses)
                for iri, uses in sorted(counts.items())
                if iri.startswith(NS)
            ]
        return tuple(found)

    def _describe(self, store: ox.Store, iri: str, kind: str, uses: int) -> Described:
        above = _iris(store, iri, RDFS + ("subClassOf" if kind == "class" else "subPropertyOf"))
        return Described(
            compact(iri),
            kind,
            _text(store, iri, RDFS_LABEL),
            _text(store, iri, SKOS + "definition") or _text(store, iri, RDFS + "comment"),
            tuple(map(compact, above)),
            " or ".join(map(compact, _iris(store, iri, RDFS + "domain"))),
            " or ".join(map(compact, _iris(store, iri, RDFS + "range"))),
            uses,
        )


@dataclass(frozen=True, slots=True)
class FoundThing:
    """A thing whose name is like the one that was asked for."""

    iri: str
    label: str
    classes: tuple[str, ...]
    matched: str  #: the name that is alike
    likeness: float  #: 0 to 100; 100 for the same name without regard to case, dots, hyphens and accents


@dataclass(frozen=True, slots=True)
class FindThings:
    """Things by a name or a part of one."""

    name: str
    class_: str | None
    limit: int

    def __call__(self, store: ox.Store) -> tuple[FoundThing, ...]:
        """Return the things with the likest names, the likest first."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - in the worker only

        apart = {iri for name in _APART for iri in instances(store, name)}
        wanted = None if self.class_ is None else set(instances(store, self.class_))
        names = [
            (name, iri)
            for name, iri in sorted(set(_named(store)))
            if iri not in apart and not iri.startswith(NS) and (wanted is None or iri in wanted)
        ]
        key = name_key(self.name)
        keys = (name_key(name[:_LONGEST]) for name, _ in names)
        # a code of two letters is like any word that has them
        others = [other if len(other) >= _SHORTEST or other == key else None for other in keys]
        alike = process.extract(key, others, scorer=fuzz.WRatio, limit=None, score_cutoff=_CUTOFF)
        best: dict[str, tuple[float, str]] = {}
        for other, score, index in alike:
            name, iri = names[index]
            likeness = 100.0 if other == key else min(score, 99.0)
            if iri not in best or (-likeness, name) < (-best[iri][0], best[iri][1]):
                best[iri] = (likeness, name)
        articles = set(instances(store, KG.Article))  # a headline has many names in it

        def place(item: tuple[str, tuple[float, str]]) -> tuple[float, bool, int, str]:
            iri, (likeness, name) = item
            return -likeness, iri in articles, len(name), iri

        ordered = sorted(best.items(), key=place)[: self.limit]
        labels = labels_of(store, [iri for iri, _ in ordered])
        return tuple(
            FoundThing(iri, labels.get(iri, name), tuple(_classes(store, iri)), name, round(likeness, 1))
            for iri, (likeness, name) in ordered
        )


@dataclass(frozen=True, slots=True)
class FactEvidence:
    """The claims that say a fact."""

    subject: str  #: each a name, a prefixed name or an IRI
    predicate: str
    value: str | None  #: None for any; the text of a literal will do

    def __call__(self, store: ox.Store) -> tuple[EvidenceRow, ...]:
        """Return the places of all claims that say so, in order of article and place.

        Raises QueryError for a name that is unknown or ambiguous, and for an IRI of which the graph says
        nothing: that no article says so would be a misleading answer to a misspelt name.
        """
        subject, predicate = _known(store, resolve_name(store, self.subject)), self._predicate(store)
        claims: set[Term] = set()
        for value in (ANYTHING,) if self.value is None else self._values(store, subject, predicate):
            claims.update(claims_about(store, subject, predicate, value))
        rows = {row for claim in claims if isinstance(claim, str) for row in evidence_rows(store, claim)}
        return distinct_places(
            sorted(rows, key=lambda e: (e.published, e.article_iri, e.start, e.end, e.speaker))
        )

    def _predicate(self, store: ox.Store) -> str:
        if self.predicate == "a":
            return RDF_TYPE
        if self.predicate in TERMS:
            return NS + self.predicate
        return _known(store, resolve_name(store, self.predicate))

    def _values(self, store: ox.Store, subject: str, predicate: str) -> list[Term]:
        """Return the thing that `value` names, or the literals that are claimed and have it as text."""
        assert self.value is not None  # noqa: S101 - the caller looked
        about = {
            quad.subject
            for quad in store.quads_for_pattern(None, _node(KG.claimSubject), _node(subject))
            if next(store.quads_for_pattern(quad.subject, _node(KG.claimPredicate), _node(predicate)), None)
        }
        told = (
            quad.object
            for claim in about
            for quad in store.quads_for_pattern(claim, _node(KG.claimValue), None)
        )
        literals = {
            to_term(value) for value in told if isinstance(value, ox.Literal) and value.value == self.value
        }
        if literals:
            return sorted(literals, key=str)
        if self.value in TERMS:
            return [NS + self.value]
        return [_known(store, resolve_name(store, self.value))]


def _known(store: ox.Store, iri: str) -> str:
    _, note = about(store, iri)
    if note:
        raise QueryError(note)
    return iri


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def _named(store: ox.Store) -> Iterator[tuple[str, str]]:
    for predicate in _NAMES:
        for quad in store.quads_for_pattern(None, _node(predicate), None):
            if isinstance(quad.object, ox.Literal) and isinstance(quad.subject, ox.NamedNode):
                yield quad.object.value, quad.subject.value


def _classes(store: ox.Store, iri: str) -> list[str]:
    return [compact(name) for name in _iris(store, iri, RDF + "type") if not name.startswith(OWL)]


def _iris(store: ox.Store, iri: str, predicate: str) -> list[str]:
    quads = store.quads_for_pattern(_node(iri), _node(predicate), None)
    return sorted(quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode))


def _text(store: ox.Store, iri: str, predicate: str) -> str:
    quads = store.quads_for_pattern(_node(iri), _node(predicate), None)
    literals = [quad.object for quad in quads if isinstance(quad.object, ox.Literal)]
    return min(literals, key=lambda x: (x.language != "en", x.value)).value if literals else ""


def class_iri(name: str) -> str | None:
    """Return the class that a tool is asked for, "" for none. Raises QueryError where there is none."""
    local = name.removeprefix("kg:").removeprefix(NS)
    if not local:
        return None
    if local not in TERMS:
        raise QueryError(f"the vocabulary has no class {name!r}; the tool schema lists the classes")
    return NS + local
