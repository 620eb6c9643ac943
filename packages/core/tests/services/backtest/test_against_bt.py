"""The closed form agrees with the `bt` library, and differs by convention where costs come in."""

import warnings
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decisions
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.backtest import (
    BacktestResult,
    BacktestSettings,
    StrategyDecisions,
    backtest,
)


def market() -> BarHistory:
    rng = np.random.default_rng(7)
    returns = rng.normal(0.0003, 0.012, (120, 5))
    days = np.busday_offset("2020-01-06", np.arange(120))
    close = np.round(100 * np.exp(np.cumsum(returns, axis=0)), 4)
    return BarHistory(days, tuple(Symbol(f"S{i}") for i in range(5)), close)


def ours(history: BarHistory, cost_bps: int) -> BacktestResult:
    shape = history.close.shape
    decisions = Decisions(
        history.sessions,
        np.arange(shape[0]),
        history.symbols,
        np.full(shape, 1 / shape[1]),
        np.zeros(shape[0], dtype=bool),
    )
    settings = BacktestSettings(cost_bps=Decimal(cost_bps))
    return backtest(history, (StrategyDecisions("equal", decisions),), settings).unwrap()


def of_bt(history: BarHistory, cost_bps: int) -> NDArray[np.float64]:
    """Equity after each session's trades, the cash before the first one in front."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bt
        import pandas as pd

        frame = pd.DataFrame(
            history.close, pd.DatetimeIndex(history.sessions), list(history.symbols)
        )
        steps = [
            bt.algos.RunDaily(run_on_first_date=True, run_on_last_date=True),
            bt.algos.SelectAll(),
            bt.algos.WeighEqually(),
            bt.algos.Rebalance(),
        ]
        run = bt.Backtest(
            bt.Strategy("equal", steps),
            frame,
            initial_capital=100_000.0,
            integer_positions=False,
            commissions=lambda quantity, price: abs(quantity) * price * cost_bps / 10_000,
            progress_bar=False,
        )
        run.run()
    return run.strategy.values.to_numpy()


def test_an_equal_weight_daily_rebalance_agrees_with_bt() -> None:
    history = market()
    free = ours(history, 0)
    np.testing.assert_allclose(free.curve.equity[1:], of_bt(history, 0)[2:], rtol=1e-9)
    # With costs the conventions differ: bt aims at equity before costs and takes the commission of
    # an order out of that order, we aim at equity after all costs. Positions differ by what the
    # orders of a day cost, equity by the returns of that: at 1 bp, under a thousandth of the costs.
    paid, theirs = ours(history, 1), of_bt(history, 1)[2:]
    off = np.abs(paid.curve.equity[1:] / theirs - 1).max()
    assert 1e-12 < off < 1e-3 * paid.costs / 100_000
