"""What is told of one firm and said to hold for others: "X was given a license; so were Y and Z"."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kgbuild.extract.arguments import named
from kgbuild.extract.grammar import Grammar
from kgbuild.extract.units import FIRM, Sentence
from kgbuild.model import Event

_SAME: Final = frozenset({"so", "as"})
_NEITHER: Final = frozenset({"nor", "neither"})
_ACTING: Final = frozenset("did does do was were is are has have had".split())
_TOO: Final = frozenset({"too", "also", "likewise"})
#: Roles that the other firms share.
_SHARED: Final = frozenset({"issuer", "kind", "material", "announced", "validity", "destination"})


def likewise(grammar: Grammar, s: Sentence, after: int, event: Event) -> list[Event]:
    """Return `event`, told by the verb at unit `after`, for the firms that "so did" joins to it."""
    for k in range(after + 1, len(s.units) - 2):
        opener, acts = s.units[k].low, s.units[k + 1].low in _ACTING
        turned = opener in _NEITHER and event.polarity == "denied"
        if s.units[k].kind or not acts or not (opener in _SAME or turned):
            continue
        firms, end = _firms(grammar, s, k + 2)
        if firms and _closes(s, end):
            return _again(s, firms, event)
    return []


def _firms(grammar: Grammar, s: Sentence, low: int) -> tuple[list[int], int]:
    """Return the firms of the list that begins at unit `low`, and where it ends."""
    firms: list[int] = []
    i = low
    while i < len(s.units):
        unit = s.units[i]
        if unit.kind == FIRM and not grammar.possessive(s, i):
            firms.append(i)
        elif not (unit.kind == "Ticker" or unit.text == "," or unit.low in {"and", "the"}):
            break
        i += 1
    return firms, i


def _closes(s: Sentence, end: int) -> bool:
    """Return whether nothing that could be another verb follows a list."""
    behind = s.units[end] if end < len(s.units) else None
    return behind is None or not behind.is_word or behind.low in {"in", "on", "for", "last"} | _TOO


def _again(s: Sentence, firms: list[int], event: Event) -> list[Event]:
    kept = [
        replace(a, inferred=True, derivation="shared by the verb before")
        for a in event.arguments
        if a.role in _SHARED
    ]
    held = [named("holder", s.units[i]) for i in firms]
    if {h.name for h in held} & {h.name for h in event.of("holder")}:
        return []
    return [replace(event, arguments=tuple(sorted({*kept, *held})), rule="license-likewise")]
