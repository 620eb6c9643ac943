"""Reads CSV: quickly where the file is in order, cell by cell where it is not.

The quick way says nothing about what is wrong; whenever it stumbles, the careful way reads the
same bytes again and names every line that is at fault. Both give the same rows.
"""

import csv
import io
import re
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Protocol

import numpy as np
from attrs import define, field
from numpy.typing import NDArray
from returns.result import Failure, Result, Success

from alchemiser_app.feeds import arrow_arrays
from alchemiser_app.feeds.columns import Columns, Field, recognise_columns
from alchemiser_app.feeds.days import parse_day
from alchemiser_app.feeds.rows import ABSENT, FIRST_DAY, Days, Rows, shortened
from alchemiser_core.domain.problem import Problem

_NUMBER = re.compile(
    r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?:inf|infinity|nan)",
    re.ASCII | re.IGNORECASE,
)
_MARK = b"\xef\xbb\xbf"

_NO_PLACES = np.empty(0, dtype=np.int64)

Problems = tuple[Problem, ...]


class _Lines(Protocol):
    """What `csv.reader` makes."""

    @property
    def line_num(self) -> int: ...

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


def read_csv(data: bytes, where: str, closes_only: bool) -> Result[Rows, Problems]:
    """The rows of a CSV file; failures name the line of everything that is wrong."""
    data = data.removeprefix(_MARK)
    undecodable = _undecodable(data, where)
    if undecodable is not None:
        return Failure((undecodable,))
    lines = _lines(data)
    try:
        header = next((cells for cells in lines if cells), None)
    except csv.Error as error:
        return Failure((_broken(where, 1, str(error)),))
    if header is None:
        return Failure((_empty(where),))
    recognised = recognise_columns(header, where)
    if isinstance(recognised, Failure):
        return recognised
    columns = recognised.unwrap()
    if lines.line_num == 1:
        quick = _read_quickly(data, columns.only(closes_only))
        if quick is not None and quick.ordered:
            return Success(quick)
    return _Careful(columns, columns.only(closes_only).positions, where).read(lines)


def _undecodable(data: bytes, where: str) -> Problem | None:
    if data.isascii():
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Problem(
            code="undecodable",
            what=f"byte 0x{data[error.start]:02x} is not UTF-8",
            where=f"{where}:{line}",
            hint="save the file as CSV in UTF-8",
        )
    return None


def _lines(data: bytes) -> _Lines:
    return csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8", newline=""), strict=True)


def _broken(where: str, line: int, why: str) -> Problem:
    return Problem(
        code="broken-csv",
        what="the line cannot be read as CSV",
        where=f"{where}:{line}",
        why=why,
        hint="check quotes and line ends there",
    )


def _empty(where: str) -> Problem:
    return Problem(
        code="empty-file",
        what="the file has no rows",
        where=where,
        hint="fetch it again or remove it",
    )


def _read_quickly(data: bytes, columns: Columns) -> Rows | None:
    """Rows in one pass of a vectorised reader; `None` where it meets anything unusual."""
    import pyarrow as pa
    import pyarrow.csv as arrow_csv

    names = [str(i) for i in range(len(columns.names))]
    kinds = {
        names[i]: pa.date32() if f is Field.DAY else pa.float64()
        for f, i in columns.positions.items()
    }
    pool = pa.system_memory_pool()
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(data),
            arrow_csv.ReadOptions(
                use_threads=False, block_size=len(data), skip_rows=1, column_names=names
            ),
            arrow_csv.ParseOptions(),
            arrow_csv.ConvertOptions(
                include_columns=list(kinds), column_types=kinds, null_values=list(ABSENT)
            ),
            memory_pool=pool,
        )
    except pa.ArrowException:
        return None
    days = table.column(names[columns.positions[Field.DAY]])
    if days.null_count or not len(days):
        return None
    day_values = arrow_arrays.days(days)
    if day_values[0] < FIRST_DAY:
        return None
    return _rows_of(table, columns, day_values, names)


def _rows_of(table: Any, columns: Columns, days: Days, names: list[str]) -> Rows:
    values: dict[Field, NDArray[np.float64]] = {}
    absent: dict[Field, NDArray[np.bool_]] = {}
    for meaning, position in columns.positions.items():
        if meaning is not Field.DAY:
            values[meaning], absent[meaning] = arrow_arrays.floats(table.column(names[position]))
    return Rows(days, values, absent, _NO_PLACES, "line", columns.basis)


@define
class _Careful:
    """Reads cell by cell, and collects everything that is wrong."""

    columns: Columns
    wanted: Collection[Field]
    """The others only tell whether rows of one day agree; they are not refused."""
    where: str
    days: list[date] = field(factory=list)
    places: list[int] = field(factory=list)
    cells: dict[Field, list[float | None]] = field(factory=dict)
    problems: list[Problem] = field(factory=list)

    def read(self, lines: _Lines) -> Result[Rows, Problems]:
        prices: list[Field] = [f for f in self.columns.positions if f is not Field.DAY]
        self.cells = {f: [] for f in prices}
        for line, row in self._rows(lines):
            self._read_row(line, row, prices)
        if self.problems:
            return Failure(shortened(self.problems))
        if not self.days:
            return Failure((_empty(self.where),))
        return Success(self._collected())

    def _rows(self, lines: _Lines) -> Iterator[tuple[int, list[str]]]:
        width = len(self.columns.names)
        while True:
            line = lines.line_num + 1
            try:
                row = next(lines)
            except StopIteration:
                return
            except csv.Error as error:
                self.problems.append(_broken(self.where, line, str(error)))
                return
            if row and len(row) != width:
                self.problems.append(_ragged(f"{self.where}:{line}", len(row), width))
            elif row:
                yield line, row

    def _read_row(self, line: int, row: list[str], prices: list[Field]) -> None:
        text = row[self.columns.positions[Field.DAY]]
        day = parse_day(text)
        if isinstance(day, str):
            self.problems.append(unreadable_day(f"{self.where}:{line}", text, day))
            return
        self.days.append(day)
        self.places.append(line)
        for meaning in prices:
            cell = row[self.columns.positions[meaning]].strip()
            self.cells[meaning].append(self._number(cell, meaning, line))

    def _number(self, cell: str, meaning: Field, line: int) -> float | None:
        if cell in ABSENT:
            return None
        if not _NUMBER.fullmatch(cell):
            if meaning not in self.wanted:
                return None
            self.problems.append(not_a_number(f"{self.where}:{line}", cell, meaning))
            return None
        return float(cell)

    def _collected(self) -> Rows:
        values = {f: np.array(c, dtype=np.float64) for f, c in self.cells.items()}
        absent = {f: np.array([v is None for v in c]) for f, c in self.cells.items()}
        days = np.array(self.days, dtype="datetime64[D]")
        places = np.array(self.places, dtype=np.int64)
        return Rows(days, values, absent, places, "line", self.columns.basis)


def _ragged(where: str, cells: int, width: int) -> Problem:
    return Problem(
        code="ragged-row",
        what=f"the row has {cells} cells, the header {width}",
        where=where,
        hint="fetch the file again; it may be cut off",
    )


def unreadable_day(where: str, text: str, why: str) -> Problem:
    """A cell that should hold a date and does not."""
    return Problem(
        code="unparsable-date",
        what=f"{text[:40]!r} is not a date",
        where=where,
        why=why,
        hint="write dates as YYYY-MM-DD",
    )


def not_a_number(where: str, text: str, meaning: Field) -> Problem:
    """A cell that should hold a price or volume and does not."""
    return Problem(
        code="not-a-number",
        what=f"{meaning.value} {text[:40]!r} is not a number",
        where=where,
        hint="leave the cell empty where there is no value",
    )
