"""Reads Parquet: only the columns that are needed."""

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from returns.result import Failure, Result, Success

from alchemiser_app.feeds import arrow_arrays
from alchemiser_app.feeds.columns import Columns, Field, recognise_columns
from alchemiser_app.feeds.csv_rows import not_a_number, unreadable_day
from alchemiser_app.feeds.days import parse_day, reduce_to_day
from alchemiser_app.feeds.rows import FIRST_DAY, Days, Rows, shortened
from alchemiser_core.domain.problem import Problem

if TYPE_CHECKING:
    import pyarrow as pa

Problems = tuple[Problem, ...]


def read_parquet(data: bytes, where: str, closes_only: bool) -> Result[Rows, Problems]:
    """The rows of a Parquet file; failures name the row of everything that is wrong."""
    import pyarrow as pa
    import pyarrow.parquet as arrow_parquet

    try:
        file = arrow_parquet.ParquetFile(pa.BufferReader(data))
        recognised = recognise_columns(file.schema_arrow.names, where)
        if isinstance(recognised, Failure):
            return recognised
        columns = recognised.unwrap().only(closes_only)
        wanted = [columns.names[i] for i in columns.positions.values()]
        table = file.read(columns=wanted, use_threads=False)
        table.validate(full=True)
    except (pa.ArrowException, OSError, MemoryError, ValueError) as error:
        return Failure((_unreadable(where, str(error)),))
    if not table.num_rows:
        return Failure((_unreadable(where, "the file has no rows", code="empty-file"),))
    rows = _rows_of(table, columns, where)
    if closes_only and isinstance(rows, Success) and not rows.unwrap().ordered:
        # Whether rows of one day agree is told by all they hold.
        return read_parquet(data, where, closes_only=False)
    return rows


def _unreadable(where: str, why: str, code: str = "broken-parquet") -> Problem:
    return Problem(
        code=code,
        what="the file cannot be read as Parquet" if code == "broken-parquet" else why,
        where=where,
        why=" ".join(why.split())[:200] if code == "broken-parquet" else "",
        hint="write or fetch it again, or remove it",
    )


def _rows_of(table: "pa.Table", columns: Columns, where: str) -> Result[Rows, Problems]:
    problems: list[Problem] = []
    values: dict[Field, NDArray[np.float64]] = {}
    absent: dict[Field, NDArray[np.bool_]] = {}
    days: Days | None = None
    for meaning, position in columns.positions.items():
        column = table.column(columns.names[position])
        if meaning is Field.DAY:
            days = _days(column, where, problems)
            continue
        numbers = _numbers(column, meaning, where, problems)
        if numbers is not None:
            values[meaning], absent[meaning] = arrow_arrays.floats(numbers)
    if problems or days is None:
        return Failure(shortened(problems))
    places = np.arange(1, len(days) + 1)
    return Success(Rows(days, values, absent, places, "row", columns.basis))


def _days(column: "pa.ChunkedArray", where: str, problems: list[Problem]) -> Days | None:
    import pyarrow as pa

    if pa.types.is_date32(column.type) and not column.null_count:
        days = arrow_arrays.days(column)
        if days.min() >= FIRST_DAY:
            return days
    found = []
    for row, cell in enumerate(_cells(column, where, problems), start=1):
        day = reduce_to_day(cell) if isinstance(cell, datetime) else parse_day(str(cell))
        if isinstance(day, str):
            problems.append(unreadable_day(f"{where}: row {row}", str(cell), day))
        else:
            found.append(day)
    return None if problems else np.array(found, dtype="datetime64[D]")


def _cells(column: "pa.ChunkedArray", where: str, problems: list[Problem]) -> list[object]:
    import pyarrow as pa

    try:
        if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
            # Python's datetimes end at microseconds; a day needs no more than seconds.
            column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
        cells: list[object] = column.to_pylist()
    except (pa.ArrowException, ValueError, OverflowError, LookupError) as error:
        problems.append(unreadable_day(where, str(column.type), str(error)))
        return []
    return cells


def _numbers(
    column: "pa.ChunkedArray", meaning: Field, where: str, problems: list[Problem]
) -> "pa.ChunkedArray | None":
    import pyarrow as pa

    if pa.types.is_float64(column.type):
        return column
    if pa.types.is_boolean(column.type):
        problems.append(not_a_number(where, str(column.type), meaning))
        return None
    try:
        return column.cast(pa.float64(), safe=False)
    except pa.ArrowException:
        problems += _no_numbers(column, meaning, where)
        return None


def _no_numbers(column: "pa.ChunkedArray", meaning: Field, where: str) -> list[Problem]:
    """The cells of a text column that hold no number; of any other column its type."""
    import pyarrow as pa

    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return [not_a_number(where, str(column.type), meaning)]
    found = []
    for row, cell in enumerate(column, start=1):
        try:
            cell.cast(pa.float64())
        except pa.ArrowException:
            found.append(not_a_number(f"{where}: row {row}", str(cell), meaning))
    return found
