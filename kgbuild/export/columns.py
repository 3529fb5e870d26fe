"""Properties as columns with types, for tools that know no RDF: GraphML, GEXF, Neo4j, tables.

A property has one type for all things. Where one value does not fit the type, all are text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kgbuild.model import Literal, Term
from kgbuild.terms import NS, RDFS_LABEL, SKOS_PREF, XSD, compact

#: Stands between several values of one property in formats without lists.
BETWEEN: Final = " | "
LABELS: Final = (RDFS_LABEL, SKOS_PREF)
_INTEGERS: Final = frozenset(
    XSD + name
    for name in (
        "integer nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger long int short byte "
        "unsignedLong unsignedInt unsignedShort unsignedByte"
    ).split()
)
_REALS: Final = frozenset(XSD + name for name in ("decimal", "double", "float"))
_INTEGER: Final = re.compile(r"-?[0-9]{1,18}")  # all of them fit into 64 bits
_REAL: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T"
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A property that has values."""

    property: str  #: IRI
    name: str  #: unique, without colons: local name of a kg: property, else prefix and local name
    type: str  #: "string", "long", "double", "boolean" or "datetime" (with an offset from UTC)
    several: bool  #: whether a thing has more than one value


class ColumnFinder:
    """Sees the values of each thing, and says in the end what columns hold them."""

    def __init__(self) -> None:
        self._types: dict[str, str] = {}
        self._several: set[str] = set()

    def see(self, predicate: str, values: Sequence[Term]) -> None:
        """Take note of all values that one thing has of a property."""
        for value in values:
            here = type_of(value)
            before = self._types.setdefault(predicate, here)
            if here != before:
                self._types[predicate] = "double" if {here, before} == {"long", "double"} else "string"
        if len(values) > 1:
            self._several.add(predicate)

    def columns(self, taken: Iterable[str] = ()) -> tuple[Column, ...]:
        """Return the columns by name, none of them called as one of `taken`, whatever the case."""
        used = {name.casefold() for name in taken}
        found: dict[str, Column] = {}
        for predicate in sorted(self._types, key=lambda iri: (not iri.startswith(NS), iri)):
            name = unique_name(short_name(predicate), used)
            found[name] = Column(predicate, name, self._types[predicate], predicate in self._several)
        return tuple(found[name] for name in sorted(found))


def unique_name(wanted: str, used: set[str]) -> str:
    """Return `wanted` in letters, digits, "_", "-" and ".", numbered where it is among `used`; and add it.

    `used` holds names without regard to case: some file systems and databases have none.
    """
    wanted = name = re.sub(r"[^\w.-]", "_", wanted)[:100]
    number = 1
    while name.casefold() in used:
        number += 1
        name = f"{wanted}_{number}"
    used.add(name.casefold())
    return name


def type_of(value: Term) -> str:
    """Return the type of a column that holds this value alone."""
    if not isinstance(value, Literal):
        return "string"
    if value.datatype in _INTEGERS and _INTEGER.fullmatch(value.value):
        return "long"
    if value.datatype in _REALS and _REAL.fullmatch(value.value):
        return "double"
    if value.datatype == XSD + "boolean" and value.value in {"true", "false"}:
        return "boolean"
    if value.datatype == XSD + "dateTime" and _INSTANT.fullmatch(value.value):
        return "datetime"
    return "string"


def short_name(iri: str) -> str:
    """Return a name for people: the local name in kgbuild's vocabulary, a prefixed name, or the whole IRI."""
    if iri.startswith(NS):
        return iri[len(NS) :]
    return compact(iri).strip("<>")


def shown(value: Term) -> str:
    """Return the text of a literal, or the short name of an IRI as it can be looked up: `kg:holds`."""
    return value.value if isinstance(value, Literal) else compact(value).strip("<>")


def joined(values: Iterable[Term]) -> str:
    """Return the values as one text, sorted."""
    return BETWEEN.join(sorted(map(shown, values)))


def best_label(values: Iterable[Term]) -> str:
    """Return the English label, else the first one in order of language, else ""."""
    labels = [v for v in values if isinstance(v, Literal)]
    best = min(labels, key=lambda o: (o.language != "en", o.language, o.value), default=None)
    return best.value if best else ""
