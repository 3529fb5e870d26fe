"""The page of a saved question: its answer with links, the places behind each row, its SPARQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kgbuild.model import Literal, Term
from kgbuild.query import EvidenceRow, Question, SavedQuery, distinct_places, evidence_of, heading
from kgbuild.query.answers import BoundParameter
from kgbuild.serve.pages.links import place_url
from kgbuild.serve.pages.things import Ref, Things, shown_name, time_words
from kgbuild.terms import KG, XSD

PAGE: Final = 100  #: rows of a page
_NUMBERS: Final = frozenset(XSD + name for name in ("integer", "decimal", "double", "float"))


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence that says so."""

    quote: str
    url: str
    source: str
    stance: str
    speaker: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A row as it is shown."""

    cells: tuple[Ref, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A column."""

    words: str
    meaning: str
    number: bool  #: its values are numbers


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer as the page shows it."""

    headings: tuple[Heading, ...]
    rows: tuple[AnswerRow, ...]
    total: int  #: rows of the answer
    cut: bool  #: whether there are more than were asked for
    notes: tuple[str, ...]
    sparql: str
    parameters: tuple[BoundParameter, ...]


@dataclass(frozen=True, slots=True)
class ShowAnswer:
    """A question to be shown, `PAGE` rows from `offset`. Raises QueryError as `Question` does."""

    query: SavedQuery
    values: Mapping[str, str]
    rows: int  #: at most so many are counted
    offset: int

    def __call__(self, store: ox.Store) -> AnswerView:
        """Return the answer of `store`."""
        answer = Question(self.query, self.values, self.rows)(store)
        result = answer.result
        things = Things(store)
        meanings = {column.name: column.meaning for column in self.query.columns}
        shown = result.bindings[self.offset : self.offset + PAGE]
        lines = []
        for binding in shown:
            places = distinct_places(evidence_of(store, self.query, binding))
            cells = tuple(_cell(things, name, binding) for name in result.columns)
            lines.append(AnswerRow(cells, tuple(map(_place, places))))
        headings = tuple(
            Heading(heading(n), meanings.get(n, ""), _is_number(result.bindings, n)) for n in result.columns
        )
        return AnswerView(
            headings, tuple(lines), len(result.rows), result.cut, answer.notes, str(answer.bound),
            answer.bound.parameters,
        )  # fmt: skip


def _cell(things: Things, name: str, binding: Mapping[str, Term]) -> Ref:
    """Return a cell; a label leads to the thing of the same row that it is the label of."""
    term = binding.get(name)
    if term is None:
        return Ref("")
    if isinstance(term, str):
        return things.value_ref(term)
    own = binding.get(name.removesuffix("Label")) if name.endswith("Label") else None
    if isinstance(own, str):
        return Ref(shown_name(term.value), things.ref(own).url, own)
    for other in (v for v in binding.values() if isinstance(v, str)):
        if term.value and things.text(other, KG.edtf) == term.value:
            return Ref(time_words(term.value), "", other, "time")
        if things.label(other) == term.value:
            return Ref(shown_name(term.value), things.ref(other).url, other)
    return Ref(shown_name(term.value))


def _is_number(bindings: tuple[Mapping[str, Term], ...], name: str) -> bool:
    values = [v for row in bindings[:PAGE] if (v := row.get(name)) is not None]
    return bool(values) and all(isinstance(v, Literal) and v.datatype in _NUMBERS for v in values)


def _place(row: EvidenceRow) -> Place:
    source = ", ".join(filter(None, (row.article_title, row.publisher, row.published)))
    stance = "denied" if row.polarity == "denied" else row.certainty
    return Place(row.quote, place_url(row.article_iri, row.start, row.end), source, stance, row.speaker)
