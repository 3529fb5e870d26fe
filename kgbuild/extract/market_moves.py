"""A share move before its arguments are looked for."""

from __future__ import annotations

from dataclasses import dataclass

from kgbuild.extract.stance import Stance
from kgbuild.extract.units import Unit
from kgbuild.model import Argument


@dataclass(frozen=True, slots=True)
class Move:
    """Whose share went which way, by how much, told where in the sentence."""

    at: int  #: unit of the verb or noun
    direction: str
    rule: str
    movers: tuple[tuple[Argument, Unit | None], ...]  #: firm and percentage
    stance: Stance


def is_percent(unit: Unit) -> bool:
    """Return whether a unit is a percentage."""
    return unit.amount is not None and unit.amount.kind == "percent"
