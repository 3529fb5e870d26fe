"""Checks of single values: which of a set of nodes break a constraint."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time
from typing import Any, Final

from rdflib import Literal as RdfLiteral

from kgbuild.validation.report import SH
from kgbuild.validation.sets.coded_graph import CodedGraph, key_of
from kgbuild.validation.sets.shape_model import Constraint

_KINDS: Final = {
    "IRI": {"iri"}, "BlankNode": {"blank"}, "Literal": {"literal"}, "BlankNodeOrIRI": {"blank", "iri"},
    "BlankNodeOrLiteral": {"blank", "literal"}, "IRIOrLiteral": {"iri", "literal"},
}  # fmt: skip
_FLAGS: Final = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.VERBOSE}


def kind_of(graph: CodedGraph, number: int) -> str:
    """Return "iri", "blank" or "literal"."""
    key = graph.keys[number]
    return "literal" if isinstance(key, tuple) else "blank" if key.startswith("_:") else "iri"


def _class(graph: CodedGraph, wanted: Any, values: frozenset[int]) -> Iterable[int]:
    return values - graph.members(graph.intern(str(wanted)))


def _datatype(graph: CodedGraph, wanted: Any, values: frozenset[int]) -> Iterable[int]:
    name = str(wanted)
    for value in values:
        key = graph.keys[value]
        if not isinstance(key, tuple) or key[1] != name:
            yield value
        else:
            literal = graph.literal(value)
            if literal is not None and literal.ill_typed:
                yield value


def _node_kind(graph: CodedGraph, wanted: Any, values: frozenset[int]) -> Iterable[int]:
    allowed = _KINDS[str(wanted).removeprefix(SH)]
    return (v for v in values if kind_of(graph, v) not in allowed)


def _in(graph: CodedGraph, wanted: Any, values: frozenset[int]) -> Iterable[int]:
    return values - {graph.intern(key_of(term)) for term in wanted}


def _length(graph: CodedGraph, values: frozenset[int], fits: Callable[[int], bool]) -> Iterable[int]:
    for value in values:
        key = graph.keys[value]
        text = key[0] if isinstance(key, tuple) else key
        if kind_of(graph, value) == "blank" or not fits(len(text)):
            yield value


def _min_length(graph: CodedGraph, wanted: Any, values: frozenset[int]) -> Iterable[int]:
    least = int(str(wanted))
    return _length(graph, values, lambda n: n >= least)


def _max_length(graph: CodedGraph, wanted: Any, values: frozenset[int]) -> Iterable[int]:
    most = int(str(wanted))
    return _length(graph, values, lambda n: n <= most)


def _pattern(graph: CodedGraph, wanted: Any, values: frozenset[int]) -> Iterable[int]:
    text, letters = wanted
    flags = re.RegexFlag(0)
    for letter in letters:
        flags |= _FLAGS.get(letter, re.RegexFlag(0))
    compiled = re.compile(re.escape(text) if "q" in letters else text, flags)
    for value in values:
        key = graph.keys[value]
        if kind_of(graph, value) == "blank" or not compiled.search(key[0] if isinstance(key, tuple) else key):
            yield value


def _language_in(graph: CodedGraph, wanted: Any, values: frozenset[int]) -> Iterable[int]:
    ranges = [str(r).lower() for r in wanted]
    for value in values:
        key = graph.keys[value]
        tag = key[2].lower() if isinstance(key, tuple) else ""
        if not tag or not any(r in {"*", tag} or tag.startswith(r + "-") for r in ranges):
            yield value


def _range(
    graph: CodedGraph, wanted: Any, values: frozenset[int], fits: Callable[[int], bool]
) -> Iterable[int]:
    for value in values:
        literal = graph.literal(value)
        order = None if literal is None else compare(literal, wanted)
        if order is None or not fits(order):
            yield value


_CHECKS: Final[Mapping[str, Callable[[CodedGraph, Any, frozenset[int]], Iterable[int]]]] = {
    "Class": _class,
    "Datatype": _datatype,
    "NodeKind": _node_kind,
    "In": _in,
    "MinLength": _min_length,
    "MaxLength": _max_length,
    "Pattern": _pattern,
    "LanguageIn": _language_in,
    "MinExclusive": lambda g, w, v: _range(g, w, v, lambda order: order > 0),
    "MinInclusive": lambda g, w, v: _range(g, w, v, lambda order: order >= 0),
    "MaxExclusive": lambda g, w, v: _range(g, w, v, lambda order: order < 0),
    "MaxInclusive": lambda g, w, v: _range(g, w, v, lambda order: order <= 0),
}


def breaking(graph: CodedGraph, constraint: Constraint, values: frozenset[int]) -> set[int] | None:
    """Return the values that break a constraint on single values; None for constraints of other kinds."""
    check = _CHECKS.get(constraint.component)
    return None if check is None else set(check(graph, constraint.value, values))


def compare(a: RdfLiteral, b: Any) -> int | None:
    """Return -1, 0 or 1 as `a` is less than, equal to or greater than `b`; None where they have no order.

    As pySHACL has it: the order of rdflib, except that text and other values have none, nor have times with
    and without a time zone. rdflib orders some pairs that SPARQL does not, such as a date and a dateTime.
    """
    if not isinstance(b, RdfLiteral) or isinstance(a.value, str) != isinstance(b.value, str):
        return None
    try:
        if a.eq(b):
            return 0
        greater = a.value > b.value if isinstance(a.value, (datetime, time)) else a > b
    except (TypeError, NotImplementedError):
        return None
    return 1 if greater else -1


def precedes(graph: CodedGraph, a: int, b: int, *, strict: bool) -> bool:
    """Return whether node `a` is less than `b`, or not `strict`ly so equal to it.

    As in pySHACL IRIs are compared as text, text with text only, and other literals as rdflib orders
    them. What has no order does not precede (SHACL, section 4.5.3); there pySHACL stops or finds nothing.
    """
    if "blank" in {kind_of(graph, a), kind_of(graph, b)}:
        return False
    x, y = _sortable(graph, a), _sortable(graph, b)
    if isinstance(x, RdfLiteral) != isinstance(y, RdfLiteral):
        return False
    try:
        less = x.__lt__(y)
        return less is True or (not strict and less is False and _same(x, y))
    except TypeError:
        return False


def _same(x: Any, y: Any) -> bool:
    return x == y or (isinstance(x, RdfLiteral) and isinstance(y, RdfLiteral) and bool(x.eq(y)))


def _sortable(graph: CodedGraph, number: int) -> Any:
    literal = graph.literal(number)
    if literal is None:
        return str(graph.keys[number])
    return str(literal) if isinstance(literal.value, str) else literal
