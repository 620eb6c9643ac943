"""The back-test service: decisions of one strategy or of a blend in, a `BacktestResult` out."""

from returns.result import Failure, Result

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.performance import EquityCurve, statistics_of
from alchemiser_core.services.backtest.account import AccountPath
from alchemiser_core.services.backtest.benchmark import hold_benchmark
from alchemiser_core.services.backtest.books import simulate_books
from alchemiser_core.services.backtest.closed_form import simulate_book
from alchemiser_core.services.backtest.errors import BacktestError
from alchemiser_core.services.backtest.period import backtest_period
from alchemiser_core.services.backtest.preparation import (
    PreparedBacktest,
    faulty_request,
    prepare,
)
from alchemiser_core.services.backtest.result import BacktestResult, BookResult, stale_holdings
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
    cash, cost = float(settings.cash), float(settings.cost_fraction)
    if len(prepared.books) > 1:
        blend = simulate_books(prepared, cash, cost)
        account, books = blend.account, blend.results(prepared)
    else:
        account, books = _single_book(prepared, cash, cost)
    curve = EquityCurve(account.sessions, account.equity)
    return BacktestResult(
        settings=settings,
        period=prepared.period,
        account=account,
        curve=curve,
        statistics=statistics_of(curve),
        stale=stale_holdings(account),
        books=books,
        synthetic=history.synthetic,
    )


def _single_book(
    prepared: PreparedBacktest, cash: float, cost_fraction: float
) -> tuple[AccountPath, tuple[BookResult, ...]]:
    (book,) = prepared.books
    sessions = prepared.period.sessions
    account = simulate_book(
        book.traded_weights, book.schedule.fills, sessions, prepared.prices, cash, cost_fraction
    )
    curve = EquityCurve(sessions, account.equity)
    costs = float(account.costs.sum())
    result = BookResult(book.strategy.name, curve, costs, (), prepared.period.undecidable)
    return account, (result,)
