"""Terms of a graph that the ontology does not have: no shape and no reasoner notices a misspelt property."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from typing import Final

from kgbuild.rdf_files import Key
from kgbuild.terms import CLASSES, NS, RDF_TYPE, TERMS
from kgbuild.validation.report import SH, SHAPES, ValidationResult
from kgbuild.validation.sets.coded_graph import CodedGraph

KNOWN_TERM: Final = SHAPES + "Graph-known-term"


def check_vocabulary(data: CodedGraph) -> tuple[list[ValidationResult], dict[str, int]]:
    """Return a violation for each kg: term in `data` that core.ttl lacks, and how many there are."""
    used: Counter[str] = Counter()
    results = []
    for subject, predicate, value in _named(data):
        is_class = predicate == RDF_TYPE
        term, known = (str(value), CLASSES) if is_class else (predicate, TERMS - CLASSES)
        local = term.removeprefix(NS)
        used[local] += 1
        if local in known:
            continue
        near = difflib.get_close_matches(local, sorted(known), n=1)
        advice = f"use kg:{near[0]}" if near else "use a term of ontology/core.ttl"
        what = "class" if is_class else "property"
        message = f"The ontology has no {what} kg:{local}: {advice}, or add the term there first."
        results.append(
            ValidationResult(
                focus_node=str(subject),
                path=predicate,
                value=str(value) if is_class else None,
                source_shape=KNOWN_TERM,
                component=SH + "ClosedConstraintComponent",
                severity="Violation",
                message=message,
            )
        )
    return results, {KNOWN_TERM: len(used)}


def _named(data: CodedGraph) -> Iterator[tuple[Key, str, Key]]:
    """Yield the triples whose property or class is one of kg:, one for each known property."""
    known = TERMS - CLASSES
    for number in data.predicates():
        predicate = str(data.keys[number])
        if predicate == RDF_TYPE:
            for cls, subjects in data.inverse(number).items():
                if str(data.keys[cls]).startswith(NS):
                    few = subjects[:1] if str(data.keys[cls]).removeprefix(NS) in CLASSES else subjects
                    yield from ((data.keys[s], predicate, data.keys[cls]) for s in few)
        elif predicate.startswith(NS):
            for subject in data.forward(number):
                yield data.keys[subject], predicate, ""
                if predicate.removeprefix(NS) in known:
                    break
