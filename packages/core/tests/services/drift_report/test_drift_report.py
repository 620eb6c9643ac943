"""An account beside its back-test: the parts of the difference, to the cent."""

from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest
from attrs import evolve

from alchemiser_core.config.settings import CostSettings, DecideOn
from alchemiser_core.domain.account import CashActivity, RemovalActivity, SplitActivity
from alchemiser_core.domain.allocation.policy import BookRebalance, TradeReason
from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan
from alchemiser_core.domain.allocation.target_weights import ALL_CASH
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.journal.account_events import (
    ActivityBooked,
    BooksOpened,
    DifferenceAccepted,
    OpeningBook,
    OpeningPosition,
)
from alchemiser_core.domain.journal.events import (
    BooksSettled,
    CycleOpened,
    JournalEvent,
    PlanCommitted,
    StrategyDecided,
    StrategyHeld,
    Valued,
)
from alchemiser_core.domain.money import NO_MONEY, Usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import ClientOrderId, CycleKey, Side
from alchemiser_core.domain.portfolio.cash import CashReason
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.domain.symbol import CASH, Symbol
from alchemiser_core.services.drift_report import Cause, DriftReport, drift_report
from alchemiser_core.services.rehearsal import RehearsalSettings, UnkeptJournal, rehearse
from alchemiser_core.services.trading import Entrusted, Mandate
from alchemiser_core.testing.bars import history_of, wandering_history
from alchemiser_core.testing.strategies import FakeStrategy

A, B = Symbol("A"), Symbol("B")
BARS = history_of({"A": [100.0, 110, 121, 133.1], "B": [10.0, 10, 10, 10]})
DAYS = [BARS.session(row) for row in range(4)]
ONCE = RebalancePolicy(Frequency.NONE)
FREE = CostSettings(cost_bps=Decimal(0))
NO_PLAN = RebalancePlan(
    DAYS[0], NO_MONEY, NO_MONEY, NO_MONEY, ALL_CASH, (), (), (), NO_MONEY, NO_MONEY
)


def usd(amount: str | int) -> Usd:
    return Usd(Decimal(amount))


def mandate(*weights: dict[Symbol, float], costs: CostSettings = FREE) -> Mandate:
    """One strategy that decides `weights` row by row, the last from there on."""
    strategy = FakeStrategy(
        ("A", "B"), lambda known: weights[min(len(known), len(weights)) - 1], policy=ONCE
    )
    return Mandate("main", (Entrusted(strategy, Decimal(1)),), costs=costs)


def opened(cash: str, **shares: tuple[str, str]) -> BooksOpened:
    positions = {Symbol(s): OpeningPosition(Decimal(q), ()) for s, (q, _) in shares.items()}
    worth = sum((Decimal(q) * Decimal(p) for q, p in shares.values()), start=Decimal(cash))
    book = OpeningBook(usd(cash), positions, NO_MONEY, NO_MONEY, Usd(worth), NO_MONEY)
    return BooksOpened({"fake": book}, "a test")


def cycle(row: int, *, sent: bool = True, **weights: str) -> list[JournalEvent]:
    """The cycle that the close of `row` decides, up to its plan."""
    key = CycleKey("main", "PA1", DAYS[row + 1])
    decided = {Symbol(symbol): Decimal(weight) for symbol, weight in weights.items()}
    events: list[JournalEvent] = [
        CycleOpened(key, "previous-close", "market"),
        StrategyDecided("fake", DAYS[row], decided, TradeReason.PATH),
    ]
    plan = PlanCommitted(NO_PLAN, {}, NO_MONEY, NO_MONEY, NO_MONEY, {})
    return [*events, plan] if sent else events


def filled(row: int, symbol: Symbol, quantity: int, price: str, cost: str = "0") -> BooksSettled:
    side = Side.BUY if quantity > 0 else Side.SELL
    fill = Fill(
        symbol,
        side,
        Decimal(abs(quantity)),
        Decimal(price),
        DAYS[row],
        usd(cost),
        ClientOrderId("alch-1"),
    )
    return BooksSettled(symbol, {"fake": (fill,)})


def valued(row: int, equity: str) -> Valued:
    at = datetime(2020, 1, 10, tzinfo=UTC)
    return Valued(DAYS[row], at, usd(equity), {"fake": usd(equity)}, usd(equity))


def parts(report: DriftReport) -> dict[Cause, Decimal]:
    assert sum(part.amount for part in report.parts) == report.difference
    assert [part.cause for part in report.parts] == list(Cause)
    return {part.cause: part.amount for part in report.parts if part.amount}


def test_every_cause_has_its_part() -> None:
    deposit = CashActivity("a1", CashReason.DEPOSIT, usd(500), DAYS[2])
    report = drift_report(
        BARS,
        mandate({A: 1.0}),
        [
            opened("10000"),
            *cycle(0, sent=False, A="1"),
            *cycle(1, A="1"),
            filled(2, A, 82, "121.5", "2"),
            ActivityBooked(deposit, {"fake": Decimal(1)}),
            valued(2, "10000"),
            valued(3, "11441"),
        ],
    ).unwrap()
    # The back-test buys at 110 what is worth 133.1 at the end.
    assert (report.backtest, report.live) == (usd("12100.00"), usd(11_441))
    assert (report.start, report.end) == (DAYS[0], DAYS[3])
    assert parts(report) == {
        Cause.TIMING: Decimal(-1100),  # bought at 121
        Cause.AMOUNTS: Decimal("-7.8"),  # 82 shares in place of 82.64…
        Cause.PRICE: Decimal(-41),
        Cause.COST: Decimal(-2),
        Cause.OUTSIDE: Decimal(500),
        Cause.VALUATION: Decimal("-8.2"),  # at 133
    }
    assert report.only_live == (DAYS[2],)
    assert report.only_backtest == (DAYS[1],)
    assert report.decisions == ()
    assert report.part(Cause.DATA) == 0


def test_decisions_that_would_be_others_now_are_named_and_their_part_is_data() -> None:
    report = drift_report(
        BARS,
        mandate({A: 1.0}, {A: 1.0}, {A: 0.5, B: 0.5}),
        [
            opened("11000"),
            *cycle(0, B="1"),
            filled(1, B, 1100, "10"),
            CycleOpened(CycleKey("main", "PA1", DAYS[2]), "previous-close", "market"),
            StrategyHeld("fake", DAYS[1], "no bars"),
            *cycle(2, A="0.5", B="0.5")[:1],
            StrategyDecided("fake", DAYS[2], {B: Decimal(1)}, None),
            valued(3, "11000"),
        ],
    ).unwrap()
    assert report.part(Cause.DATA) == 11_000 - report.backtest
    assert parts(report).keys() == {Cause.DATA}
    assert [(d.session, d.then, d.now) for d in report.decisions] == [
        (DAYS[0], {B: 1}, {A: 1}),
        (DAYS[1], None, {A: 1}),
        (DAYS[2], {B: 1}, {A: Decimal("0.5"), B: Decimal("0.5")}),
    ]


def test_assumed_costs_are_of_the_shares_really_traded() -> None:
    costs = CostSettings(cost_bps=Decimal(10))
    report = drift_report(
        BARS,
        mandate({A: 0.5}, costs=costs),
        [opened("22000"), *cycle(0, A="0.5"), filled(1, A, 100, "110", "15"), valued(3, "24295")],
    ).unwrap()
    # 0.1 % of 11,000 was assumed, and 15 charged.
    assert report.part(Cause.COST) == -4
    assert report.part(Cause.PRICE) == 0
    assert report.part(Cause.VALUATION) == 0


def test_a_split_changes_neither_price_nor_amount() -> None:
    split = SplitActivity("a1", A, Decimal(2), DAYS[2])
    report = drift_report(
        BARS,
        mandate({A: 1.0}),
        [
            opened("11000"),
            *cycle(0, A="1"),
            filled(1, A, 50, "220"),
            ActivityBooked(split, {"fake": Decimal(1)}),
            valued(3, "13310"),
        ],
    ).unwrap()
    assert parts(report) == {}


def test_what_ends_by_itself_and_what_is_accepted_count_as_outside_or_amounts() -> None:
    removal = RemovalActivity("a1", B, usd(900), DAYS[2])
    report = drift_report(
        BARS,
        mandate({A: 1.0}),
        [
            opened("10000", B=("100", "10")),
            *cycle(0, A="1"),
            filled(1, A, 100, "110"),
            ActivityBooked(removal, {"fake": Decimal(1)}),
            DifferenceAccepted(CASH, {"fake": Decimal(7)}, Decimal(1), DAYS[2], False, "found"),
            DifferenceAccepted("A", {"fake": Decimal(1)}, Decimal(121), DAYS[2], True, "found"),
            valued(3, "13350"),
        ],
    ).unwrap()
    # 10000 + 900 - 100 * 110 + 101 * 133.1 + 7
    assert report.part(Cause.OUTSIDE) == 128
    assert report.part(Cause.VALUATION) == Decimal("0.00") + 13_350 - Decimal("13350.10")
    assert report.part(Cause.PRICE) == 0
    parts(report)


@pytest.mark.parametrize("events", [[], [opened("10")], [opened("10"), *cycle(0, A="1")]])
def test_a_journal_without_decisions_or_values_cannot_be_compared(events) -> None:
    error = drift_report(BARS, mandate({A: 1.0}), events).failure()
    assert error.problems()[0].code == "nothing-to-compare"


def test_a_strategy_that_fails_now_is_said() -> None:
    broken = FakeStrategy(("A",), failing=frozenset(DAYS))
    what = Mandate("main", (Entrusted(broken, Decimal(1)),))
    error = drift_report(BARS, what, [opened("10"), *cycle(0, A="1"), valued(3, "1")]).failure()
    assert error.problems()[0].code == "strategy-failed"


SYMBOLS = ("SPY", "TLT", "GLD")


def rotating(seed: int, **more: object) -> FakeStrategy:
    """Leans towards what has risen, so that other bars decide otherwise."""

    def rule(known: BarHistory) -> dict[Symbol, float]:
        back = known.close[-1] / known.close[max(0, len(known) - 5 - seed)]
        first = int(back.argmax())
        return {Symbol(SYMBOLS[first]): 0.6, Symbol(SYMBOLS[first - 1]): 0.4}

    return FakeStrategy(SYMBOLS, rule, name=f"s{seed}", **more)


@pytest.mark.parametrize("decide_on", DecideOn)
def test_a_rehearsal_drifts_by_rounding_alone_and_other_bars_by_data(decide_on) -> None:
    history = wandering_history(SYMBOLS, 60, 8, 0.03)
    what = Mandate(
        "main",
        (
            Entrusted(rotating(0), Decimal("0.5")),
            Entrusted(rotating(3, policy=RebalancePolicy(Frequency.WEEKLY)), Decimal("0.5")),
        ),
        decide_on,
        BookRebalance.MONTHLY,
        costs=CostSettings(cost_bps=Decimal(5)),
    )
    journal = UnkeptJournal()
    settings = RehearsalSettings(start=history.session(10))
    rehearsal = rehearse(history, what, settings, journal).unwrap()
    events = [entry.event for entry in journal.entries().unwrap()]
    report = drift_report(history, what, events).unwrap()
    found = parts(report)
    assert found.keys() <= {Cause.AMOUNTS, Cause.COST, Cause.VALUATION}
    assert -3 < found[Cause.COST] < 0
    assert abs(found[Cause.AMOUNTS]) < 3
    assert (report.only_live, report.only_backtest, report.decisions) == ((), (), ())
    if decide_on is not DecideOn.AFTER_CLOSE:
        assert float(report.live) == pytest.approx(rehearsal.curve.final, abs=0.02)

    bars = history.close.copy()
    bars[30:, [0, 1]] = bars[30:, [1, 0]]
    other = drift_report(evolve(history, close=bars), what, events).unwrap()
    assert other.decisions
    assert min(d.session for d in other.decisions) >= history.session(30)
    assert parts(other)[Cause.DATA] != 0
    assert np.isfinite(float(other.difference))
