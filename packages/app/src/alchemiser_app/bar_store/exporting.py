"""Series as files that anybody can read, and the `files` feed reads back to the same numbers."""

from enum import StrEnum
from pathlib import Path

import numpy as np
from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.series import COLUMNS, PRICES, Column, StoredSeries
from alchemiser_app.bar_store.store import BarStore
from alchemiser_app.bar_store.whole_files import write_whole
from alchemiser_app.feeds.folder import locate_all
from alchemiser_app.writing import NotWritten
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol

_ADJUSTED = "adj close"


class FileFormat(StrEnum):
    """What files are written."""

    CSV = "csv"
    PARQUET = "parquet"


@frozen
class Export:
    """How series are written to a folder."""

    store: BarStore
    basis: PriceBasis
    folder: Path
    form: FileFormat
    force: bool = False
    """Also over files that are there."""

    def file_of(self, symbol: Symbol) -> Path:
        """The file of a symbol."""
        return self.folder / f"{symbol}.{self.form}"

    def obstacles(self, symbols: tuple[Symbol, ...]) -> tuple[Problem, ...]:
        """Files that are in the way, before anything is written."""
        located = locate_all(self.folder)
        if isinstance(located, Failure):
            unlisted: tuple[Problem, ...] = located.failure()
            return unlisted
        files = located.unwrap().files
        there = [(symbol, files[symbol]) for symbol in symbols if symbol in files]
        return tuple(
            _in_the_way(symbol, path, may_go=path == self.file_of(symbol))
            for symbol, path in there
            if not (self.force and path == self.file_of(symbol))
        )

    def write(self, symbol: Symbol) -> Result[int, tuple[Problem, ...]]:
        """Write the file of a symbol; gives its sessions. Failure: why it is not written."""
        read = self.store.series(symbol, self.basis)
        if isinstance(read, Failure):
            return Failure(read.failure().problems())
        series = read.unwrap()
        if series is None:
            return Failure((_not_there(symbol, self.basis),))
        path = self.file_of(symbol)
        content = _csv(series) if self.form is FileFormat.CSV else _parquet(series)
        written = write_whole(path, content)
        if isinstance(written, Failure):
            return Failure(NotWritten(str(path), written.failure().why).problems())
        return Success(len(series.days))


def _columns(series: StoredSeries) -> dict[str, Column]:
    """What the file holds; an adjusted close says that all prices are adjusted.

    It is left out where a day has a price and no close: the `files` feed could not scale it.
    """
    columns = {name: series.column(name) for name in COLUMNS}
    kept = {n: v for n, v in columns.items() if n == "close" or not np.isnan(v).all()}
    unscaled = np.isnan(series.close) & ~np.isnan([columns[name] for name in PRICES]).all(axis=0)
    if series.basis is PriceBasis.ADJUSTED and not unscaled.any():
        kept[_ADJUSTED] = series.close
    return kept


def _csv(series: StoredSeries) -> bytes:
    columns = _columns(series)
    days = np.datetime_as_string(series.days).tolist()
    cells = [["" if v != v else repr(v) for v in column.tolist()] for column in columns.values()]
    rows = map(",".join, zip(days, *cells, strict=True))
    return "\n".join((",".join(("date", *columns)), *rows, "")).encode()


def _parquet(series: StoredSeries) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as arrow_parquet

    columns = _columns(series)
    days = pa.array(series.days.astype(np.int32)).view(pa.date32())
    values = [pa.array(column, mask=np.isnan(column)) for column in columns.values()]
    sink = pa.BufferOutputStream()
    table = pa.Table.from_arrays([days, *values], names=["date", *columns])
    arrow_parquet.write_table(table, sink)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _not_there(symbol: Symbol, basis: PriceBasis) -> Problem:
    return Problem(
        code="no-files",
        what=f"the bar store has no {basis.value} bars of {symbol}",
        where=symbol,
        hint="`alchemiser data info --data STORE` lists what it has; --basis chooses other prices",
    )


def _in_the_way(symbol: Symbol, path: Path, *, may_go: bool) -> Problem:
    return Problem(
        code="not-written",
        what=f"there is a file of {symbol} already",
        where=str(path),
        why="" if may_go else "a second one would leave unclear which counts",
        hint="add --force to replace it" if may_go else "give another folder, or remove it",
    )
