"""How far a rehearsal may be from its back-test by rounding alone: quantities and whole cents.

Every fill is charged up to a cent more than it costs, and a cent of every buy stays back; that
cash is gone, or is missing in what is held until the next trade. So is what one book of a blend
owes another: a back-test lends it, an account without margin does not.
"""

from collections.abc import Sequence

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from alchemiser_core.domain.money import CENT
from alchemiser_core.services.backtest.account import AccountPath
from alchemiser_core.services.backtest.books_path import BooksRecord
from alchemiser_core.services.backtest.rounding import rounding_bound


def rehearsal_bound(
    account: AccountPath,
    record: BooksRecord,
    kept: Sequence[float],
    increment: float,
    cost_fraction: float,
) -> float:
    """Largest relative difference in equity, on any session, to the back-test.

    `account` is the rehearsed one, `record` what its books held after every session that traded,
    and `kept` the US dollars that the buys of each of these sessions had to leave.
    The books are bounded one by one, each by its own trades; what cash moves between them is in
    proportion to equity, so that the account is never further off than all of them together.
    """
    units, cash = np.array(record.units), np.array(record.cash)
    bound = 1.0
    for book in range(cash.shape[1] if len(cash) else 0):
        own = _traded(units[:, book], cash[:, book])
        path = evolve(
            account,
            fill_rows=account.fill_rows[own],
            units=units[own, book],
            cash=cash[own, book],
        )
        cents = _fills(units[:, book])[own] * np.float64(CENT)
        bound *= 1.0 + rounding_bound(path, increment, cost_fraction, cents, np.array(kept)[own])
    return bound - 1.0


def _traded(units: NDArray[np.float64], cash: NDArray[np.float64]) -> NDArray[np.intp]:
    """Positions at which a book's holdings or cash changed, shape (trades,)."""
    changed = (np.diff(units, axis=0, prepend=0.0) != 0).any(axis=1)
    return np.flatnonzero(changed | (np.diff(cash, prepend=np.nan) != 0))


def _fills(units: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many symbols a book traded at each position."""
    changed: NDArray[np.bool_] = np.diff(units, axis=0, prepend=0.0) != 0
    fills: NDArray[np.float64] = changed.sum(axis=1, dtype=np.float64)
    return fills
