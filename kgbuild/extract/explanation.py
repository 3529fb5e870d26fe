"""Why an article yields what it yields: sentence by sentence, what matched and what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kgbuild.model import Event, Extraction, Mention, Rejection, Span, Telling


@dataclass(frozen=True, slots=True)
class SentenceExplanation:
    """One sentence, or the page furniture between two."""

    start: int
    end: int
    text: str  #: equals the article's text at [start, end)
    kind: str  #: "headline", "text", "item", or "furniture" for what is no sentence
    mentions: tuple[Mention, ...]
    tellings: tuple[tuple[Telling, Event], ...]  #: the events told here, with the place that tells them
    rejections: tuple[Rejection, ...]


def explain(extraction: Extraction, sentences: Sequence[tuple[Span, str]]) -> tuple[SentenceExplanation, ...]:
    """Return an explanation for each of `sentences` (span and kind, in order), and for what lies between.

    A telling, a mention or a rejection belongs to the sentence it starts in. Stretches outside of every
    sentence are given only where something was refused there. Nothing of the extraction is left out.
    """
    text = extraction.article.text
    pieces: list[tuple[Span, str]] = []
    position = 0
    for span, kind in [*sentences, (Span(len(text), len(text)), "")]:
        if span.start > position:
            pieces.append((Span(position, span.start), "furniture"))
        if kind:
            pieces.append((span, kind))
        position = max(position, span.end)
    told = [(t, e) for e in extraction.events for t in e.tellings]
    out = []
    for i, (span, kind) in enumerate(pieces):
        last = i + 1 == len(pieces)

        def here(start: int, span: Span = span, last: bool = last) -> bool:
            return span.start <= start < span.end or (last and start >= span.end)

        explained = SentenceExplanation(
            span.start,
            span.end,
            text[span.start : span.end],
            kind,
            tuple(m for m in extraction.mentions if here(m.start)),
            tuple(sorted((pair for pair in told if here(pair[0].start)), key=_place)),
            tuple(r for r in extraction.rejections if here(r.start)),
        )
        if kind != "furniture" or explained.mentions or explained.tellings or explained.rejections:
            out.append(explained)
    return tuple(out)


def _place(told: tuple[Telling, Event]) -> tuple[int, int, str, str, int]:
    telling, event = told
    return telling.start, telling.end, event.type, event.action, event.start
