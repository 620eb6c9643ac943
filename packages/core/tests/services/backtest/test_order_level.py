"""The simulation of single orders agrees with the closed form where both apply."""

import csv
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from alchemiser_core.domain.allocation.policy import BookRebalance
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decisions
from alchemiser_core.domain.instrument import (
    Instruments,
    fractional_shares,
    whole_shares,
    without_increments,
)
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.backtest import (
    BacktestResult,
    BacktestSettings,
    FillTiming,
    StrategyDecisions,
    backtest,
)
from alchemiser_core.services.backtest.books import simulate_books
from alchemiser_core.services.backtest.books_path import BooksPath
from alchemiser_core.services.backtest.order_level import simulate_orders
from alchemiser_core.services.backtest.preparation import prepare, single_schedule
from alchemiser_core.services.backtest.rounding import rounding_bound

DAILY = Path(__file__).parents[6] / "shared" / "market" / "daily"

POLICIES = [
    RebalancePolicy(),
    RebalancePolicy(Frequency.MONTHLY),
    RebalancePolicy(Frequency.NONE),
    RebalancePolicy(threshold=0.05),
]


def random_market(rng: np.random.Generator, sessions: int, symbols: int) -> BarHistory:
    returns = rng.normal(0.0003, 0.02, (sessions, symbols))
    close = np.round(100 * np.exp(np.cumsum(returns, axis=0)), 4)
    close[sessions // 3 : sessions // 3 + 9, 0] = np.nan
    days = np.busday_offset("2019-11-18", np.arange(sessions), roll="forward")
    return BarHistory(days, tuple(Symbol(f"S{i}") for i in range(symbols)), close)


def random_decisions(rng: np.random.Generator, history: BarHistory) -> Decisions:
    """Mostly concentrated weights that change now and then, on symbols that have a price."""
    count, symbols = history.close.shape
    changed = rng.random(count) < 0.1
    drawn = rng.dirichlet(np.full(symbols, 0.5), count) * (rng.random((count, symbols)) < 0.7)
    weights = drawn[np.maximum.accumulate(np.where(changed, np.arange(count), 0))]
    weights = np.where(np.isfinite(history.close), weights, 0.0)
    rows = np.arange(count)
    return Decisions(history.sessions, rows, history.symbols, weights, changed)


def both(
    history: BarHistory,
    strategies: tuple[StrategyDecisions, ...],
    settings: BacktestSettings,
    instruments: Instruments,
) -> tuple[BacktestResult, BooksPath]:
    closed = backtest(history, strategies, settings).unwrap()
    prepared = prepare(history, strategies, closed.period, settings).unwrap()
    single = len(strategies) == 1
    schedules = (single_schedule(prepared),) if single else simulate_books(prepared).schedules
    return closed, simulate_orders(prepared, schedules, instruments)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("fill", [FillTiming.CLOSE, FillTiming.NEXT_CLOSE])
def test_without_increments_both_simulations_agree(
    policy: RebalancePolicy, fill: FillTiming
) -> None:
    rng = np.random.default_rng(5)
    history = random_market(rng, 160, 6)
    strategy = StrategyDecisions("one", random_decisions(rng, history), policy)
    settings = BacktestSettings(fill=fill, cost_bps=Decimal(3), slippage_bps=Decimal(2))
    closed, orders = both(history, (strategy,), settings, without_increments(history.symbols))
    np.testing.assert_allclose(orders.account.equity, closed.curve.equity, rtol=1e-11)
    assert orders.account.trades == closed.trades
    assert orders.account.costs.sum() == pytest.approx(closed.costs, rel=1e-9)
    assert orders.account.traded.sum() == pytest.approx(closed.account.traded.sum(), rel=1e-9)
    np.testing.assert_allclose(
        orders.account.positions.weights, closed.positions.weights, atol=1e-11
    )


@pytest.mark.parametrize("how_often", [BookRebalance.NEVER, BookRebalance.MONTHLY])
def test_a_blend_agrees_book_by_book(how_often: BookRebalance) -> None:
    rng = np.random.default_rng(8)
    history = random_market(rng, 120, 5)
    strategies = tuple(
        StrategyDecisions(name, random_decisions(rng, history), policy, Decimal(share))
        for name, policy, share in (
            ("steady", POLICIES[3], "0.5"),
            ("brisk", POLICIES[0], "0.3"),
            ("idle", POLICIES[1], "0.2"),
        )
    )
    settings = BacktestSettings(cost_bps=Decimal(20), rebalance_books=how_often)
    closed, orders = both(history, strategies, settings, without_increments(history.symbols))
    np.testing.assert_allclose(orders.account.equity, closed.curve.equity, rtol=1e-11)
    for place, book in enumerate(closed.books):
        np.testing.assert_allclose(orders.equity[:, place], book.curve.equity, rtol=1e-10)
        assert orders.costs[place] == pytest.approx(book.costs, rel=1e-9)
        moved = [transfer.amount for transfer in book.transfers]
        np.testing.assert_allclose(orders.transfers[:, place], moved, atol=1e-6)
    assert orders.account.trades == closed.trades


def test_with_increments_both_agree_within_the_stated_bound() -> None:
    rng = np.random.default_rng(13)
    history = random_market(rng, 150, 6)
    strategy = StrategyDecisions("one", random_decisions(rng, history))
    for cash, instruments, increment, useful in (
        (Decimal(100_000), fractional_shares(history.symbols), 1e-9, 1e-8),
        (Decimal(10) ** 9, whole_shares(history.symbols), 1.0, 1e-3),
    ):
        settings = BacktestSettings(cash=cash)
        closed, orders = both(history, (strategy,), settings, instruments)
        bound = rounding_bound(orders.account, increment, float(settings.cost_fraction))
        off = np.abs(orders.account.equity / closed.curve.equity - 1).max()
        assert 0 < off <= bound < useful


def test_an_account_that_never_traded_has_nothing_to_round(make_history, make_strategy) -> None:
    history = make_history([[100.0]])
    strategy = make_strategy(history, {0: {"A": 1.0}})
    settings = BacktestSettings(fill=FillTiming.NEXT_CLOSE, whole_shares=True)
    result = backtest(history, (strategy,), settings).unwrap()
    assert rounding_bound(result.account, 1.0, 1e-4) == 0.0
    assert result.final_equity == 100_000.0


def test_whole_shares_are_whole_and_never_more_than_the_cash(make_history, make_strategy) -> None:
    history = make_history([[300.0, 70.0], [310.0, 71.0], [290.0, 69.0]])
    half = {"A": 0.5, "B": 0.5}
    strategy = make_strategy(history, {0: half, 1: half, 2: {"B": 1.0}})
    settings = BacktestSettings(
        start=history.session(0), cash=Decimal(1000), cost_bps=Decimal(10), whole_shares=True
    )
    result = backtest(history, (strategy,), settings).unwrap()
    assert (result.account.units == np.round(result.account.units)).all()
    assert (result.account.cash >= 0).all()
    assert result.account.units[0].tolist() == [1.0, 7.0]
    assert result.account.units[2, 0] == 0.0
    spent = 300 + 7 * 70
    assert result.account.cash[0] == pytest.approx(1000 - spent * 1.001)
    assert result.trades == len(result.fills)


def test_whole_shares_of_a_blend_add_up_to_whole_shares_of_the_account(
    make_history, make_strategy
) -> None:
    rng = np.random.default_rng(2)
    history = make_history(100 * np.exp(np.cumsum(rng.normal(0, 0.02, (60, 2)), axis=0)))
    one = make_strategy(
        history, {row: {"A": 0.6, "B": 0.4} for row in range(60)}, name="one", share="0.7"
    )
    other = make_strategy(
        history,
        {row: ({"A": 1.0} if row % 7 < 3 else {"B": 1.0}) for row in range(60)},
        name="other",
        share="0.3",
    )
    settings = BacktestSettings(cash=Decimal(20_000), whole_shares=True)
    result = backtest(history, (one, other), settings).unwrap()
    np.testing.assert_allclose(result.account.units, np.round(result.account.units), atol=1e-9)
    books = sum(book.curve.equity for book in result.books)
    np.testing.assert_allclose(books, result.curve.equity, rtol=1e-12)


def real_closes(symbols: tuple[str, ...]) -> BarHistory:
    if not DAILY.is_dir():
        pytest.skip("the folder of real bars is not there")
    columns = {}
    for symbol in symbols:
        with (DAILY / f"{symbol}.csv").open() as file:
            columns[symbol] = {
                row["date"]: float(row["close"]) for row in csv.DictReader(file) if row["close"]
            }
    days = sorted(columns[symbols[0]])
    close = [[columns[symbol].get(day, np.nan) for symbol in symbols] for day in days]
    return BarHistory(
        np.array(days, dtype="datetime64[D]"),
        tuple(Symbol(symbol) for symbol in symbols),
        np.array(close),
    )


def test_on_real_data_both_simulations_agree_to_nine_digits() -> None:
    history = real_closes(("SPY", "TLT", "GLD", "QQQ", "UVXY", "KMLM"))
    rng = np.random.default_rng(21)
    strategy = StrategyDecisions(
        "one", random_decisions(rng, history), RebalancePolicy(threshold=0.02)
    )
    settings = BacktestSettings(cost_bps=Decimal(1))
    closed, orders = both(history, (strategy,), settings, without_increments(history.symbols))
    np.testing.assert_allclose(orders.account.equity, closed.curve.equity, rtol=1e-9)
    assert closed.trades > 1000
