"""The `files` feed: a folder of CSV or Parquet files, one a symbol."""

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from attrs import define, field, frozen
from returns.result import Failure, Result, Success

from alchemiser_app.feeds.axis import (
    REFERENCE,
    TradingSessions,
    folder_axis,
    laid_out,
    off_axis,
    within,
)
from alchemiser_app.feeds.columns import Field
from alchemiser_app.feeds.folder import Located, locate
from alchemiser_app.feeds.series import Series, read_series
from alchemiser_core.domain.bars import BadPrice, BarHistory, PriceBasis, Prices, Sessions
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
        axis = within(folder_axis(loaded.series, self.calendar), request, str(self.folder))
        if isinstance(axis, Failure):
            return Failure((axis.failure(),))
        return Success(self._assembled(request, loaded.series, axis.unwrap()))

    def _no_files(self, symbols: Collection[Symbol]) -> Problem:
        shown = ", ".join(list(symbols)[:5]) + (" …" if len(symbols) > 5 else "")
        return Problem(
            code="no-files",
            what=f"the folder has no file for any of the symbols asked for ({shown})",
            where=str(self.folder),
            why="a file is named after its symbol: SPY.csv or SPY.parquet",
            hint="give the folder that holds the bars, or `sample`",
        )

    def _assembled(
        self, request: BarRequest, series: Mapping[Symbol, Series], axis: Sessions
    ) -> BarHistory:
        needed = {s: series[s] for s in request.symbols if s in series}
        own = _Assembly(request.symbols, needed, axis)
        basis, mixed = own.basis()
        warnings = [*own.warnings(), *mixed]
        full = not request.closes_only
        return BarHistory(
            sessions=axis.copy(),
            symbols=request.symbols,
            close=own.matrix(Field.CLOSE),
            open=own.matrix(Field.OPEN) if full else None,
            high=own.matrix(Field.HIGH) if full else None,
            low=own.matrix(Field.LOW) if full else None,
            volume=own.matrix(Field.VOLUME) if full else None,
            basis=basis,
            source=f"files in {self.folder}",
            bad_prices=own.bad_prices(),
            warnings=tuple(str(w) for w in warnings),
        )


@define
class _Assembly:
    """Series of several symbols, brought onto one axis."""

    symbols: tuple[Symbol, ...]
    series: Mapping[Symbol, Series]
    axis: Sessions

    def matrix(self, meaning: Field) -> Prices:
        return laid_out(self.axis, self.symbols, self.series, meaning)

    def bad_prices(self) -> tuple[BadPrice, ...]:
        on_axis = set(self.axis.tolist())
        found = (bad for own in self.series.values() for bad in own.bad_prices)
        return tuple(bad for bad in found if bad.session in on_axis)

    def warnings(self) -> list[Problem]:
        found: list[Problem] = []
        for own in self.series.values():
            dropped = off_axis(self.axis, own)
            found += [*own.warnings, *([dropped] if dropped else [])]
        return found

    def basis(self) -> tuple[PriceBasis, list[Problem]]:
        adjusted = [s for s, own in self.series.items() if own.basis is PriceBasis.ADJUSTED]
        if not adjusted:
            return PriceBasis.AS_GIVEN, []
        if len(adjusted) == len(self.series):
            return PriceBasis.ADJUSTED, []
        names = ", ".join(adjusted[:10]) + (" …" if len(adjusted) > 10 else "")
        what = f"only some files have an adjusted close ({names}); the others' close is as given"
        return PriceBasis.AS_GIVEN, [Problem(code="mixed-basis", what=what)]


def load(located: Located, closes_only: bool) -> Loaded:
    """Reads the files, several at a time; what is wrong with any of them is collected."""

    def read(item: tuple[Symbol, Path]) -> Result[Series, tuple[Problem, ...]]:
        return read_series(*item, closes_only)

    # The first import of the reader is slow and would be fought over by all threads.
    import pyarrow.csv  # noqa: F401

    with ThreadPoolExecutor(_READERS) as pool:
        results = list(pool.map(read, located.files.items()))
    series = {r.unwrap().symbol: r.unwrap() for r in results if isinstance(r, Success)}
    found = [p for r in results if isinstance(r, Failure) for p in r.failure()]
    return Loaded(series, (*located.problems, *found))
