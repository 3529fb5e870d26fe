"""Elements inside the names of their compounds: "dysprosium oxide" speaks of dysprosium too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kgbuild.extract.units import MATERIALS, Unit
from kgbuild.model import Mention

#: What is sold, licensed or controlled as the element itself.
_FORMS: Final = frozenset(
    """oxide oxides dioxide trioxide carbonate chloride hydroxide sulfate sulphate nitride arsenide phosphide
    antimonide carbide metal metals ingot ingots powder powders compound compounds ore ores concentrate
    concentrates substrates wafers products alloys""".split()
)


def contained_element(unit: Unit, element: Callable[[str], tuple[str, str] | None]) -> Mention | None:
    """Return the mention of the element that a compound or product is called after, or None.

    `element` tells kind and label of a word that names an element or mineral.
    """
    word, _, form = unit.text.partition(" ")
    if unit.kind not in MATERIALS or form.lower() not in _FORMS:
        return None
    found = element(word.lower())
    if found is None or found[1] == unit.name:
        return None
    kind, label = found
    return Mention(unit.start, unit.start + len(word), word, kind, label, f"part of {unit.text}")
