"""Checks of reference data: one class, one English name, and no name that means two things of one family."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rdflib import RDF, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from kgbuild.ontology import name_key
from kgbuild.terms import KG, NS, compact
from kgbuild.vocabulary.rows import Row
from kgbuild.vocabulary.terms_in import climb

#: Families of kinds: a name that two members of one share says too little. Kinds not named are their own.
_FAMILIES: Final = ("Organization", "Person", "Place", "Material", "ElementGroup", "EndUse")
#: A place and the place it lies in, or is the whole of, are told apart by the kind that a text asks for.
_TOLD_APART: Final = frozenset(
    ("Country", "WorldRegion", "Subdivision", "City", "Site", "Government", "Regulator")
)


def check_individuals(reference: Graph, above: Mapping[str, tuple[str, ...]]) -> Iterator[Row]:
    """Yield what is wrong with the individuals of `reference`; `above` has the superclasses of each class."""
    names: defaultdict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
    for node in sorted({s for s in reference.subjects() if isinstance(s, URIRef)}, key=str):
        entity = compact(str(node))
        classes = sorted(str(c) for c in reference.objects(node, RDF.type) if str(c).startswith(NS))
        if len(classes) != 1:
            shown = ", ".join(map(compact, classes)) or "none"
            yield Row(entity, "rdf:type", shown, "error", "one-class-is-wanted")
        for cls in classes:
            if cls not in above:
                yield Row(entity, "rdf:type", compact(cls), "error", "class-is-not-declared")
        labels = [v for v in reference.objects(node, SKOS.prefLabel) if isinstance(v, Literal)]
        english = [v for v in labels if v.language == "en"]
        if len(english) != 1:
            shown = "; ".join(sorted(english)) or "none"
            yield Row(entity, "skos:prefLabel", shown, "error", "one-english-name-is-wanted")
        for language in sorted({v.language or "" for v in labels} - {"en"}):
            if sum((v.language or "") == language for v in labels) > 1:
                yield Row(entity, "skos:prefLabel", f"several in {language!r}", "error", "several-names")
        if classes:
            family = _family(classes[0], above, sorted(reference.objects(node, URIRef(KG.governs)), key=str))
            for predicate in (SKOS.prefLabel, SKOS.altLabel):
                for value in reference.objects(node, predicate):
                    key = name_key(str(value))
                    preferred = predicate == SKOS.prefLabel
                    names[family, key][entity] = names[family, key].get(entity, False) or preferred
    yield from _ambiguous(names)


def _family(cls: str, above: Mapping[str, tuple[str, ...]], governs: Sequence[Node]) -> str:
    """Return the family of a thing; a "foreign ministry" is told apart by the place that a text is about."""
    reached = {iri.removeprefix(NS) for iri in climb(cls, above)}
    own = cls.removeprefix(NS)
    if "PublicBody" in reached and governs:
        return f"{own} of {compact(str(governs[0]))}"
    if own in _TOLD_APART:
        return own
    return next((family for family in _FAMILIES if family in reached), own)


def _ambiguous(names: Mapping[tuple[str, str], Mapping[str, bool]]) -> Iterator[Row]:
    for (family, key), users in sorted(names.items()):
        if len(users) > 1:
            both = sum(users.values()) > 1
            first, *others = users
            for other in others:
                yield Row(
                    other,
                    "skos:prefLabel" if users[other] else "skos:altLabel",
                    f"{key!r} names {first} too ({family})",
                    "error" if both else "warning",
                    "name-of-two-things",
                )
