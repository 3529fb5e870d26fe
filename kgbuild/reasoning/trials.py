"""Trials: is a set of statements consistent? Counted and timed, because a search for reasons makes many."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from kgbuild.errors import ReasoningError
from kgbuild.reasoning.hermit import run_hermit
from kgbuild.reasoning.jvm import Jvm, has_jpype, warm_jvm
from kgbuild.reasoning.rdf_xml import to_rdf_xml
from kgbuild.reasoning.statements import Statement, Theory


class Exhausted(Exception):  # noqa: N818 - a limit that the caller set, no error
    """No trial is left, or no time."""


class Search(Protocol):
    """What a search needs: an oracle, and memory of the smallest inconsistent set."""

    def consistent(self, statements: Sequence[Statement]) -> bool:
        """Return whether all statements can be true; raise Exhausted at the limit."""


class Trials:
    """HermiT on one set of statements after another, in one Java where JPype is installed."""

    def __init__(self, theory: Theory, limit: int, seconds: float, jvm: Jvm | None) -> None:
        self._theory = theory
        self._jvm = jvm
        self._limit = limit
        self._end = time.monotonic() + seconds
        self.made = 0
        self.smallest: tuple[Statement, ...] | None = None  #: inconsistent, so far

    def consistent(self, statements: Sequence[Statement]) -> bool:
        """Return whether all statements can be true.

        Raises Exhausted at the limit of trials or of time, ReasoningError where HermiT cannot read them.
        """
        left = self._end - time.monotonic()
        if self.made >= self._limit or left <= 0:
            raise Exhausted
        self.made += 1
        triples = self._theory.graph_of(statements)
        try:
            if self._jvm is not None:
                answer = bool(self._jvm.ask({"rdf": to_rdf_xml(triples)}, left)["consistent"])
            else:
                answer = run_hermit(triples, left) is not None
        except ReasoningError as err:
            if time.monotonic() >= self._end:
                raise Exhausted from err
            raise
        if not answer and (self.smallest is None or len(statements) < len(self.smallest)):
            self.smallest = tuple(statements)
        return answer


@contextmanager
def open_trials(theory: Theory, limit: int, seconds: float) -> Iterator[Trials]:
    """Yield trials on `theory`, at most `limit` of them and for at most `seconds`."""
    if has_jpype():
        with warm_jvm() as jvm:
            yield Trials(theory, limit, seconds, jvm)
    else:
        yield Trials(theory, limit, seconds, None)


def quick_xplain(
    background: Sequence[Statement], candidates: Sequence[Statement], search: Search
) -> list[Statement]:
    """Return some of `candidates` that are inconsistent with `background`; none of them can be left out.

    Those that come first are preferred. `background` alone is consistent, and with `candidates` it is not.
    Source: U. Junker, QuickXplain: preferred explanations and relaxations for over-constrained problems,
    AAAI 2004. Raises Exhausted.
    """

    def shrink(base: list[Statement], grown: bool, rest: list[Statement]) -> list[Statement]:
        if grown and not search.consistent(base):
            return []
        if len(rest) == 1:
            return rest
        half = (len(rest) + 1) // 2
        first, second = rest[:half], rest[half:]
        needed = shrink([*base, *first], True, second)
        return shrink([*base, *needed], bool(needed), first) + needed

    return shrink(list(background), False, list(candidates)) if candidates else []
