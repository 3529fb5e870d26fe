"""A table for each class of things: a row a thing, a column a property, and what tells of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from kgbuild.export.claims_behind import ClaimsBehind
from kgbuild.export.columns import (
    BETWEEN,
    LABELS,
    Column,
    ColumnFinder,
    best_label,
    joined,
    short_name,
    unique_name,
)
from kgbuild.export.delimited import csv_row
from kgbuild.export.quads import About, Quads
from kgbuild.model import Literal, Term
from kgbuild.terms import RDF_TYPE

NO_CLASS: Final = "without_class"
#: Columns that every table has, before and after those of properties.
FIRST: Final = ("id", "iri", "label")
LAST: Final = ("claims", "sources")
OF_LABELS: Final = "_label"  #: ends the name of the column with the labels of what another column refers to


@dataclass(frozen=True, slots=True)
class Row:
    """A thing."""

    id: str  #: prefixed name, or the IRI where it has none
    iri: str
    label: str
    values: dict[str, list[Term]]  #: name of the column -> its values
    claims: int  #: that have it as subject
    sources: list[str]  #: ids of the articles of these claims, sorted


@dataclass(frozen=True, slots=True)
class Table:
    """The things of one class."""

    name: str  #: of the class, fit for a file
    things: Sequence[int]
    columns: tuple[Column, ...]
    references: frozenset[str]  #: names of columns whose values are all things, or terms of a vocabulary

    def __len__(self) -> int:
        return len(self.things)


class Tables:
    """The tables of a graph; `evidence` is the graph with its claims, numbered alike."""

    def __init__(self, quads: Quads, evidence: Quads) -> None:
        self._quads = quads
        self._claims = ClaimsBehind(evidence)
        self._type = quads.number(RDF_TYPE)
        self._labels = [quads.number(iri) for iri in LABELS]

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Return the tables by name; a thing of two classes stands in both."""
        found: dict[str, list[int]] = {}
        for s, about in self._quads.subjects():
            kinds = [iri for o in about.get(self._type, ()) if isinstance(iri := self._quads.terms[o], str)]
            for kind in kinds or [""]:
                found.setdefault(kind, []).append(s)
        used: set[str] = set()
        tables = []
        for kind in sorted(found):
            name = re.sub(r"[^A-Za-z0-9_-]", "_", short_name(kind)) if kind else NO_CLASS
            name = unique_name(name, used)
            tables.append(self._table(name, found[kind]))
        return tuple(sorted(tables, key=lambda table: table.name))

    def rows(self, table: Table) -> Iterator[Row]:
        """Yield the rows of a table by IRI."""
        names = {self._quads.number(c.property): c.name for c in table.columns}
        for thing in table.things:
            yield self._row(thing, names)

    def labels(self, values: Sequence[Term]) -> list[str]:
        """Return the labels of things, in the order of `values`."""
        return [self._label(self._quads.number(value)) for value in values]

    def _table(self, name: str, things: list[int]) -> Table:
        finder = ColumnFinder()
        literals: set[str] = set()
        for thing in things:
            for iri, values in self._values(self._quads.about(thing)):
                finder.see(iri, values)
                if any(isinstance(value, Literal) for value in values):
                    literals.add(iri)
        columns = finder.columns((*FIRST, *LAST))
        references = {c.name for c in columns if c.property not in literals}
        return Table(name, things, columns, frozenset(references))

    def _values(self, about: About) -> Iterator[tuple[str, list[Term]]]:
        for p, values in about.items():
            iri = self._quads.iri(p)
            terms = [self._quads.terms[o] for o in values]
            if iri in LABELS:
                terms = [term for term in terms if not isinstance(term, Literal)]
            if terms and p != self._type:
                yield iri, terms

    def _row(self, thing: int, names: dict[int, str]) -> Row:
        about = self._quads.about(thing)
        by_property = {self._quads.number(iri): values for iri, values in self._values(about)}
        iri = self._quads.iri(thing)
        triples = self._claims.triples_of(thing)
        claims = {claim for triple in triples for claim in self._claims.claims_of(triple)}
        articles = {article for triple in triples for article in self._claims.articles_of(triple)}
        return Row(
            short_name(iri),
            iri,
            self._label(thing),
            {names[p]: values for p, values in by_property.items() if p in names},
            len(claims),
            sorted(short_name(self._quads.iri(article)).removeprefix("article:") for article in articles),
        )

    def _label(self, thing: int) -> str:
        if thing < 0:
            return ""
        about = self._quads.about(thing)
        found = best_label([self._quads.terms[o] for p in self._labels for o in about.get(p, ())])
        return found or short_name(self._quads.iri(thing))


def names_of(table: Table) -> list[str]:
    """Return the names of all columns of a table, in their order."""
    used = {name.casefold() for name in (*FIRST, *LAST, *(c.name for c in table.columns))}
    names = [*FIRST]
    for column in table.columns:
        names.append(column.name)
        if column.name in table.references:
            names.append(unique_name(column.name + OF_LABELS, used))
    return [*names, *LAST]


def csv_lines(tables: Tables, table: Table) -> Iterator[str]:
    """Yield the lines of a table as CSV; several values stand in one cell, apart by " | "."""
    yield csv_row(names_of(table))
    for row in tables.rows(table):
        cells = [row.id, row.iri, row.label]
        for column in table.columns:
            values = sorted(row.values.get(column.name, ()), key=_order)
            if column.name in table.references:
                cells += [in_order(list(map(_reference, values))), in_order(tables.labels(values))]
            else:
                cells.append(joined(values))
        yield csv_row([*cells, str(row.claims), in_order(row.sources)])


def in_order(texts: Sequence[str]) -> str:
    """Return texts as one cell, in their order."""
    return BETWEEN.join(texts)


def _order(value: Term) -> str:
    return value.value if isinstance(value, Literal) else value


def _reference(value: Term) -> str:
    return value.value if isinstance(value, Literal) else short_name(value)
