"""Answers that were given, for as long as the graph is the same: pages are loaded again, and links shared."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from starlette.responses import Response

_BYTES: Final = 32 << 20  #: of all answers
_MOST: Final = 1 << 20  #: of one
_EACH: Final = 1000  #: bytes beside the body, about


class Remembered:
    """Bodies and headers by what was asked; the ones not asked for longest are forgotten first."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, tuple[bytes, dict[str, str]]] = OrderedDict()
        self._bytes = 0

    def find(self, key: str) -> Response | None:
        """Return the answer that was given to `key`, None where it is not known."""
        known = self._answers.get(key)
        if known is None:
            return None
        self._answers.move_to_end(key)
        return Response(known[0], headers=known[1])

    def keep(self, key: str, body: bytes, headers: dict[str, str]) -> None:
        """Remember an answer, unless it is large."""
        if len(body) > _MOST or key in self._answers:
            return
        self._answers[key] = (body, headers)
        self._bytes += len(body) + _EACH
        while self._bytes > _BYTES:
            _, (oldest, _) = self._answers.popitem(last=False)
            self._bytes -= len(oldest) + _EACH
