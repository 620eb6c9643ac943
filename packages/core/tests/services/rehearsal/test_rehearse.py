"""The whole trading cycle over history gives what the back-test gives, but for rounding."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from attrs import evolve

from alchemiser_core.config.settings import CostSettings, DecideOn, PlanningSettings
from alchemiser_core.domain.allocation.policy import BookRebalance
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.journal.chain import chain_faults
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.domain.risk.limits import RiskLimits
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.order_journal import JournalFailure
from alchemiser_core.services.cycle import Ending
from alchemiser_core.services.rehearsal import (
    Rehearsal,
    RehearsalSettings,
    UnkeptJournal,
    rehearse,
)
from alchemiser_core.services.trading import Entrusted, Mandate
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.journal import InMemoryJournal
from alchemiser_core.testing.strategies import FakeStrategy

SYMBOLS = ("SPY", "TLT", "GLD", "UVXY")
COSTS = CostSettings(cost_bps=Decimal(7), slippage_bps=Decimal(3))


def market(sessions: int = 90, *, gap: bool = True) -> BarHistory:
    history = wandering_history(SYMBOLS, sessions, 3, 0.03, date(2019, 10, 1))
    history = evolve(history, close=history.close.round(4), open=history.open.round(4))
    if not gap:
        return history
    close = history.close.copy()
    close[40:49, 1] = np.nan
    return evolve(history, close=close)


def switching(symbols=SYMBOLS, seed: int = 0, calm: int = 7) -> Callable:
    """Weights that change every `calm` sessions, of symbols that have a price."""

    def rule(known):
        rng = np.random.default_rng([seed, (len(known) - 1) // calm])
        drawn = rng.dirichlet(np.full(len(symbols), 0.4)) * rng.choice([1.0, 1.0, 0.8])
        priced = [np.isfinite(known.close[-1, known.columns[Symbol(s)]]) for s in symbols]
        return {
            Symbol(s): float(weight)
            for s, weight, there in zip(symbols, drawn, priced, strict=True)
            if there and weight > 0.05
        }

    return rule


def strategy(name: str = "one", seed: int = 0, calm: int = 7, **more: object) -> FakeStrategy:
    return FakeStrategy(SYMBOLS, switching(seed=seed, calm=calm), name=name, **more)


def mandate(*strategies: tuple[FakeStrategy, str], **more: object) -> Mandate:
    entries = tuple(Entrusted(each, Decimal(share)) for each, share in strategies)
    return Mandate("main", entries, **{"costs": COSTS, **more})


def rehearsed(
    history: BarHistory, what: Mandate, cash: int = 100_000, first: int = 20
) -> Rehearsal:
    settings = RehearsalSettings(start=history.session(first), cash=Usd(Decimal(cash)))
    return rehearse(history, what, settings, InMemoryJournal()).unwrap()


@pytest.mark.parametrize("decide_on", DecideOn)
@pytest.mark.parametrize(
    "policy",
    [RebalancePolicy(), RebalancePolicy(Frequency.NONE), RebalancePolicy(threshold=0.03)],
    ids=str,
)
def test_a_rehearsal_is_its_backtest_but_for_rounding(policy, decide_on) -> None:
    history = market(gap=decide_on is not DecideOn.AFTER_CLOSE)
    what = mandate((strategy(policy=policy), "1"), decide_on=decide_on)
    result = rehearsed(history, what)
    assert result.against.largest > 0
    assert result.against.within
    assert result.against.bound < 1e-3
    assert set(result.endings) <= {Ending.COMPLETE, Ending.NOTHING_TO_DO}
    assert result.alerts == ()


def test_a_large_account_leaves_rounding_under_a_millionth() -> None:
    history = market()
    result = rehearsed(history, mandate((strategy(), "1")), cash=10**9)
    assert result.against.within
    assert 0 < result.against.bound < 1e-6


@pytest.mark.parametrize("how_often", [BookRebalance.MONTHLY, BookRebalance.QUARTERLY])
def test_a_blend_is_its_backtest_but_for_rounding(how_often) -> None:
    history = market()
    holes = frozenset(history.session(row) for row in (44, 66))
    what = mandate(
        (strategy("daily", 1, undecidable=holes), "0.5"),
        (strategy("monthly", 2, policy=RebalancePolicy(Frequency.MONTHLY)), "0.3"),
        (strategy("drifting", 3, 15, policy=RebalancePolicy(threshold=0.04)), "0.2"),
        rebalance_books=how_often,
    )
    result = rehearsed(history, what)
    assert result.against.within
    assert result.against.bound < 1e-3
    assert {alert.code for _, alert in result.alerts} == {"strategy-undecidable"}
    assert result.backtest.books[0].transfers


def test_trades_at_a_price_that_was_carried_are_counted_as_forced() -> None:
    history = market()
    lagging = FakeStrategy(SYMBOLS, lambda known: {Symbol("TLT"): 1.0} if len(known) < 45 else {})
    what = mandate((lagging, "1"))
    result = rehearsed(history, what)
    assert result.against.within
    assert {fill.session for fill in result.forced} == {f.session for f in result.backtest.forced}
    assert any(fill.side == "sell" for fill in result.forced)


def test_whole_shares_are_rehearsed_in_whole_shares() -> None:
    history = market()
    what = mandate((strategy(), "1"), planning=PlanningSettings(whole_shares=True))
    result = rehearsed(history, what, cash=1_000_000)
    assert result.against.within
    assert all(execution.quantity % 1 == 0 for execution in result.executions)


def test_the_books_are_the_account_to_the_cent_and_its_curve_is_the_exchanges() -> None:
    what = mandate((strategy("one", 1), "0.7"), (strategy("other", 2, 4), "0.3"))
    result = rehearsed(market(), what)
    whole = result.ledger.opened_books.combined()
    assert whole.cash == whole.cash.quantize(Decimal("0.01"))
    assert whole.cash == result.ledger.valued.equity - sum(
        position.quantity * result.ledger.valued.marks[symbol].price
        for symbol, position in whole.positions.items()
    )
    assert result.curve.final == pytest.approx(float(result.ledger.valued.equity))
    assert len(result.executions) == sum(cycle.fills for cycle in result.cycles)


def test_a_cycle_that_is_refused_is_in_the_result_and_the_next_one_goes_on() -> None:
    history = market()
    settings = RehearsalSettings(
        start=history.session(20), limits=RiskLimits(max_order_value=Usd(Decimal(60_000)))
    )
    result = rehearse(history, mandate((strategy(), "1")), settings, UnkeptJournal()).unwrap()
    assert result.endings[Ending.REFUSED] > 0
    assert result.endings[Ending.COMPLETE] > 0
    refused = next(cycle for cycle in result.cycles if cycle.ending is Ending.REFUSED)
    assert "order" in refused.found[0].code
    assert refused.fills == 0
    assert not result.against.within


def test_settings_that_a_backtest_does_not_know_leave_the_bound() -> None:
    planning = PlanningSettings(cash_buffer=Decimal("0.2"))
    result = rehearsed(market(), mandate((strategy(), "1"), planning=planning))
    assert result.against.largest > 0.001


def test_a_journal_that_fails_ends_the_rehearsal() -> None:
    history = market()
    settings = RehearsalSettings(start=history.session(20))
    journal = InMemoryJournal(fail_at=30)
    error = rehearse(history, mandate((strategy(), "1")), settings, journal).failure()
    assert isinstance(error, JournalFailure)
    assert journal.appends < 40


def test_what_stops_a_backtest_stops_a_rehearsal() -> None:
    history = market()
    settings = RehearsalSettings(start=date(2030, 1, 1))
    error = rehearse(history, mandate((strategy(), "1")), settings, UnkeptJournal()).failure()
    assert error.problems()[0].code == "empty-range"
    broken = strategy(failing=frozenset({history.session(30)}))
    error = rehearse(history, mandate((broken, "1")), RehearsalSettings(), UnkeptJournal())
    assert error.failure().problems()[0].code == "strategy-failed"


def test_the_same_rehearsal_writes_the_same_journal() -> None:
    history, journals = market(60), (UnkeptJournal(), UnkeptJournal())
    for journal in journals:
        settings = RehearsalSettings(start=history.session(20))
        rehearse(history, mandate((strategy(), "1")), settings, journal).unwrap()
    one, other = (journal.entries().unwrap() for journal in journals)
    assert one == other
    assert chain_faults([entry.record for entry in one]) == ()
