"""How far rounding quantities to increments can take an account from one that rounds nothing.

Rounding changes what is held after a trade by at most a few increments of each symbol: a sell falls
short by one, a buy by two (one of rounding, one where cash is a cent short), and the cash that
sells lack is missing in the buys. At the next trade the targets apply afresh, so that a difference
earns the returns of one stretch and costs what trading it away costs, and does not pile up.
"""

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.services.backtest.account import AccountPath
from alchemiser_core.services.backtest.prices import sum_over_symbols

_INCREMENTS = 4
"""Increments of a symbol by which holdings after a trade can differ."""

_STEP_NOISE = 1e-12
"""The planner forgives this fraction of a quantity when it counts steps."""

_NO_BOUND = 700.0
"""An exponent that a float can still bear: a bound of that size bounds nothing."""


def rounding_bound(
    account: AccountPath,
    increment: float,
    cost_fraction: float,
    cents: NDArray[np.float64] | None = None,
    kept: NDArray[np.float64] | None = None,
) -> float:
    """Largest relative difference in equity, on any session, to the account without increments.

    `account` is the one that was rounded, every symbol to `increment` shares; `cents` (trades,) are
    the US dollars that each trade lost at most because its fills were charged in whole cents; as
    much again may have been kept back from the buys. `kept` (trades,) are US dollars that the buys
    of each trade had to leave besides.
    """
    if len(account.fill_rows) == 0:
        return 0.0
    fill = account.prices.fill[account.fill_rows]
    before = np.concatenate((np.zeros((1, fill.shape[1])), account.units[:-1]))
    active = (account.units != 0) | (before != 0)
    equity = sum_over_symbols(account.units * fill) + account.cash
    off = _INCREMENTS * increment * sum_over_symbols(fill * active) / equity + _STEP_NOISE
    charged = 0.0 if cents is None else cents / equity
    off = off + 2.0 * charged + (0.0 if kept is None else kept / equity)
    moved = _largest_moves(account, fill, active)
    lost = off * (moved + 2.0 * cost_fraction * (1.0 + moved)) + charged
    grown = (lost / np.maximum(1.0 - moved - lost, 1e-3)).sum()
    return float(np.expm1(np.minimum(grown, _NO_BOUND)))


def _largest_moves(
    account: AccountPath, fill: NDArray[np.float64], active: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Largest |return| of an active symbol from each trade to any price up to the next trade."""
    rows = account.fill_rows
    stretch = np.repeat(np.arange(len(rows)), np.diff(np.append(rows, len(account.sessions))))
    closes = account.prices.value[int(rows[0]) :]
    by_session = np.abs(closes / fill[stretch] - 1.0)
    by_session = np.where(active[stretch], by_session, 0.0).max(axis=1, initial=0.0)
    moves = np.maximum.reduceat(by_session, rows - rows[0])
    to_next = np.where(active[:-1], np.abs(fill[1:] / fill[:-1] - 1.0), 0.0)
    moves[:-1] = np.maximum(moves[:-1], to_next.max(axis=1, initial=0.0))
    return moves
