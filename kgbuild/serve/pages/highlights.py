"""A text cut at every boundary of what is marked in it, so that marks may overlap and offsets stay exact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Range:
    """Characters [start, end) that are marked as `name`."""

    start: int
    end: int
    name: int  #: number of what it marks


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters in which nothing begins or ends; the pieces of a text put together are the text."""

    text: str
    start: int
    places: tuple[int, ...]  #: numbers of the places that it lies in
    mention: int  #: number of the shortest mention that it lies in, or -1
    rejected: tuple[int, ...]
    asked: bool
    begins: tuple[int, ...]  #: numbers of the places that begin here
    first_asked: bool  #: the asked range begins here
    rejections_begin: tuple[int, ...]


def cut(
    text: str,
    places: Sequence[Range],
    mentions: Sequence[Range] = (),
    rejected: Sequence[Range] = (),
    asked: Range | None = None,
) -> tuple[Piece, ...]:
    """Return the pieces of `text`, in order. What lies outside of the text is cut off.

    A range without a character marks nothing; a place of that kind begins in the piece after it.
    """
    size = len(text)
    marked = [r for r in (*places, *mentions, *rejected, *([asked] if asked else [])) if 0 <= r.start < size]
    bounds = sorted({0, size, *(r.start for r in marked), *(min(max(r.end, r.start), size) for r in marked)})
    pieces = []
    for start, end in pairwise(bounds):
        inside = _Inside(start, end)
        near = inside.of(mentions)
        best = min(near, key=lambda r: (r.end - r.start, r.start, r.name), default=None)
        pieces.append(
            Piece(
                text[start:end],
                start,
                tuple(sorted(r.name for r in inside.of(places))),
                best.name if best else -1,
                tuple(sorted(r.name for r in inside.of(rejected))),
                asked is not None and bool(inside.of([asked])),
                tuple(r.name for r in places if r.start == start),
                asked is not None and asked.start == start,
                tuple(r.name for r in rejected if r.start == start),
            )
        )
    return tuple(pieces)


@dataclass(frozen=True, slots=True)
class _Inside:
    start: int
    end: int

    def of(self, ranges: Iterable[Range]) -> list[Range]:
        return [r for r in ranges if r.start <= self.start and self.end <= r.end]
