"""Session by session, cycles trade what the back-test trades, when it trades it."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from attrs import evolve

from alchemiser_core.config.settings import CostSettings, DecideOn
from alchemiser_core.domain.allocation.policy import BookRebalance
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.services.backtest import BacktestSettings, FillTiming, StrategyDecisions
from alchemiser_core.services.backtest import backtest as run_backtest
from alchemiser_core.services.backtest.order_level import session_marks
from alchemiser_core.services.backtest.preparation import prepare
from alchemiser_core.services.collect_targets import decide_all
from alchemiser_core.services.trading import LiveDecisions, deciding_session, precomputed
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.strategies import FakeStrategy

SYMBOLS = ("SPY", "TLT", "GLD", "UVXY")
FILLS = {
    DecideOn.PREVIOUS_CLOSE: FillTiming.NEXT_CLOSE,
    DecideOn.AFTER_CLOSE: FillTiming.NEXT_OPEN,
    DecideOn.PROVISIONAL: FillTiming.CLOSE,
}
POLICIES = [
    *(RebalancePolicy(frequency) for frequency in Frequency),
    RebalancePolicy(threshold=0.02),
    RebalancePolicy(Frequency.MONTHLY, threshold=0.15),
]
FREE = CostSettings(cost_bps=Decimal(0))
COSTS = CostSettings(cost_bps=Decimal(7), slippage_bps=Decimal(3))


def market(sessions=130, seed=0, gap=True):
    history = wandering_history(SYMBOLS, sessions, seed, 0.03, date(2019, 10, 1))
    if not gap:
        return history
    close, opens = history.close.copy(), history.open.copy()
    close[40:49, 1] = opens[40:49, 1] = np.nan
    return evolve(history, close=close, open=opens)


def compare(
    account, history, decide_on, how_often=BookRebalance.QUARTERLY, first=20, closeness=1e-8
):
    """Trade every session from row `first` on, and the back-test beside it."""
    entries = account.mandate.strategies
    costs = account.mandate.costs
    settings = BacktestSettings(
        start=history.session(first),
        cost_bps=costs.cost_bps,
        slippage_bps=costs.slippage_bps,
        fill=FILLS[decide_on],
        rebalance_books=how_often,
    )
    strategies = tuple(
        StrategyDecisions(
            e.strategy.name, decide_all(e.strategy, history).unwrap(), e.strategy.policy, e.share
        )
        for e in entries
    )
    result = run_backtest(history, strategies, settings).unwrap()
    prepared = prepare(history, strategies, result.period, settings).unwrap()
    source = precomputed(history, tuple(e.strategy for e in entries)).unwrap()
    equity, traded = [float(settings.cash)], []
    symbols = prepared.prices.symbols
    for row in range(settings.fill_delay, len(result.period)):
        day = result.period.sessions[row].item()
        as_of = deciding_session(decide_on, day, history.sessions).unwrap()
        marks = session_marks(prepared, row, set(symbols))
        if account.trade(day, as_of, source, marks).plan is not None:
            traded.append(row)
        prices = dict(zip(symbols, prepared.prices.value[row].tolist(), strict=True))
        equity.append(account.equity(prices))
    equity = equity if settings.fill_delay else [equity[0], *equity[2:]]
    assert traded == result.account.fill_rows.tolist()
    np.testing.assert_allclose(equity, result.curve.equity, rtol=closeness)
    return result


@pytest.mark.parametrize("decide_on", DecideOn)
@pytest.mark.parametrize("policy", POLICIES, ids=str)
def test_a_single_strategy_trades_as_its_backtest(policy, decide_on, make_account, switching):
    history = market(gap=decide_on is not DecideOn.AFTER_CLOSE)
    holes = frozenset(history.session(row) for row in (20, 33, 34, 60, 83))
    strategy = FakeStrategy(
        SYMBOLS, switching(SYMBOLS), name="one", policy=policy, undecidable=holes
    )
    account = make_account(history, [(strategy, "1")], decide_on=decide_on, costs=COSTS)
    result = compare(account, history, decide_on)
    assert result.trades > 1


@pytest.mark.parametrize("decide_on", DecideOn)
@pytest.mark.parametrize("how_often", [BookRebalance.MONTHLY, BookRebalance.QUARTERLY])
@pytest.mark.parametrize(("costs", "closeness"), [(FREE, 1e-8), (COSTS, 1e-5)])
def test_a_blend_trades_as_its_backtest(
    costs, closeness, how_often, decide_on, make_account, switching
):
    # Where trading costs something, a back-test lends one book what another is owed.
    history = market(gap=decide_on is not DecideOn.AFTER_CLOSE)
    # Rows 44 and 66 begin December and January: one cannot decide on days when cash is to move.
    holes = frozenset(history.session(row) for row in (20, 44, 66, 90))
    strategies = [
        FakeStrategy(SYMBOLS[:3], switching(SYMBOLS[:3], 1), name="daily", undecidable=holes),
        FakeStrategy(
            SYMBOLS,
            switching(SYMBOLS, 2, calm=20),
            name="monthly",
            policy=RebalancePolicy(Frequency.MONTHLY),
        ),
        FakeStrategy(
            SYMBOLS[1:],
            switching(SYMBOLS[1:], 3, calm=15),
            name="drifting",
            policy=RebalancePolicy(threshold=0.04),
        ),
    ]
    account = make_account(
        history,
        list(zip(strategies, ("0.5", "0.3", "0.2"), strict=True)),
        decide_on=decide_on,
        rebalance_books=how_often,
        costs=costs,
    )
    result = compare(account, history, decide_on, how_often, closeness=closeness)
    assert len(result.books[0].transfers) >= 1


def test_live_decisions_trade_as_precomputed_ones(make_account, switching):
    history = market(90)
    strategies = [
        (FakeStrategy(SYMBOLS, switching(SYMBOLS, 1), name="one"), "0.6"),
        (
            FakeStrategy(
                SYMBOLS,
                switching(SYMBOLS, 2),
                name="other",
                policy=RebalancePolicy(Frequency.NONE),
                undecidable=frozenset({history.session(55)}),
            ),
            "0.4",
        ),
    ]
    looked_up = precomputed(history, tuple(s for s, _ in strategies)).unwrap()
    ledgers = []
    for source in (LiveDecisions(history), looked_up):
        account = make_account(history, strategies, costs=COSTS)
        for row in range(50, 90, 3):
            day, as_of = history.session(row), history.session(row - 1)
            marks = account.closes.marks(day, history.symbols)
            account.trade(day, as_of, source, {s: m for s, m in marks.items() if not m.age})
        ledgers.append(account.ledger)
    live, rehearsed = ledgers
    assert live == rehearsed
