"""Consistency in OWL 2 DL, decided by HermiT.

Claims are left out, because a denied claim is no contradiction, and so are annotations, which the logic
does not see.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kgbuild.reasoning.clashes import clashes
from kgbuild.reasoning.hermit import run_hermit
from kgbuild.reasoning.logic import read_logic
from kgbuild.terms import compact

_SHOWN: Final = 10  #: clashes that a message lists


@dataclass(frozen=True, slots=True)
class ConsistencyReport:
    """Whether ontology and facts can all be true."""

    consistent: bool
    unsatisfiable: tuple[str, ...]  #: IRIs of classes that nothing can belong to, sorted
    message: str  #: what was found, for people; where inconsistent, the clashes that are easy to see


def check_consistency(
    graph_file: Path | None, *, timeout: float = 120, ontology: Path | None = None
) -> ConsistencyReport:
    """Return whether the facts of `graph_file` fit the ontology: vocabulary, alignments and reference data.

    Without a graph file the ontology alone is checked. `timeout` is in seconds; `ontology` is
    a folder with core.ttl and, if any, alignments/ and reference/. Raises ReasoningError when HermiT takes
    longer or cannot read the facts, GraphError and OntologyError for files that are not well-formed.
    """
    logic = read_logic(graph_file, ontology)
    output = run_hermit(logic, timeout)
    if output is None:
        found = sorted({clash.text for clash in clashes(logic)})
        shown = found[:_SHOWN] + ([f"and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else [])
        return ConsistencyReport(False, (), "inconsistent: " + ("; ".join(shown) or "no simple reason found"))
    empty = tuple(sorted(set(re.findall(r"<([^<>]+)>", output))))
    if empty:
        names = ", ".join(compact(iri) for iri in empty)
        return ConsistencyReport(True, empty, f"consistent, but nothing can belong to {names}")
    return ConsistencyReport(True, (), f"consistent: {len(logic)} triples, no class is empty by definition")
