"""The back-test service: decisions of one strategy or of a blend in, a `BacktestResult` out."""

from returns.result import Failure, Result

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.performance import EquityCurve, statistics_of
from alchemiser_core.services.backtest.benchmark import hold_benchmark
from alchemiser_core.services.backtest.closed_form import simulate_book
from alchemiser_core.services.backtest.errors import BacktestError
from alchemiser_core.services.backtest.period import backtest_period
from alchemiser_core.services.backtest.preparation import (
    PreparedBacktest,
    faulty_request,
    prepare,
)
from alchemiser_core.services.backtest.result import BacktestResult, stale_holdings
from alchemiser_core.services.backtest.settings import BacktestSettings, StrategyDecisions


def backtest(
    history: BarHistory,
    strategies: tuple[StrategyDecisions, ...],
    settings: BacktestSettings,
) -> Result[BacktestResult, BacktestError]:
    """Simulate the decisions of one strategy, or of several as a blend with books.

    The decisions were made over `history`, and the benchmark is one of its symbols. Failures:
    every case of `BacktestError`.
    """
    fault = faulty_request(history, strategies, settings)
    if fault is not None:
        return Failure(fault)
    period = backtest_period(history, strategies, settings)
    if isinstance(period, Failure):
        return Failure(period.failure())
    prepared = prepare(history, strategies, period.unwrap(), settings)
    if isinstance(prepared, Failure):
        return Failure(prepared.failure())
    return hold_benchmark(history, _simulated(history, prepared.unwrap(), settings))


def _simulated(
    history: BarHistory, prepared: PreparedBacktest, settings: BacktestSettings
) -> BacktestResult:
    period = prepared.period
    book = prepared.books[0]
    account = simulate_book(
        book.traded_weights,
        book.schedule.fills,
        period.sessions,
        prepared.prices,
        float(settings.cash),
        float(settings.cost_fraction),
    )
    curve = EquityCurve(period.sessions, account.equity)
    return BacktestResult(
        settings=settings,
        period=period,
        account=account,
        curve=curve,
        statistics=statistics_of(curve),
        stale=stale_holdings(account),
        synthetic=history.synthetic,
    )
