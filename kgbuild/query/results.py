"""Answers: rows of terms, and how a term is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kgbuild.model import Literal, Term, Triple
from kgbuild.terms import compact


@dataclass(frozen=True, slots=True)
class QueryResult:
    """The rows that answer a query.

    `rows[i]` has the columns that are shown. `bindings[i]` has every variable of the same row that has a
    value, also those that only lead to the evidence.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    bindings: tuple[Mapping[str, Term], ...]
    variables: tuple[str, ...]  #: all of them, the shown ones first
    kind: str = "rows"  #: "rows" of SELECT, "ask" for a verdict, "graph" for triples of CONSTRUCT or DESCRIBE
    cut: bool = False  #: whether there are more rows than were asked for

    @property
    def triples(self) -> tuple[Triple, ...]:
        """Return the triples of a graph. Raises ValueError for another kind of answer."""
        if self.kind != "graph":
            raise ValueError("rows are no triples")
        return tuple((str(s), str(p), o) for s, p, o in self.rows if o is not None)


def heading(column: str) -> str:
    """Return the name of a column as people read it.

    >>> heading("grantedBy"), heading("firmLabel")
    ('granted by', 'firm')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column.removesuffix("Label")).lower()


def display(term: Term | None) -> str:
    """Return `term` as people read it: the text of a literal, an IRI as a prefixed name, "" for nothing.

    >>> display("https://w3id.org/kgbuild/id/place/US")
    'place:US'
    """
    if term is None:
        return ""
    if isinstance(term, Literal):
        return term.value
    return term if term.startswith("_:") else compact(term)
