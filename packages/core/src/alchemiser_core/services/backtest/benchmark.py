"""What the benchmark would have made of the same cash, bought on the first session and held."""

import numpy as np
from attrs import evolve
from returns.result import Failure, Result, Success

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.performance import Benchmark, EquityCurve, statistics_of
from alchemiser_core.services.backtest.closed_form import simulate_book
from alchemiser_core.services.backtest.errors import UnpricedFills
from alchemiser_core.services.backtest.preparation import unpriced_fills
from alchemiser_core.services.backtest.prices import simulation_prices
from alchemiser_core.services.backtest.result import BacktestResult


def hold_benchmark(
    history: BarHistory, result: BacktestResult
) -> Result[BacktestResult, UnpricedFills]:
    """The result with its benchmark, where the settings ask for one.

    The same cash, costs and fill timing, decided on the first session, never traded again.
    Failure: `UnpricedFills`.
    """
    symbol = result.settings.benchmark
    if symbol is None or result.settings.fill_delay >= result.sessions:
        return Success(result)
    # That there are opens, if they are needed, was found out when the strategies were simulated.
    prices = simulation_prices(history, (symbol,), result.period, result.settings).unwrap()
    weights = np.ones((1, 1))
    rows = np.array([result.settings.fill_delay])
    fault = unpriced_fills(prices, weights, rows, result.period)
    if fault is not None:
        return Failure(fault)
    cash, cost = float(result.settings.cash), float(result.settings.cost_fraction)
    held = simulate_book(weights, rows, result.period.sessions, prices, cash, cost)
    curve = EquityCurve(held.sessions, held.equity)
    return Success(evolve(result, benchmark=Benchmark(symbol, curve, statistics_of(curve))))
