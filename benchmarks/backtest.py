"""How quick the back-test is: J1, equal weight of all symbols every day, 1 bp, fractional shares.

    python benchmarks/backtest.py [--without-bt]

The general closed form (decisions in, curve and statistics out) is set against the same job written
by hand in numpy for equal weights alone, and against one copy of the price matrix; then the
simulation of single orders against `bt`. Equal results are checked before anything is timed, all
versions run in turns in one process on one thread, and times are medians of processor time.
"""

import argparse
import statistics
import time
import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from symphony_of_17741_lines import seeded_history

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decisions
from alchemiser_core.domain.instrument import without_increments
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.backtest import (
    BacktestResult,
    BacktestSettings,
    StrategyDecisions,
    backtest,
)
from alchemiser_core.services.backtest.order_level import simulate_orders
from alchemiser_core.services.backtest.preparation import prepare, single_schedule

CASH = 100_000.0
COST = 1e-4
JOBS = {"small": (20, 2_520), "wide": (200, 2_520), "long": (20, 12_600)}
GOAL = 2.0
BT_SESSIONS = 2520


def market(symbols: int, sessions: int) -> BarHistory:
    names = tuple(Symbol(f"S{number:04d}") for number in range(symbols))
    return seeded_history(names, sessions)


def equal_weights(history: BarHistory) -> StrategyDecisions:
    shape = history.close.shape
    decisions = Decisions(
        sessions=history.sessions,
        rows=np.arange(shape[0]),
        symbols=history.symbols,
        weights=np.full(shape, 1.0 / shape[1]),
        path_changed=np.zeros(shape[0], dtype=np.bool_),
    )
    return StrategyDecisions("equal", decisions)


def ours(history: BarHistory, strategy: StrategyDecisions) -> BacktestResult:
    result = backtest(history, (strategy,), BacktestSettings()).unwrap()
    assert result.turnover is not None
    return result


Figures = tuple[NDArray[np.float64], float, float, float]
"""Equity, annual growth, Sharpe ratio, maximum drawdown."""


def by_hand(close: NDArray[np.float64]) -> Figures:
    """The job, and nothing but the job: one weight for all symbols."""
    sessions, symbols = close.shape
    weight = 1.0 / symbols
    drifted = close[1:] / close[:-1]
    growth = drifted.mean(axis=1)
    drifted *= (weight / growth)[:, np.newaxis]
    work = drifted - weight
    np.abs(work, out=work)
    kept = 1.0 - COST * work.sum(axis=1)
    for _ in range(3):
        np.subtract(drifted, (weight * kept)[:, np.newaxis], out=work)
        np.abs(work, out=work)
        kept = 1.0 - COST * work.sum(axis=1)
    equity = np.empty(sessions)
    equity[0] = CASH
    np.cumprod(growth * kept, out=equity[1:])
    equity[1:] *= CASH / (1.0 + COST)
    returns = equity[1:] / equity[:-1] - 1.0
    annual = (equity[-1] / CASH) ** (252 / (sessions - 1)) - 1.0
    sharpe = returns.mean() / returns.std(ddof=1) * np.sqrt(252)
    fall = 1.0 - (equity / np.maximum.accumulate(equity)).min()
    return equity, float(annual), float(sharpe), float(fall)


def in_turns(work: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Median processor seconds of each, one after the other in every round."""
    times: dict[str, list[float]] = {name: [] for name in work}
    for number in range(repeats + 1):
        for name, run in work.items():
            start = time.process_time_ns()
            run()
            if number:
                times[name].append((time.process_time_ns() - start) / 1e9)
    return {name: statistics.median(found) for name, found in times.items()}


def closed_form(name: str, repeats: int) -> None:
    history = market(*JOBS[name])
    strategy = equal_weights(history)
    result, (equity, annual, sharpe, fall) = ours(history, strategy), by_hand(history.close)
    np.testing.assert_allclose(result.curve.equity, equity, rtol=1e-11)
    found = result.statistics
    np.testing.assert_allclose(
        [found.cagr, found.sharpe, found.max_drawdown], [annual, sharpe, fall], rtol=1e-9
    )
    seconds = in_turns(
        {
            "ours": lambda: ours(history, strategy),
            "hand": lambda: by_hand(history.close),
            "copy": history.close.copy,
        },
        repeats,
    )
    ratio = seconds["ours"] / seconds["hand"]
    print(
        f"J1 {name:<6}{history.close.shape[1]:>4} x {len(history):<7,}"
        f"back-test {seconds['ours'] * 1e3:7.2f} ms   numpy by hand {seconds['hand'] * 1e3:7.2f} ms"
        f"   ratio {ratio:5.2f} (goal {GOAL:.0f})"
        f"   copy {seconds['copy'] * 1e3:6.3f} ms   ratio {seconds['ours'] / seconds['copy']:5.0f}"
    )


def single_orders(with_bt: bool) -> None:
    history = market(*JOBS["small"])
    strategy = equal_weights(history)
    closed = ours(history, strategy)
    prepared = prepare(history, (strategy,), closed.period, closed.settings).unwrap()
    schedule = single_schedule(prepared)
    start = time.process_time()
    orders = simulate_orders(prepared, (schedule,), without_increments(history.symbols))
    rate = orders.account.trades / (time.process_time() - start)
    np.testing.assert_allclose(orders.account.equity, closed.curve.equity, rtol=1e-9)
    print(f"J1 small, single orders: {orders.account.trades:,} orders, {rate:,.0f} a CPU second")
    if with_bt:
        theirs = bt_orders(history.rows(0, BT_SESSIONS))
        print(f"bt, {BT_SESSIONS} sessions of it: {theirs:,.0f} a CPU second, {rate / theirs:.1f}x")


def bt_orders(history: BarHistory) -> float:
    """Orders a CPU second of `bt`, its results checked to differ from ours by convention only."""
    warnings.simplefilter("ignore")
    import bt
    import pandas as pd

    frame = pd.DataFrame(history.close, pd.DatetimeIndex(history.sessions), list(history.symbols))
    steps = [
        bt.algos.RunDaily(run_on_first_date=True, run_on_last_date=True),
        bt.algos.SelectAll(),
        bt.algos.WeighEqually(),
        bt.algos.Rebalance(),
    ]
    job = bt.Backtest(
        bt.Strategy("equal", steps),
        frame,
        initial_capital=CASH,
        integer_positions=False,
        commissions=lambda quantity, price: abs(quantity) * price * COST,
        progress_bar=False,
    )
    start = time.process_time()
    job.run()
    seconds = time.process_time() - start
    equity = ours(history, equal_weights(history)).curve.equity
    np.testing.assert_allclose(job.strategy.values.to_numpy()[2:], equity[1:], rtol=1e-5)
    return history.close.size / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without-bt", action="store_true", help="leave out the slow peer")
    parser.add_argument("--repeats", type=int, default=25)
    asked = parser.parse_args()
    for name in JOBS:
        closed_form(name, asked.repeats)
    single_orders(not asked.without_bt)


if __name__ == "__main__":
    main()
