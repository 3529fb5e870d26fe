"""Answers in the size that an agent can read: shortened texts, and no more rows than fit."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

from kgbuild.knowledge_graph import Iri, Row
from kgbuild.query.evidence import EvidenceRow
from kgbuild.terms import compact

#: Characters of an answer, and of one text in it.
ANSWER: Final = 60_000
TEXT: Final = 2_000
Item = TypeVar("Item")


def shortened(text: str) -> str:
    """Return `text` in at most TEXT characters; an ellipsis ends what was shortened."""
    return text if len(text) <= TEXT else text[: TEXT - 2] + " …"


def fit(items: Iterable[Item], write: Callable[[Item], Any]) -> tuple[list[Any], bool]:
    """Return the first `items` as JSON can hold them, up to ANSWER characters, and whether all fit."""
    written: list[Any] = []
    left = ANSWER
    for item in items:
        piece = write(item)
        left -= len(json.dumps(piece, ensure_ascii=False, default=str))
        if left < 0:
            return written, False
        written.append(piece)
    return written, True


def row(values: Row) -> dict[str, Any]:
    """Return a row by column: things as prefixed names, times as text, what has no value left out."""
    found: dict[str, Any] = {}
    for name, value in values._asdict().items():
        match value:
            case None:
                continue
            case Iri():
                found[name] = shortened(value.short)
            case bool() | int():
                found[name] = value if abs(value) < 1 << 53 else str(value)
            case float() if math.isfinite(value):
                found[name] = value
            case str():
                found[name] = shortened(value)
            case _:
                found[name] = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return found


def place(found: EvidenceRow) -> dict[str, Any]:
    """Return a place in an article with its quote, who says it and how surely; "" is left out."""
    fields = {
        "quote": shortened(found.quote),
        "article": compact(found.article_iri),
        "title": shortened(found.article_title),
        "publisher": found.publisher,
        "published": found.published,
        "speaker": found.speaker,
        "polarity": found.polarity,
        "certainty": found.certainty,
        "start": found.start,
        "end": found.end,
    }
    return {name: value for name, value in fields.items() if value != ""}


def places(found: Sequence[EvidenceRow], most: int) -> list[dict[str, Any]]:
    """Return at most `most` places."""
    return [place(one) for one in found[:most]]
