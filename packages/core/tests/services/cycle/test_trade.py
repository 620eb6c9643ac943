"""The trading cycle, from the journal to the journal."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import define, evolve
from returns.result import Failure, Result

from alchemiser_core.domain.journal.events import (
    AlertRaised,
    BooksSettled,
    CycleClosed,
    CycleOpened,
    CycleOutcome,
    Halted,
    OrderIntended,
    PlanCommitted,
    Resumed,
    Valued,
)
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.orders.submission import SubmissionFailure
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.risk.limits import RiskLimits
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution import ExecutionRules
from alchemiser_core.execution.rules import OnHalt
from alchemiser_core.ports.broker import BrokerFailure
from alchemiser_core.ports.market_data import MarketDataUnavailable
from alchemiser_core.services.cycle import Ending, recover, trade
from alchemiser_core.services.cycle.deciding import REDUCING
from alchemiser_core.services.trading import Entrusted
from alchemiser_core.simulation.exchange import Behaviour
from alchemiser_core.testing.broker import InMemoryBroker
from alchemiser_core.testing.kill_switch import SettableKillSwitch
from alchemiser_core.testing.notifier import RecordingNotifier
from alchemiser_core.testing.strategies import FakeStrategy


def codes(account) -> list[str]:
    return [event.alert.code for event in account.of(AlertRaised)]


def test_a_cycle_decides_plans_trades_settles_and_closes(account) -> None:
    ended = account.trade(5)
    assert ended.ending is Ending.COMPLETE
    assert list(account.held) == ["BBB"]
    kinds = [type(event).__name__ for event in account.events]
    assert kinds.index("PlanCommitted") < kinds.index("OrderIntended")
    assert kinds[-2:] == ["CycleClosed", "Valued"]
    assert account.agrees()
    assert codes(account) == []


def test_days_of_trading_keep_books_and_account_equal(blend) -> None:
    for row in range(5, 30):
        assert blend.trade(row).ending in (Ending.COMPLETE, Ending.NOTHING_TO_DO)
        assert blend.agrees()
    assert blend.of(BooksSettled)
    assert codes(blend) == []


def test_a_second_run_of_the_day_does_nothing_and_says_so(account) -> None:
    account.trade(5)
    before = len(account.events)
    ended = account.trade(5)
    assert ended.ending is Ending.ALREADY_DONE
    assert len(account.events) == before


def test_case_43_there_is_one_cycle_a_trading_day_however_often_it_is_called(
    account,
) -> None:
    for row in (5, 5, 6, 6, 5, 6, 7):
        account.trade(row)
    days = [event.cycle.trading_day for event in account.of(CycleOpened)]
    assert days == [account.day(5), account.day(6), account.day(7)]


def test_a_dry_run_plans_and_neither_writes_nor_sends(account) -> None:
    ended = account.trade(5, is_dry=True)
    assert ended.ending is Ending.PLANNED
    assert ended.run.draft is not None
    assert ended.run.draft.plan is not None
    assert account.events == ()
    assert account.broker.exchange.received == []


def test_case_15_no_order_goes_to_another_account_than_the_journals(account) -> None:
    account.trade(5)
    account.broker.exchange.number = "TEST-2"
    sent = len(account.broker.exchange.received)
    ended = account.trade(6)
    assert ended.ending is Ending.REFUSED
    assert {problem.code for problem in ended.problems()} == {"other-account"}
    assert len(account.broker.exchange.received) == sent
    assert "other-account" in codes(account)


def test_a_journal_of_another_portfolio_is_refused(account) -> None:
    account.trade(5)
    terms = account.terms(6)
    ended = account.trade(6, identity=evolve(terms.identity, portfolio="other"))
    assert ended.ending is Ending.REFUSED


def test_nothing_is_written_to_the_journal_of_another_portfolio(account) -> None:
    account.trade(20)
    before = account.events
    identity = evolve(account.terms(21).identity, portfolio="other")
    assert account.trade(21, identity=identity).ending is Ending.REFUSED
    assert account.events == before
    assert "other-account" in account.notifier.codes


def test_case_47_nothing_is_traded_while_the_switch_is_thrown(account) -> None:
    account.kill_switch.throw("by hand")
    ended = account.trade(5)
    assert ended.ending is Ending.HALTED
    assert account.broker.exchange.received == []
    assert codes(account) == ["halted"]


@pytest.mark.parametrize("halts", [False, True])
def test_a_stop_while_bars_are_read_leaves_the_day_to_be_traded(account, halts) -> None:
    said: list[str] = []
    terms = account.terms(5)

    def slowly(day: date) -> Any:
        if halts:
            account.kill_switch.throw("by hand")
        said.append("end")
        return terms.read_bars(day)

    desk = evolve(account.desk, interrupted=lambda: bool(said) and not halts)
    ended = trade(desk, evolve(terms, read_bars=slowly))
    assert ended.ending is (Ending.HALTED if halts else Ending.REFUSED)
    assert account.of(CycleOpened) == []
    assert codes(account) == ["halted" if halts else "asked-to-end"]
    account.kill_switch.release()
    assert account.trade(5).ending is Ending.COMPLETE


@define
class ThrownLater:
    """A kill switch that is thrown while an order is open."""

    account: Any
    seconds: int = 5

    def thrown(self) -> str | None:
        """Why, once the first order has been open for a while."""
        received, now = self.account.broker.exchange.received, self.account.clock.now()
        late = received and now >= received[0].at + timedelta(seconds=self.seconds)
        return "by hand" if late else None


@pytest.mark.parametrize("on_halt", list(OnHalt))
def test_case_47_open_orders_are_cancelled_or_left_by_choice(account, on_halt) -> None:
    account.broker.exchange.behaviour = Behaviour(halted={Symbol("BBB")})
    account.kill_switch = ThrownLater(account)
    rules = ExecutionRules(on_halt=on_halt)
    assert account.trade(5, execution=rules).ending is Ending.HALTED
    assert account.trade(6, execution=rules).ending is Ending.HALTED
    (order,) = account.broker.exchange.orders(account.day(5))
    left = on_halt is OnHalt.LEAVE
    assert ("cancel" in account.broker.requests) is not left
    assert order.status is not OrderStatus.FILLED
    account.kill_switch = SettableKillSwitch()
    account.broker.exchange.behaviour = Behaviour()
    account.journal.append([Resumed("looked at")], account.clock.now()).unwrap()
    account.trade(7, execution=rules)
    assert account.agrees()


def test_a_halt_is_said_also_on_a_day_whose_cycle_is_over(account) -> None:
    assert account.trade(5).ending is Ending.COMPLETE
    account.kill_switch.throw("by hand")
    ended = account.trade(5)
    assert ended.ending is Ending.HALTED
    assert [problem.code for problem in ended.problems()] == ["halted"]
    assert account.trade(5, is_dry=True).ending is Ending.HALTED
    account.kill_switch = SettableKillSwitch()
    assert account.trade(5).ending is Ending.ALREADY_DONE


def test_a_halt_is_told_once_a_trading_day_however_often_the_cycle_is_asked_for(account) -> None:
    account.kill_switch.throw("by hand")
    endings = [account.trade(row) for row in (5, 5, 5, 6, 6)]
    assert [ended.ending for ended in endings] == [Ending.HALTED] * 5
    assert all("by hand" in str(ended.problems()[0]) for ended in endings)
    told = [event.alert for event in account.of(AlertRaised)]
    assert [alert.code for alert in told] == ["halted", "halted"]
    assert all(str(account.day(row)) in alert.text for row, alert in zip((5, 6), told, strict=True))
    assert account.notifier.delivered == told


def test_what_is_told_is_told_again_once_trading_was_resumed_in_between(account) -> None:
    account.kill_switch.throw("by hand")
    account.trade(5)
    account.journal.append([Resumed("looked at it")], account.clock.now()).unwrap()
    account.trade(5)
    assert codes(account) == ["halted", "halted"]


def test_a_dry_run_names_what_it_would_have_written(account) -> None:
    ended = account.trade(5, is_dry=True)
    kinds = [type(event).__name__ for event in ended.run.unwritten]
    assert kinds[0] == "JournalOpened"
    assert "BooksOpened" in kinds
    assert account.events == ()


def test_a_valuation_names_the_prices_that_it_was_made_at(account) -> None:
    account.trade(5)
    (value,) = account.of(Valued)
    assert set(value.marks) == set(account.held)
    worth = sum(q * value.marks[s].price for s, q in account.held.items())
    assert value.equity == pytest.approx(account.cash + worth)


def test_case_42_nothing_is_sent_outside_of_the_window(account) -> None:
    terms = account.terms(5)
    account.clock.wait_until(terms.window.ends)
    ended = account.trade(5)
    assert ended.ending is Ending.REFUSED
    assert [problem.code for problem in ended.problems()] == ["outside-window"]
    assert account.broker.exchange.received == []


def test_lesson_a_closed_market_is_no_success(account) -> None:
    ended = account.trade(5, session=None, window=None)
    assert ended.ending is Ending.REFUSED
    assert [problem.code for problem in ended.problems()] == ["market-closed"]


def test_lesson_missing_bars_are_reported_and_not_traded_on(account) -> None:
    lacking = MarketDataUnavailable((Problem("no-bars", "there are none"),))
    ended = account.trade(5, read_bars=lambda _: Failure(lacking))
    assert ended.ending is Ending.NO_DATA
    assert codes(account) == ["no-bars"]
    assert account.broker.exchange.received == []


def test_case_48_every_breach_refuses_the_cycle_before_the_first_order(account) -> None:
    limits = RiskLimits(max_weight=Decimal("0.5"), max_order_fraction=Decimal("0.5"))
    ended = account.trade(5, limits=limits)
    assert ended.ending is Ending.REFUSED
    assert len(ended.problems()) == 2
    assert account.broker.exchange.received == []
    assert account.of(PlanCommitted) == []
    assert account.trade(5).ending is Ending.COMPLETE


def test_case_49_a_strategy_that_fails_stops_the_cycle_before_any_order(account) -> None:
    failing = FakeStrategy(("AAA",), name="one", failing=frozenset({account.day(4)}))
    account.strategies = (Entrusted(failing, Decimal(1)),)
    ended = account.trade(5)
    assert ended.ending is Ending.NO_DATA
    assert account.broker.exchange.received == []


def test_an_undecidable_strategy_keeps_its_book_and_the_other_trades(blend) -> None:
    blend.trade(5)
    before = blend.ledger.opened_books.books["two"].portfolio.positions
    stuck = FakeStrategy(("BBB",), name="two", undecidable=frozenset({blend.day(5)}))
    blend.strategies = (blend.strategies[0], Entrusted(stuck, Decimal("0.4")))
    assert blend.trade(6).ending is Ending.COMPLETE
    after = blend.ledger.opened_books.books["two"].portfolio.positions
    assert {s: p.quantity for s, p in after.items()} == {s: p.quantity for s, p in before.items()}
    assert codes(blend) == ["strategy-undecidable"]
    assert blend.agrees()


def test_case_24_a_new_journal_does_not_trade_an_account_that_holds_something(
    account,
) -> None:
    account.trade(5)
    account.journal = type(account.journal)()
    ended = account.trade(6)
    assert ended.ending is Ending.REFUSED
    assert codes(account)
    assert len(account.of(OrderIntended)) == 0
    account.adopt = True
    assert account.trade(6).ending is Ending.COMPLETE
    assert account.agrees()


def test_case_33_an_order_that_hangs_over_the_close_is_accounted_for_the_next_day(
    account,
) -> None:
    exchange = account.broker.exchange
    exchange.behaviour = Behaviour(halted={Symbol("BBB")}, cancels_hang=True)
    assert account.trade(5).ending is Ending.INCOMPLETE
    exchange.behaviour = Behaviour()
    exchange.advance(account.clock.now())
    ended = account.trade(6)
    assert ended.ending in (Ending.COMPLETE, Ending.NOTHING_TO_DO)
    assert account.agrees()


def test_the_value_of_account_and_books_is_written_at_the_end(blend) -> None:
    blend.trade(5)
    (value,) = blend.of(Valued)
    assert sum(value.books.values()) == value.equity
    assert value.contributed == 10_000
    assert 9_990 < value.equity <= 10_000


@pytest.mark.parametrize("fail_keeps", [True, False])
def test_case_21_no_order_is_sent_after_a_write_that_failed(
    account, fail_keeps: bool, account_of
) -> None:
    """And the program goes on from where it was, once the journal can be written again."""
    whole = account_of(account.history, account.strategies)
    whole.trade(5)
    for nth in range(1, whole.journal.appends + 1):
        fresh = account_of(account.history, account.strategies)
        fresh.journal.fail_at, fresh.journal.fail_keeps = nth, fail_keeps
        ended = fresh.trade(5)
        assert ended.ending in (Ending.REFUSED, Ending.INCOMPLETE)
        sent = {str(r.request.client_order_id) for r in fresh.broker.exchange.received}
        known = {str(e.request.client_order_id) for e in fresh.of(OrderIntended)}
        assert sent <= known
        fresh.journal = fresh.journal.reopened()
        fresh.trade(5)
        assert fresh.held == whole.held
        assert fresh.agrees()
        assert len(fresh.broker.exchange.executions) == 1
        assert [e.outcome for e in fresh.of(CycleClosed)] == [CycleOutcome.COMPLETE]


def test_alerts_of_a_cycle_that_was_cut_off_are_told_by_the_next_start(account, account_of) -> None:
    """Each append in turn is the last one before the end: durable, and nobody was told of it."""
    whole = account_of(account.history, account.strategies)
    whole.broker.exchange.behaviour = Behaviour(halted={Symbol("BBB")})
    whole.trade(5)
    again = 0
    for nth in range(1, whole.journal.appends + 1):
        fresh = account_of(account.history, account.strategies)
        fresh.broker.exchange.behaviour = Behaviour(halted={Symbol("BBB")})
        fresh.journal.fail_at, fresh.journal.fail_keeps = nth, True
        fresh.trade(5)
        written = fresh.of(AlertRaised)
        fresh.journal, fresh.notifier = fresh.journal.reopened(), RecordingNotifier()
        is_open = fresh.ledger.cycle is not None
        fresh.trade(5, is_dry=True)
        assert fresh.notifier.delivered == []
        fresh.trade(5)
        told = [event.alert for event in written] if is_open else []
        assert fresh.notifier.delivered[: len(told)] == told
        later = fresh.of(AlertRaised)[len(written) :]
        assert fresh.notifier.delivered[len(told) :] == [event.alert for event in later]
        again += len(told)
    assert again


def test_alerts_of_earlier_cycles_are_not_told_again(account) -> None:
    account.broker.exchange.behaviour = Behaviour(halted={Symbol("BBB"), Symbol("AAA")})
    account.trade(5)
    earlier = account.of(AlertRaised)
    assert earlier
    account.journal.fail_at = account.journal.appends + 4
    account.trade(6)
    account.journal, account.notifier = account.journal.reopened(), RecordingNotifier()
    assert account.ledger.cycle is not None
    account.trade(6)
    assert not {event.alert for event in earlier} & set(account.notifier.delivered)


def test_two_books_that_wish_the_opposite_cross_without_an_order(account_of, rotating) -> None:
    history_rows = range(5, 9)
    blend = account_of(
        rotating_history(),
        (
            Entrusted(rotating("one", "AAA", "BBB"), Decimal("0.5")),
            Entrusted(rotating("two", "BBB", "AAA"), Decimal("0.5")),
        ),
    )
    for row in history_rows:
        blend.trade(row)
        assert blend.agrees()
    crossed = [
        fill
        for event in blend.of(BooksSettled)
        for fills in event.fills.values()
        for fill in fills
        if fill.client_order_id is None
    ]
    assert crossed


def test_a_day_without_orders_books_nothing_of_the_day_before_once_more(
    account_of, rotating
) -> None:
    """The program ended before the cycle of the first day was closed; the second only crosses."""
    strategies = (
        Entrusted(rotating("one", "AAA", "BBB"), Decimal("0.5")),
        Entrusted(rotating("two", "BBB", "AAA"), Decimal("0.5")),
    )
    whole = account_of(rotating_history(0), strategies)
    whole.trade(5)
    blend = account_of(rotating_history(0), strategies)
    blend.journal.fail_at = whole.journal.appends
    assert blend.trade(5).ending is Ending.INCOMPLETE
    blend.journal = blend.journal.reopened()
    blend.journal.append([Halted(REDUCING, "sells only")], blend.clock.now()).unwrap()
    assert blend.trade(6).ending is Ending.COMPLETE
    assert [len(event.plan.orders) for event in blend.of(PlanCommitted)] == [2, 0]
    assert blend.agrees()


def rotating_history(volatility: float = 0.001):
    from alchemiser_core.testing.bars import wandering_history

    return wandering_history(("AAA", "BBB"), 20, volatility=volatility)


def test_a_late_start_after_missed_days_trades_once_for_today(account) -> None:
    account.trade(5)
    account.trade(12)
    assert len(account.of(CycleOpened)) == 2
    assert account.agrees()


def test_clocks_that_are_apart_send_nothing(account) -> None:
    ended = account.trade(5, clock_skew=timedelta(seconds=-1))
    assert [problem.code for problem in ended.problems()] == ["clock-skew"]


@define
class SellsTooMuch:
    """A broker that says of every sale that a share more was sold than was asked for."""

    broker: InMemoryBroker

    def submit(self, request: OrderRequest) -> Result[OrderReport, SubmissionFailure]:
        """With a share more."""
        return self.broker.submit(request).map(_one_more)

    def orders(self, since: date) -> Result[tuple[OrderReport, ...], BrokerFailure]:
        """With a share more."""
        return self.broker.orders(since).map(lambda told: tuple(map(_one_more, told)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.broker, name)


def _one_more(told: OrderReport) -> OrderReport:
    if told.side is Side.BUY or not told.filled_quantity or told.filled_value is None:
        return told
    more = told.filled_quantity + 1
    return evolve(told, filled_quantity=more, filled_value=Usd(told.filled_value / 2))


def test_a_sale_of_more_than_the_books_hold_is_named_and_blocks(account) -> None:
    account.trade(5)
    account.broker = SellsTooMuch(account.broker)
    for row, ending in ((6, Ending.INCOMPLETE), (7, Ending.REFUSED)):
        ended = account.trade(row)
        assert ended.ending is ending
        assert "unbookable-fill" in [problem.code for problem in ended.problems()]
    assert account.ledger.cycle is None
    terms = account.terms(8)
    confirmed = evolve(terms, reconciling=evolve(terms.reconciling, confirmed=True))
    assert not recover(account.desk, confirmed).problems()
    assert account.agrees()
    before = account.events
    assert not recover(account.desk, terms).problems()
    assert account.events == before
