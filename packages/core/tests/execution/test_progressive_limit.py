"""The progressive limit: from the mid towards the far side, never beyond the collar."""

from datetime import timedelta
from decimal import Decimal

from attrs import evolve

from alchemiser_core.domain.journal.events import (
    AlertRaised,
    CancelAsked,
    CycleOutcome,
    LineEnd,
    OrderIntended,
)
from alchemiser_core.domain.orders.order import OrderType
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution import ExecutionRules, ProgressiveLimit
from alchemiser_core.execution.rules import Finish
from alchemiser_core.simulation.exchange import Behaviour, Part, ScriptedFills
from alchemiser_core.testing.broker import InMemoryBroker

A = Symbol("AAA")


def stepping(finish: Finish = Finish.MARKET, collar: str = "0.02") -> ExecutionRules:
    return ExecutionRules(tactic=ProgressiveLimit(finish=finish, collar=Decimal(collar)))


def spread(stage, bid: str = "99.50", ask: str = "100.50"):
    stage.market.put(A, Decimal(bid), Decimal(ask))
    return stage


def limits(stage) -> list[Decimal | None]:
    return [event.request.limit_price for event in stage.of(OrderIntended)]


def test_limits_step_from_the_mid_to_the_far_side_where_they_fill(staged) -> None:
    stage = spread(staged(rules=stepping()))
    state = stage.execute({"AAA": "10"})
    prices = ["100.00", "100.12", "100.25", "100.37", "100.50"]
    assert limits(stage) == [Decimal(p) for p in prices]
    assert state.outcome is CycleOutcome.COMPLETE
    assert stage.held == {"AAA": Decimal(10)}


def test_a_sell_steps_down_to_the_bid(staged) -> None:
    stage = spread(staged(rules=stepping(), holdings={"AAA": "10"}))
    stage.execute({"AAA": "-10"})
    prices = ["100.00", "99.88", "99.75", "99.63", "99.50"]
    assert limits(stage) == [Decimal(p) for p in prices]
    assert stage.held == {}


def test_lesson_the_limit_walk_reads_a_fresh_quote_at_every_step(staged) -> None:
    stage = spread(staged(rules=stepping(Finish.NOTHING)))
    plan = stage.plan({"AAA": "10"})
    stage.market.put(A, Decimal("98.50"), Decimal("99.50"))
    stage.carry_out(plan)
    assert limits(stage)[0] == Decimal("99.00")


def test_no_limit_is_ever_beyond_the_collar(staged) -> None:
    stage = spread(staged(rules=stepping(Finish.NOTHING, collar="0.001")), "100.00", "102.00")
    plan = stage.plan({"AAA": "10"})
    stage.market.put(A, Decimal("102.00"), Decimal("103.00"))
    stage.carry_out(plan)
    highest = Decimal("102.00") * Decimal("1.001")
    assert limits(stage)
    assert all(price <= highest for price in limits(stage))
    assert stage.held == {}


def test_a_market_beyond_the_collar_is_not_followed(staged) -> None:
    stage = staged(rules=stepping())
    plan = stage.plan({"AAA": "10"})
    stage.market.put(A, Decimal("110.00"), Decimal("110.10"))
    state = stage.carry_out(plan)
    assert state.lines[A].end is LineEnd.BEYOND_COLLAR
    assert limits(stage) == []
    assert [alert.alert.code for alert in stage.of(AlertRaised)] == ["beyond-collar"]


def test_the_last_step_ends_in_a_market_order_for_the_rest(staged) -> None:
    fills = ScriptedFills({"AAA": (Part(Decimal("0.1")),)})
    stage = spread(staged(rules=stepping(), behaviour=Behaviour(fills=fills)))
    state = stage.execute({"AAA": "10"})
    types = [event.request.order_type for event in stage.of(OrderIntended)]
    assert types[-1] is OrderType.MARKET
    assert types.count(OrderType.MARKET) == 1
    assert state.filled(state.lines[A]) == stage.held["AAA"] <= 10


def test_or_in_nothing_by_choice(staged) -> None:
    stage = spread(staged(rules=stepping(Finish.NOTHING), behaviour=Behaviour(halted={A})))
    state = stage.execute({"AAA": "10"})
    assert len(limits(stage)) == 5
    assert state.lines[A].end is LineEnd.NOT_FILLED


def test_lesson_only_the_rest_is_sent_after_a_partial_fill(staged) -> None:
    fills = ScriptedFills({"AAA": (Part(Decimal("0.3")),)})
    stage = spread(staged(rules=stepping(Finish.NOTHING), behaviour=Behaviour(fills=fills)))
    stage.execute({"AAA": "10"})
    sent = [event.request.quantity for event in stage.of(OrderIntended)]
    # The far side is reached by the last step alone: only there something fills.
    assert sent == [Decimal(10)] * 5
    assert stage.held == {"AAA": Decimal(3)}


def test_case_31_a_fill_between_the_last_look_and_the_cancel_is_counted(staged) -> None:
    stage = spread(
        staged(rules=stepping(), behaviour=Behaviour(cancel_delay=timedelta(seconds=4))),
        "100.00",
        "100.00",
    )
    fills = ScriptedFills(
        {
            "AAA": (
                Part(Decimal("0.25"), timedelta(seconds=21)),
                Part(Decimal("0.75"), timedelta(60)),
            )
        }
    )
    stage.behaviour.fills = fills
    state = stage.execute({"AAA": "8"})
    first, second = (event.request.quantity for event in stage.of(OrderIntended)[:2])
    assert (first, second) == (Decimal(8), Decimal(6))
    assert state.filled(state.lines[A]) == stage.held["AAA"] <= 8


def test_the_next_step_waits_until_the_cancel_is_proven(staged) -> None:
    stage = spread(staged(rules=stepping(), behaviour=Behaviour(cancels_hang=True, halted={A})))
    stage.execute({"AAA": "10"})
    assert len(stage.of(OrderIntended)) == 1
    assert len(stage.of(CancelAsked)) == 1


def test_nothing_is_sent_beside_an_order_that_somebody_put_into_the_place_of_ours(staged) -> None:
    stage = spread(staged(rules=stepping()))
    stage.broker = ReplacedAtTheCancel(stage.exchange, stage.clock)
    state = stage.execute({"AAA": "10"})
    assert len(stage.of(CancelAsked)) == len(stage.of(OrderIntended)) == 1
    assert state.lines[A].end is LineEnd.NOT_FILLED
    assert state.outcome is CycleOutcome.INCOMPLETE


class ReplacedAtTheCancel(InMemoryBroker):
    """Somebody replaces an order just before it is cancelled."""

    def orders(self, since):
        return super().orders(since).map(lambda known: tuple(map(self._seen, known)))

    def order(self, client_order_id):
        return super().order(client_order_id).map(self._seen)

    def _seen(self, report):
        cancelled = report.status is OrderStatus.CANCELLED
        return evolve(report, status=OrderStatus.REPLACED) if cancelled else report


def test_case_36_a_symbol_without_a_usable_quote_is_not_traded(staged) -> None:
    for bid, ask in (("0", "100"), ("101", "100"), ("90", "110")):
        stage = staged(rules=stepping())
        plan = stage.plan({"AAA": "10", "BBB": "5"})
        stage.market.put(A, Decimal(bid), Decimal(ask))
        state = stage.carry_out(plan)
        assert state.lines[A].end is LineEnd.BAD_QUOTE
        assert stage.held == {"BBB": Decimal(5)}
        assert [alert.alert.code for alert in stage.of(AlertRaised)] == ["no-usable-quote"]


def test_a_quote_that_becomes_usable_is_traded_on(staged) -> None:
    stage = staged(rules=stepping())
    plan = stage.plan({"AAA": "10"})
    stage.market.drop(A)

    assert stage.carry_out(plan).lines[A].end is LineEnd.BAD_QUOTE
    stage.market.put(A, Decimal("99.99"), Decimal("100.01"))
    stage.cycle = type(stage.cycle)("test", "sim", stage.cycle.trading_day, "2")
    assert stage.execute({"AAA": "10"}).outcome is CycleOutcome.COMPLETE


def test_the_last_step_reaches_a_market_whose_prices_lie_between_the_ticks(staged) -> None:
    for wishes, holdings in (({"AAA": "10"}, {}), ({"AAA": "-10"}, {"AAA": "10"})):
        stage = spread(
            staged(rules=stepping(Finish.NOTHING), holdings=holdings), "99.9876", "99.9876"
        )
        state = stage.execute(wishes)
        assert state.outcome is CycleOutcome.COMPLETE
        assert len(limits(stage)) == 5
