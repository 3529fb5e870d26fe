"""Triples as Turtle, TriG, N-Triples and N-Quads: the same triples in any order give the same bytes.

Sources: RDF 1.1 Turtle section 6.5 (grammar), RDF 1.1 TriG, RDF 1.2 N-Triples section 3 (canonical form).
kgbuild's graphs have no blank nodes; those of other files are terms that begin with "_:", written so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from kgbuild.model import Term, Triple
from kgbuild.terms import ID, NS, PREFIXES, RDF_TYPE, RDFS_LABEL, XSD, compact

#: Kinds of subjects in the order in which a reader meets them, with the heading of each.
SECTIONS: Final = (
    ("vocabulary", "Vocabulary"),
    ("firm", "Firms"),
    ("org", "Organizations"),
    ("body", "Public bodies"),
    ("person", "People"),
    ("license", "Licenses"),
    ("measure", "Measures"),
    ("agreement", "Agreements"),
    ("event", "Events"),
    ("disruption", "Disruptions"),
    ("statement", "Statements"),
    ("statistic", "Trade statistics"),
    ("instrument", "Legal instruments"),
    ("record", "Status records"),
    ("unconfirmed", "Unconfirmed things"),
    ("quantity", "Quantities"),
    ("time", "Times"),
    ("listing", "Listings"),
    ("exchange", "Stock exchanges"),
    ("site", "Sites"),
    ("place", "Places"),
    ("element", "Elements"),
    ("mineral", "Minerals"),
    ("group", "Groups of elements"),
    ("good", "Goods"),
    ("industry", "Industries"),
    ("use", "End uses"),
    ("activity", "Activities"),
    ("status", "Values of status"),
    ("direction", "Directions"),
    ("trouble", "Kinds of disruption"),
    ("speech", "Kinds of statement"),
    ("family", "Families of measures"),
    ("qualifier", "Qualifiers of values"),
    ("polarity", "Polarities of claims"),
    ("certainty", "Certainties of claims"),
    ("other", "Other things"),
    ("blank", "Things without a name"),
    ("article", "Articles"),
    ("segment", "Text segments"),
    ("claim", "Claims"),
    ("run", "Extraction runs"),
    ("source", "Unnamed sources"),
)
_RANK: Final = {kind: rank for rank, (kind, _) in enumerate(SECTIONS)}
_WIDTH: Final = 110
_INDENT: Final = "    "
_XSD_STRING: Final = XSD + "string"

#: What may stand without quotes and comes back the same from every reader. The grammar allows more: `+7` and
#: `.5` too, but rdflib reads numbers by value and writes 7, 0.5 and, below 0.000001, an exponent.
_NATIVE: Final = {
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]*"),
    XSD + "decimal": re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]{1,6}"),
    XSD + "boolean": re.compile(r"true|false"),
}
_LANGUAGE: Final = re.compile(r"[A-Za-z]+(?:-[A-Za-z0-9]+)*")
_ESCAPED: Final = re.compile(r'[\x00-\x1f"\\\x7f\ud800-\udfff\ufffe\uffff]')
_ESCAPES: Final = {
    "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\",
}  # fmt: skip
_NOT_IN_IRI: Final = re.compile(r'[\x00-\x20<>"{}|^`\\\ud800-\udfff]')


def to_turtle(
    triples: Iterable[Triple], *, comment: str = "", prefixes: Mapping[str, str] | None = None
) -> str:
    """Return `triples` as Turtle, grouped by kind of subject, each triple once.

    `comment` becomes the first lines, each behind "# "; `prefixes` are further ones (prefix -> namespace).
    Raises ValueError for a term that RDF text cannot hold: half a surrogate pair, or a language tag that is
    none.
    """
    names = _Names(prefixes)
    body = _blocks(triples, names)
    return _document(comment, names, body)


def to_trig(default: Iterable[Triple], graphs: Mapping[str, Iterable[Triple]], *, comment: str = "") -> str:
    """Return `default` as Turtle and behind it the named graphs, by IRI; a graph without triples is left out.

    Raises ValueError as `to_turtle` does.
    """
    names = _Names()
    body = _blocks(default, names)
    named: list[str] = []
    for iri in sorted(graphs):
        inside = _blocks(graphs[iri], names, _INDENT)
        if inside:
            named += ["", names.iri(iri) + " {", *inside[1:], "}"]
    if named:
        body += ["", "# ---- Named graphs", *named]
    return _document(comment, names, body)


def to_ntriples(triples: Iterable[Triple]) -> str:
    """Return `triples` as canonical N-Triples, lines sorted by code point, each once; raises as above."""
    return "".join(sorted({_statement(*triple) for triple in triples}))


def to_nquads(default: Iterable[Triple], graphs: Mapping[str, Iterable[Triple]]) -> str:
    """Return all graphs as canonical N-Quads, lines sorted by code point, each once; raises as above."""
    lines = {_statement(*triple) for triple in default}
    for name, triples in graphs.items():
        graph = " " + full_iri(name)
        lines.update(_statement(*triple, graph=graph) for triple in triples)
    return "".join(sorted(lines))


def full_iri(iri: str) -> str:
    """Return `iri` in angle brackets, with escapes for what the grammar forbids; a blank node as it is."""
    if iri.startswith("_:"):
        return iri
    if _NOT_IN_IRI.search(iri):
        iri = _NOT_IN_IRI.sub(_code, iri)
    return f"<{iri}>"


def quoted(text: str) -> str:
    """Return `text` in quotation marks, on one line. Raises ValueError for half a surrogate pair."""
    if _ESCAPED.search(text):
        text = _ESCAPED.sub(_escape, text)
    return f'"{text}"'


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or _code(match)


def _code(match: re.Match[str]) -> str:
    number = ord(match[0])
    if 0xD800 <= number <= 0xDFFF:
        around = match.string[max(0, match.start() - 30) : match.start()]
        raise ValueError(
            f"half a surrogate pair (U+{number:04X}) after {around!r}; RDF holds whole characters only"
        )
    return f"\\u{number:04X}"


def _tag(language: str) -> str:
    if not _LANGUAGE.fullmatch(language):
        raise ValueError(f"{language!r} is no language tag; it would look like en or zh-Hans")
    return "@" + language


def term_text(value: Term) -> str:
    """Return `value` as it stands in N-Triples. Raises ValueError for what RDF text cannot hold."""
    if isinstance(value, str):
        return full_iri(value)
    if value.language:
        return quoted(value.value) + _tag(value.language)
    if value.datatype == _XSD_STRING:
        return quoted(value.value)
    return f"{quoted(value.value)}^^{full_iri(value.datatype)}"


def _statement(subject: str, predicate: str, value: Term, graph: str = "") -> str:
    return f"{full_iri(subject)} {full_iri(predicate)} {term_text(value)}{graph} .\n"


class _Names:
    """Short names of IRIs, and which prefixes they took."""

    def __init__(self, more: Mapping[str, str] | None = None) -> None:
        self.prefixes: set[str] = set()
        self.more = more or {}
        self._known: dict[str, str] = {}

    def iri(self, iri: str) -> str:
        """Return `iri` as a prefixed name, else in angle brackets."""
        known = self._known.get(iri)
        if known is None:
            known = full_iri(iri) if iri.startswith("_:") else compact(iri, self.more)
            if known.startswith("<"):
                known = full_iri(iri)
            elif not known.startswith("_:"):
                self.prefixes.add(known.partition(":")[0])
            self._known[iri] = known
        return known

    def value(self, value: Term) -> str:
        """Return `value` as it stands behind a predicate."""
        if isinstance(value, str):
            return self.iri(value)
        if value.language:
            return quoted(value.value) + _tag(value.language)
        if value.datatype == _XSD_STRING:
            return quoted(value.value)
        native = _NATIVE.get(value.datatype)
        if native is not None and native.fullmatch(value.value):
            return value.value
        return f"{quoted(value.value)}^^{self.iri(value.datatype)}"


def _document(comment: str, names: _Names, body: list[str]) -> str:
    lines = [f"# {line}".rstrip() for line in comment.splitlines()]
    if names.prefixes:
        if lines:
            lines.append("")
        known = {**PREFIXES, **names.more}
        lines += [f"@prefix {prefix}: <{known[prefix]}> ." for prefix in sorted(names.prefixes)]
    elif body and not lines:
        body = body[1:]
    lines += body
    return "\n".join(lines) + "\n" if lines else ""


def _blocks(triples: Iterable[Triple], names: _Names, indent: str = "") -> list[str]:
    """Return lines: an empty one before each heading and each subject."""
    by_subject: dict[str, dict[str, set[Term]]] = {}
    for subject, predicate, value in triples:
        by_subject.setdefault(subject, {}).setdefault(predicate, set()).add(value)
    lines: list[str] = []
    last = -1
    for rank, subject in sorted((_RANK[_kind(subject)], subject) for subject in by_subject):
        if rank != last:
            lines += ["", f"{indent}# ---- {SECTIONS[rank][1]}"]
            last = rank
        lines.append("")
        _describe(subject, by_subject[subject], names, indent, lines)
    return lines


def _kind(subject: str) -> str:
    if subject.startswith(ID):
        kind = subject[len(ID) :].partition("/")[0]
        return kind if kind in _RANK else "other"
    if subject.startswith("_:"):
        return "blank"
    return "vocabulary" if subject.startswith(NS[:-1]) else "other"


def _describe(
    subject: str, about: Mapping[str, set[Term]], names: _Names, indent: str, lines: list[str]
) -> None:
    """Append the lines of one subject."""
    lead = f"{indent}{names.iri(subject)} "
    inner = indent + _INDENT
    predicates = sorted(about, key=_predicate_key)
    for predicate in predicates:
        verb = "a" if predicate == RDF_TYPE else names.iri(predicate)
        if len(about[predicate]) == 1:
            (only,) = about[predicate]
            values = [names.value(only)]
        else:
            values = [names.value(value) for value in sorted(about[predicate], key=_value_key)]
        end = " ." if predicate is predicates[-1] else " ;"
        line = f"{lead}{verb} {' , '.join(values)}{end}"
        if len(values) == 1 or len(line) <= _WIDTH:
            lines.append(line)
        else:
            lines.append(f"{lead}{verb}")
            lines += [f"{inner}{_INDENT}{value} ," for value in values[:-1]]
            lines.append(f"{inner}{_INDENT}{values[-1]}{end}")
        lead = inner


def _predicate_key(iri: str) -> tuple[int, str]:
    if iri == RDF_TYPE:
        return (0, "")
    if iri == RDFS_LABEL:
        return (1, "")
    return (2 if iri.startswith(NS) else 3, iri)


def _value_key(value: Term) -> tuple[bool, str, str, str]:
    if isinstance(value, str):
        return (False, value, "", "")
    return (True, value.value, value.datatype, value.language)
