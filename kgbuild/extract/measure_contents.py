"""What must be told for a control measure to be one: who imposes it, on what, against whom."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.measure_roles import Found
from kgbuild.extract.units import Sentence
from kgbuild.model import Argument

#: Classes of measures by the family of their noun; the others are export controls.
KINDS: Final = {"tariff": "TariffMeasure", "sanction": "PolicyMeasure", "royalty": "PolicyMeasure"}


def sold_abroad(s: Sentence, found: Found) -> bool:
    """Return whether a control noun is itself on exports: "curbs on software sales to China"."""
    return any(u.has("word.export") for u in s.units[found.noun : min(found.high, found.noun + 6)])


def lacking(
    family: str,
    imposers: list[Argument],
    items: list[Argument],
    targets: list[Argument],
    *,
    about_exports: bool,
    exported: bool,
) -> str:
    """Return why there is too little told for an event, or ""."""
    if family == "tariff":
        return "" if imposers or targets else "a tariff of nobody against nobody"
    if family in KINDS:
        return "" if imposers else f"a {family} of nobody"
    if not imposers and not items:
        return "neither who imposes it nor what it restricts is named"
    if not items and not about_exports and not (imposers and targets and exported):
        return "no material of ours is named, and the article is not about exports"
    return ""
