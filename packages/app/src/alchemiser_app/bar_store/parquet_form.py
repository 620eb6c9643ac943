"""Series as Parquet and back: every value comes out as it went in, or the file is refused.

One row group and one page a column, neither compressed nor encoded: this reads fastest, and
prices compress badly. Checksums of the columns are in the file's label, so that a file is only
believed where it holds what it was written with.
"""

import zlib
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.bar_store import labels
from alchemiser_app.bar_store.labels import FORMAT, KEY, Label
from alchemiser_app.bar_store.layout import BASIS_FOLDERS
from alchemiser_app.bar_store.series import (
    COLUMNS,
    MOST_SESSIONS,
    Column,
    StoredSeries,
    fault_of_column,
    fault_of_days,
)
from alchemiser_core.domain.bars import Sessions

if TYPE_CHECKING:
    import pyarrow as pa

DAY = "date"


@frozen(eq=False)
class Content:
    """What was read of a file."""

    label: Label
    days: Sessions
    columns: dict[str, Column]


def encoded(series: StoredSeries) -> bytes:
    """The file of a series."""
    import pyarrow as pa
    import pyarrow.parquet as arrow_parquet

    days = np.ascontiguousarray(series.days).astype(np.int32)
    values = {name: np.ascontiguousarray(series.column(name)) for name in COLUMNS}
    arrays = [pa.array(days).view(pa.date32()), *(pa.array(v) for v in values.values())]
    checksums = {DAY: _checksum(days)} | {n: _checksum(v) for n, v in values.items()}
    label = labels.written(_label(series, checksums))
    table = pa.Table.from_arrays(arrays, schema=_schema().with_metadata({KEY: label}))
    sink = pa.BufferOutputStream()
    arrow_parquet.write_table(
        table,
        sink,
        compression="none",
        use_dictionary=False,
        write_statistics=False,
    )
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _label(series: StoredSeries, checksums: dict[str, int]) -> Label:
    return Label(
        format=FORMAT,
        symbol=series.symbol,
        folder=BASIS_FOLDERS[series.basis],
        source=series.source,
        synthetic=series.synthetic,
        rows=len(series.days),
        first=str(series.days[0]),
        last=str(series.days[-1]),
        checksums=checksums,
        origin=series.origin,
        bad_prices=tuple((p.session.isoformat(), repr(p.value)) for p in series.bad_prices),
    )


@cache
def _schema() -> "pa.Schema":
    import pyarrow as pa

    prices = [pa.field(name, pa.float64(), nullable=False) for name in COLUMNS]
    return pa.schema([pa.field(DAY, pa.date32(), nullable=False), *prices])


def _checksum(values: "np.ndarray[Any, Any]") -> int:
    return zlib.crc32(values.data)


def label_of(data: bytes) -> Result[Label, str]:
    """What a file says of itself, without reading what it holds. Failure: why not."""
    return opened(data).bind(lambda file: labels.read(file.schema_arrow.metadata or {}))


def decoded(data: bytes, names: Sequence[str]) -> Result[Content, str]:
    """Days and the columns of these names. Failure: what is wrong with the file."""
    file = opened(data)
    if isinstance(file, Failure):
        return file
    label = labels.read(file.unwrap().schema_arrow.metadata or {})
    if isinstance(label, Failure):
        return label
    return _read(file.unwrap(), label.unwrap(), names)


def opened(data: bytes) -> "Result[Any, str]":
    """The Parquet file, of which no more than the footer is read. Failure: why it is none."""
    import pyarrow as pa
    import pyarrow.parquet as arrow_parquet

    try:
        return Success(arrow_parquet.ParquetFile(pa.BufferReader(data)))
    except (pa.ArrowException, OSError, MemoryError, ValueError) as error:
        return Failure(unreadable(error))


def unreadable(error: BaseException) -> str:
    """What Arrow says of a file that it cannot read."""
    return f"it cannot be read as Parquet: {' '.join(str(error).split())[:160]}"


def _read(file: Any, label: Label, names: Sequence[str]) -> Result[Content, str]:
    import pyarrow as pa

    try:
        # Before anything is read by what the file says of its size.
        if file.metadata.num_rows != label.rows or not 0 < label.rows <= MOST_SESSIONS:
            return Failure(f"it has {file.metadata.num_rows:,} rows, not {label.rows:,}")
        if not file.schema_arrow.equals(_schema()):
            return Failure("its columns are not those of a bar store")
        table = file.read(columns=[DAY, *names], use_threads=False)
        if table.num_rows != label.rows:
            return Failure(f"it has {table.num_rows:,} rows, not {label.rows:,}")
        days = _values(table, DAY, np.dtype(np.int32))
        columns = {name: _values(table, name, np.dtype(np.float64)) for name in names}
    except (pa.ArrowException, OSError, MemoryError, ValueError) as error:
        return Failure(unreadable(error))
    for name, values in ((DAY, days), *columns.items()):
        if label.checksums.get(name) != _checksum(values):
            return Failure(f"the checksum of its column {name} is another one")
    return _sound(Content(label, days.astype("datetime64[D]"), columns))


def _values(table: "pa.Table", name: str, kind: "np.dtype[Any]") -> "np.ndarray[Any, Any]":
    """The values of a column without nulls, as Arrow has them in memory."""
    parts = [
        np.frombuffer(chunk.buffers()[1], dtype=kind)[chunk.offset : chunk.offset + len(chunk)]
        for chunk in table.column(name).chunks
        if len(chunk)
    ]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _sound(content: Content) -> Result[Content, str]:
    """Whoever made the file, what it holds has to be bars."""
    fault = fault_of_days(content.days)
    for name, values in content.columns.items():
        fault = fault or fault_of_column(name, values, len(content.days))
    if not fault and (str(content.days[0]), str(content.days[-1])) != (
        content.label.first,
        content.label.last,
    ):
        fault = "its label has another first or last day"
    return Failure(fault) if fault else Success(content)
