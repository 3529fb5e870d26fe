"""Terms of a graph as values of Python, and values of Python as a user writes them for a parameter."""

from __future__ import annotations

import datetime as dt
import decimal
import re
from collections.abc import Callable, Mapping
from typing import Final, Self, TypeAlias

from kgbuild.errors import QueryError
from kgbuild.model import Literal, Term
from kgbuild.terms import XSD, compact


class Iri(str):
    """An IRI in full, with the label of what it names.

    >>> place = Iri("https://w3id.org/kgbuild/id/place/US", "United States")
    >>> place.label, place.short, place.endswith("/US")
    ('United States', 'place:US', True)
    """

    __slots__ = ("label",)
    label: str  #: in English where there is one; the prefixed name where there is none

    def __new__(cls, iri: str, label: str = "") -> Self:
        """Return the IRI; without a `label` its prefixed name stands for it."""
        new = super().__new__(cls, iri)
        new.label = label or new.short
        return new

    def __reduce__(self) -> tuple[type[Iri], tuple[str, str]]:
        """Return what makes an equal one, for pickle and copy."""
        return Iri, (str.__str__(self), self.label)

    @property
    def short(self) -> str:
        """Return the prefixed name, or where no prefix fits the IRI in angle brackets."""
        return self if self.startswith("_:") else compact(self)


#: What stands in a row. Times without a zone stay without one.
Value: TypeAlias = str | int | float | bool | decimal.Decimal | dt.date | dt.datetime | Iri | None
#: What may be given for a parameter; None lifts its default.
Given: TypeAlias = str | int | float | bool | decimal.Decimal | dt.date | dt.datetime | None

_INTEGERS: Final = """integer int long short byte nonNegativeInteger positiveInteger unsignedInt unsignedLong
    unsignedShort unsignedByte nonPositiveInteger negativeInteger""".split()
_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,4000}")  # beyond it int() refuses


def to_python(term: Term | None, labels: Mapping[str, str]) -> Value:
    """Return `term` as a value; `labels` are those of things, by IRI.

    Integers, decimals, floats, truth values, dates and times have their types; a literal of another type, or
    one that is not of its type, is text as written. A language tag is dropped.
    """
    if term is None:
        return None
    if isinstance(term, str):
        return Iri(term, labels.get(term, ""))
    convert = _TYPED.get(term.datatype)
    if convert is None:
        return term.value
    try:
        return convert(term.value)
    except (ValueError, ArithmeticError, KeyError):
        return term.value


def as_written(value: Given) -> str:
    """Return `value` as a user writes it for a parameter.

    Raises QueryError for a value of another type.

    >>> as_written(dt.date(2025, 12, 31)), as_written(True), as_written(None)
    ('2025-12-31', 'true', '')
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case str():
            return str(value)
        case int():
            return str(value)
        case float() | decimal.Decimal():
            return format(decimal.Decimal(str(value)), "f")
        case dt.date():  # a datetime is one
            return value.isoformat()
        case _:
            raise QueryError(f"{value!r} is no value of a parameter; give text, a number, a date or a time")


def _integer(text: str) -> int:
    if _INTEGER.fullmatch(text) is None:
        raise ValueError(text)
    return int(text)


def _decimal(text: str) -> decimal.Decimal:
    if _DECIMAL.fullmatch(text) is None:
        raise ValueError(text)
    return decimal.Decimal(text)


def _float(text: str) -> float:
    return float(text.replace("INF", "inf"))


_TYPED: Final[Mapping[str, Callable[[str], Value]]] = {
    **{XSD + name: _integer for name in _INTEGERS},
    XSD + "decimal": _decimal,
    XSD + "double": _float,
    XSD + "float": _float,
    XSD + "boolean": lambda text: _TRUTH[text],
    XSD + "dateTime": dt.datetime.fromisoformat,
    XSD + "date": dt.date.fromisoformat,
}


def literal_text(term: Term | None) -> str:
    """Return the text of a literal, or the IRI."""
    if term is None:
        return ""
    return term.value if isinstance(term, Literal) else term
