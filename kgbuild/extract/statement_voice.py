"""What the writer claims without a speaker, where a narrow rule shows that it is a claim of its own."""

from __future__ import annotations

from typing import Final

from kgbuild.extract.grammar import Grammar
from kgbuild.extract.units import Sentence

#: "marks the first public confirmation ...", "is the first signal that ...".
_SIGNS: Final = frozenset(
    "confirmation signal sign indication admission acknowledgment acknowledgement".split()
)
_MARKS: Final = frozenset("marks marked is was represents represented constitutes".split())


def told_by_writer(grammar: Grammar, s: Sentence) -> list[tuple[str, int, int]]:
    """Return (action, low, high) of each claim of the writer in `s`; none in what somebody says."""
    out = []
    for i, unit in enumerate(s.units):
        if unit.low in _SIGNS and not unit.kind:
            near = s.units[max(0, i - 4) : i]
            before = s.units[max(0, i - 7) : i]
            if any(u.low == "first" for u in near) and any(u.low in _MARKS for u in before):
                out.append(("said", 0, _end(s, i)))
        if unit.low == "took" and 0 < i < len(s.units) - 3:
            j = i - 1
            while j > 0 and s.units[j].low in grammar.words["adverbs"] | {"actually", "nevertheless"}:
                j -= 1
            lasted = next(
                (k for k in range(i + 1, min(i + 5, len(s.units))) if s.units[k].kind == "Duration"), None
            )
            follows = (
                lasted is not None and lasted + 1 < len(s.units) and s.units[lasted + 1].low in {"to", "for"}
            )
            if s.units[j].low == "it" and follows:
                out.append(("said", j, _end(s, i)))
    return out


def _end(s: Sentence, i: int) -> int:
    """Return the end of the clause around unit `i`."""
    for k in range(i + 1, len(s.units)):
        opens = s.units[k].text == "," and k + 1 < len(s.units)
        if s.units[k].text == ";" or (
            opens and s.units[k + 1].low in {"though", "although", "but", "while", "and"}
        ):
            return k
    return len(s.units)
