"""What a validation finds, as values; their order does not depend on the engine."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from kgbuild.model import Literal, Term
from kgbuild.terms import XSD, compact

SH: Final = "http://www.w3.org/ns/shacl#"
SHAPES: Final = "https://w3id.org/kgbuild/shapes#"
CHECKS: Final = "https://w3id.org/kgbuild/checks#"
SEVERITIES: Final = ("Violation", "Warning", "Info")


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """One thing that a shape found (SHACL, section 3.6.2)."""

    focus_node: str  #: IRI; a literal or blank node as in N-Triples
    path: str | None  #: IRI, or a SPARQL 1.1 property path for longer ones; None for the node itself
    value: Term | None
    source_shape: str  #: IRI
    component: str  #: IRI of the constraint component, e.g. sh:MinCountConstraintComponent
    severity: str  #: "Violation", "Warning" or "Info"
    message: str  #: what a researcher is to do

    @property
    def sort_key(self) -> tuple[int, str, str, str, str, str, str]:
        """Return a key that puts the severest results first and those of one thing together."""
        return (
            SEVERITIES.index(self.severity),
            self.focus_node,
            self.source_shape,
            self.path or "",
            self.component,
            "" if self.value is None else to_ntriples(self.value),
            self.message,
        )


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """All results, the severest first, and how many things each shape looked at."""

    results: tuple[ValidationResult, ...]
    shapes: dict[str, int] = field(default_factory=dict)  #: IRI of each shape with a target -> focus nodes

    @property
    def violations(self) -> tuple[ValidationResult, ...]:
        """Return the results of severity Violation."""
        return tuple(r for r in self.results if r.severity == "Violation")

    @property
    def vacuous(self) -> tuple[str, ...]:
        """Return the shapes that found nothing to look at, sorted."""
        return tuple(sorted(shape for shape, count in self.shapes.items() if not count))

    def summary(self) -> str:
        """Return the counts in one line."""
        counts = [(s, sum(r.severity == s for r in self.results)) for s in SEVERITIES]
        found = ", ".join(f"{n} {s.lower()}{'' if n == 1 else 's'}" for s, n in counts if n or s != "Info")
        checked = sum(1 for count in self.shapes.values() if count)
        return f"{found}; {checked} of {len(self.shapes)} shapes had something to check"

    def to_turtle(self) -> str:
        """Return the report in SHACL terms; sh:conforms is true only without any result (SHACL, 3.6.1)."""
        lines = [f"@prefix sh: <{SH}> .", f"@prefix xsd: <{XSD}> .", ""]
        lines.append(f"[] a sh:ValidationReport ;\n    sh:conforms {'false' if self.results else 'true'}")
        for result in self.results:
            lines[-1] += " ;"
            lines.append(_turtle_result(result))
        lines[-1] += " ."
        return "\n".join(lines) + "\n"


def sorted_report(results: Iterable[ValidationResult], shapes: dict[str, int]) -> ValidationReport:
    """Return a report with each result once, in order, and the shapes by IRI."""
    ordered = tuple(sorted(set(results), key=lambda r: r.sort_key))
    return ValidationReport(ordered, {shape: shapes[shape] for shape in sorted(shapes)})


def to_ntriples(term: Term) -> str:
    """Return `term` as in N-Triples: `<iri>`, `"text"@en`, `"1"^^<datatype>`.

    >>> to_ntriples(Literal("up 8%", XSD + "string"))
    '"up 8%"'
    """
    if isinstance(term, str):
        return term if term.startswith(("_:", '"')) else f"<{term}>"
    text = re.sub(r'[\\"\n\r]', lambda m: {"\n": "\\n", "\r": "\\r"}.get(m[0], "\\" + m[0]), term.value)
    if term.language:
        return f'"{text}"@{term.language}'
    return f'"{text}"' if term.datatype == XSD + "string" else f'"{text}"^^<{term.datatype}>'


def compact_node(node: str) -> str:
    """Return a focus node for people: prefixed where a prefix fits."""
    return node if node.startswith(("_:", '"')) else compact(node)


def compact_term(term: Term) -> str:
    """Return a value for people: prefixed, and long texts cut."""
    if isinstance(term, str):
        return compact_node(term)
    text = term.value if len(term.value) <= 60 else term.value[:57] + "..."
    written, datatype, rest = to_ntriples(Literal(text, term.datatype, term.language)).rpartition("^^")
    return written + datatype + compact(rest[1:-1]) if datatype else rest


def compact_shape(shape: str) -> str:
    """Return the IRI of a shape for people: `shape:LicenseShape-heldBy`."""
    for base, prefix in ((SHAPES, "shape:"), (CHECKS, "check:")):
        if shape.startswith(base):
            return prefix + shape.removeprefix(base)
    return compact_node(shape)


def compact_path(path: str) -> str:
    """Return a path for people: prefixed names in place of IRIs."""
    if "<" not in path:
        return compact(path)
    return re.sub(r"<([^<>]*)>", lambda m: compact(m[1]), path)


def _turtle_result(result: ValidationResult) -> str:
    rows = [
        f"sh:focusNode {to_ntriples(result.focus_node)}",
        f"sh:resultSeverity sh:{result.severity}",
        f"sh:sourceConstraintComponent {to_ntriples(result.component)}",
        f"sh:sourceShape {to_ntriples(result.source_shape)}",
        f"sh:resultMessage {to_ntriples(Literal(result.message, XSD + 'string'))}",
    ]
    if result.path:
        rows.insert(1, f"sh:resultPath {path_to_turtle(result.path)}")
    if result.value is not None:
        rows.insert(2 if result.path else 1, f"sh:value {to_ntriples(result.value)}")
    return "    sh:result [ a sh:ValidationResult ;\n        " + " ;\n        ".join(rows) + " ]"


_PATH_TOKEN: Final = re.compile(r"<[^<>]*>|[\^/|()*+?]")
_REPEATS: Final = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}


def path_to_turtle(path: str) -> str:
    """Return a property path as SHACL writes it in Turtle (SHACL, section 2.3.1).

    >>> path_to_turtle("^<urn:a>/<urn:b>")
    '( [ sh:inversePath <urn:a> ] <urn:b> )'
    """
    if "<" not in path:
        return f"<{path}>"
    tokens = _PATH_TOKEN.findall(path)
    tokens.reverse()
    return _alternatives(tokens)


def _alternatives(tokens: list[str]) -> str:
    parts = [_sequence(tokens)]
    while tokens and tokens[-1] == "|":
        tokens.pop()
        parts.append(_sequence(tokens))
    return parts[0] if len(parts) == 1 else f"[ sh:alternativePath ( {' '.join(parts)} ) ]"


def _sequence(tokens: list[str]) -> str:
    parts = [_step(tokens)]
    while tokens and tokens[-1] == "/":
        tokens.pop()
        parts.append(_step(tokens))
    return parts[0] if len(parts) == 1 else f"( {' '.join(parts)} )"


def _step(tokens: list[str]) -> str:
    token = tokens.pop()
    if token == "^":  # noqa: S105 - a sign of a path, no password
        return f"[ sh:inversePath {_step(tokens)} ]"
    if token == "(":  # noqa: S105 - a sign of a path, no password
        token = _alternatives(tokens)
        tokens.pop()
    while tokens and tokens[-1] in _REPEATS:
        token = f"[ sh:{_REPEATS[tokens.pop()]} {token} ]"
    return token
