"""Numbers as texts give them: rounded, hedged, and when two of them can be one."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

#: "nearly 8" can be as little as nine tenths of it; "over 2,600" as much as a quarter more.
_NEARLY: Final = Decimal("0.9")
_MORE: Final = Decimal("1.25")
_ABOUT: Final = Decimal("0.05")


def fineness(number: str, qualifier: str) -> tuple[int, bool]:
    """Return a key by which 7.89 is finer than 7.9, and 8 finer than "nearly 8"."""
    return len(number.partition(".")[2]), qualifier in {"", "exact"}


def agree(a: tuple[str, str], b: tuple[str, str]) -> bool:
    """Return whether two numbers, each with its qualifier, can be one: 7.89, 7.9 and "nearly 8"."""
    x, y = Decimal(a[0]), Decimal(b[0])
    places = min(len(n.partition(".")[2]) for n in (a[0], b[0]))
    if abs(x - y) * 2 <= Decimal(1).scaleb(-places):
        return True
    for value, qualifier, other in ((x, a[1], y), (y, b[1], x)):
        if qualifier in {"nearly", "less-than", "at-most"} and value * _NEARLY <= other <= value:
            return True
        if qualifier in {"more-than", "at-least"} and value <= other <= value * _MORE:
            return True
        if qualifier == "about" and abs(value - other) <= abs(value) * _ABOUT:
            return True
    return False
