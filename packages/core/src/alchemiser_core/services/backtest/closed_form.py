"""The closed-form simulation of one book: fractional shares, costs proportional to traded value.

Targets apply to equity after costs: E⁺ = E⁻ - c·Σ|wᵢE⁺ - hᵢ|. Drifted weights depend on the weights
before and on prices alone, so that every trade of a back-test is solved at once and equity is the
running product of the growth between trades and of what costs leave.
"""

from math import ceil, log

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_core.domain.bars import Sessions
from alchemiser_core.services.backtest.account import (
    TRADE_NOISE,
    AccountPath,
    cash_by_session,
    units_by_session,
)
from alchemiser_core.services.backtest.prices import SimulationPrices, sum_over_symbols

_BLOCK = 1 << 15
"""Numbers in a block of trades: its work arrays stay in the processor's cache."""

_LAST_DIGIT = 1e-16
"""Half of the last digit of a float near 1."""


@frozen(eq=False)
class _Trades:
    """Per trade, relative to the equity of that moment before costs; shapes (trades,)."""

    growth: NDArray[np.float64]
    """Equity before this trade over equity after the one before; 1 for the first."""
    kept: NDArray[np.float64]
    """Equity after costs over equity before."""
    traded: NDArray[np.float64]
    """Σ|traded| over equity before costs."""
    fills: int


def simulate_book(
    weights: NDArray[np.float64],
    fill_rows: NDArray[np.intp],
    sessions: Sessions,
    prices: SimulationPrices,
    cash: float,
    cost_fraction: float,
) -> AccountPath:
    """Hold `weights` (trades, symbols) from each of `fill_rows` (trades,) to the next.

    `cash` in US dollars, `cost_fraction` of traded value, at most 0.1.
    """
    fill = _take_rows(prices.fill, fill_rows)
    uninvested = 1.0 - sum_over_symbols(weights)
    trades = _solve_trades(weights, uninvested, fill, cost_fraction)
    after = np.cumprod(trades.growth * trades.kept, dtype=np.float64)
    after *= cash
    before = after / trades.kept
    units = weights * after[:, np.newaxis]
    units /= fill
    left = after * uninvested
    traded = trades.traded * before
    return AccountPath(
        sessions=sessions,
        prices=prices,
        fill_rows=fill_rows,
        units=units,
        cash=left,
        traded=traded,
        costs=traded * cost_fraction,
        equity=_equity(fill_rows, units, left, after, prices, cash),
        trades=trades.fills,
        starting_cash=cash,
    )


def _take_rows(array: NDArray[np.float64], rows: NDArray[np.intp]) -> NDArray[np.float64]:
    """Some rows of an array; a view where they follow each other without a gap."""
    if len(rows) and int(rows[-1]) - int(rows[0]) == len(rows) - 1:
        return array[int(rows[0]) : int(rows[-1]) + 1]
    return array[rows]


def _solve_trades(
    weights: NDArray[np.float64],
    uninvested: NDArray[np.float64],
    fill: NDArray[np.float64],
    cost_fraction: float,
) -> _Trades:
    count, symbols = weights.shape
    growth, kept, traded = np.ones(count), np.ones(count), np.zeros(count)
    fills = 0
    step = max(1, _BLOCK // max(1, symbols))
    drifted, work = np.zeros((step, symbols)), np.empty((step, symbols))
    for start in range(0, count, step):
        rows = slice(start, min(start + step, count))
        size = rows.stop - start
        _drift_into(drifted[:size], growth[rows], weights, uninvested, fill, rows)
        kept[rows], traded[rows] = equity_kept(
            weights[rows], drifted[:size], cost_fraction, work[:size]
        )
        fills += int(np.count_nonzero(work[:size] > TRADE_NOISE))
    return _Trades(growth, kept, traded, fills)


def _drift_into(
    drifted: NDArray[np.float64],
    growth: NDArray[np.float64],
    weights: NDArray[np.float64],
    uninvested: NDArray[np.float64],
    fill: NDArray[np.float64],
    rows: slice,
) -> None:
    """Weights just before the trades `rows`, and the growth of equity since the trade before."""
    skip = 1 if rows.start == 0 else 0
    before, now = slice(rows.start + skip - 1, rows.stop - 1), slice(rows.start + skip, rows.stop)
    worth = drifted[skip:]
    drifted[:skip] = 0.0
    np.divide(fill[now], fill[before], out=worth)
    worth *= weights[before]
    growth[skip:] = sum_over_symbols(worth) + uninvested[before]
    worth /= growth[skip:, np.newaxis]


def equity_kept(
    weights: NDArray[np.float64],
    drifted: NDArray[np.float64],
    cost_fraction: float,
    work: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Solve x = 1 - c·Σ|wᵢx - dᵢ| for each row: the equity kept, and Σ|wᵢx - dᵢ|.

    Fixed-point iteration; a step shrinks the error by c·Σ|wᵢ| at least. Its number of steps hangs
    on c alone, not on the rows, so that no row depends on how many others there are. `work` ends
    as |wᵢx - dᵢ|.
    """
    np.subtract(weights, drifted, out=work)
    np.abs(work, out=work)
    traded = sum_over_symbols(work)
    kept = 1.0 - cost_fraction * traded
    for _ in range(steps_to_converge(cost_fraction) - 1):
        np.multiply(weights, kept[:, np.newaxis], out=work)
        work -= drifted
        np.abs(work, out=work)
        traded = sum_over_symbols(work)
        kept = 1.0 - cost_fraction * traded
    return kept, traded


def steps_to_converge(cost_fraction: float) -> int:
    """Steps after which the fixed point of E⁺ is exact to the last digit of a float.

    Without costs the error is at most 2c, and each step leaves at most c of it.
    """
    if cost_fraction == 0:
        return 1
    return max(2, ceil(log(_LAST_DIGIT) / log(cost_fraction)) - 1)


def _equity(
    fill_rows: NDArray[np.intp],
    units: NDArray[np.float64],
    left: NDArray[np.float64],
    after: NDArray[np.float64],
    prices: SimulationPrices,
    cash: float,
) -> NDArray[np.float64]:
    """Equity at the close of each session, after its trades; the first is the starting cash."""
    sessions = len(prices)
    until_first = sessions - len(fill_rows)
    if prices.fill is prices.value and len(fill_rows) and fill_rows[0] == until_first:
        equity = np.concatenate((np.full(until_first, cash), after))  # a trade at every close
    else:
        held = units_by_session(fill_rows, units, sessions)
        equity = np.einsum("ij,ij->i", held, prices.value)
        equity += cash_by_session(fill_rows, left, sessions, cash)
    equity[0] = cash
    return equity
