"""The page of the ontology: classes and properties that the graph is written in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kgbuild.serve.pages.things import Things
from kgbuild.terms import NS, OWL, RDF_TYPE, RDFS, SKOS

_KINDS: Final = (
    ("Classes", "Class"),
    ("Object properties", "ObjectProperty"),
    ("Data properties", "DatatypeProperty"),
    ("Annotation properties", "AnnotationProperty"),
)


@dataclass(frozen=True, slots=True)
class Term:
    """A class or property."""

    name: str  #: local name
    label: str
    definition: str
    above: tuple[str, ...]  #: local names of what is broader
    domain: tuple[str, ...]
    range: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShowVocabulary:
    """The terms of the ontology, by kind."""

    def __call__(self, store: ox.Store) -> tuple[tuple[str, tuple[Term, ...]], ...]:
        """Return the terms that `store` holds."""
        things = Things(store)
        found = []
        for title, kind in _KINDS:
            pairs = things.leading_to(OWL + kind, 100_000, RDF_TYPE)
            iris = sorted({iri for iri, _ in pairs if iri.startswith(NS)})
            if iris:
                found.append((title, tuple(_term(things, iri) for iri in iris)))
        return tuple(found)


def _term(things: Things, iri: str) -> Term:
    about = things.about(iri)
    definition = things.text(iri, SKOS + "definition") or things.text(iri, RDFS + "comment")
    above = [*about.get(RDFS + "subClassOf", ()), *about.get(RDFS + "subPropertyOf", ())]
    return Term(
        iri.removeprefix(NS),
        things.label(iri),
        definition,
        _local(above),
        _local(about.get(RDFS + "domain", [])),
        _local(about.get(RDFS + "range", [])),
    )


def _local(terms: Iterable[object]) -> tuple[str, ...]:
    """Return the local names of terms of the ontology, sorted; unnamed classes are left out."""
    return tuple(sorted(str(t).removeprefix(NS) for t in terms if isinstance(t, str) and t.startswith(NS)))
