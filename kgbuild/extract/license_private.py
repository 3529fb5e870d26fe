"""Articles about licenses that firms give each other: patents, designs, software."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kgbuild.extract.units import Sentence

_PRIVATE: Final = frozenset(
    "patent patents royalty royalties infringe infringed infringes infringing infringement copyright "
    "trademark trademarks architecture sublicense licensor franchisee".split()
)
#: How many of these words make an article one about private licenses.
_ENOUGH: Final = 2


def about_private_licenses(sentences: Sequence[Sentence]) -> bool:
    """Return whether the licenses of an article are between firms, as far as its words tell."""
    count = sum(not u.kind and u.low in _PRIVATE for s in sentences for u in s.units)
    return count >= _ENOUGH
