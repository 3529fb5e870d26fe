"""What a thing is linked with, as a drawing that can be walked: each box leads to the page of its thing.

Columns: things that lead here, the thing, things that it leads to, and what those lead to. The order in a
column is that of properties and labels, so the same graph gives the same drawing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kgbuild.serve.pages.links import thing_url
from kgbuild.serve.pages.phrases import APART, place_of, words
from kgbuild.serve.pages.things import Things, shown_name, without_time
from kgbuild.terms import KG, NS

_MOST: Final = 9  #: boxes in a column
_READ: Final = 300
_BOX: Final = (210, 38)
_GAP: Final = (62, 10)
_NAME: Final = 30
#: Properties whose values say how something is, not what it is linked with.
_NO_LINKS: Final = APART | {
    KG.hasStatusRecord, KG.statusRecordOf, KG.statusValue, KG.hasTime, KG.announcedAt, KG.lastsUntil,
    KG.hasQuantity, KG.statementKind, KG.statementPolarity, KG.statementCertainty, KG.moveDirection,
    KG.changeDirection, KG.measureFamily, KG.disruptionKind, KG.publishedAt, KG.hasListing, KG.onExchange,
}  # fmt: skip


#: What articles tell of: acts and happenings.
_ACTS: Final = tuple(
    f"https://w3id.org/kgbuild/id/{kind}/"
    for kind in ("license", "measure", "agreement", "event", "statistic")
)


@dataclass(frozen=True, slots=True)
class Box:
    """A thing in the drawing."""

    x: int
    y: int
    name: str
    title: str
    kind: str
    url: str
    center: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A link in the drawing, from the right side of a box to the left side of another."""

    path: str
    label: str
    x: int
    y: int
    anchor: str  #: which end of the label stands at (x, y)


@dataclass(frozen=True, slots=True)
class Neighborhood:
    """A drawing; all numbers are pixels."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    more: int  #: neighbors for which there was no room


@dataclass(frozen=True, slots=True, order=True)
class _Link:
    place: tuple[int, int]
    words: str
    label: str
    iri: str


def neighborhood(things: Things, iri: str) -> Neighborhood | None:
    """Return the drawing around a thing; None where no fact links it with another."""
    into, out = _into(things, iri), _out(things, iri)
    seen = {iri}
    before = _first_of_each(into, seen)
    after = _first_of_each(out, seen)
    more = max(len(before) - _MOST, 0) + max(len(after) - _MOST, 0)
    before, after = before[:_MOST], after[:_MOST]
    if not before and not after:
        return None
    further: list[tuple[int, _Link]] = []
    for number, link in enumerate(after):
        # of the reference data of places and bodies nothing: it is the same on every page
        found = _first_of_each(_out(things, link.iri), seen) if link.iri.startswith(_ACTS) else []
        further += [(number, deeper) for deeper in found[:3]]
    return _draw(things, iri, before, after, further[:_MOST], more)


def _out(things: Things, iri: str) -> list[_Link]:
    found = (
        _link(things, predicate, value, inverse=False)
        for predicate, values in things.about(iri).items()
        for value in values
        if isinstance(value, str) and _links(predicate) and thing_url(value)
    )
    return sorted(found, key=_order)


def _into(things: Things, iri: str) -> list[_Link]:
    pairs = things.leading_to(iri, _READ)
    found = (_link(things, p, s, inverse=True) for s, p in pairs if _links(p) and thing_url(s))
    return sorted(found, key=_order)


def _order(link: _Link) -> tuple[bool, _Link]:
    """Return a key that puts what happened before reference data."""
    return (not link.iri.startswith(_ACTS), link)


def _links(predicate: str) -> bool:
    return predicate.startswith(NS) and predicate not in _NO_LINKS


def _link(things: Things, predicate: str, iri: str, *, inverse: bool) -> _Link:
    return _Link(
        place_of(predicate, inverse=inverse),
        words(predicate, things.label(predicate), inverse=False),
        things.label(iri),
        iri,
    )


def _first_of_each(links: Iterable[_Link], seen: set[str]) -> list[_Link]:
    kept = []
    for link in links:
        if link.iri not in seen:
            seen.add(link.iri)
            kept.append(link)
    return kept


def _draw(
    things: Things,
    iri: str,
    before: list[_Link],
    after: list[_Link],
    further: list[tuple[int, _Link]],
    more: int,
) -> Neighborhood:
    columns = [c for c in (before, [None], after, [link for _, link in further]) if c]
    tallest = max(map(len, columns))
    height = tallest * (_BOX[1] + _GAP[1]) + _GAP[1]
    step = _BOX[0] + _GAP[0]
    x = 1
    boxes: list[Box] = []
    lines: list[Line] = []
    left = [
        _box(things, link.iri, x, y) for link, y in zip(before, _spread(len(before), height), strict=True)
    ]
    x += step if before else 0
    center = _box(things, iri, x, _spread(1, height)[0], center=True)
    right = [
        _box(things, link.iri, x + step, y)
        for link, y in zip(after, _spread(len(after), height), strict=True)
    ]
    outer = [
        _box(things, link.iri, x + 2 * step, y)
        for (_, link), y in zip(further, _spread(len(further), height), strict=True)
    ]
    lines += [_line(box, center, link.words, near_start=True) for box, link in zip(left, before, strict=True)]
    lines += [
        _line(center, box, link.words, near_start=False) for box, link in zip(right, after, strict=True)
    ]
    lines += [
        _line(right[number], box, link.words, near_start=False)
        for box, (number, link) in zip(outer, further, strict=True)
    ]
    boxes = [*left, center, *right, *outer]
    return Neighborhood(max(b.x for b in boxes) + _BOX[0] + 1, height, tuple(boxes), tuple(lines), more)


def _spread(count: int, height: int) -> list[int]:
    """Return the tops of `count` boxes, in the middle of the height."""
    used = count * (_BOX[1] + _GAP[1]) - _GAP[1]
    return [(height - used) // 2 + n * (_BOX[1] + _GAP[1]) for n in range(count)]


def _box(things: Things, iri: str, x: int, y: int, *, center: bool = False) -> Box:
    label = things.label(iri)
    name = shown_name(without_time(label))
    name = name if len(name) <= _NAME else name[: _NAME - 1].rstrip() + "…"
    return Box(x, y, name, label, things.kind(iri), thing_url(iri), center)


def _line(start: Box, end: Box, label: str, *, near_start: bool) -> Line:
    x1, y1 = start.x + _BOX[0], start.y + _BOX[1] // 2
    x2, y2 = end.x, end.y + _BOX[1] // 2
    bend = _GAP[0] // 2
    path = f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
    # the label stands at the end that has no other lines
    if near_start:
        return Line(path, label, x1 + 3, y1 - 4, "start")
    return Line(path, label, x2 - 3, y2 - 4, "end")
