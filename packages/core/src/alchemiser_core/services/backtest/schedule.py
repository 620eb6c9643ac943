"""On which sessions a rebalancing policy trades, and how far holdings have drifted."""

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_core.domain.allocation.policy import BookRebalance, period_starts, scheduled
from alchemiser_core.domain.bars import Sessions
from alchemiser_core.domain.rebalance_policy import RebalancePolicy
from alchemiser_core.services.backtest.prices import SimulationPrices, sum_over_symbols

_FIRST_BLOCK = 16
_LARGEST_BLOCK = 512


@frozen(eq=False)
class DecidedWeights:
    """The decidable sessions of a back-test's period, rows counted from its first session."""

    rows: NDArray[np.intp]
    """Shape (decided,), strictly increasing."""
    weights: NDArray[np.float64]
    """Shape (decided, symbols)."""
    path_changed: NDArray[np.bool_]
    """Shape (decided,)."""


@frozen(eq=False)
class TradingSchedule:
    """Which decisions are traded and when."""

    decided: NDArray[np.intp]
    """Positions in `DecidedWeights`, shape (trades,), strictly increasing."""
    fills: NDArray[np.intp]
    """Row on which each is filled, shape (trades,), strictly increasing."""


def book_rebalancing(sessions: Sessions, how_often: BookRebalance) -> NDArray[np.bool_]:
    """On which of the sessions that all strategies can decide cash moves between the books.

    The first of each period after the one in which the back-test starts.
    """
    starts = period_starts(how_often.frequency, sessions)
    starts[:1] = False
    return starts


def fixed_trades(
    policy: RebalancePolicy,
    decided: DecidedWeights,
    sessions: Sessions,
    delay: int,
    also: NDArray[np.bool_] | None = None,
) -> NDArray[np.intp]:
    """Positions of the decisions that are traded whatever the drift; the first is always one.

    `sessions` are those of the period; `delay` is 0 for fills on the session of the decision and 1
    for the next; `also` (decided,) marks decisions to trade whatever the policy says. A decision
    whose fill would be after the last session is not traded.
    """
    rows = decided.rows[decided.rows + delay < len(sessions)]
    trades = scheduled(policy, sessions[rows], decided.path_changed[: len(rows)])
    if also is not None:
        trades |= also[: len(rows)]
    return np.flatnonzero(trades)


def trading_schedule(
    policy: RebalancePolicy,
    decided: DecidedWeights,
    fixed: NDArray[np.intp],
    prices: SimulationPrices,
    delay: int,
) -> TradingSchedule:
    """The decisions that a book on its own trades: the `fixed` ones and those that drift demands.

    Its drifted weights hang on prices and on the weights bought before, never on costs, so that the
    whole schedule is known before a single trade is simulated.
    """
    at = fixed
    if policy.threshold is not None and len(fixed):
        drifted = _drift_trades(decided, fixed, prices, delay, policy.threshold)
        at = np.union1d(fixed, np.array(drifted, dtype=np.intp))
    return TradingSchedule(at, decided.rows[at] + delay)


def first_drift(
    decided: DecidedWeights,
    ahead: range,
    units: NDArray[np.float64],
    cash: float,
    prices: SimulationPrices,
    threshold: float,
) -> int | None:
    """The first position of `ahead` at whose close some held weight is more than `threshold` away
    from the decided one; `None` where there is none. Shares `units` (symbols,) and cash are held.
    """
    position, block = ahead.start, _FIRST_BLOCK
    while position < ahead.stop:
        at = slice(position, min(position + block, ahead.stop))
        over = _drift(decided, at, units, cash, prices) > threshold
        hit = int(over.argmax())
        if over[hit]:
            return position + hit
        position, block = at.stop, min(2 * block, _LARGEST_BLOCK)
    return None


def _drift_trades(
    decided: DecidedWeights,
    fixed: NDArray[np.intp],
    prices: SimulationPrices,
    delay: int,
    threshold: float,
) -> list[int]:
    """Positions of the trades that drift makes necessary between the `fixed` ones."""
    last = int(np.count_nonzero(decided.rows + delay < len(prices)))
    held = np.repeat(fixed, np.diff(np.append(fixed, last)))
    units = decided.weights[held] / prices.fill[decided.rows[held] + delay]
    cash = 1.0 - sum_over_symbols(decided.weights[held])
    over = _drift(decided, slice(0, last), units, cash, prices) > threshold
    over[fixed] = False
    ends = dict(zip(fixed.tolist(), [*fixed[1:].tolist(), last], strict=True))
    # Up to its first excess a stretch between fixed trades is as computed; only the rest of it has
    # to be walked trade by trade.
    excess = np.flatnonzero(over)
    starts, first = np.unique(held[excess], return_index=True)
    return [
        trade
        for start, position in zip(starts.tolist(), excess[first].tolist(), strict=True)
        for trade in _walk(decided, position, ends[start], prices, delay, threshold)
    ]


def _walk(
    decided: DecidedWeights,
    trade: int | None,
    end: int,
    prices: SimulationPrices,
    delay: int,
    threshold: float,
) -> Iterator[int]:
    """The trade given and all that drift makes necessary after it, before position `end`."""
    while trade is not None:
        yield trade
        weights = decided.weights[trade]
        units = weights / prices.fill[decided.rows[trade] + delay]
        cash = 1.0 - float(weights.sum())
        trade = first_drift(decided, range(trade + 1, end), units, cash, prices, threshold)


def _drift(
    decided: DecidedWeights,
    at: slice,
    units: NDArray[np.float64],
    cash: NDArray[np.float64] | float,
    prices: SimulationPrices,
) -> NDArray[np.float64]:
    """Largest |held weight - decided weight| at the close of decisions `at`, shape (at,)."""
    worth = prices.value[decided.rows[at]] * units
    equity = sum_over_symbols(worth) + cash
    worth /= equity[:, np.newaxis]
    worth -= decided.weights[at]
    largest: NDArray[np.float64] = np.abs(worth, out=worth).max(axis=1, initial=0.0)
    return largest
