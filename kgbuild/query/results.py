"""Answers: rows of terms, and their text forms."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass

from kgbuild.model import Literal, Term
from kgbuild.terms import RDF, XSD, compact


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


def to_csv(result: QueryResult) -> str:
    """Return the shown columns as CSV (RFC 4180, but with line feeds), names in the first line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(result.columns)
    writer.writerows([display(term) for term in row] for row in result.rows)
    return out.getvalue()


def to_tsv(result: QueryResult) -> str:
    """Return the shown columns as tab-separated text; tabs and line ends inside a value become spaces."""
    lines = [result.columns, *([" ".join(display(t).split()) for t in row] for row in result.rows)]
    return "".join("\t".join(line) + "\n" for line in lines)


def to_markdown(result: QueryResult) -> str:
    """Return the shown columns as a table of GitHub Flavored Markdown."""
    lines = [_markdown_line(result.columns), _markdown_line(["---"] * len(result.columns))]
    for row in result.rows:
        lines.append(_markdown_line([_markdown_cell(display(term)) for term in row]))
    return "".join(lines)


def to_json(result: QueryResult) -> str:
    """Return all variables in the SPARQL 1.1 Query Results JSON Format (W3C, 2013)."""
    rows = [
        {name: _json_term(row[name]) for name in result.variables if name in row} for row in result.bindings
    ]
    document = {"head": {"vars": list(result.variables)}, "results": {"bindings": rows}}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _markdown_cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _markdown_line(cells: list[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |\n"


def _json_term(term: Term) -> dict[str, str]:
    if isinstance(term, Literal):
        out = {"type": "literal", "value": term.value}
        if term.language:
            out["xml:lang"] = term.language
        elif term.datatype not in (XSD + "string", RDF + "langString"):
            out["datatype"] = term.datatype
        return out
    if term.startswith("_:"):
        return {"type": "bnode", "value": term[2:]}
    return {"type": "uri", "value": term}
