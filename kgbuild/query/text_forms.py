"""Answers as text: CSV, TSV, Markdown, the SPARQL results formats, HTML, Turtle and N-Triples.

With evidence, a row of CSV, TSV or Markdown is repeated for each place that says so; JSON and HTML keep the
places together. IRIs are prefixed names where people read them, and in full in JSON and XML.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

from kgbuild.errors import QueryError
from kgbuild.model import Literal, Term
from kgbuild.query.evidence import EvidenceRow
from kgbuild.query.results import QueryResult, display, heading
from kgbuild.terms import RDF, XSD

Evidence = Sequence[Sequence[EvidenceRow]]
_FIELDS: Final = {
    "article": "article_title", "article_iri": "article_iri", "publisher": "publisher",
    "published": "published", "speaker": "speaker", "polarity": "polarity", "certainty": "certainty",
    "start": "start", "end": "end", "quote": "quote",
}  # fmt: skip
_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RESULTS_NAMESPACE: Final = "http://www.w3.org/2005/sparql-results#"


def to_csv(result: QueryResult, evidence: Evidence | None = None) -> str:
    """Return the shown columns as CSV (RFC 4180, but with line feeds), names in the first line."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(_lines(result, evidence))
    return out.getvalue()


def to_tsv(result: QueryResult, evidence: Evidence | None = None) -> str:
    """Return the shown columns as tab-separated text; tabs and line ends inside a value become spaces."""
    lines = _lines(result, evidence)
    return "".join("\t".join(" ".join(cell.split()) for cell in line) + "\n" for line in lines)


def to_markdown(result: QueryResult, evidence: Evidence | None = None) -> str:
    """Return the shown columns as a table of GitHub Flavored Markdown."""
    first, *rest = _lines(result, evidence)
    lines = [first, ["---"] * len(first), *([_markdown_cell(cell) for cell in line] for line in rest)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _lines(result: QueryResult, evidence: Evidence | None) -> Iterator[list[str]]:
    """Yield the names of the columns, then the cells of each row."""
    if evidence is None:
        yield list(result.columns)
        yield from ([display(term) for term in row] for row in result.rows)
        return
    yield [*result.columns, *(f"evidence_{name}" for name in _FIELDS)]
    for row, places in zip(result.rows, evidence, strict=True):
        cells = [display(term) for term in row]
        for place in places:
            yield [*cells, *(str(getattr(place, name)) for name in _FIELDS.values())]
        if not places:
            yield [*cells, *("" for _ in _FIELDS)]


def _markdown_cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


# ---- the formats of SPARQL -----------------------------------------------------------------------


def to_json(result: QueryResult, evidence: Evidence | None = None) -> str:
    """Return all variables in the SPARQL 1.1 Query Results JSON Format (W3C, 2013).

    A cut answer and evidence are told in a member `kgbuild` in front, which readers of the format pass over:
    `{"cut": true, "rows": 10, "evidence": [[{...}], ...]}`, the places of each row in the order of the rows.
    """
    more: dict[str, Any] = {"cut": True, "rows": len(result.rows)} if result.cut else {}
    if evidence is not None:
        more["evidence"] = [[asdict(place) for place in places] for places in evidence]
    document: dict[str, Any] = {"kgbuild": more} if more else {}
    if result.kind == "ask":
        document |= {"head": {}, "boolean": _verdict(result)}
    else:
        rows = [
            {name: _json_term(row[name]) for name in result.variables if name in row}
            for row in result.bindings
        ]
        document |= {"head": {"vars": list(result.variables)}, "results": {"bindings": rows}}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def to_xml(result: QueryResult) -> str:
    """Return all variables in the SPARQL Query Results XML Format (W3C, 2013).

    A character that XML cannot hold becomes U+FFFD.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<sparql xmlns="{_RESULTS_NAMESPACE}">']
    if result.kind == "ask":
        lines += ["  <head/>", f"  <boolean>{str(_verdict(result)).lower()}</boolean>"]
    else:
        lines += ["  <head>", *(f"    <variable name={_quoted(name)}/>" for name in result.variables)]
        lines += ["  </head>", "  <results>"]
        for row in result.bindings:
            lines.append("    <result>")
            for name in result.variables:
                if name in row:
                    lines.append(f"      <binding name={_quoted(name)}>{_xml_term(row[name])}</binding>")
            lines.append("    </result>")
        lines.append("  </results>")
    return "\n".join([*lines, "</sparql>", ""])


def _verdict(result: QueryResult) -> bool:
    verdict = result.rows[0][0]
    return isinstance(verdict, Literal) and verdict.value == "true"


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


def _xml_term(term: Term) -> str:
    if not isinstance(term, Literal):
        return f"<bnode>{_xml(term[2:])}</bnode>" if term.startswith("_:") else f"<uri>{_xml(term)}</uri>"
    attribute = ""
    if term.language:
        attribute = f" xml:lang={_quoted(term.language)}"
    elif term.datatype not in (XSD + "string", RDF + "langString"):
        attribute = f" datatype={_quoted(term.datatype)}"
    return f"<literal{attribute}>{_xml(term.value)}</literal>"


def _quoted(text: str) -> str:
    return f'"{_xml(text)}"'


def _xml(text: str) -> str:
    # a reader would turn a carriage return into a line feed
    return html.escape(_NOT_IN_XML.sub("\ufffd", text)).replace("\r", "&#13;").replace("&#x27;", "'")


# ---- graphs --------------------------------------------------------------------------------------


def to_graph_turtle(result: QueryResult) -> str:
    """Return the triples of CONSTRUCT or DESCRIBE as Turtle. Raises QueryError for another query."""
    from kgbuild.turtle import to_turtle  # noqa: PLC0415 - few answers are graphs

    return to_turtle(_graph(result, "turtle").triples)


def to_graph_ntriples(result: QueryResult) -> str:
    """Return the triples of CONSTRUCT or DESCRIBE as N-Triples. Raises QueryError for another query."""
    from kgbuild.turtle import to_ntriples  # noqa: PLC0415 - few answers are graphs

    return to_ntriples(_graph(result, "ntriples").triples)


def _graph(result: QueryResult, form: str) -> QueryResult:
    if result.kind != "graph":
        raise QueryError(f"format {form} is for CONSTRUCT and DESCRIBE; take csv, json or another for rows")
    return result


# ---- a page --------------------------------------------------------------------------------------

_STYLE: Final = """:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 90rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .7rem; border-bottom: 1px solid #8885; }
td { overflow-wrap: break-word; }
blockquote { margin: 0 0 .6rem; padding-left: .7rem; border-left: 3px solid #8888; }
small { opacity: .75; }"""


def to_html(result: QueryResult, evidence: Evidence | None = None, *, title: str = "") -> str:
    """Return a complete page with the answer as a table, `title` above it, each row's evidence beside it."""
    title = title or "Answer"
    heads = [*map(heading, result.columns), *(["evidence"] if evidence is not None else [])]
    lines = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_xml(title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>",
        f"<h1>{_xml(title)}</h1>\n<table>\n<thead>",
        f"<tr>{''.join(f'<th scope=col>{_xml(name)}</th>' for name in heads)}</tr>\n</thead>\n<tbody>",
    ]
    for number, row in enumerate(result.rows):
        cells = "".join(f"<td>{_html_cell(term)}</td>" for term in row)
        if evidence is not None:
            cells += f"<td>{''.join(map(_html_place, evidence[number]))}</td>"
        lines.append(f"<tr>{cells}</tr>")
    more = " (there are more)" if result.cut else ""
    rows = f"{len(result.rows)} row{'s' * (len(result.rows) != 1)}{more}"
    return "\n".join([*lines, f"</tbody>\n</table>\n<p>{rows}</p>\n</body>\n</html>\n"])


def _html_cell(term: Term | None) -> str:
    shown = _xml(display(term))
    if isinstance(term, str) and term.startswith(("http://", "https://")):
        return f"<a href={_quoted(term)}>{shown}</a>"
    return shown


def _html_place(place: EvidenceRow) -> str:
    source = ", ".join(x for x in (place.article_title, place.publisher, place.published) if x)
    said = f", says {place.speaker}" if place.speaker else ""
    stance = f"; {place.polarity}, {place.certainty}; characters {place.start}-{place.end}"
    return f"<blockquote>{_xml(place.quote)}<br><small>{_xml(source + said + stance)}</small></blockquote>"
