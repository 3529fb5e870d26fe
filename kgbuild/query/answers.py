"""A question with all that is wanted of its answer, and the answer: rows, evidence, how it was put.

A `Question` is a value that can be sent to another process and called there with a store.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from kgbuild.model import Literal, Term
from kgbuild.query.evidence import EvidenceRow, distinct_places, evidence_of
from kgbuild.query.names import about
from kgbuild.query.results import QueryResult, display
from kgbuild.query.running import parameter_terms, run_bound, written_values
from kgbuild.query.saved import SavedQuery


@dataclass(frozen=True, slots=True)
class BoundParameter:
    """One parameter as it was set."""

    name: str
    written: str  #: what the user wrote, or the default; "" where nothing limits it
    given: bool  #: else it is the default
    term: Term | None
    label: str = ""  #: of the thing that an IRI names
    note: str = ""  #: what is odd about the value, in words, or ""


@dataclass(frozen=True, slots=True)
class Bound:
    """A query as it is put to the engine."""

    text: str
    parameters: tuple[BoundParameter, ...]

    def __str__(self) -> str:
        """Return SPARQL with the parameters as comments in front."""
        lines = [f"# {p.name} = {_one_line(_shown(p))}\n" for p in self.parameters]
        body = "".join(line for line in self.text.splitlines(keepends=True) if not line.startswith("#+"))
        return "".join([*lines, body.strip("\n"), "\n"])


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question."""

    bound: Bound
    result: QueryResult
    #: for each row the places that say so; None where it was not asked for
    evidence: tuple[tuple[EvidenceRow, ...], ...] | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what is odd about the values of the parameters."""
        return tuple(f"{p.name}: {p.note}" for p in self.bound.parameters if p.note)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a store; calling it with one answers. Raises QueryError as `run_query` does."""

    query: SavedQuery
    values: Mapping[str, str] = field(default_factory=dict)  #: of the parameters, as a user writes them
    rows: int | None = None  #: at most so many come back
    evidence: bool = False  #: with the places behind each row

    def __call__(self, store: ox.Store) -> Answer:
        """Return the answer of `store`."""
        bound, terms = self._bound(store)
        result = run_bound(store, self.query, terms, limit=self.rows)
        if not self.evidence:
            return Answer(bound, result)
        found = (distinct_places(evidence_of(store, self.query, row)) for row in result.bindings)
        return Answer(bound, result, tuple(found))

    def _bound(self, store: ox.Store) -> tuple[Bound, dict[str, Term]]:
        terms = parameter_terms(store, self.query, self.values)
        written = written_values(self.query, self.values)
        given = {self.query.parameter(name).name for name in self.values}
        parameters = []
        for p in self.query.parameters:
            term = terms.get(p.name)
            label, note = about(store, term, p.class_) if isinstance(term, str) else ("", "")
            parameters.append(BoundParameter(p.name, written[p.name], p.name in given, term, label, note))
        return Bound(self.query.bind(terms), tuple(parameters)), terms


@dataclass(frozen=True, slots=True)
class Binding:
    """As `Question`, but calling it only tells how the query is put to the engine."""

    question: Question

    def __call__(self, store: ox.Store) -> Bound:
        """Return the query with its parameters as `store` knows them."""
        return self.question._bound(store)[0]  # noqa: SLF001 - the same module


def _shown(parameter: BoundParameter) -> str:
    if parameter.term is None:
        return "(not set)"
    how = "" if parameter.given else " (default)"
    if isinstance(parameter.term, Literal):
        return f"{parameter.written!r}{how} -> {display(parameter.term)!r}"
    note = f"; note: {parameter.note}" if parameter.note else ""
    return f"{parameter.written!r}{how} -> {display(parameter.term)} ({parameter.label}){note}"


def _one_line(text: str) -> str:
    """Return `text` without what could end a comment."""
    return re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]", " ", text)
