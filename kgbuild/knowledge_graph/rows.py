"""Answers as rows of Python values, with evidence; as tables for pandas, Polars and Arrow, and as HTML."""

# ruff: noqa: PLC0415 - pandas and Polars are heavy, and not everybody has them

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

from kgbuild.errors import QueryError
from kgbuild.knowledge_graph.pages import rows_html
from kgbuild.knowledge_graph.values import Iri, Value, to_python
from kgbuild.model import Term, Triple
from kgbuild.query.answers import Answer
from kgbuild.query.evidence import EvidenceRow
from kgbuild.query.formats import write_answer
from kgbuild.query.saved import SavedQuery

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    #: Finds the places of rows.
    FindPlaces = Callable[[SavedQuery, tuple[Mapping[str, Term], ...]], tuple[tuple[EvidenceRow, ...], ...]]


#: How tables name things.
Things: TypeAlias = Literal["iri", "short", "label"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: iterated it gives the shown columns; by name also those that only lead to the evidence.

    A value is had by name (`row.firm`, `row["firm"]`) or position (`row[0]`). As columns may have any name,
    everything else about a row begins with an underscore. What a column holds (`values.Value`) depends on
    the query, so a type checker takes it for anything.

    >>> row = Row(("firmLabel", "count", "firm"), ("JL MAG", 3, None), 2, {})
    >>> row.firmLabel, row["count"], row[-1], tuple(row)
    ('JL MAG', 3, 3, ('JL MAG', 3))
    """

    _names: tuple[str, ...]
    _values: tuple[Value, ...]
    _shown: int
    _terms: Mapping[str, Term] = field(repr=False, compare=False)  #: as the store has them

    def __getitem__(self, key: str | int) -> Any:
        """Return a value by name or position. Raises KeyError or IndexError."""
        if isinstance(key, str):
            if key not in self._names:
                raise KeyError(f"there is no column {key!r}; columns: {', '.join(self._names)}")
            return self._values[self._names.index(key)]
        return self._values[: self._shown][key]

    def __getattr__(self, name: str) -> Any:
        """Return a value by name. Raises AttributeError."""
        if name.startswith("_") or name not in self._names:
            raise AttributeError(f"there is no column {name!r}")
        return self[name]

    def __iter__(self) -> Iterator[Any]:
        """Yield the values of the shown columns."""
        return iter(self._values[: self._shown])

    def __len__(self) -> int:
        """Return the number of shown columns."""
        return self._shown

    def __dir__(self) -> list[str]:
        """Return the names of all columns, for completion."""
        return sorted((*self._names, *object.__dir__(self)))

    def __repr__(self) -> str:
        """Return the shown columns with their values."""
        shown = zip(self._names[: self._shown], self, strict=True)
        return f"Row({', '.join(f'{name}={value!r}' for name, value in shown)})"

    def _asdict(self) -> dict[str, Value]:
        """Return the values of all columns by name."""
        return dict(zip(self._names, self._values, strict=True))


class Rows(Sequence[Row]):
    """The answer to a question, in its order.

    The verdict of ASK is one row with the column `answer`, and `bool(rows)` is that verdict; the triples of
    CONSTRUCT and DESCRIBE are rows with `subject`, `predicate` and `object`.
    """

    def __init__(
        self, query: SavedQuery, answer: Answer, labels: Mapping[str, str], find_places: FindPlaces
    ) -> None:
        self._query, self._answer, self._labels, self._find_places = query, answer, labels, find_places
        result = answer.result
        self._rows = tuple(
            Row(
                result.variables,
                tuple(to_python(terms.get(name), labels) for name in result.variables),
                len(result.columns),
                terms,
            )
            for terms in result.bindings
        )

    # ---- rows

    @property
    def question(self) -> str:
        """Return the question in words, "" for SPARQL."""
        return self._query.summary

    @property
    def sparql(self) -> str:
        """Return the query as it was put, with the parameters as comments in front."""
        return str(self._answer.bound)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the shown columns."""
        return self._answer.result.columns

    @property
    def variables(self) -> tuple[str, ...]:
        """Return the names of all columns, the shown ones first."""
        return self._answer.result.variables

    @property
    def meanings(self) -> Mapping[str, str]:
        """Return what each shown column of a saved question holds, in a line; nothing for SPARQL."""
        return {column.name: column.meaning for column in self._query.columns}

    @property
    def cut(self) -> bool:
        """Return whether there are more rows than were asked for."""
        return self._answer.result.cut

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what is odd about the values of the parameters."""
        return self._answer.notes

    @property
    def triples(self) -> tuple[Triple, ...]:
        """Return the triples of CONSTRUCT or DESCRIBE. Raises QueryError for another query."""
        if self._answer.result.kind != "graph":
            raise QueryError("the rows are no triples; CONSTRUCT and DESCRIBE give triples")
        return self._answer.result.triples

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        """Return a row, or several."""
        return self._rows[index]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._rows)

    def __bool__(self) -> bool:
        """Return whether there is a row; of ASK the verdict."""
        if self._answer.result.kind == "ask":
            return self._rows[0]["answer"] is True
        return bool(self._rows)

    def __repr__(self) -> str:
        """Return the number of rows and the columns."""
        more = ", cut" if self.cut else ""
        return f"<{len(self)} row{'s' * (len(self) != 1)}{more}: {', '.join(self.columns)}>"

    def __str__(self) -> str:
        """Return a table in Markdown."""
        return self.dump("markdown").decode()

    def _repr_html_(self) -> str:
        return rows_html(self._answer, [row._asdict() for row in self._rows], self.question)

    def column(self, name: str) -> tuple[Any, ...]:
        """Return all values of one column. Raises KeyError where there is none of this name."""
        if name not in self.variables:
            raise KeyError(f"there is no column {name!r}; columns: {', '.join(self.variables)}")
        return tuple(row[name] for row in self._rows)

    # ---- evidence

    def evidence(self, row: Row | int) -> tuple[EvidenceRow, ...]:
        """Return the places that say what `row` says; the graph must still be open.

        Raises QueryError where it is closed, LimitError where it takes too long.
        """
        number = row if isinstance(row, int) else self._rows.index(row)
        if self._answer.evidence is not None:
            return self._answer.evidence[number]
        return self._find_places(self._query, (self._rows[number]._terms,))[0]  # noqa: SLF001 - same module

    def with_evidence(self) -> Rows:
        """Return the same rows with the places of each, which tables and formats then have too.

        Raises as `evidence` does.
        """
        if self._answer.evidence is not None:
            return self
        places = self._find_places(self._query, self._answer.result.bindings)
        new = object.__new__(Rows)
        new._query, new._labels, new._rows = self._query, self._labels, self._rows
        new._find_places = self._find_places
        new._answer = replace(self._answer, evidence=places)
        return new

    # ---- other shapes

    def dump(self, form: str) -> bytes:
        """Return the rows in a format: csv, tsv, json, xml, markdown, html, parquet, arrow, turtle, ntriples.

        Raises QueryError as `kgbuild.query.write_answer` does.
        """
        return write_answer(self._answer, form, title=self.question)

    def to_arrow(self, *, every: bool = False, things: Things = "iri") -> pa.Table:
        """Return the shown columns, or with `every` all of them, as an Arrow table.

        Integers, decimals, floats, truth values, dates and times are typed; `things` are text: IRIs in full,
        prefixed names ("short"), or labels ("label"). With evidence the last column has a list of places.
        Raises QueryError where pyarrow is not installed.
        """
        from kgbuild.query.tables import to_arrow

        result = self._answer.result
        names = result.variables if every else result.columns
        cells = tuple(tuple(self._named(row.get(name), things) for name in names) for row in result.bindings)
        return to_arrow(replace(result, columns=names, rows=cells), self._answer.evidence)

    def to_pandas(self, *, every: bool = False, things: Things = "iri") -> pd.DataFrame:
        """Return a DataFrame with the columns of `to_arrow`.

        Types are those of pandas that know a missing value: Int64, boolean, string, datetime64 in UTC;
        decimals and dates are objects. Raises QueryError where pandas or pyarrow is not installed.
        """
        table: Any = self.to_arrow(every=every, things=things)
        try:
            import pandas as pd
        except ImportError as err:
            raise QueryError("DataFrames need pandas: pip install 'kgbuild[pandas]'") from err
        known = {"int64": pd.Int64Dtype(), "bool": pd.BooleanDtype(), "string": pd.StringDtype()}
        frame: pd.DataFrame = table.to_pandas(types_mapper=lambda kind: known.get(str(kind)))
        return frame

    def to_polars(self, *, every: bool = False, things: Things = "iri") -> pl.DataFrame:
        """Return a Polars DataFrame with the columns of `to_arrow`.

        Raises QueryError where Polars or pyarrow is not installed.
        """
        table = self.to_arrow(every=every, things=things)
        try:
            import polars as pl
        except ImportError as err:
            raise QueryError("Polars is not installed: pip install 'kgbuild[polars]'") from err
        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table becomes no series
        return frame

    def _named(self, term: Term | None, things: Things) -> Term | None:
        if not isinstance(term, str) or things == "iri":
            return term
        iri = Iri(term, self._labels.get(term, ""))
        return iri.short if things == "short" else iri.label
