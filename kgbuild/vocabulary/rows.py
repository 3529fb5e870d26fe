"""What a check of the ontology finds, in the columns that ROBOT's report has too."""

from __future__ import annotations

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

    @property
    def order(self) -> tuple[int, str, str, str, str]:
        """Return a key that puts errors first and those of one check together."""
        return (SEVERITIES.index(self.severity), self.check, self.entity, self.property, self.value)
