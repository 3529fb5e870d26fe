"""Lines of an article: what is text, what is page furniture, where headlines and list items are.

Nothing is removed: page furniture is marked, so that offsets count the kept text.
"""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass

from kgbuild.extract.lexicon import Lexicon
from kgbuild.model import Span

_BULLET = re.compile(r"\s*(?:[-*•·–—▪◦]|\d{1,2}[.)])\s+")
_MARKDOWN = re.compile(r"#{1,6}\s+")
_TERMINAL = re.compile(r"[.!?:;…][\"'”’)\]]*\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that no sentence crosses the border of: a paragraph, a headline or a list item."""

    start: int
    end: int
    kind: str  #: "headline", "text" or "item"
    heading: Span | None = None  #: for an item: a line "June 5, 2025:" right above it


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks of a text in order, and the characters that are page furniture."""

    blocks: tuple[Block, ...]
    noise: tuple[tuple[Span, str], ...]  #: span and id of the boilerplate pattern


def _lines(text: str) -> list[Span]:
    spans, start = [], 0
    for match in re.finditer(r"\r\n|\n|\r", text):
        spans.append(Span(start, match.start()))
        start = match.end()
    spans.append(Span(start, len(text)))
    return spans


def _hard_wrapped(lines: list[str]) -> bool:
    """Return whether line ends are mere wrapping: many lines of like length that end in mid-sentence."""
    full = [line for line in lines if len(line) > 40]
    if len(full) < 4:
        return False
    lengths = [len(line) for line in full]
    open_ended = sum(not _TERMINAL.search(line) for line in full) / len(full)
    return statistics.median(lengths) < 110 and max(lengths) < 130 and open_ended > 0.6


def lay_out(text: str, lexicon: Lexicon) -> Layout:
    """Return the blocks of `text` and its page furniture, both in order."""
    noise: list[tuple[Span, str]] = [
        (Span(m.start(), m.end()), rule)
        for rule, pattern in lexicon.noise_spans
        for m in pattern.finditer(text)
    ]
    lines = _lines(text)
    wrapped = _hard_wrapped([text[s.start : s.end] for s in lines])
    blocks: list[Block] = []
    heading: Span | None = None
    previous_open = False  # the line before ended in mid-sentence
    first = True
    for span in lines:
        line = text[span.start : span.end]
        bullet, title = _BULLET.match(line), _MARKDOWN.match(line)
        marker = bullet or title
        start = span.start + (marker.end() if marker else len(line) - len(line.lstrip()))
        end = span.start + len(line.rstrip())
        bare = text[start:end].strip(" \xa0\t*_#-•")
        if not bare:
            previous_open = False
            continue
        rule = next((r for r, pattern in lexicon.noise_lines if pattern.fullmatch(bare)), "")
        if rule:
            noise.append((Span(span.start, span.end), rule))
            previous_open = False
            continue
        complete = bool(_TERMINAL.search(bare))
        if blocks and previous_open and not marker and (wrapped or bare[:1].islower()):
            last = blocks[-1]
            kind = "text" if last.kind == "headline" and complete else last.kind
            blocks[-1] = Block(last.start, end, kind, last.heading)
        elif bare.endswith(":") and len(bare) < 40:
            if heading is not None:  # a heading with nothing below it is a line like any other
                blocks.append(Block(heading.start, heading.end, "headline"))
            heading = Span(start, end)
        else:
            kind = "item" if bullet else _kind(bare, complete=complete, title=first or title is not None)
            blocks.append(Block(start, end, kind, heading))
            heading = None
        previous_open = not complete
        first = False
    if heading is not None:
        blocks.append(Block(heading.start, heading.end, "headline"))
    noise.sort()
    return Layout(tuple(blocks), tuple(noise))


def _kind(bare: str, *, complete: bool, title: bool) -> str:
    """Return what a line without a bullet is: a headline is short, or stands where titles stand."""
    if title:
        return "text" if complete and len(bare) > 160 else "headline"
    return "headline" if len(bare) < 160 and not complete else "text"
