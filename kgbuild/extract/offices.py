"""Who holds which office: what the ontology tells of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Offices:
    """Offices of people, by the preferred label of the person."""

    governments: Mapping[str, str] = field(default_factory=dict)  #: label of the government they act for
    employers: Mapping[str, str] = field(default_factory=dict)  #: label of the firm they run
    leaders: frozenset[str] = frozenset()  #: heads of a state, a government or the European Union
