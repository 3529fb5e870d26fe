"""The class hierarchy as SVG: a box for each class, those below it to the right, each box a link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from kgbuild.vocabulary.terms_in import Term

_ROW: Final = 26
_BOX: Final = 19
_GAP: Final = 30
_CHARACTER: Final = 7.3  #: width of a character of the font, generously
_PADDING: Final = 8


def class_diagram(classes: Sequence[Term], conditions: Mapping[str, Sequence[str]]) -> str:
    """Return an SVG element of the hierarchy of `classes`, in order of their labels.

    `conditions` maps the IRI of a defined class to those of the classes that its condition names; it is drawn
    below the first of them, with a broken line.
    """
    known = {t.iri: t for t in classes}
    below: defaultdict[str, list[tuple[Term, bool]]] = defaultdict(list)
    for term in sorted(classes, key=lambda t: (t.label, t.iri)):
        uppers = [iri for iri in term.above if iri in known]
        defined = [iri for iri in conditions.get(term.iri, ()) if iri in known]
        parent = (uppers or defined or [""])[0]
        below[parent].append((term, bool(uppers)))
    widths: defaultdict[int, float] = defaultdict(float)
    _measure(below, "", 0, widths)
    lefts = {depth: _left(widths, depth) for depth in widths}
    boxes: list[str] = []
    lines: list[str] = []
    rows = _draw(below, "", 0, 0, lefts, boxes, lines)
    deepest = max(widths, default=0)
    width = round(lefts.get(deepest, 0) + widths[deepest] + 2)
    height = rows * _ROW + 2
    return "\n".join(
        (
            f'<svg class="diagram" role="img" aria-labelledby="diagram-title" viewBox="0 0 {width} {height}"',
            f'width="{width}" height="{height}" xmlns="http://www.w3.org/2000/svg">',
            f'<title id="diagram-title">Hierarchy of {len(classes)} classes, the general to the left</title>',
            *lines,
            *boxes,
            "</svg>",
        )
    )


def _width(term: Term) -> float:
    return round(len(term.label) * _CHARACTER + 2 * _PADDING, 1)


def _measure(
    below: Mapping[str, Sequence[tuple[Term, bool]]], parent: str, depth: int, widths: dict[int, float]
) -> None:
    for term, _ in below.get(parent, ()):
        widths[depth] = max(widths[depth], _width(term))
        _measure(below, term.iri, depth + 1, widths)


def _left(widths: Mapping[int, float], depth: int) -> float:
    return round(sum(widths[d] + _GAP for d in range(depth)) + 1, 1)


def _draw(
    below: Mapping[str, Sequence[tuple[Term, bool]]],
    parent: str,
    depth: int,
    row: int,
    lefts: Mapping[int, float],
    boxes: list[str],
    lines: list[str],
) -> int:
    """Add boxes and lines of all below `parent`, beginning in `row`; return the first free row."""
    for term, stated in below.get(parent, ()):
        left, middle = lefts[depth], row * _ROW + _BOX / 2 + 1
        style = "" if stated or not parent else ' class="defined"'
        boxes.append(
            f'<a href="#{escape(term.local)}"><rect x="{left}" y="{row * _ROW + 1}" width="{_width(term)}" '
            f'height="{_BOX}" rx="3"{style}/>'
            f'<text x="{left + _PADDING}" y="{row * _ROW + 14.5}">{escape(term.label)}</text></a>'
        )
        children = row if below.get(term.iri) else row + 1
        end = _draw(below, term.iri, depth + 1, children, lefts, boxes, lines)
        if below.get(term.iri):
            lines += _branches(below, term, depth, row, lefts, middle)
        row = max(end, row + 1)
    return row


def _branches(
    below: Mapping[str, Sequence[tuple[Term, bool]]],
    term: Term,
    depth: int,
    row: int,
    lefts: Mapping[int, float],
    middle: float,
) -> list[str]:
    """Return the lines from a box to those below it."""
    start, end = lefts[depth] + _width(term), lefts[depth + 1]
    bend = end - _GAP / 2
    found = []
    for child, stated in below[term.iri]:
        y = row * _ROW + _BOX / 2 + 1
        broken = "" if stated else ' class="defined"'
        found.append(f'<path d="M{start} {middle}H{bend}V{y}H{end}"{broken}/>')
        row += _rows(below, child.iri)
    return found


def _rows(below: Mapping[str, Sequence[tuple[Term, bool]]], iri: str) -> int:
    return max(1, sum(_rows(below, child.iri) for child, _ in below.get(iri, ())))
