"""The `store` feed: bars from a bar store, read only where they are needed."""

from collections.abc import Collection, Iterable

import numpy as np
from attrs import define, field, frozen
from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.laid_out import LaidOut
from alchemiser_app.bar_store.layout import BASIS_FOLDERS
from alchemiser_app.bar_store.refusals import StoreError
from alchemiser_app.bar_store.series import COLUMNS
from alchemiser_app.bar_store.store import BarStore
from alchemiser_app.bar_store.stored_columns import Found, StoredColumns
from alchemiser_app.counting import counted
from alchemiser_app.feeds.axis import bad_prices_on, warnings_on, within
from alchemiser_app.feeds.inspection import DataReport, SymbolReport, report_on
from alchemiser_core.domain.bar_rows import REFERENCE
from alchemiser_core.domain.bars import BadPrice, BarHistory, PriceBasis, Sessions
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import BarRequest, MarketDataUnavailable

Problems = tuple[Problem, ...]

_CLOSES = ("close",)
_NAMED = 3
"""Feeds that the source of a history names."""


@define
class _Reading:
    """What is noticed while series are read one after the other."""

    problems: list[Problem] = field(factory=list)
    warnings: list[Problem] = field(factory=list)
    bad_prices: list[BadPrice] = field(factory=list)
    sources: set[str] = field(factory=set)

    def readable(self, results: Iterable[Result[Found, StoreError]]) -> Iterable[Found]:
        """Those that could be read; why the others could not is kept."""
        for result in results:
            if isinstance(result, Failure):
                self.problems += result.failure().problems()
            else:
                yield result.unwrap()


@frozen
class StoreFeed:
    """Bars of one basis from a store.

    The sessions are the days of the store's SPY where it has it, else the union of the days of
    the symbols asked for.
    """

    store: BarStore
    basis: PriceBasis
    synthetic: bool
    """Whether the prices of the store are made up."""

    @property
    def name(self) -> str:
        """`store`."""
        return "store"

    def bars(self, request: BarRequest) -> Result[BarHistory, MarketDataUnavailable]:
        """The bars asked for, from no other files than theirs and SPY's.

        Failures: every file that cannot be read or believed, and a range without a session.
        """
        axis = self._axis(request.symbols)
        return axis.bind(lambda days: self._laid_out(request, days)).alt(MarketDataUnavailable)

    def listed(self) -> Result[tuple[Symbol, ...], MarketDataUnavailable]:
        """Every symbol that the store has on this basis. Failure: it cannot be listed."""
        return self.store.symbols(self.basis).alt(unavailable)

    def verify(self) -> tuple[Problem, ...]:
        """Everything that is wrong with any file of the store; reads them all."""
        return self.store.verify()

    @property
    def _columns(self) -> StoredColumns:
        return StoredColumns(self.store, self.basis, self.synthetic)

    @property
    def _where(self) -> str:
        return str(self.store.folder)

    def _axis(self, symbols: Collection[Symbol]) -> Result[Sessions, Problems]:
        reading = _Reading()
        reference = list(reading.readable(self._columns.each((REFERENCE,), ())))
        if reference:
            return Success(reference[0].days)
        axis = np.empty(0, dtype="datetime64[D]")
        others = [symbol for symbol in symbols if symbol != REFERENCE]
        for found in reading.readable(self._columns.each(others, ())):
            if not np.array_equal(found.days, axis):
                axis = np.union1d(axis, found.days)
        if reading.problems:
            return Failure(tuple(reading.problems))
        return Success(axis) if len(axis) else Failure((self._nothing(symbols),))

    def _nothing(self, symbols: Collection[Symbol]) -> Problem:
        shown = ", ".join(list(symbols)[:5]) + (" …" if len(symbols) > 5 else "")
        asked = f"for any of the symbols asked for ({shown})" if symbols else "at all"
        return Problem(
            code="no-files",
            what=f"the bar store has no {self.basis.value} bars {asked}",
            where=self._where,
            why=" and ".join(self._beside()),
            hint="fill it by `alchemiser data sync` or `alchemiser data import`",
        )

    def _beside(self) -> tuple[str, ...]:
        """Prices of other bases; what cannot be listed is told where it is asked for."""
        others = (
            (basis, len(self.store.symbols(basis).value_or(())))
            for basis in BASIS_FOLDERS
            if basis is not self.basis
        )
        return tuple(f"it has {counted(n, 'symbol')} {basis.value}" for basis, n in others if n)

    def _laid_out(self, request: BarRequest, axis: Sessions) -> Result[BarHistory, Problems]:
        cut = within(axis, request, self._where)
        if isinstance(cut, Failure):
            return Failure((cut.failure(),))
        sessions = cut.unwrap()
        names = _CLOSES if request.closes_only else COLUMNS
        first = int(np.searchsorted(axis, sessions[0]))
        into = LaidOut(axis, first, first + len(sessions), names, len(request.symbols))
        reading = self._fill(into, request)
        if reading.problems:
            return Failure(tuple(reading.problems))
        return Success(
            BarHistory(
                sessions=sessions.copy(),
                symbols=request.symbols,
                basis=self.basis,
                source=self._source(reading.sources),
                synthetic=self.synthetic,
                bad_prices=tuple(reading.bad_prices),
                warnings=tuple(str(warning) for warning in reading.warnings),
                close=into.matrices["close"],
                open=into.matrices.get("open"),
                high=into.matrices.get("high"),
                low=into.matrices.get("low"),
                volume=into.matrices.get("volume"),
            )
        )

    def _fill(self, into: LaidOut, request: BarRequest) -> _Reading:
        reading = _Reading()
        sessions = into.axis[into.first : into.last]
        columns = {symbol: i for i, symbol in enumerate(request.symbols)}
        for found in reading.readable(self._columns.each(request.symbols, into.names)):
            reading.sources.add(found.content.label.source)
            fits = into.take(columns[found.symbol], found.days, found.content.columns)
            if fits and not found.content.label.bad_prices:
                continue
            own = found.as_series(self.basis)
            reading.bad_prices += bad_prices_on(sessions, own)
            reading.warnings += warnings_on(into.axis, own, request.start, request.end)
        return reading

    def _source(self, feeds: Collection[str]) -> str:
        named = sorted(feeds)
        more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        given = f" (from {', '.join(named[:_NAMED])}{more})" if named else ""
        return f"bar store in {self.store.folder}{given}"

    def inspect(
        self, symbols: Collection[Symbol] | None = None
    ) -> Result[DataReport, MarketDataUnavailable]:
        """What the store holds of `symbols`, of everything where none are given.

        Files that cannot be believed are part of the report; a store that cannot be listed, or
        without any series that can be read, is a failure.
        """
        listed = self.store.symbols(self.basis)
        if isinstance(listed, Failure):
            return Failure(unavailable(listed.failure()))
        there = listed.unwrap()
        asked = there if symbols is None else tuple(sorted(symbols))
        return (
            self._axis(asked)
            .map(lambda axis: self._report(axis, asked, there))
            .alt(MarketDataUnavailable)
        )

    def _report(
        self, axis: Sessions, asked: Collection[Symbol], there: Collection[Symbol]
    ) -> DataReport:
        reading = _Reading()
        reports = []
        for found in reading.readable(self._columns.each(asked, _CLOSES)):
            reading.sources.add(found.content.label.source)
            reports.append(self._symbol_report(axis, found))
        return DataReport(
            source=self._source(reading.sources),
            synthetic=self.synthetic,
            sessions=axis,
            symbols=tuple(reports),
            missing=tuple(sorted(set(asked) - set(there))),
            problems=tuple(reading.problems),
            beside=self._beside(),
        )

    def _symbol_report(self, axis: Sessions, found: Found) -> SymbolReport:
        own = found.as_series(self.basis)
        into = LaidOut(axis, 0, len(axis), _CLOSES, 1)
        into.take(0, found.days, found.content.columns)
        earlier: int = int(np.searchsorted(found.days, axis[0]))
        return report_on(
            symbol=found.symbol,
            sessions=axis,
            close=into.matrices["close"][:, 0],
            basis=self.basis,
            file=own.file,
            bad_prices=bad_prices_on(axis, own),
            warnings=warnings_on(axis, own),
            earlier_rows=earlier,
        )


def unavailable(error: StoreError) -> MarketDataUnavailable:
    """An error of the store as one of a feed."""
    return MarketDataUnavailable(error.problems())
