"""Tables as Parquet files with typed columns and true lists, by pyarrow (`pip install kgbuild[tables]`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO, Final

from kgbuild.errors import ResourceError
from kgbuild.export.columns import shown
from kgbuild.export.tables import FIRST, Table, Tables, names_of
from kgbuild.model import Literal, Term

_ROWS: Final = 20_000  #: of a row group, made at a time


def write_parquet(tables: Tables, table: Table, out: BinaryIO) -> None:
    """Write one table. Raises ResourceError where pyarrow is not installed."""
    arrow, parquet = require_pyarrow()
    types = {
        "string": arrow.string(),
        "long": arrow.int64(),
        "double": arrow.float64(),
        "boolean": arrow.bool_(),
        "datetime": arrow.timestamp("us", tz="UTC"),
    }
    fields: list[Any] = [(name, arrow.string()) for name in FIRST]
    names = iter(names_of(table)[len(FIRST) :])
    for column in table.columns:
        kind = types[column.type]
        fields.append((next(names), arrow.list_(kind) if column.several else kind))
        if column.name in table.references:
            fields.append((next(names), arrow.list_(arrow.string()) if column.several else arrow.string()))
    fields += [(next(names), arrow.int64()), (next(names), arrow.list_(arrow.string()))]
    schema = arrow.schema(fields)
    with parquet.ParquetWriter(out, schema) as writer:
        rows: list[list[object]] = []
        for cells in _cells(tables, table):
            rows.append(cells)
            if len(rows) == _ROWS:
                writer.write_table(_batch(arrow, rows, schema))
                rows = []
        writer.write_table(_batch(arrow, rows, schema))


def _batch(arrow: Any, rows: Sequence[Sequence[object]], schema: Any) -> Any:
    columns = [[row[n] for row in rows] for n in range(len(schema))]
    arrays = [arrow.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return arrow.Table.from_arrays(arrays, schema=schema)


def _cells(tables: Tables, table: Table) -> Any:
    for row in tables.rows(table):
        cells: list[object] = [row.id, row.iri, row.label]
        for column in table.columns:
            values = sorted(row.values.get(column.name, ()), key=shown)
            found = [_value(value, column.type) for value in values]
            cells.append(found if column.several else found[0] if found else None)
            if column.name in table.references:
                labels = tables.labels(values)
                cells.append(labels if column.several else labels[0] if labels else None)
        yield [*cells, row.claims, row.sources]


def _value(value: Term, kind: str) -> object:
    if not isinstance(value, Literal):
        return shown(value)
    match kind:
        case "long":
            return int(value.value)
        case "double":
            return float(value.value)
        case "boolean":
            return value.value == "true"
        case "datetime":
            try:
                return datetime.fromisoformat(value.value).astimezone(UTC)
            except (ValueError, OverflowError):  # February 30, or the first day of the year 1 elsewhere
                return None
        case _:
            return value.value


def require_pyarrow() -> tuple[Any, Any]:
    """Return the modules pyarrow and pyarrow.parquet. Raises ResourceError where they are not installed."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as err:
        raise ResourceError("Parquet needs pyarrow; install it with: pip install 'kgbuild[tables]'") from err
    return pa, parquet
