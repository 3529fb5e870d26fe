"""Values of parameters: from what a user writes to typed terms, and from terms to SPARQL.

A value never becomes SPARQL by pasting: it is checked against its type, becomes a term, and the term is
written with everything escaped that could end it.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Final

from kgbuild.errors import QueryError
from kgbuild.model import Literal, Term
from kgbuild.terms import RDF, XSD

#: Types that a parameter can have -> the form its values must have.
TYPES: Final[dict[str, re.Pattern[str]]] = {
    "iri": re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\\x7f]+'),
    "literal": re.compile(r".*", re.DOTALL),
    "xsd:string": re.compile(r".*", re.DOTALL),
    "xsd:integer": re.compile(r"[+-]?[0-9]+"),
    "xsd:decimal": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
    "xsd:boolean": re.compile(r"true|false|1|0"),
    "xsd:dateTime": re.compile(
        r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
        r"(?P<time>T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?"
    ),
}
_EXAMPLES: Final = {
    "iri": "https://w3id.org/kgbuild/id/place/US",
    "xsd:integer": "12",
    "xsd:decimal": "7.89",
    "xsd:boolean": "true",
    "xsd:dateTime": "2025-12-31 or 2025-12-31T12:00:00Z",
}
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_ESCAPES: Final = {'"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def literal_value(kind: str, value: str, *, bound: str = "end") -> Literal:
    """Return `value` as a literal of type `kind` (a key of TYPES other than "iri").

    For times a year, month or day alone means its end, or its start, by `bound`; without a zone it is UTC.
    Raises QueryError when the value is not of the type.
    """
    match = TYPES[kind].fullmatch(value)
    if match is None:
        raise QueryError(f"{value!r} is no {kind.removeprefix('xsd:')}; right would be {_EXAMPLES[kind]}")
    _refuse_surrogates(value)
    if kind == "xsd:dateTime":
        return Literal(_date_time(match, bound), XSD + "dateTime")
    return Literal(value, XSD + ("string" if kind == "literal" else kind.removeprefix("xsd:")))


def iri_value(value: str) -> str:
    """Return `value` if it is an absolute IRI that SPARQL can write. Raises QueryError if not."""
    if TYPES["iri"].fullmatch(value) is None:
        raise QueryError(f"{value!r} is no IRI; right would be {_EXAMPLES['iri']}")
    _refuse_surrogates(value)
    return value


def term_text(term: Term) -> str:
    r"""Return `term` as one term of SPARQL, ASCII quotes and control characters escaped.

    Raises QueryError for an IRI, datatype or language tag that cannot be written.

    >>> term_text(Literal('say "no"', XSD + "string"))
    '"say \\"no\\""'
    """
    if not isinstance(term, Literal):
        return f"<{iri_value(term)}>"
    _refuse_surrogates(term.value)
    quoted = f'"{_escaped(term.value)}"'
    if term.language:
        if _LANGUAGE.fullmatch(term.language) is None:
            raise QueryError(f"{term.language!r} is no language tag")
        return f"{quoted}@{term.language}"
    if term.datatype in (XSD + "string", RDF + "langString"):
        return quoted
    return f"{quoted}^^<{iri_value(term.datatype)}>"


def _escaped(text: str) -> str:
    # A backslash before u is written so that engines which expand \u before they read strings see no escape;
    # with eight digits, because rdflib takes eight after \u too where it can.
    out = text.replace("\\", "\\\\")
    out = re.sub(r"\\\\([uU])", lambda m: f"\\\\\\U{ord(m[1]):08X}", out)
    for character, escape in _ESCAPES.items():
        out = out.replace(character, escape)
    return re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]", lambda m: f"\\U{ord(m[0]):08X}", out)


def _date_time(match: re.Match[str], bound: str) -> str:
    year, month, day = (int(match[part]) if match[part] else None for part in ("year", "month", "day"))
    end = bound == "end"
    try:
        if match["time"]:
            stamp = match[0] if match["zone"] else match[0] + "Z"
            dt.datetime.fromisoformat(stamp)
            return stamp
        month = month or (12 if end else 1)
        day = day or (calendar.monthrange(year or 1, month)[1] if end else 1)
        date = dt.date(year or 0, month, day)
    except (ValueError, IndexError) as err:
        raise QueryError(f"{match[0]!r} is no day of the calendar: {err}") from err
    return f"{date.isoformat()}T{'23:59:59' if end else '00:00:00'}Z"


def _refuse_surrogates(value: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise QueryError(f"{value!r} is not Unicode text")
