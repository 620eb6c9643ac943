"""The broker in memory is moved by its clock and keeps what it was asked."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.broker import in_memory_broker

SPY = Symbol("SPY")
START = datetime(2025, 3, 14, 19, 45, tzinfo=UTC)


def test_an_order_is_filled_when_its_latency_has_passed_on_the_clock() -> None:
    clock = VirtualClock(START)
    broker = in_memory_broker(clock, {"SPY": "500.255"}, cash=1_000)
    broker.exchange.behaviour.latency = timedelta(seconds=2)
    request = OrderRequest(ClientOrderId("one"), SPY, Side.BUY, Decimal("1.5"))
    assert broker.submit(request).unwrap().status is OrderStatus.OPEN
    clock.advance(timedelta(seconds=1))
    assert broker.account().unwrap().cash == Decimal("1000.00")
    clock.advance(timedelta(seconds=1))
    filled = broker.order("one").unwrap()
    assert filled is not None
    assert filled.status is OrderStatus.FILLED
    assert filled.filled_value == Decimal("750.3825")
    assert filled.costs == Decimal("0.0075")
    assert broker.account().unwrap().cash == Decimal("249.61")
    assert broker.requests == ["submit", "account", "order", "account"]
