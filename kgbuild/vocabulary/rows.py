"""What a check of the ontology finds, in the columns that ROBOT's report has too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

SEVERITIES: Final = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is not as it should be."""

    entity: str  #: prefixed name or IRI
    property: str  #: the property that is wrong or missing, prefixed
    value: str  #: what it has, or what is missing
    severity: str  #: "error", "warning" or "info"
    check: str  #: name of the check, such as "several-labels"


def in_order(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows, each once: errors first, those of one check together."""
    return tuple(
        sorted(
            set(rows),
            key=lambda r: (SEVERITIES.index(r.severity), r.check, r.entity, r.property, r.value),
        )
    )
