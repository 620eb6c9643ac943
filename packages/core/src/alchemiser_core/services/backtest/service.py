"""The back-test service: decisions of one strategy or of a blend in, a `BacktestResult` out."""

from returns.result import Failure, Result, Success

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.instrument import whole_shares
from alchemiser_core.domain.performance import EquityCurve, statistics_of
from alchemiser_core.services.backtest.account import AccountPath
from alchemiser_core.services.backtest.benchmark import hold_benchmark
from alchemiser_core.services.backtest.books import simulate_books
from alchemiser_core.services.backtest.closed_form import simulate_book
from alchemiser_core.services.backtest.errors import BacktestError, UnpricedFills
from alchemiser_core.services.backtest.period import backtest_period
from alchemiser_core.services.backtest.preparation import (
    PreparedBacktest,
    faulty_request,
    prepare,
    single_schedule,
    unpriced_trades,
)
from alchemiser_core.services.backtest.result import BacktestResult, BookResult, stale_holdings
from alchemiser_core.services.backtest.schedule import TradingSchedule
from alchemiser_core.services.backtest.settings import BacktestSettings, StrategyDecisions


def backtest(
    history: BarHistory,
    strategies: tuple[StrategyDecisions, ...],
    settings: BacktestSettings,
) -> Result[BacktestResult, BacktestError]:
    """Simulate the decisions of one strategy, or of several as a blend with books.

    The decisions were made over `history`, and the benchmark is one of its symbols. Failures:
    every case of `BacktestError`. Two strategies with one name are a `ValueError`.
    """
    if len({strategy.name for strategy in strategies}) != len(strategies):
        raise ValueError("two strategies of a back-test have one name")
    fault = faulty_request(history, strategies, settings)
    if fault is not None:
        return Failure(fault)
    period = backtest_period(history, strategies, settings)
    if isinstance(period, Failure):
        return Failure(period.failure())
    prepared = prepare(history, strategies, period.unwrap(), settings)
    if isinstance(prepared, Failure):
        return Failure(prepared.failure())
    simulated = _simulated(prepared.unwrap())
    if isinstance(simulated, Failure):
        return Failure(simulated.failure())
    account, books = simulated.unwrap()
    curve = EquityCurve(account.sessions, account.equity)
    result = BacktestResult(
        settings=settings,
        period=period.unwrap(),
        account=account,
        curve=curve,
        statistics=statistics_of(curve),
        stale=stale_holdings(account),
        books=books,
        synthetic=history.synthetic,
    )
    return hold_benchmark(history, result)


_Simulated = tuple[AccountPath, tuple[BookResult, ...]]


def _simulated(prepared: PreparedBacktest) -> Result[_Simulated, UnpricedFills]:
    """The closed form; whole shares then go through the order-level simulation on its schedule."""
    single = len(prepared.books) == 1
    closed = None if single else simulate_books(prepared)
    schedules = closed.schedules if closed is not None else (single_schedule(prepared),)
    fault = unpriced_trades(prepared, schedules)
    if fault is not None:
        return Failure(fault)
    if prepared.settings.whole_shares:
        # Only here the planner is needed, whose import takes as long as a back-test without it.
        from alchemiser_core.services.backtest.order_level import simulate_orders

        closed = simulate_orders(prepared, schedules, whole_shares(prepared.prices.symbols))
    if closed is not None:
        return Success((closed.account, closed.results(prepared)))
    return Success(_single_book(prepared, schedules[0]))


def _single_book(prepared: PreparedBacktest, schedule: TradingSchedule) -> _Simulated:
    (book,) = prepared.books
    sessions = prepared.period.sessions
    account = simulate_book(
        book.traded_weights(schedule),
        schedule.fills,
        sessions,
        prepared.prices,
        float(prepared.settings.cash),
        float(prepared.settings.cost_fraction),
    )
    curve = EquityCurve(sessions, account.equity)
    costs = float(account.costs.sum())
    undecidable = prepared.undecidable(book)
    return account, (BookResult(book.strategy.name, curve, costs, (), undecidable),)
