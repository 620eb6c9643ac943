"""What a cycle decides to do, and what it writes down before it does."""

from datetime import date
from decimal import Decimal

import pytest
from attrs import evolve

from alchemiser_core.config.settings import CostSettings, PlanningSettings
from alchemiser_core.domain.alert import Severity
from alchemiser_core.domain.allocation.plan_error import PlanRefused
from alchemiser_core.domain.allocation.policy import BookRebalance, TradeReason
from alchemiser_core.domain.instrument import NINE_DECIMALS, fractional_shares, without_increments
from alchemiser_core.domain.journal.account_events import CashMovedBetweenBooks
from alchemiser_core.domain.journal.events import PlanCommitted, StrategyDecided, StrategyHeld
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.portfolio.cash import CashMovement, CashReason
from alchemiser_core.domain.portfolio.valuation import Unvalued
from alchemiser_core.domain.quote import Mark
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.trading import Entrusted, LiveDecisions, Mandate
from alchemiser_core.testing.bars import history_of
from alchemiser_core.testing.strategies import FakeStrategy

A, B = Symbol("A"), Symbol("B")
ROWS = 50  # Wednesday 2020-01-01 to Tuesday 2020-03-10; row 23 is February 3, row 43 March 2
BARS = history_of({"A": [100.0] * ROWS, "B": [50.0] * ROWS})
DAYS = [BARS.session(row) for row in range(ROWS)]
ONCE = RebalancePolicy(Frequency.NONE)


def holding(name, *plan, policy=None, undecidable=()):
    """A strategy that holds the weights of `plan`, row after row, the last from there on."""
    return FakeStrategy(
        ("A", "B"),
        lambda known: plan[min(len(known), len(plan)) - 1],
        name=name,
        policy=policy or RebalancePolicy(),
        undecidable=frozenset(DAYS[row] for row in undecidable),
    )


def trade(account, row, **prices):
    """The cycle that the close of `row` decides, at the prices given."""
    day = DAYS[row + 1]
    marks = {s: Mark(s, Decimal(prices.get(s, {"A": 100, "B": 50}[s])), day) for s in (A, B)}
    return account.trade(day, DAYS[row], LiveDecisions(BARS), marks)


def reasons(draft):
    return {e.strategy: e.reason for e in draft.events if isinstance(e, StrategyDecided)}


def held(account, name):
    own = account.ledger.opened_books.books[name].portfolio
    return {symbol: position.quantity for symbol, position in own.positions.items()}


def orders(draft):
    return {(o.symbol, o.side): o.quantity for o in draft.plan.plan.orders}


ALL_A, ALL_B, HALVES = {A: 1.0}, {B: 1.0}, {A: 0.5, B: 0.5}


def test_the_first_cycle_trades_and_says_what_was_decided_before_what_is_planned(
    make_account,
) -> None:
    account = make_account(BARS, [(holding("one", HALVES), "1")], "10000")
    draft = trade(account, 0)
    decided, known, plan = draft.events
    assert decided == StrategyDecided(
        "one", DAYS[0], {A: Decimal("0.5"), B: Decimal("0.5")}, TradeReason.FIRST
    )
    assert known == CashMovedBetweenBooks((), {"one": Decimal(1)})
    assert plan is draft.plan
    assert plan.cash == plan.account_cash == 10_000
    assert plan.kept_cash == 0
    assert plan.marks == {A: 100, B: 50}
    assert draft.alerts == ()


def test_a_policy_that_waits_leaves_no_plan(make_account) -> None:
    account = make_account(BARS, [(holding("one", HALVES, policy=ONCE), "1")])
    trade(account, 0)
    draft = trade(account, 1)
    assert draft.plan is None
    assert reasons(draft) == {"one": None}
    assert draft.equity["one"] == pytest.approx(Decimal(99_990), abs=1)


def test_a_period_that_began_on_a_missed_day_is_traded_on_the_next(make_account) -> None:
    strategy = holding("one", HALVES, policy=RebalancePolicy(Frequency.MONTHLY))
    account = make_account(BARS, [(strategy, "1")])
    trade(account, 20)
    assert trade(account, 21).plan is None
    assert reasons(trade(account, 26)) == {"one": TradeReason.PERIOD}


def test_drift_is_measured_at_the_closes_and_not_at_the_marks(make_account) -> None:
    moved = history_of({"A": [100.0, 100, 100, 130], "B": [50.0] * 4})
    strategy = holding("one", HALVES, policy=RebalancePolicy(threshold=0.05))
    account = make_account(moved, [(strategy, "1")])
    marks = {A: Mark(A, Decimal(100), DAYS[1]), B: Mark(B, Decimal(50), DAYS[1])}
    source = LiveDecisions(moved)
    account.trade(DAYS[1], DAYS[0], source, marks)
    wild = {A: Mark(A, Decimal(200), DAYS[2]), B: marks[B]}
    assert account.trade(DAYS[2], DAYS[1], source, wild).plan is None
    draft = account.trade(DAYS[6], DAYS[3], source, marks)
    assert reasons(draft) == {"one": TradeReason.DRIFT}


def test_a_strategy_that_cannot_decide_keeps_its_book_and_the_others_trade(make_account) -> None:
    gappy = holding("gappy", HALVES, ALL_A, undecidable=(1,))
    whole = holding("whole", HALVES, ALL_B)
    account = make_account(BARS, [(gappy, "0.5"), (whole, "0.5")])
    trade(account, 0)
    before = held(account, "gappy")
    draft = trade(account, 1)
    assert held(account, "gappy") == {
        symbol: pytest.approx(quantity, abs=NINE_DECIMALS) for symbol, quantity in before.items()
    }
    assert held(account, "whole").keys() == {B}
    (note,) = (e for e in draft.events if isinstance(e, StrategyHeld))
    assert (note.strategy, note.as_of) == ("gappy", DAYS[1])
    (alert,) = draft.alerts
    assert (alert.code, alert.subject) == ("strategy-undecidable", "gappy")
    assert alert.severity is Severity.WARNING
    assert alert.text.endswith(note.why)


def test_lesson_a_full_exit_by_one_strategy_sells_only_what_its_own_book_holds(
    make_account,
) -> None:
    leaver, stayer = holding("leaver", ALL_A, ALL_B), holding("stayer", ALL_A)
    account = make_account(
        BARS,
        [(leaver, "0.4"), (stayer, "0.6")],
        instruments=without_increments(BARS.symbols),
    )
    trade(account, 0)
    own, others = held(account, "leaver")[A], held(account, "stayer")[A]
    draft = trade(account, 1)
    assert orders(draft)[A, Side.SELL] == pytest.approx(own, abs=Decimal("0.1"))
    assert held(account, "leaver").keys() == {B}
    assert held(account, "stayer")[A] == pytest.approx(others, abs=Decimal("0.1"))


def test_lesson_a_symbol_of_two_strategies_is_credited_to_each_by_what_it_wanted(
    make_account,
) -> None:
    first, second = holding("a-first", ALL_A), holding("b-second", HALVES)
    account = make_account(BARS, [(first, "0.5"), (second, "0.5")], "20000")
    draft = trade(account, 0)
    (whole,) = (o.quantity for o in draft.plan.plan.orders if o.symbol == A)
    assert held(account, "a-first")[A] == pytest.approx(whole * 2 / 3)
    assert held(account, "b-second")[A] == pytest.approx(whole / 3)
    assert held(account, "a-first")[A] + held(account, "b-second")[A] == whole


def test_a_book_that_leaves_a_symbol_others_stay_in_sells_in_whole_increments(make_account) -> None:
    leaver, stayer = holding("leaver", ALL_A, ALL_B), holding("stayer", HALVES, policy=ONCE)
    account = make_account(BARS, [(leaver, "0.4"), (stayer, "0.6")], "9999.99")
    trade(account, 0)
    own, others = held(account, "leaver")[A], held(account, "stayer")[A]
    assert own % NINE_DECIMALS
    draft = trade(account, 1)
    assert draft.plan.wishes[A] == {"leaver": -own, "stayer": own % NINE_DECIMALS}
    assert orders(draft)[A, Side.SELL] == own - own % NINE_DECIMALS
    assert held(account, "leaver").keys() == {B}
    assert held(account, "stayer")[A] == others + own % NINE_DECIMALS


def test_less_than_an_increment_goes_to_who_stays_without_an_order(make_account) -> None:
    leaver, stayer = holding("leaver", {A: 0.5}, {}), holding("stayer", ALL_A, policy=ONCE)
    account = make_account(
        BARS,
        [(leaver, "0.1"), (stayer, "0.9")],
        "1000",
        planning=PlanningSettings(whole_shares=True),
    )
    trade(account, 0)
    assert 0 < held(account, "leaver")[A] < 1
    draft = trade(account, 1)
    assert draft.plan.plan.orders == ()
    assert held(account, "leaver") == {}
    assert held(account, "stayer") == {A: 9}


def test_opposite_wishes_that_leave_nothing_for_the_market_still_settle(make_account) -> None:
    one, other = holding("one", ALL_A, ALL_B), holding("other", ALL_B, ALL_A)
    account = make_account(BARS, [(one, "0.5"), (other, "0.5")], "20000")
    trade(account, 0)
    draft = trade(account, 1)
    assert draft.plan.plan.orders == ()
    assert draft.plan.wishes.keys() == {A, B}
    assert held(account, "one").keys() == {B}
    assert held(account, "other").keys() == {A}


def test_cash_moves_at_the_marks_and_then_every_book_trades(make_account) -> None:
    up = holding("up", ALL_A, policy=ONCE)
    flat = holding("flat", ALL_B, policy=ONCE)
    account = make_account(
        BARS, [(up, "0.5"), (flat, "0.5")], "20000", rebalance_books=BookRebalance.MONTHLY
    )
    trade(account, 20)
    assert trade(account, 22).plan is None
    draft = trade(account, 23, A=150)
    assert set(reasons(draft).values()) == {TradeReason.TRANSFER}
    (moved,) = (e for e in draft.events if isinstance(e, CashMovedBetweenBooks))
    (transfer,) = moved.transfers
    assert (transfer.source, transfer.destination) == ("up", "flat")
    assert transfer.amount == pytest.approx(2_500, abs=1)
    assert draft.equity["up"] == draft.equity["flat"]
    assert trade(account, 24, A=150).plan is None


def test_cash_waits_until_every_strategy_decides(make_account) -> None:
    up = holding("up", ALL_A, policy=ONCE, undecidable=(23,))
    account = make_account(
        BARS,
        [(up, "0.5"), (holding("flat", ALL_B, policy=ONCE), "0.5")],
        rebalance_books=BookRebalance.MONTHLY,
    )
    trade(account, 22)
    assert trade(account, 23).plan is None
    assert set(reasons(trade(account, 24)).values()) == {TradeReason.TRANSFER}


def changed(account, *strategies):
    """The same account under another mandate."""
    entries = tuple(Entrusted(strategy, Decimal(share)) for strategy, share in strategies)
    account.mandate = evolve(account.mandate, strategies=entries)
    return account


def test_shares_that_changed_are_brought_about_at_once(make_account) -> None:
    one, other = holding("one", ALL_A, policy=ONCE), holding("other", ALL_B, policy=ONCE)
    account = make_account(BARS, [(one, "0.5"), (other, "0.5")], "20000")
    trade(account, 0)
    draft = trade(changed(account, (one, "0.25"), (other, "0.75")), 1)
    assert set(reasons(draft).values()) == {TradeReason.TRANSFER}
    assert draft.equity["other"] == 3 * draft.equity["one"]
    assert trade(account, 2).plan is None


def test_the_book_of_a_strategy_that_left_is_sold_and_then_given_to_the_others(
    make_account,
) -> None:
    one, other = holding("one", ALL_A, policy=ONCE), holding("other", ALL_B, policy=ONCE)
    account = make_account(BARS, [(one, "0.5"), (other, "0.5")], "20000")
    trade(account, 0)
    changed(account, (other, "1"))
    for row in (1, 2, 3):
        draft = trade(account, row)
    assert account.ledger.opened_books.books.keys() == {"other"}
    assert account.ledger.opened_books.combined().positions.keys() == {B}
    assert draft.plan is None


def test_a_book_keeps_its_part_of_the_reserve_whoever_else_trades(make_account) -> None:
    daily, idle = holding("daily", ALL_A), holding("idle", ALL_B, policy=ONCE)
    account = make_account(
        BARS,
        [(daily, "0.5"), (idle, "0.5")],
        "20000",
        planning=PlanningSettings(reserve_cash=Usd(Decimal(2000))),
    )
    trade(account, 0)
    draft = trade(account, 1)
    assert reasons(draft) == {"daily": TradeReason.PERIOD, "idle": None}
    assert draft.plan.kept_cash == pytest.approx(1000, abs=1)
    assert draft.plan.cash == pytest.approx(1000, abs=1)
    assert sum(o.value for o in draft.plan.plan.orders) < 5


def test_what_an_idle_book_owes_is_not_spent_by_the_others(make_account) -> None:
    daily, idle = holding("daily", ALL_A, ALL_B), holding("idle", ALL_B, policy=ONCE)
    account = make_account(
        BARS, [(daily, "0.5"), (idle, "0.5")], "20000", costs=CostSettings(cost_bps=Decimal(100))
    )
    trade(account, 0)
    owed = CashMovement(CashReason.FEE, Usd(Decimal(-50)), DAYS[1])
    books = account.ledger.opened_books.move_cash("idle", owed)
    account.ledger = evolve(account.ledger, books=books)
    draft = trade(account, 1)
    debt = -books.books["idle"].portfolio.cash
    assert debt == pytest.approx(50, abs=1)
    assert draft.plan.kept_cash == debt
    assert account.ledger.opened_books.combined().cash >= 0


def test_a_cap_is_of_the_account_whoever_else_trades(make_account) -> None:
    daily, idle = holding("daily", ALL_A), holding("idle", ALL_B, policy=ONCE)
    account = make_account(
        BARS,
        [(daily, "0.5"), (idle, "0.5")],
        "20000",
        planning=PlanningSettings(cap=Decimal("0.3")),
    )
    trade(account, 0)
    assert held(account, "daily")[A] == pytest.approx(60, abs=Decimal("0.1"))
    draft = trade(account, 1)
    assert sum(o.value for o in draft.plan.plan.orders) < 5


def test_what_the_idle_books_hold_counts_towards_a_cap(make_account) -> None:
    daily, idle = holding("daily", ALL_B, ALL_A), holding("idle", ALL_A, policy=ONCE)
    account = make_account(
        BARS,
        [(daily, "0.5"), (idle, "0.5")],
        "20000",
        planning=PlanningSettings(caps={A: Decimal("0.7")}),
    )
    trade(account, 0)
    trade(account, 1)
    assert held(account, "idle")[A] == pytest.approx(100, abs=Decimal("0.1"))
    assert held(account, "daily")[A] == pytest.approx(40, abs=Decimal("0.1"))


def test_the_buffer_is_kept_in_cash(make_account) -> None:
    planning = PlanningSettings(cash_buffer=Decimal("0.1"), reserve_cash=Usd(Decimal(1000)))
    account = make_account(BARS, [(holding("one", ALL_A), "1")], "11000", planning=planning)
    draft = trade(account, 0)
    assert draft.plan.kept_cash == pytest.approx(2000, abs=1)
    assert account.ledger.opened_books.combined().cash >= draft.plan.kept_cash


def test_whole_shares_are_whole_whatever_the_broker_can_do(make_account) -> None:
    account = make_account(
        BARS,
        [(holding("one", HALVES), "1")],
        "1030",
        planning=PlanningSettings(whole_shares=True),
        instruments=fractional_shares(BARS.symbols),
    )
    trade(account, 0)
    assert held(account, "one") == {A: 5, B: 10}


def test_a_symbol_without_a_price_today_is_left_with_an_alert(make_account) -> None:
    account = make_account(BARS, [(holding("one", HALVES), "1")])
    marks = {A: Mark(A, Decimal(100), DAYS[1]), B: Mark(B, Decimal(50), DAYS[0], age=1)}
    draft = account.trade(DAYS[1], DAYS[0], LiveDecisions(BARS), marks)
    assert [o.symbol for o in draft.plan.plan.orders] == [A]
    (alert,) = draft.alerts
    assert (alert.code, alert.subject) == ("symbol-not-traded", "B")


def test_a_holding_without_any_price_refuses_the_cycle(make_account) -> None:
    account = make_account(BARS, [(holding("one", HALVES), "1")])
    trade(account, 0)
    marks = {A: Mark(A, Decimal(100), DAYS[2])}
    error = account.draft(DAYS[2], DAYS[1], LiveDecisions(BARS), marks).failure()
    assert error == Unvalued((B,))


def test_equity_within_the_reserve_refuses_the_cycle(make_account) -> None:
    planning = PlanningSettings(reserve_cash=Usd(Decimal(5000)))
    account = make_account(BARS, [(holding("one", ALL_A), "1")], "4000", planning=planning)
    marks = {A: Mark(A, Decimal(100), DAYS[1])}
    error = account.draft(DAYS[1], DAYS[0], LiveDecisions(BARS), marks).failure()
    assert isinstance(error, PlanRefused)
    assert error.problems()[0].code == "nothing-to-invest"


def test_the_same_facts_give_the_same_draft(make_account) -> None:
    account = make_account(BARS, [(holding("one", HALVES), "1")])
    marks = {s: Mark(s, Decimal(40), DAYS[1]) for s in (B, A)}
    once = account.draft(DAYS[1], DAYS[0], LiveDecisions(BARS), marks)
    again = account.draft(DAYS[1], DAYS[0], LiveDecisions(BARS), dict(reversed(marks.items())))
    assert repr(once) == repr(again)
    assert isinstance(once.unwrap().events[-1], PlanCommitted)


@pytest.mark.parametrize(
    "entries",
    [
        [("one", "0.5"), ("one", "0.5")],
        [("one", "0.5"), ("other", "0.4")],
        [("one", "1.5"), ("other", "-0.5")],
        [],
    ],
)
def test_a_mandate_has_distinct_strategies_that_share_everything(entries) -> None:
    with pytest.raises(ValueError, match="of a mandate"):
        Mandate("main", tuple(Entrusted(holding(n, ALL_A), Decimal(s)) for n, s in entries))


def test_a_mandate_knows_the_symbols_of_all_its_strategies(make_account) -> None:
    watcher = evolve(holding("watcher", ALL_A), watched=("SPY",))
    account = make_account(BARS, [(watcher, "1")])
    assert account.mandate.symbols == ("A", "B", "SPY")


def test_a_strategy_without_a_book_is_a_mistake_of_the_program(make_account) -> None:
    account = make_account(BARS, [(holding("one", ALL_A), "1")])
    changed(account, (holding("new", ALL_A), "1"))
    with pytest.raises(ValueError, match="needs a book"):
        account.draft(date(2020, 1, 2), DAYS[0], LiveDecisions(BARS), {})


@pytest.mark.parametrize("policy", [RebalancePolicy(), RebalancePolicy(threshold=0.01)])
@pytest.mark.parametrize(("left", "codes"), [("0", []), ("-5", ["book-without-equity"])])
def test_a_book_without_equity_trades_nothing_and_stops_nobody(
    policy, left, codes, make_account
) -> None:
    account = make_account(
        BARS,
        [(holding("poor", {}, ALL_A, policy=policy), "0.5"), (holding("other", ALL_B), "0.5")],
        rebalance_books=BookRebalance.NEVER,
    )
    trade(account, 0)
    taken = CashMovement(CashReason.FEE, Usd(Decimal(left) - 50_000), DAYS[1])
    books = account.ledger.opened_books.move_cash("poor", taken)
    account.ledger = evolve(account.ledger, books=books)
    draft = trade(account, 1)
    assert held(account, "poor") == {}
    assert [alert.code for alert in draft.alerts] == codes
    assert account.ledger.decided["poor"].as_of == DAYS[1]
