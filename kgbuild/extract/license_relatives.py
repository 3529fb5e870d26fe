"""Holders that stand beside the word for what they are to another firm.

"its partner, Example Consulting, which was given a permit", "the license of its venture, Example Mining".
"""

from __future__ import annotations

from typing import Final

from kgbuild.extract.license_scenes import Scene
from kgbuild.extract.units import FIRM, Sentence
from kgbuild.model import Argument

_OWN: Final = frozenset({"its", "their", "his", "her", "whose", "'s", "’s"})
_KIN: Final = frozenset(
    "partner venture subsidiary unit affiliate arm associate parent rival sister contractor supplier "
    "company licensee holding".split()
)
_RELATIVE: Final = frozenset({"which", "who", "that"})
_BACK: Final = 5  #: units from the word for the kin back to its possessive


def apposed(text: str, scene: Scene, found: list[Argument]) -> list[Argument]:
    """Return `found` with the firm that an apposition names as holder in place of the one it belongs to."""
    s, noun = scene.s, scene.noun
    name = None
    if scene.frame.subject == "holder" or scene.frame.noun == "subject":
        name = _before_relative(s, scene.group.first)
    if name is None and noun is not None:
        name = _behind_license(s, noun.at)
    if name is None:
        return found
    low, high = name
    unit = s.units[low]
    known = high == low + 1 and unit.kind == FIRM
    start, end = unit.start, s.units[high - 1].end
    words = text[start:end]
    step = "" if known else "named beside what it is to another firm"
    holder = Argument("holder", FIRM, words, start, end, unit.name if known else words, derivation=step)
    return [*(a for a in found if a.role != "holder"), holder]


def _before_relative(s: Sentence, first: int) -> tuple[int, int] | None:
    """Return the name in "its partner, Example Consulting, which was given", whose verb begins at `first`."""
    k = next((k for k in range(first, max(1, first - 3), -1) if s.units[k].low in _RELATIVE), 0)
    if k < 4 or s.units[k - 1].text != ",":
        return None
    comma = next((i for i in range(k - 2, max(0, k - 9), -1) if s.units[i].text == ","), 0)
    return (comma + 1, k - 1) if comma and _kin(s, comma) and _is_name(s, comma + 1, k - 1) else None


def _behind_license(s: Sentence, at: int) -> tuple[int, int] | None:
    """Return the name in "the license of its joint venture, Example Mining"."""
    if at + 4 >= len(s.units) or s.units[at + 1].low not in {"of", "held", "owned"}:
        return None
    comma = next((i for i in range(at + 2, min(len(s.units) - 1, at + 9)) if s.units[i].text == ","), 0)
    if not comma or not _kin(s, comma):
        return None
    high = comma + 1
    while high < len(s.units) and _named(s, high):
        high += 1
    closed = high == len(s.units) or s.units[high].text in {",", ".", ";"}
    return (comma + 1, high) if closed and _is_name(s, comma + 1, high) else None


def _kin(s: Sentence, comma: int) -> bool:
    """Return whether the phrase that ends at a comma tells what a firm is to another: "its local unit,"."""
    words = s.units[comma - 1].low.split()
    return bool(words) and words[-1] in _KIN and any(
        u.low in _OWN for u in s.units[max(0, comma - _BACK) : comma - 1]
    )  # fmt: skip


def _named(s: Sentence, i: int) -> bool:
    unit = s.units[i]
    return unit.kind == FIRM or unit.text == "-" or (unit.text[:1].isupper() and unit.kind != "Time")


def _is_name(s: Sentence, low: int, high: int) -> bool:
    """Return whether units [low, high) are the name of one firm."""
    one = high == low + 1
    return low < high and all(_named(s, i) for i in range(low, high)) and (
        s.units[low].kind == FIRM if one and s.units[low].kind else not s.units[low].kind or not one
    )  # fmt: skip
