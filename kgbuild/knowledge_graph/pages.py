"""Answers and things as pieces of HTML, for notebooks. Everything from a graph is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Final

from kgbuild.knowledge_graph.values import Iri, Value
from kgbuild.query.answers import Answer
from kgbuild.query.evidence import EvidenceRow
from kgbuild.query.explanation import Explanation, Statement
from kgbuild.query.results import heading
from kgbuild.query.saved import SavedQuery

_MOST: Final = 100  #: rows that a notebook shows
_LEFT: Final = ' style="text-align:left;vertical-align:top"'


def table_html(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table; `heads` are text, the cells of `rows` HTML."""
    top = "".join(f"<th{_LEFT}>{escape(name)}</th>" for name in heads)
    body = "".join(f"<tr>{''.join(f'<td{_LEFT}>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
    return f"<table>\n<thead><tr>{top}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"


def rows_html(answer: Answer, rows: Sequence[Mapping[str, Value]], question: str) -> str:
    """Return an answer as a table of at most a hundred rows, with what there is to know about it."""
    result, places = answer.result, answer.evidence
    heads = [*map(heading, result.columns), *(["evidence"] if places is not None else [])]
    shown = []
    for number, row in enumerate(rows[:_MOST]):
        cells = [cell_html(row[name]) for name in result.columns]
        if places is not None:
            cells.append("".join(map(place_html, places[number])))
        shown.append(cells)
    count = f"{len(rows)} row{'s' * (len(rows) != 1)}"
    if result.cut:
        count += ", and there are more; limit=0 gives all"
    if len(rows) > _MOST:
        count += f"; the first {_MOST} are shown"
    title = f"<p><strong>{escape(question)}</strong></p>\n" if question else ""
    notes = "".join(f"<p>Note: {escape(note)}</p>\n" for note in answer.notes)
    return f"<div>\n{title}{table_html(heads, shown)}<p>{count}</p>\n{notes}</div>\n"


def cell_html(value: Value) -> str:
    """Return a value as people read it: of a thing the label, its prefixed name where a mouse points."""
    if value is None:
        return ""
    if isinstance(value, Iri):
        return f'<span title="{escape(value.short)}">{escape(value.label)}</span>'
    return escape(str(value))


def place_html(place: EvidenceRow) -> str:
    """Return a quote with its source."""
    source = ", ".join(x for x in (place.article_title, place.publisher, place.published) if x)
    said = f", says {place.speaker}" if place.speaker else ""
    stance = "" if (place.polarity, place.certainty) == ("affirmed", "actual") else (
        f" [{place.polarity}, {place.certainty}]"
    )  # fmt: skip
    about = f"{source}{said}; characters {place.start}-{place.end}{stance}"
    return f"<blockquote>{escape(place.quote)}<br><small>{escape(about)}</small></blockquote>"


def explanation_html(found: Explanation) -> str:
    """Return what is known of a thing, and what is only claimed of it."""
    classes = escape(", ".join(found.classes) or "no class")
    parts = [
        f"<p><strong>{escape(found.label)}</strong> ({classes})<br><code>{escape(found.iri)}</code></p>\n"
    ]
    for fact, title in ((True, "Known"), (False, "Only claimed: denied, planned, possible or contested")):
        rows = [_statement(s) for s in found.statements if s.fact == fact]
        if rows:
            parts.append(f"<p>{title}</p>\n{table_html(('subject', 'says', 'value', 'evidence'), rows)}")
    return f"<div>\n{''.join(parts)}</div>\n"


def _statement(s: Statement) -> list[str]:
    quotes = "".join(map(place_html, s.evidence)) or "reference data"
    return [escape(s.subject), escape(s.predicate), escape(s.value), quotes]


def questions_html(queries: Iterable[SavedQuery]) -> str:
    """Return the saved questions with their parameters."""
    rows = (
        (escape(q.summary), f"<code>{escape(q.name)}</code>", escape(parameters_text(q))) for q in queries
    )
    return table_html(("question", "name", "parameters"), rows)


def parameters_text(query: SavedQuery) -> str:
    """Return the parameters of a question with their defaults, in one line."""
    return ", ".join(f"{p.name}={p.default}" if p.default else p.name for p in query.parameters)
