"""The broker in memory keeps the promises, however it is set; broken promises are noticed."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from attrs import evolve
from returns.result import Failure, Success

from alchemiser_core.domain.allocation.plan_rules import TradingCosts
from alchemiser_core.domain.instrument import whole_shares
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.orders.submission import OutcomeUnknown
from alchemiser_core.simulation.exchange import Part, ScriptedFills
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.broker import InMemoryBroker, in_memory_broker
from alchemiser_core.testing.conformance import BrokerConformance

START = datetime(2025, 3, 14, 19, 45, tzinfo=UTC)
PRICES = {"SPY": "500.257", "TLT": "90.01"}


class TestInMemoryBroker(BrokerConformance):
    @pytest.fixture
    def broker(self) -> InMemoryBroker:
        return in_memory_broker(VirtualClock(START), PRICES)


class TestInMemoryBrokerThatTakesTime(BrokerConformance):
    @pytest.fixture
    def broker(self) -> InMemoryBroker:
        broker = in_memory_broker(VirtualClock(START), PRICES)
        broker.exchange.behaviour.latency = timedelta(seconds=2)
        broker.exchange.behaviour.cancel_delay = timedelta(seconds=1)
        broker.exchange.behaviour.costs = TradingCosts(Decimal("1.5"), Decimal("0.7"))
        parts = (Part(Decimal("0.3")), Part(Decimal("0.7"), timedelta(seconds=1)))
        broker.exchange.behaviour.fills = ScriptedFills({"SPY": parts})
        return broker

    def settle(self, broker) -> None:
        broker.clock.advance(timedelta(seconds=5))


class TestInMemoryBrokerOfWholeShares(BrokerConformance):
    @pytest.fixture
    def broker(self) -> InMemoryBroker:
        broker = in_memory_broker(VirtualClock(START), PRICES)
        broker.exchange.listed = whole_shares(broker.exchange.listed)
        return broker


class Suite(BrokerConformance):
    __test__ = False


class Sound(InMemoryBroker):
    """Right by itself; the wrong brokers below are it, with one thing broken."""

    def __init__(self):
        whole = in_memory_broker(VirtualClock(START), PRICES)
        super().__init__(whole.exchange, whole.clock)


class ForgettingIds(Sound):
    def submit(self, request):
        self.exchange.state.by_client.pop(request.client_order_id, None)
        return super().submit(request)


class LosingCents(Sound):
    def account(self):
        spent = 0 if not self.exchange.executions else Decimal("0.01")
        return super().account().map(lambda a: evolve(a, cash=Usd(a.cash - spent)))


class SayingUnknownForRefused(Sound):
    def submit(self, request):
        outcome = super().submit(request)
        return Failure(OutcomeUnknown("?")) if isinstance(outcome, Failure) else outcome


class HidingOpenOrders(Sound):
    def orders(self, since):
        return (
            super().orders(since).map(lambda all_: tuple(o for o in all_ if o.status.is_terminal))
        )


class InventingOrders(Sound):
    def order(self, client_order_id):
        found = super().order(client_order_id)
        return (
            found if found.unwrap() else super().orders(START.date()).map(lambda o: (*o, None)[0])
        )


class ForgettingTheHeldBack(Sound):
    def positions(self):
        return (
            super()
            .positions()
            .map(lambda held: tuple(evolve(p, available=p.quantity) for p in held))
        )


class CancellingTheFilled(Sound):
    def order(self, client_order_id):
        if "cancel" not in self.requests:
            return super().order(client_order_id)
        return super().order(client_order_id).map(lambda o: evolve(o, status=OrderStatus.CANCELLED))


class CancellingTheUnknown(Sound):
    def cancel(self, broker_order_id):
        super().cancel(broker_order_id)
        return Success(None)


class ListingTheUnknown(Sound):
    def instruments(self, symbols):
        first = next(iter(self.exchange.listed.values()))
        return Success({s: evolve(first, symbol=s) for s in symbols})


class TellingFillsAsActivities(Sound):
    def activities(self, since):
        for execution in self.exchange.executions:
            self.exchange.interest(Decimal("0.01"), execution.at.date(), execution.at)
        return super().activities(since)


BROKEN = {
    ForgettingIds: "test_an_id_is_taken_for_ever",
    LosingCents: "test_a_filled_buy_moves_cash_and_position_exactly",
    SayingUnknownForRefused: "test_an_unknown_symbol_is_refused",
    HidingOpenOrders: "test_open_orders_are_reported_whenever_they_were_sent",
    InventingOrders: "test_nothing_is_sold_that_is_not_held",
    ForgettingTheHeldBack: "test_open_sells_hold_shares_back_and_are_named",
    CancellingTheFilled: "test_a_cancel_of_a_filled_order_changes_nothing",
    CancellingTheUnknown: "test_a_cancel_of_an_unknown_order_is_a_failure",
    ListingTheUnknown: "test_instruments_leave_out_what_is_unknown",
    TellingFillsAsActivities: "test_fills_are_no_activities",
}


@pytest.mark.parametrize("wrong", [Sound, *BROKEN], ids=lambda each: each.__name__)
def test_a_broken_promise_is_noticed_by_its_test(wrong):
    failed = set()
    for name in (n for n in dir(Suite) if n.startswith("test_")):
        suite = Suite()
        wanted = getattr(suite, name)
        names = wanted.__code__.co_varnames[1 : wanted.__code__.co_argcount]
        given = {"broker": wrong(), "ids": (f"alch-{n:032x}" for n in range(100))}
        try:
            wanted(**{each: given[each] for each in names})
        except pytest.skip.Exception:
            continue
        except AssertionError:
            failed.add(name)
    if wrong is Sound:
        assert not failed
    else:
        assert BROKEN[wrong] in failed
