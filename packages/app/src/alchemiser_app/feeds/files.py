"""The `files` feed: a folder of CSV or Parquet files, one a symbol."""

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from attrs import field, frozen
from returns.result import Failure, Result, Success

from alchemiser_app.feeds.axis import (
    TradingSessions,
    bad_prices_on,
    folder_axis,
    laid_out,
    warnings_on,
    within,
)
from alchemiser_app.feeds.columns import Field
from alchemiser_app.feeds.folder import Located, locate, locate_all
from alchemiser_app.feeds.inspection import DataReport, SymbolReport, report_on
from alchemiser_app.feeds.series import Series, common_basis, read_series
from alchemiser_core.domain.bar_rows import REFERENCE
from alchemiser_core.domain.bars import BarHistory, Prices, Sessions
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import BarRequest, MarketDataUnavailable

_READERS = 4
"""Files that are read side by side; the reading itself runs outside Python's lock."""


@frozen
class Loaded:
    """What the files of a folder gave."""

    series: dict[Symbol, Series]
    problems: tuple[Problem, ...]


@frozen
class FilesFeed:
    """Bars from a folder with one file a symbol, read only where they are needed.

    The sessions are the dates of the folder's SPY file if it has one, else the union of the
    dates of the symbols asked for; `calendar` overrides both.
    """

    folder: Path = field(converter=Path)
    calendar: TradingSessions | None = None

    @property
    def name(self) -> str:
        """`files`."""
        return "files"

    @property
    def synthetic(self) -> bool:
        """Never: files are taken for real."""
        return False

    def bars(self, request: BarRequest) -> Result[BarHistory, MarketDataUnavailable]:
        """The bars asked for, from no other files than theirs and SPY's.

        Failures: all problems of all files, with file and line.
        """
        return (
            locate(self.folder, {*request.symbols, *self._reference})
            .map(lambda located: load(located, request.closes_only))
            .bind(lambda loaded: self._history(request, loaded))
            .alt(MarketDataUnavailable)
        )

    def listed(self) -> Result[tuple[Symbol, ...], MarketDataUnavailable]:
        """Every symbol that the folder has a file of. Failure: it cannot be listed."""
        return (
            locate_all(self.folder).map(lambda found: tuple(found.files)).alt(MarketDataUnavailable)
        )

    @property
    def _reference(self) -> tuple[Symbol, ...]:
        return (REFERENCE,) if self.calendar is None else ()

    def _history(
        self, request: BarRequest, loaded: Loaded
    ) -> Result[BarHistory, tuple[Problem, ...]]:
        if loaded.problems:
            return Failure(loaded.problems)
        if not loaded.series:
            return Failure((self._no_files(request.symbols),))
        found = folder_axis(loaded.series, self.calendar)
        if isinstance(found, Failure):
            return Failure(found.failure().problems())
        sessions = found.unwrap()
        axis = within(sessions, request, str(self.folder))
        if isinstance(axis, Failure):
            return Failure((axis.failure(),))
        odd = [
            warning
            for own in loaded.series.values()
            for warning in warnings_on(sessions, own, request.start, request.end)
        ]
        return Success(self._assembled(request, loaded.series, axis.unwrap(), odd))

    def _no_files(self, symbols: Collection[Symbol]) -> Problem:
        shown = ", ".join(list(symbols)[:5]) + (" …" if len(symbols) > 5 else "")
        return Problem(
            code="no-files",
            what=f"the folder has no file for any of the symbols asked for ({shown})"
            if symbols
            else "the folder has no file of bars",
            where=str(self.folder),
            why="a file is named after its symbol: SPY.csv or SPY.parquet",
            hint="give the folder that holds the bars, or `sample`",
        )

    def _assembled(
        self,
        request: BarRequest,
        series: Mapping[Symbol, Series],
        axis: Sessions,
        odd: list[Problem],
    ) -> BarHistory:
        def matrix(meaning: Field, wanted: bool = True) -> Prices | None:
            return laid_out(axis, request.symbols, series, meaning) if wanted else None

        needed = {s: series[s] for s in request.symbols if s in series}
        basis, mixed = common_basis(needed)
        full = not request.closes_only
        return BarHistory(
            sessions=axis.copy(),
            symbols=request.symbols,
            close=laid_out(axis, request.symbols, series, Field.CLOSE),
            open=matrix(Field.OPEN, full),
            high=matrix(Field.HIGH, full),
            low=matrix(Field.LOW, full),
            volume=matrix(Field.VOLUME, full),
            basis=basis,
            source=f"files in {self.folder}",
            bad_prices=tuple(bad for own in needed.values() for bad in bad_prices_on(axis, own)),
            warnings=tuple(str(warning) for warning in (*odd, *mixed)),
        )

    def inspect(
        self, symbols: Collection[Symbol] | None = None
    ) -> Result[DataReport, MarketDataUnavailable]:
        """What the folder holds of `symbols`, of everything where none are given.

        Errors inside files are part of the report; a folder that cannot be listed, or without
        any file that can be read, is a failure.
        """
        located = (
            locate_all(self.folder)
            if symbols is None
            else locate(self.folder, {*symbols, *self._reference})
        )
        return located.bind(lambda there: self._report(there, symbols)).alt(MarketDataUnavailable)

    def _report(
        self, located: Located, symbols: Collection[Symbol] | None
    ) -> Result[DataReport, tuple[Problem, ...]]:
        loaded = load(located, closes_only=False, kept=(Field.CLOSE,))
        if not loaded.series:
            return Failure(loaded.problems or (self._no_files(symbols or ()),))
        found = folder_axis(loaded.series, self.calendar)
        if isinstance(found, Failure):
            return Failure(found.failure().problems())
        whole = within(found.unwrap(), BarRequest(()), str(self.folder))
        if isinstance(whole, Failure):
            return Failure((whole.failure(),))
        axis = whole.unwrap()
        asked = sorted(located.files if symbols is None else symbols)
        return Success(
            DataReport(
                source=f"files in {self.folder}",
                synthetic=False,
                sessions=axis,
                symbols=tuple(
                    _symbol_report(axis, loaded.series[s]) for s in asked if s in loaded.series
                ),
                missing=tuple(s for s in asked if s not in located.files),
                problems=loaded.problems,
            )
        )


def _symbol_report(axis: Sessions, own: Series) -> SymbolReport:
    return report_on(
        symbol=own.symbol,
        sessions=axis,
        close=laid_out(axis, (own.symbol,), {own.symbol: own}, Field.CLOSE)[:, 0],
        basis=own.basis,
        file=own.file,
        bad_prices=bad_prices_on(axis, own),
        warnings=warnings_on(axis, own),
        earlier_rows=int((own.days < axis[0]).sum()),
    )


def load(located: Located, closes_only: bool, kept: Collection[Field] = tuple(Field)) -> Loaded:
    """Reads the files, several at a time; what is wrong with any of them is collected.

    All that is needed is read and checked; of it only the fields of `kept` stay in memory.
    """

    def read(item: tuple[Symbol, Path]) -> Result[Series, tuple[Problem, ...]]:
        return read_series(*item, closes_only).map(lambda series: series.only(kept))

    # The first import of the reader is slow and would be fought over by all threads.
    import pyarrow.csv  # noqa: F401

    with ThreadPoolExecutor(_READERS) as pool:
        results = list(pool.map(read, located.files.items()))
    series = {r.unwrap().symbol: r.unwrap() for r in results if isinstance(r, Success)}
    found = [p for r in results if isinstance(r, Failure) for p in r.failure()]
    return Loaded(series, (*located.problems, *found))
