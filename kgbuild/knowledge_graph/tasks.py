"""What is asked of the store, as values that travel to the process that holds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kgbuild.errors import QueryError
from kgbuild.knowledge_graph.values import literal_text
from kgbuild.model import Term
from kgbuild.query.answers import Answer, Question
from kgbuild.query.evidence import EvidenceRow, distinct_places, evidence_of
from kgbuild.query.explanation import Explanation, explain
from kgbuild.query.names import resolve_name
from kgbuild.query.running import run_sparql
from kgbuild.query.saved import SavedQuery
from kgbuild.terms import RDFS_LABEL

_ARTICLES: Final = """
SELECT ?article (SAMPLE(?name) AS ?title) (SAMPLE(?house) AS ?publisher) (SAMPLE(?day) AS ?published)
  (SAMPLE(?address) AS ?url) (SAMPLE(?tag) AS ?language) (SAMPLE(?hash) AS ?sha256)
WHERE {
  ?article a kg:Article .
  OPTIONAL { ?article rdfs:label ?name }
  OPTIONAL { ?article kg:publishedBy/rdfs:label ?house }
  OPTIONAL { ?article kg:publishedAt/kg:edtf ?day }
  OPTIONAL { ?article kg:sourceUrl ?address }
  OPTIONAL { ?article kg:language ?tag }
  OPTIONAL { ?article kg:textDigest ?hash }
}
GROUP BY ?article
ORDER BY ?article
"""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question, answered with the labels of all things in the answer."""

    question: Question

    def __call__(self, store: ox.Store) -> tuple[Answer, dict[str, str]]:
        """Return the answer of `store`, and labels by IRI."""
        answer = self.question(store)
        terms = {t for row in answer.result.bindings for t in row.values() if isinstance(t, str)}
        return answer, labels_of(store, sorted(terms))


@dataclass(frozen=True, slots=True)
class FindEvidence:
    """The places behind rows of an answer to `query`."""

    query: SavedQuery
    rows: tuple[Mapping[str, Term], ...]

    def __call__(self, store: ox.Store) -> tuple[tuple[EvidenceRow, ...], ...]:
        """Return the places of each row."""
        return tuple(distinct_places(evidence_of(store, self.query, row)) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Resolve:
    """A thing by its name."""

    name: str
    class_: str | None = None  #: IRI of a class that it must be of

    def __call__(self, store: ox.Store) -> tuple[str, str]:
        """Return IRI and label of what has the name. Raises QueryError as `resolve_name` does."""
        iri = resolve_name(store, self.name, self.class_)
        return iri, labels_of(store, [iri]).get(iri, "")


@dataclass(frozen=True, slots=True)
class Explain:
    """All about one thing."""

    name: str

    def __call__(self, store: ox.Store) -> Explanation:
        """Return what the graph says of it. Raises QueryError where that is nothing."""
        found = explain(store, resolve_name(store, self.name))
        if not found.statements and not found.classes:
            raise QueryError(f"the graph tells nothing of {found.iri}")
        return found


@dataclass(frozen=True, slots=True)
class ListArticles:
    """The articles of a graph, as rows of text in the order of `kept.ArticleEntry`."""

    def __call__(self, store: ox.Store) -> tuple[tuple[str, ...], ...]:
        """Return them in order of their IRIs."""
        return tuple(tuple(map(literal_text, row)) for row in run_sparql(store, _ARTICLES).rows)


def labels_of(store: ox.Store, iris: Iterable[str]) -> dict[str, str]:
    """Return the label of each of `iris` that has one, in English where there is one."""
    found: dict[str, str] = {}
    predicate = ox.NamedNode(RDFS_LABEL)
    for iri in iris:
        if iri.startswith("_:"):
            continue
        literals = [
            quad.object
            for quad in store.quads_for_pattern(ox.NamedNode(iri), predicate, None)
            if isinstance(quad.object, ox.Literal)
        ]
        if literals:
            found[iri] = min(literals, key=lambda x: (x.language != "en", x.value)).value
    return found
