"""Answers as Arrow tables and Parquet files, with a type for each column (needs pyarrow).

A column whose values are all of one XSD type has the Arrow type for it; IRIs are strings, in full; everything
else is text as written. The XSD type stands in the metadata of the column.
"""

from __future__ import annotations

import datetime as dt
import decimal
import io
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from kgbuild.errors import QueryError
from kgbuild.model import Literal, Term
from kgbuild.terms import RDF, XSD

if TYPE_CHECKING:
    import pyarrow as pa

    from kgbuild.query.evidence import EvidenceRow
    from kgbuild.query.results import QueryResult

_INTEGERS: Final = frozenset(
    XSD + name
    for name in """integer int long short byte nonNegativeInteger positiveInteger unsignedInt unsignedLong
    unsignedShort unsignedByte nonPositiveInteger negativeInteger""".split()
)
_TEXT: Final = frozenset({XSD + "string", RDF + "langString"})
_LONG: Final = 1 << 63
_MOST_DIGITS: Final = 38  #: of Arrow's decimal128


def to_arrow(result: QueryResult, evidence: Sequence[Sequence[EvidenceRow]] | None = None) -> pa.Table:
    """Return the shown columns as an Arrow table; with evidence a column of lists of places.

    Raises QueryError where pyarrow is not installed.
    """
    pa = _pyarrow()
    fields, arrays = [], []
    for index, name in enumerate(result.columns):
        array, datatype = _column(pa, [row[index] for row in result.rows])
        metadata = {"datatype": datatype} if datatype else None
        fields.append(pa.field(name, array.type, metadata=metadata))
        arrays.append(array)
    if evidence is not None:
        array = pa.array([[asdict(place) for place in places] for places in evidence], _places_type(pa))
        fields.append(pa.field("evidence", array.type))
        arrays.append(array)
    notes = {"kgbuild.cut": "true"} if result.cut else None
    return pa.table(arrays, schema=pa.schema(fields, metadata=notes))


def to_parquet(result: QueryResult, evidence: Sequence[Sequence[EvidenceRow]] | None = None) -> bytes:
    """Return the table of `to_arrow` as a Parquet file. Raises QueryError where pyarrow is not installed."""
    table = to_arrow(result, evidence)
    import pyarrow.parquet as pq  # noqa: PLC0415 - heavy, and not everybody has it

    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def to_arrow_file(result: QueryResult, evidence: Sequence[Sequence[EvidenceRow]] | None = None) -> bytes:
    """Return the table of `to_arrow` as an Arrow file. Raises QueryError where pyarrow is not installed."""
    table = to_arrow(result, evidence)
    pa = _pyarrow()
    out = io.BytesIO()
    with pa.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


def _pyarrow() -> Any:
    try:
        import pyarrow as pa  # noqa: PLC0415 - heavy, and not everybody has it
        import pyarrow.ipc  # noqa: PLC0415
    except ImportError as err:
        raise QueryError("Arrow and Parquet need pyarrow: pip install 'kgbuild[tables]'") from err
    return pa


def _places_type(pa: Any) -> Any:
    numbers = {"start", "end"}
    names = """article_title article_iri publisher published speaker polarity certainty start end quote
    predicate""".split()
    return pa.list_(pa.struct([(name, pa.int64() if name in numbers else pa.string()) for name in names]))


def _column(pa: Any, terms: Sequence[Term | None]) -> tuple[Any, str]:
    """Return the array of a column and the XSD type of its values, "" where there is none."""
    datatypes = {t.datatype if isinstance(t, Literal) else "" for t in terms if t is not None}
    datatype = datatypes.pop() if len(datatypes) == 1 else ""
    convert = _TYPED.get(datatype)
    if convert is not None:
        try:
            values = [None if t is None else t.value for t in terms if t is None or isinstance(t, Literal)]
            return convert(pa, values), datatype
        except (ValueError, ArithmeticError):
            pass  # a value that is not of its type, or beyond what Arrow can hold
    texts = [t.value if isinstance(t, Literal) else t for t in terms]
    return pa.array(texts, pa.string()), "" if datatype in _TEXT else datatype


def _integers(pa: Any, values: Sequence[str | None]) -> Any:
    numbers = [None if v is None else int(v) for v in values]
    if any(n is not None and not -_LONG <= n < _LONG for n in numbers):
        raise ValueError("beyond 64 bits")
    return pa.array(numbers, pa.int64())


def _decimals(pa: Any, values: Sequence[str | None]) -> Any:
    numbers = [None if v is None else decimal.Decimal(v) for v in values]
    parts = [n.as_tuple() for n in numbers if n is not None]
    scale = max((-int(p.exponent) for p in parts), default=0)
    whole = max((len(p.digits) + int(p.exponent) for p in parts), default=1)
    precision = max(1, whole) + max(0, scale)
    if precision > _MOST_DIGITS:
        raise ValueError("too many digits")
    return pa.array(numbers, pa.decimal128(precision, max(0, scale)))


def _floats(pa: Any, values: Sequence[str | None]) -> Any:
    return pa.array([None if v is None else float(v.replace("INF", "inf")) for v in values], pa.float64())


def _booleans(pa: Any, values: Sequence[str | None]) -> Any:
    known = {"true": True, "1": True, "false": False, "0": False}
    if not {v for v in values if v is not None} <= set(known):
        raise ValueError("neither true nor false")
    return pa.array([None if v is None else known[v] for v in values], pa.bool_())


def _times(pa: Any, values: Sequence[str | None]) -> Any:
    times = [None if v is None else dt.datetime.fromisoformat(v) for v in values]
    zoned = {t.tzinfo is not None for t in times if t is not None}
    if len(zoned) > 1:
        raise ValueError("some with a zone, some without")
    if zoned == {True}:
        return pa.array(
            [None if t is None else t.astimezone(dt.UTC) for t in times], pa.timestamp("us", "UTC")
        )
    return pa.array(times, pa.timestamp("us"))


def _dates(pa: Any, values: Sequence[str | None]) -> Any:
    return pa.array([None if v is None else dt.date.fromisoformat(v) for v in values], pa.date32())


_TYPED: Final[dict[str, Callable[[Any, Sequence[str | None]], Any]]] = {
    **dict.fromkeys(_INTEGERS, _integers),
    XSD + "decimal": _decimals,
    XSD + "double": _floats,
    XSD + "float": _floats,
    XSD + "boolean": _booleans,
    XSD + "dateTime": _times,
    XSD + "date": _dates,
}
