"""Terms of a graph that the ontology does not have: no shape and no reasoner notices a misspelt property."""

from __future__ import annotations

import difflib
from collections import Counter
from typing import Final

from rdflib import RDF, Graph

from kgbuild.terms import CLASSES, NS, TERMS
from kgbuild.validation.report import SH, SHAPES, ValidationResult

KNOWN_TERM: Final = SHAPES + "Graph-known-term"


def check_vocabulary(data: Graph) -> tuple[list[ValidationResult], dict[str, int]]:
    """Return a violation for each kg: term in `data` that core.ttl lacks, and how many there are."""
    used: Counter[str] = Counter()
    results = []
    for subject, predicate, value in data:
        term, known = (value, CLASSES) if predicate == RDF.type else (predicate, TERMS - CLASSES)
        if not str(term).startswith(NS):
            continue
        local = str(term).removeprefix(NS)
        used[local] += 1
        if local in known:
            continue
        near = difflib.get_close_matches(local, sorted(known), n=1)
        advice = f"use kg:{near[0]}" if near else "use a term of ontology/core.ttl"
        what = "class" if predicate == RDF.type else "property"
        message = f"The ontology has no {what} kg:{local}: {advice}, or add the term there first."
        results.append(
            ValidationResult(
                focus_node=str(subject),
                path=str(predicate),
                value=str(value) if what == "class" else None,
                source_shape=KNOWN_TERM,
                component=SH + "ClosedConstraintComponent",
                severity="Violation",
                message=message,
            )
        )
    return results, {KNOWN_TERM: len(used)}
