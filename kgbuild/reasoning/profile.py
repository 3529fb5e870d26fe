"""Whether ontology and facts keep to a profile of OWL 2, by the checkers of the OWL API in HermiT's jar.

They have no command line, so JPype calls them; it is optional, as few users change the ontology.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kgbuild.errors import ReasoningError
from kgbuild.rdf_files import read_keys
from kgbuild.reasoning.jvm import has_jpype, warm_jvm
from kgbuild.reasoning.logic import Nodes, ontology_files
from kgbuild.reasoning.rdf_xml import to_rdf_xml

#: Name of a profile -> class of the OWL API that checks it.
PROFILES: Final = {
    "DL": "OWL2DLProfile",
    "RL": "OWL2RLProfile",
    "EL": "OWL2ELProfile",
    "QL": "OWL2QLProfile",
}


@dataclass(frozen=True, slots=True, order=True)
class ProfileViolation:
    """One thing that a profile does not allow."""

    profile: str  #: "DL", "RL", "EL" or "QL"
    text: str  #: as the OWL API words it


def check_profile(
    graph_file: Path | None,
    *,
    profiles: tuple[str, ...] = ("DL",),
    timeout: float = 120,
    ontology: Path | None = None,
) -> tuple[ProfileViolation, ...]:
    """Return what the profiles do not allow in ontology and graph, claims and annotations included.

    Sorted, none where the profiles hold. `timeout` is in seconds. Raises ReasoningError where JPype is not
    installed or Java does not answer, GraphError and OntologyError as `check_consistency`.
    """
    if not has_jpype():
        raise ReasoningError(
            "the profile checker needs JPype1, which is not installed; install it with: "
            "pip install 'kgbuild[profile]'"
        )
    files = [*ontology_files(ontology), *([] if graph_file is None else [graph_file])]
    nodes = Nodes()
    text = to_rdf_xml(map(nodes.triple, read_keys(files)))
    with warm_jvm() as jvm:
        answer = jvm.ask({"rdf": text, "profiles": [PROFILES[p] for p in profiles]}, timeout)
    names = {cls: name for name, cls in PROFILES.items()}
    return tuple(sorted({ProfileViolation(names[cls], text) for cls, text in answer["violations"]}))
