"""Articles about licenses that firms give each other: patents, designs, software."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kgbuild.extract.units import Sentence

_PRIVATE: Final = frozenset(
    "patent patents royalty royalties infringe infringed infringes infringing infringement copyright "
    "trademark trademarks architecture sublicense licensor franchisee".split()
)
#: Words right before a license that put an article in a world without mines and exports.
_FOREIGN: Final = frozenset(
    "driving driver drivers banking bank crypto cryptocurrency mica telecom telecoms spectrum wireless 5g "
    "4g liquor alcohol taxi gambling casino gaming betting fishing broadcast broadcasting radio premises "
    "e-money fintech insurance brokerage".split()
)
#: How many of these words make an article one about private licenses.
_ENOUGH: Final = 2


def about_private_licenses(sentences: Sequence[Sentence]) -> bool:
    """Return whether the licenses of an article are between firms, as far as its words tell."""
    count = sum(not u.kind and u.low in _PRIVATE for s in sentences for u in s.units)
    return count >= _ENOUGH


def about_foreign_licenses(sentences: Sequence[Sentence]) -> bool:
    """Return whether an article tells of licenses to drive, bank, broadcast and the like."""
    for s in sentences:
        for i, unit in enumerate(s.units):
            named = any(t.cls == "license" and not t.form for t in unit.tags) and not unit.kind
            if named and any(u.low in _FOREIGN for u in s.units[max(0, i - 3) : i]):
                return True
    return False
