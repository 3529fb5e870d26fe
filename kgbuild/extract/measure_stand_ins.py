"""Words of a measure that stand for materials named before: "the critical minerals"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kgbuild.extract.units import MATERIALS, Sentence
from kgbuild.model import Argument

#: Groups whose members every text has in mind for itself.
GENERIC: Final = frozenset({"critical minerals", "minor metals", "chipmaking metals", "battery minerals"})
_POINTING: Final = frozenset({"the", "these", "those", "such"})


def named_before(s: Sentence, items: Sequence[Argument]) -> list[Argument]:
    """Return `items`; a group that points back is replaced by what the sentence names before it.

    "China, the main source of heavy rare earths, put controls on the critical minerals".
    """
    out: list[Argument] = []
    for item in items:
        at = next((k for k, u in enumerate(s.units) if u.start == item.start), 0)
        points = at > 0 and item.name in GENERIC and s.units[at - 1].low in _POINTING
        meant = [u for u in s.units[:at] if u.kind in MATERIALS and u.name not in GENERIC] if points else []
        if not meant:
            out.append(item)
            continue
        note = f"coreference: the {item.text} = {meant[-1].text}"
        out.append(replace(item, kind=meant[-1].kind, name=meant[-1].name, inferred=True, derivation=note))
    return out
