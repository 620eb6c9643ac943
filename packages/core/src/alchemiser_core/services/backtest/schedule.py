"""On which sessions a rebalancing policy trades.

Drifted weights depend on prices and on the weights bought before, never on costs, so that the whole
schedule is known before a single trade is simulated.
"""

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_core.domain.bars import Sessions
from alchemiser_core.domain.decision import Frequency, RebalancePolicy
from alchemiser_core.services.backtest.prices import SimulationPrices
from alchemiser_core.services.backtest.settings import RebalanceBooks

_FIRST_BLOCK = 16
_LARGEST_BLOCK = 512

_BOOK_FREQUENCY = {
    RebalanceBooks.MONTHLY: Frequency.MONTHLY,
    RebalanceBooks.QUARTERLY: Frequency.QUARTERLY,
    RebalanceBooks.YEARLY: Frequency.YEARLY,
}


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


def period_starts(sessions: Sessions, frequency: Frequency) -> NDArray[np.bool_]:
    """Which of some sessions are the first of their ISO week, month, quarter or year.

    The first session of all is one. `daily` makes every session one, `none` none.
    """
    if frequency is Frequency.DAILY:
        return np.ones(len(sessions), dtype=np.bool_)
    if frequency is Frequency.NONE:
        return np.zeros(len(sessions), dtype=np.bool_)
    number = _period_number(sessions, frequency)
    return np.concatenate((np.ones(1, dtype=np.bool_), number[1:] != number[:-1]))


def _period_number(sessions: Sessions, frequency: Frequency) -> NDArray[np.int64]:
    if frequency is Frequency.WEEKLY:
        # 1970-01-01 was a Thursday: three days more make the weeks begin on Mondays.
        return (sessions.astype("datetime64[D]").astype(np.int64) + 3) // 7
    months = sessions.astype("datetime64[M]").astype(np.int64)
    return months // {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12}[frequency]


def book_rebalancing(sessions: Sessions, how_often: RebalanceBooks) -> NDArray[np.bool_]:
    """On which of the sessions that all strategies can decide cash moves between the books.

    The first of each period after the one in which the back-test starts.
    """
    if how_often is RebalanceBooks.NEVER:
        return np.zeros(len(sessions), dtype=np.bool_)
    starts = period_starts(sessions, _BOOK_FREQUENCY[how_often])
    starts[:1] = False
    return starts


def trading_schedule(
    policy: RebalancePolicy,
    decided: DecidedWeights,
    sessions: Sessions,
    prices: SimulationPrices,
    delay: int,
    also: NDArray[np.bool_] | None = None,
) -> TradingSchedule:
    """The decisions that a policy trades; the first of the period is always one.

    `delay` is 0 for fills on the session of the decision and 1 for the next, `also` (decided,)
    marks decisions that are traded whatever the policy says. A decision whose fill would be after
    the last session is not traded.
    """
    rows = decided.rows[decided.rows + delay < len(prices)]
    if policy.threshold is None and policy.frequency is not Frequency.NONE:
        trades = period_starts(sessions[rows], policy.frequency)
    else:
        trades = decided.path_changed[: len(rows)].copy()
    trades[:1] = True
    if also is not None:
        trades |= also[: len(rows)]
    if policy.threshold is not None and len(rows):
        trades |= _drift_trades(decided, np.flatnonzero(trades), prices, delay, policy.threshold)
    at = np.flatnonzero(trades)
    return TradingSchedule(at, rows[at] + delay)


def _drift_trades(
    decided: DecidedWeights,
    fixed: NDArray[np.intp],
    prices: SimulationPrices,
    delay: int,
    threshold: float,
) -> NDArray[np.bool_]:
    """Trades that drift makes necessary between the `fixed` ones (positions, the first is 0)."""
    count = int(np.count_nonzero(decided.rows + delay < len(prices)))
    trades = np.zeros(count, dtype=np.bool_)
    held = np.repeat(fixed, np.diff(np.append(fixed, count)))
    everything = np.arange(count)
    over = _drift(decided, held, everything, prices, delay) > threshold
    over[fixed] = False
    ends = dict(zip(fixed.tolist(), [*fixed[1:].tolist(), count], strict=True))
    # Up to its first excess a stretch between fixed trades is as computed; only the rest of it has
    # to be walked trade by trade.
    first_over = np.flatnonzero(over)
    starts, where = np.unique(held[first_over], return_index=True)
    for start, position in zip(starts.tolist(), first_over[where].tolist(), strict=True):
        for trade in _walk(decided, position, ends[start], prices, delay, threshold):
            trades[trade] = True
    return trades


def _walk(
    decided: DecidedWeights,
    trade: int,
    end: int,
    prices: SimulationPrices,
    delay: int,
    threshold: float,
) -> Iterator[int]:
    """The trade given and all that drift makes necessary after it, before position `end`."""
    yield trade
    position, block = trade + 1, _FIRST_BLOCK
    while position < end:
        ahead = np.arange(position, min(position + block, end))
        over = _drift(decided, np.full(len(ahead), trade), ahead, prices, delay) > threshold
        hit = int(over.argmax())
        if over[hit]:
            trade = position + hit
            yield trade
            position, block = trade + 1, _FIRST_BLOCK
        else:
            position, block = position + block, min(2 * block, _LARGEST_BLOCK)


def _drift(
    decided: DecidedWeights,
    held: NDArray[np.intp],
    at: NDArray[np.intp],
    prices: SimulationPrices,
    delay: int,
) -> NDArray[np.float64]:
    """Largest |drifted weight - decided weight| at the close of decisions `at`, shape (at,).

    `held` is the decision whose weights are held at each.
    """
    weights = decided.weights[held]
    filled = np.minimum(decided.rows[held] + delay, len(prices) - 1)
    worth = weights * prices.value[decided.rows[at]]
    worth /= prices.fill[filled]
    equity = worth.sum(axis=1) + (1.0 - weights.sum(axis=1))
    worth /= equity[:, np.newaxis]
    worth -= decided.weights[at]
    largest: NDArray[np.float64] = np.abs(worth, out=worth).max(axis=1, initial=0.0)
    return largest
