"""The prices a simulation runs on: what holdings are worth at each close, and what fills cost.

A price that is missing is the last one before it, however long ago; `priced` and `own` say where
that is so, and are `None` for data without a gap, so that clean data costs nothing to check.
"""

from functools import cached_property

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray
from returns.result import Failure, Result, Success

from alchemiser_core.domain.bars import BarHistory, Prices
from alchemiser_core.domain.continuity import price_runs
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.backtest.errors import NoOpens
from alchemiser_core.services.backtest.period import BacktestPeriod
from alchemiser_core.services.backtest.settings import BacktestSettings, FillTiming, MissingOpen


@frozen(eq=False, slots=False)
class SimulationPrices:
    """Prices of the symbols a back-test holds, shape (sessions, symbols), over its period."""

    symbols: tuple[Symbol, ...]
    value: Prices
    """Last close; 1 before the first one. Never NaN."""
    fill: Prices
    """Price at which that session's trades are done; the last close where there is none."""
    since: NDArray[np.intp] | None
    """Sessions since the symbol's own last close (0: it has one); `None` where all are 0. Before
    the first close it is the number of sessions, more than any gap."""
    own: NDArray[np.bool_] | None
    """Whether `fill` is a price of that session; `None` where all are."""
    open_missing: NDArray[np.bool_] | None = None
    """Sessions with a close that lack the open to be filled at; `None` where that is no fault."""
    stand_in: NDArray[np.bool_] | None = None
    """Where a close is the fill price because the open is missing; `None` where nowhere."""

    def __len__(self) -> int:
        return len(self.value)

    @cached_property
    def place(self) -> dict[Symbol, int]:
        """Column of each symbol."""
        return {symbol: column for column, symbol in enumerate(self.symbols)}

    @property
    def never_priced(self) -> NDArray[np.bool_] | None:
        """Where a symbol has had no price yet."""
        return None if self.since is None else self.since >= _NEVER


_NEVER = np.iinfo(np.int32).max


def sum_over_symbols(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum of each row of (sessions, symbols), shape (sessions,).

    Several times as quick as `sum(axis=1)` for rows of a few symbols.
    """
    sums: NDArray[np.float64] = np.einsum("ij->i", table)
    return sums


def column_selector(history: BarHistory, symbols: tuple[Symbol, ...]) -> slice | list[int]:
    """How to take the columns of some symbols: a slice, hence without a copy, where possible."""
    columns = [history.columns[symbol] for symbol in symbols]
    if columns and columns == list(range(columns[0], columns[0] + len(columns))):
        return slice(columns[0], columns[0] + len(columns))
    return columns


def simulation_prices(
    history: BarHistory,
    symbols: tuple[Symbol, ...],
    period: BacktestPeriod,
    settings: BacktestSettings,
) -> Result[SimulationPrices, NoOpens]:
    """Prices of `symbols`, which are in the history, over the period.

    Failures: `NoOpens` where fills at the open are asked for and there is none at all.
    """
    columns = column_selector(history, symbols)
    closes = _closes(history.close[: period.last + 1, columns], symbols, period.first)
    if settings.fill is not FillTiming.NEXT_OPEN:
        return Success(closes)
    if history.open is None:
        if settings.missing_open is MissingOpen.CLOSE:
            return Success(evolve(closes, stand_in=_has_close(closes)))
        return Failure(NoOpens(history.source))
    opens = history.open[period.first : period.last + 1, columns]
    return Success(_with_opens(closes, opens, settings.missing_open))


def _is_complete(prices: Prices) -> bool:
    """Whether every price is positive and finite; NaN fails both comparisons."""
    return bool(prices.size == 0 or (prices.min() > 0 and prices.max() < np.inf))


def _closes(close: Prices, symbols: tuple[Symbol, ...], first: int) -> SimulationPrices:
    inside = close[first:]
    if _is_complete(inside):
        return SimulationPrices(symbols, inside, inside, None, None)
    runs = price_runs(close, carry=len(close))
    present = runs.present
    rows = np.arange(len(close), dtype=np.intp)[:, np.newaxis]
    latest = np.maximum.accumulate(np.where(present, rows, -1), axis=0)
    since = np.where(latest < 0, _NEVER, rows - latest)[first:]
    value = np.where(latest < 0, 1.0, runs.values)[first:]
    return SimulationPrices(symbols, value, value, since, present[first:])


def _with_opens(closes: SimulationPrices, opens: Prices, rule: MissingOpen) -> SimulationPrices:
    if _is_complete(opens):
        return evolve(closes, fill=opens, own=None)
    there = np.isfinite(opens) & (opens > 0)
    fill = np.where(there, opens, closes.value)
    if rule is MissingOpen.ERROR:
        return evolve(closes, fill=fill, own=there, open_missing=~there)
    has_close = _has_close(closes)
    return evolve(closes, fill=fill, own=there | has_close, stand_in=has_close & ~there)


def _has_close(closes: SimulationPrices) -> NDArray[np.bool_]:
    return np.ones(closes.value.shape, np.bool_) if closes.own is None else closes.own
