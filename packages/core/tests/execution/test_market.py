"""The market tactic: sells, then buys from confirmed cash."""

from datetime import timedelta
from decimal import Decimal

import pytest
from attrs import define
from returns.result import Result

from alchemiser_core.domain.journal.events import (
    AlertRaised,
    BuysSized,
    CycleOutcome,
    LineEnd,
    OrderAbsent,
    OrderIntended,
)
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.orders.submission import Rejected, RejectionKind, SubmissionFailure
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution import ExecutionRules, begin
from alchemiser_core.execution.pursuit import send
from alchemiser_core.execution.turn import Turn
from alchemiser_core.simulation.exchange import Behaviour, Part, ScriptedFills
from alchemiser_core.testing.broker import InMemoryBroker

A, B, C, D = (Symbol(s) for s in ("AAA", "BBB", "CCC", "DDD"))


def test_a_plan_of_buys_is_filled(staged) -> None:
    stage = staged()
    state = stage.execute({"AAA": "10", "BBB": "20.5"})
    assert state.outcome is CycleOutcome.COMPLETE
    assert stage.held == {"AAA": Decimal(10), "BBB": Decimal("20.5")}
    assert not stage.of(AlertRaised)


def test_sells_come_first_and_pay_for_the_buys(staged) -> None:
    stage = staged(cash=Decimal(0), holdings={"AAA": "50"})
    state = stage.execute({"AAA": "-50", "BBB": "49.9"})
    assert state.outcome is CycleOutcome.COMPLETE
    sides = [event.request.side for event in stage.of(OrderIntended)]
    assert sides == [Side.SELL, Side.BUY]
    assert stage.held == {"BBB": Decimal("49.9")}


def test_case_11_buys_wait_for_sells_that_are_not_filled_yet(staged) -> None:
    stage = staged(
        cash=Decimal(0),
        holdings={"AAA": "50"},
        behaviour=Behaviour(latency=timedelta(seconds=40)),
    )
    stage.execute({"AAA": "-50", "BBB": "40"})
    sell, buy = (r for r in stage.exchange.received if r.request.client_order_id[:5] == "alch-")
    assert buy.at - sell.at >= timedelta(seconds=40)
    assert stage.held == {"BBB": Decimal(40)}


def test_case_11_a_sell_that_never_fills_pays_for_nothing(staged) -> None:
    stage = staged(cash=Decimal(1_000), holdings={"AAA": "50"}, behaviour=Behaviour(halted={A}))
    state = stage.execute({"AAA": "-50", "BBB": "40"})
    assert state.outcome is CycleOutcome.INCOMPLETE
    assert state.lines[A].end is LineEnd.NOT_FILLED
    bought = stage.held["BBB"]
    assert bought * 100 <= 1_000
    assert bought > Decimal("9.99")
    assert stage.exchange.state.open == {}


def test_buys_never_take_more_than_the_cash_less_what_is_kept(staged) -> None:
    stage = staged(cash=Decimal(1_000))
    stage.execute({"AAA": "6", "BBB": "6"}, kept="100")
    assert 99 <= stage.exchange.cash <= 101
    assert stage.exchange.cash >= 100
    assert abs(stage.held["AAA"] - stage.held["BBB"]) < Decimal("1E-8")


def test_the_rest_that_a_collar_cut_short_is_bought_once_more(staged) -> None:
    stage = staged(
        cash=Decimal(1_000),
        behaviour=Behaviour(collar=Decimal("0.04")),
        rules=ExecutionRules(market_collar=Decimal("0.04")),
    )
    state = stage.execute({"AAA": "9.9"})
    parts = stage.of(BuysSized)
    assert [event.part for event in parts] == [1, 2]
    assert state.part == 2
    assert stage.held["AAA"] > Decimal("9.8")
    assert len(stage.of(OrderIntended)) == 2
    assert stage.exchange.cash >= 0


def test_case_10_a_buy_refused_for_cash_is_sized_again_once_and_sells_stay(staged) -> None:
    # The account has less than the plan thought: the broker holds 30 % of every buy back.
    stage = staged(
        cash=Decimal(1_000), holdings={"DDD": "5"}, behaviour=Behaviour(collar=Decimal("0.3"))
    )
    state = stage.execute({"AAA": "4", "BBB": "4", "CCC": "4", "DDD": "-5"})
    assert D not in stage.held
    assert state.outcome is not None
    sent = [e.request.symbol for e in stage.of(OrderIntended)]
    assert all(sent.count(symbol) <= 2 for symbol in (A, B, C))
    assert stage.exchange.cash >= 0


def test_case_12_a_sell_refused_for_quantity_is_tried_once_more(staged) -> None:
    refusal = Rejected(RejectionKind.INSUFFICIENT_QUANTITY, "held for orders")
    stage = staged(holdings={"AAA": "5"}, behaviour=Behaviour(refusing={A: refusal}))
    state = stage.execute({"AAA": "-5"})
    assert len(stage.of(OrderIntended)) == 2
    assert state.lines[A].end is LineEnd.REFUSED
    assert stage.held == {"AAA": Decimal(5)}


def test_case_13_a_wash_trade_is_tried_once_more_and_never_loops(staged) -> None:
    refusal = Rejected(RejectionKind.WASH_TRADE, "opposite order")
    stage = staged(behaviour=Behaviour(refusing={A: refusal}))
    state = stage.execute({"AAA": "5", "BBB": "5"})
    assert len([e for e in stage.of(OrderIntended) if e.request.symbol == A]) == 2
    assert state.outcome is CycleOutcome.INCOMPLETE
    assert stage.held == {"BBB": Decimal(5)}


def test_case_14_a_symbol_that_the_broker_refuses_is_left_and_the_rest_goes_on(staged) -> None:
    refusal = Rejected(RejectionKind.NOT_TRADABLE, "not tradable")
    stage = staged(behaviour=Behaviour(refusing={A: refusal}))
    state = stage.execute({"AAA": "5", "BBB": "5"})
    assert state.lines[A].end is LineEnd.REFUSED
    assert stage.held == {"BBB": Decimal(5)}
    assert [alert.alert.code for alert in stage.of(AlertRaised)] == ["order-refused"]


def test_case_15_a_key_that_is_revoked_stops_everything(staged) -> None:
    refusal = Rejected(RejectionKind.UNAUTHORISED, "key revoked")
    stage = staged(holdings={"AAA": "5"}, behaviour=Behaviour(refusing={A: refusal}))
    state = stage.execute({"AAA": "-5", "BBB": "5"})
    assert state.outcome is CycleOutcome.HALTED
    assert stage.held == {"AAA": Decimal(5)}
    assert "unauthorised" in [alert.alert.code for alert in stage.of(AlertRaised)]


def test_case_32_an_order_rejected_after_it_was_accepted_is_noticed(staged) -> None:
    stage = staged(behaviour=Behaviour(latency=timedelta(seconds=3), rejecting={A: "no"}))
    state = stage.execute({"AAA": "5", "BBB": "5"})
    assert state.lines[A].end is LineEnd.REFUSED
    assert state.outcome is CycleOutcome.INCOMPLETE
    assert stage.held == {"BBB": Decimal(5)}


def test_case_34_a_rest_that_never_fills_is_cancelled_and_not_chased(staged) -> None:
    fills = ScriptedFills({"AAA": (Part(Decimal("0.1")),)})
    stage = staged(behaviour=Behaviour(fills=fills))
    state = stage.execute({"AAA": "10"})
    assert state.lines[A].end is LineEnd.NOT_FILLED
    assert stage.held == {"AAA": Decimal(1)}
    assert len(stage.of(OrderIntended)) == 1
    assert stage.exchange.state.open == {}


def test_case_41_a_halted_symbol_is_cancelled_at_the_deadline(staged) -> None:
    stage = staged(behaviour=Behaviour(halted={A}))
    state = stage.execute({"AAA": "10", "BBB": "5"})
    assert state.outcome is CycleOutcome.INCOMPLETE
    assert stage.held == {"BBB": Decimal(5)}
    assert stage.exchange.state.open == {}
    assert "not-filled" in [alert.alert.code for alert in stage.of(AlertRaised)]


def test_case_33_a_cancel_that_hangs_ends_the_cycle_incomplete_in_bounded_time(staged) -> None:
    stage = staged(behaviour=Behaviour(halted={A}, cancels_hang=True))
    began = stage.clock.now()
    state = stage.execute({"AAA": "10"})
    rules = state.rules
    assert state.outcome is CycleOutcome.INCOMPLETE
    bound = rules.duration + 2 * rules.cancel_patience + timedelta(seconds=5)
    assert stage.clock.now() - began <= bound


def test_case_47_after_the_switch_is_thrown_nothing_is_sent_and_open_orders_are_cancelled(
    staged,
) -> None:
    stage = staged(
        holdings={"AAA": "5"},
        behaviour=Behaviour(latency=timedelta(seconds=90)),
    )
    stage.switch_at = stage.clock.now() + timedelta(seconds=30)
    state = stage.execute({"AAA": "-5", "BBB": "5"})
    assert state.outcome is CycleOutcome.HALTED
    assert stage.held == {"AAA": Decimal(5)}
    assert stage.exchange.state.open == {}
    assert all(r.at <= stage.switch_at for r in stage.exchange.received)


def test_an_order_that_was_written_down_when_the_switch_was_thrown_is_not_sent(staged) -> None:
    stage = staged()
    stage.switch_at = stage.clock.now()
    state = stage.execute({"AAA": "5"})
    assert state.outcome is CycleOutcome.HALTED
    assert stage.exchange.received == []


def test_a_very_large_buy_is_never_sized_beyond_the_cash(staged) -> None:
    stage = staged(cash=Decimal(10) ** 12, prices=dict.fromkeys(("AAA", "BBB"), "907.5555"))
    state = stage.execute({"AAA": "1101861018.284831671"})
    assert state.outcome is CycleOutcome.COMPLETE
    assert stage.exchange.cash >= 0


def test_a_buy_of_pennies_that_cash_does_not_pay_for_is_not_missed(staged) -> None:
    stage = staged(cash=Decimal("0.01"))
    state = stage.execute({"AAA": "0.0001"})
    assert state.lines[A].end is LineEnd.NOT_NEEDED
    assert state.outcome is CycleOutcome.COMPLETE
    assert not stage.of(AlertRaised)


@define
class SlowToAnswer:
    """A broker that takes its time over every order; all else is at once."""

    broker: InMemoryBroker
    takes: timedelta

    def submit(self, request: OrderRequest) -> Result[OrderReport, SubmissionFailure]:
        """Answered when the time has passed."""
        answer = self.broker.submit(request)
        self.broker.clock.wait_until(self.broker.clock.now() + self.takes)
        return answer

    def __getattr__(self, name: str) -> object:
        return getattr(self.broker, name)


def test_case_42_orders_that_a_slow_broker_leaves_no_time_for_are_not_sent(staged) -> None:
    stage = staged()
    stage.broker = SlowToAnswer(stage.broker, timedelta(minutes=4))
    state = stage.execute({"AAA": "5", "BBB": "5", "CCC": "5", "DDD": "5"})
    assert all(received.at < state.deadline for received in stage.exchange.received)
    assert stage.held == {"AAA": Decimal(5), "BBB": Decimal(5), "CCC": Decimal(5)}
    assert state.lines[D].end is LineEnd.EXPIRED
    assert [(e.client_order_id, e.resend) for e in stage.of(OrderAbsent)] == [
        (state.lines[D].orders[0], False)
    ]
    assert state.outcome is CycleOutcome.INCOMPLETE


def test_buys_that_sells_were_too_slow_for_are_made_up_for_when_these_are_filled(staged) -> None:
    slow = ScriptedFills(
        {"AAA": (Part(Decimal("0.5")), Part(Decimal("0.5"), timedelta(minutes=4)))}
    )
    stage = staged(cash=Decimal(0), holdings={"AAA": "10"}, behaviour=Behaviour(fills=slow))
    state = stage.execute({"AAA": "-10", "BBB": "9"})
    assert state.lines[B].end is LineEnd.FILLED
    assert stage.held == {"BBB": Decimal(9)}
    assert [event.part for event in stage.of(BuysSized)] == [1, 2]


def test_case_10_cash_that_the_broker_holds_back_by_the_ask_is_left_when_tried_again(
    staged,
) -> None:
    stage = staged(cash=Decimal(1_000))
    plan = stage.plan({"AAA": "10"})
    # Planned at 100, held back at 101 by the broker.
    stage.market.put(A, Decimal("99.00"), Decimal("101.00"))
    state = stage.carry_out(plan)
    assert state.lines[A].end is LineEnd.FILLED
    assert Decimal("9.7") < stage.held["AAA"] < Decimal("9.91")
    assert stage.exchange.cash >= 0


def test_case_15_an_account_that_changes_in_the_middle_gets_no_further_order(staged) -> None:
    stage = staged(cash=Decimal(0), holdings={"AAA": "5"})
    plan = stage.plan({"AAA": "-5", "BBB": "4"})
    stage.exchange.number = "another"
    state = stage.carry_out(plan)
    assert state.outcome is CycleOutcome.HALTED
    assert "BBB" not in stage.held
    assert "other-account" in [alert.alert.code for alert in stage.of(AlertRaised)]


def test_buys_go_by_the_brokers_cash_where_it_is_less_than_the_fills_say(staged) -> None:
    stage = staged(cash=Decimal(1_000))
    plan = stage.plan({"AAA": "10"})
    stage.exchange.withdraw(Decimal(500), plan.plan.as_of, stage.clock.now()).unwrap()
    stage.carry_out(plan)
    assert Decimal("4.9") < stage.held["AAA"] <= 5


def test_buys_go_by_the_fills_where_the_broker_has_more(staged) -> None:
    stage = staged(cash=Decimal(1_000))
    plan = stage.plan({"AAA": "10"}, kept="500")
    stage.exchange.deposit(Decimal(500), plan.plan.as_of, stage.clock.now())
    stage.carry_out(plan)
    assert Decimal("4.9") < stage.held["AAA"] <= 5


def test_more_than_what_is_left_of_the_plan_is_never_sent(staged) -> None:
    stage = staged(holdings={"AAA": "10"})
    now = stage.clock.now()
    state = begin(
        stage.cycle, stage.plan({"AAA": "-10"}), {}, ExecutionRules(), now, now + timedelta(hours=1)
    ).state
    for quantity in (Decimal("10.1"), Decimal(0)):
        with pytest.raises(ValueError, match="left of the plan"):
            send(Turn(state, now), state.lines[A], quantity)
