"""What an extractor knows of the world: names of the reference data and what stands for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kgbuild.extract.offices import Offices
from kgbuild.model import Entity


@dataclass(frozen=True)
class Background:
    """Reference data in the form that the rules ask for: by label."""

    entities: Sequence[Entity]
    governments: Mapping[str, str]  #: place -> its government
    makers: Mapping[str, str]  #: branded good -> its maker
    bases: Mapping[str, frozenset[str]]  #: firm -> the places it is based in
    offices: Offices
    governed: Mapping[str, str]  #: body -> the place it governs
    digest: str  #: SHA-256 of the reference data, hexadecimal
