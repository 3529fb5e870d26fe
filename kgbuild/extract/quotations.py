"""Direct quotations of an article: where the words of others begin and end, across sentence borders."""

from __future__ import annotations

import re
from bisect import bisect_right

from kgbuild.extract.units import Sentence
from kgbuild.model import Span

_MARK = re.compile(r"[“”\"]|\n[ \t]*\n|\n(?=[ \t]*[-*•])")
#: A quotation of fewer words is a fragment of somebody's wording, no sentence.
_WORDS = 4


class Quotations:
    """The quotations of one text, in order; none reaches over a paragraph."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans = tuple(_quotations(text))
        self._starts = [q.start for q in self._spans]

    def at(self, position: int) -> Span | None:
        """Return the quotation that holds the character at `position`."""
        k = bisect_right(self._starts, position) - 1
        if k >= 0 and position < self._spans[k].end:
            return self._spans[k]
        return None

    def around(self, s: Sentence) -> Span | None:
        """Return the quotation that all words of `s` stand in."""
        words = [u for u in s.units if u.is_word]
        if not words:
            return None
        found = self.at(words[0].start)
        return found if found is not None and words[-1].end <= found.end else None

    def full(self, span: Span) -> bool:
        """Return whether a quotation is long enough to be a sentence."""
        return len(self._text[span.start : span.end].split()) >= _WORDS

    def follows(self, later: Span, end: int) -> bool:
        """Return whether only space and a quotation mark stand between `end` and the quotation `later`."""
        return end <= later.start and not self._text[end : later.start].strip(" \t\r\n”“\"'.")


def _quotations(text: str) -> list[Span]:
    """Return the insides of the pairs of quotation marks."""
    out: list[Span] = []
    opened = -1
    for mark in _MARK.finditer(text):
        sign = mark.group()
        if sign.startswith("\n"):
            if opened >= 0 and sign != "\n":
                out.append(Span(opened, mark.start()))  # a quotation that goes on in the next paragraph
            opened = -1
        elif sign == "“" or (sign == '"' and opened < 0):
            opened = mark.end()
        elif opened >= 0:
            out.append(Span(opened, mark.start()))
            opened = -1
    return out
