"""From decisions over a history to what the simulations take: columns, rows and price checks."""

from collections.abc import Sequence
from datetime import date
from functools import reduce

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from returns.result import Failure, Result, Success

from alchemiser_core.domain.allocation.blend import BadShares, capital_shares
from alchemiser_core.domain.allocation.target_weights import TOLERANCE
from alchemiser_core.domain.bars import BarHistory, Sessions
from alchemiser_core.domain.decision import Decisions
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.backtest.errors import (
    BadDecisions,
    NoOpens,
    UnknownSymbols,
    UnpricedFills,
)
from alchemiser_core.services.backtest.period import BacktestPeriod
from alchemiser_core.services.backtest.prices import (
    SimulationPrices,
    simulation_prices,
    sum_over_symbols,
)
from alchemiser_core.services.backtest.schedule import (
    DecidedWeights,
    TradingSchedule,
    book_rebalancing,
    fixed_trades,
    trading_schedule,
)
from alchemiser_core.services.backtest.settings import BacktestSettings, StrategyDecisions

_SUM_TOLERANCE = float(TOLERANCE)


@frozen(eq=False)
class PreparedBook:
    """One strategy, ready to be simulated."""

    strategy: StrategyDecisions
    decided: DecidedWeights
    fixed: NDArray[np.intp]
    """Positions of the decisions that are traded whatever the drift."""

    def traded_weights(self, schedule: TradingSchedule) -> NDArray[np.float64]:
        """Weights of the decisions that a schedule trades, shape (trades, symbols)."""
        if len(schedule.decided) == len(self.decided.rows):
            return self.decided.weights
        return self.decided.weights[schedule.decided]


@frozen(eq=False)
class PreparedBacktest:
    """Everything that a simulation needs."""

    settings: BacktestSettings
    period: BacktestPeriod
    prices: SimulationPrices
    books: tuple[PreparedBook, ...]
    transfers: NDArray[np.intp]
    """Rows on which cash moves between the books, before that session's trades."""

    def undecidable(self, book: PreparedBook) -> tuple[date, ...]:
        """Sessions of the period that the strategy of a book could not decide."""
        holes = np.ones(len(self.period), dtype=np.bool_)
        holes[book.decided.rows] = False
        return tuple(self.period.sessions[holes].tolist())


def prepare(
    history: BarHistory,
    strategies: tuple[StrategyDecisions, ...],
    period: BacktestPeriod,
    settings: BacktestSettings,
) -> Result[PreparedBacktest, NoOpens]:
    """Prices, columns and fixed trades of a back-test. Failure: `NoOpens`."""
    priced = simulation_prices(history, held_symbols(strategies, period), period, settings)
    if isinstance(priced, Failure):
        return Failure(priced.failure())
    prices = priced.unwrap()
    decided = [decided_weights(s.decisions, period, prices.symbols) for s in strategies]
    moving = _transfer_decisions(decided, period, settings)
    books = tuple(
        PreparedBook(
            strategy,
            weights,
            fixed_trades(
                strategy.policy,
                weights,
                period.sessions,
                settings.fill_delay,
                np.isin(weights.rows, moving) if len(moving) else None,
            ),
        )
        for strategy, weights in zip(strategies, decided, strict=True)
    )
    return Success(PreparedBacktest(settings, period, prices, books, moving + settings.fill_delay))


def single_schedule(prepared: PreparedBacktest) -> TradingSchedule:
    """What the only strategy of a back-test trades, and when."""
    (book,) = prepared.books
    policy, delay = book.strategy.policy, prepared.settings.fill_delay
    return trading_schedule(policy, book.decided, book.fixed, prepared.prices, delay)


def _transfer_decisions(
    decided: list[DecidedWeights], period: BacktestPeriod, settings: BacktestSettings
) -> NDArray[np.intp]:
    """Rows that every strategy decides and on which the books are brought back to their shares."""
    if len(decided) == 1:
        return np.zeros(0, dtype=np.intp)
    common = reduce(np.intersect1d, (weights.rows for weights in decided))
    moving = book_rebalancing(period.sessions[common], settings.rebalance_books)
    return np.asarray(common[moving], dtype=np.intp)


def faulty_request(
    history: BarHistory, strategies: tuple[StrategyDecisions, ...], settings: BacktestSettings
) -> BadShares | UnknownSymbols | BadDecisions | None:
    """What is wrong with a request whatever the prices are; `None` where it is fine."""
    shares = capital_shares({strategy.name: strategy.share for strategy in strategies})
    if isinstance(shares, Failure):
        refused: BadShares = shares.failure()
        return refused
    wanted = {symbol for strategy in strategies for symbol in strategy.decisions.symbols}
    wanted |= {settings.benchmark} if settings.benchmark else set()
    unknown = tuple(sorted(wanted - history.columns.keys()))
    if unknown:
        return UnknownSymbols(unknown)
    bad = tuple(found for strategy in strategies for found in _bad_decisions(strategy))
    return BadDecisions(bad) if bad else None


def _bad_decisions(strategy: StrategyDecisions) -> tuple[tuple[str, date], ...]:
    """Sessions whose weights are negative, not finite, or add up to more than 1."""
    weights = strategy.decisions.weights
    total = sum_over_symbols(weights)
    # A NaN makes both comparisons false, so what is asked is whether all is well.
    if weights.min(initial=0.0) >= 0 and total.max(initial=0.0) <= 1 + _SUM_TOLERANCE:
        return ()
    good = (weights >= 0).all(axis=1) & (total <= 1 + _SUM_TOLERANCE)
    return tuple((strategy.name, day) for day in strategy.decisions.sessions[~good].tolist())


def held_symbols(
    strategies: tuple[StrategyDecisions, ...], period: BacktestPeriod
) -> tuple[Symbol, ...]:
    """Symbols that get weight in the period, sorted; a column that never does costs nothing."""
    held: set[Symbol] = set()
    for strategy in strategies:
        decisions = strategy.decisions
        used = (decisions.weights[_inside(decisions, period)] != 0).any(axis=0)
        held |= {decisions.symbols[column] for column in np.flatnonzero(used).tolist()}
    return tuple(sorted(held))


def decided_weights(
    decisions: Decisions, period: BacktestPeriod, symbols: tuple[Symbol, ...]
) -> DecidedWeights:
    """The decisions inside the period, over the columns `symbols`."""
    inside = _inside(decisions, period)
    weights = decisions.weights[inside]
    if decisions.symbols != symbols:
        place = {symbol: column for column, symbol in enumerate(symbols)}
        source = [column for column, s in enumerate(decisions.symbols) if s in place]
        arranged = np.zeros((len(weights), len(symbols)))
        arranged[:, [place[decisions.symbols[column]] for column in source]] = weights[:, source]
        weights = arranged
    return DecidedWeights(
        rows=decisions.rows[inside] - period.first,
        weights=weights,
        path_changed=decisions.path_changed[inside],
    )


def _inside(decisions: Decisions, period: BacktestPeriod) -> slice:
    first = int(np.searchsorted(decisions.rows, period.first))
    return slice(first, int(np.searchsorted(decisions.rows, period.last, side="right")))


def unpriced_trades(
    prepared: PreparedBacktest, schedules: Sequence[TradingSchedule]
) -> UnpricedFills | None:
    """Trades of all books that cannot be done; one schedule for each book."""
    faults = [
        fault
        for book, schedule in zip(prepared.books, schedules, strict=True)
        if (
            fault := unpriced_fills(
                prepared.prices, book.traded_weights(schedule), schedule.fills, prepared.period
            )
        )
    ]
    if not faults:
        return None
    fills = dict.fromkeys(fill for fault in faults for fill in fault.fills)
    return UnpricedFills(tuple(fills), faults[0].price)


def unpriced_fills(
    prices: SimulationPrices,
    weights: NDArray[np.float64],
    fill_rows: NDArray[np.intp],
    period: BacktestPeriod,
) -> UnpricedFills | None:
    """Trades that cannot be done, because a symbol has no price yet or lacks its open.

    An exit of a symbol that has no bar at all that session can be: it is executed at the last
    price.
    """
    never = prices.never_priced
    if never is not None:
        found = (weights != 0) & never[fill_rows]
        if found.any():
            return _named(found, prices, fill_rows, period.sessions, "close")
    if prices.open_missing is not None:
        held = np.zeros(weights.shape, dtype=np.bool_)
        held[1:] = weights[:-1] != 0
        no_bar = False if prices.since is None else prices.since[fill_rows] > 0
        traded = (weights != 0) | (held & ~np.asarray(no_bar))
        found = traded & prices.open_missing[fill_rows]
        if found.any():
            return _named(found, prices, fill_rows, period.sessions, "open")
    return None


def _named(
    found: NDArray[np.bool_],
    prices: SimulationPrices,
    fill_rows: NDArray[np.intp],
    sessions: Sessions,
    price: str,
) -> UnpricedFills:
    trades, columns = np.nonzero(found)
    named = (
        (prices.symbols[column], sessions[fill_rows[trade]].item())
        for trade, column in zip(trades.tolist(), columns.tolist(), strict=True)
    )
    return UnpricedFills(tuple(named), price)
