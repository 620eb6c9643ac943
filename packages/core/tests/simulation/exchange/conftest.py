"""An exchange with cash and two symbols, and orders for it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from alchemiser_core.domain.instrument import Instrument, fractional_shares
from alchemiser_core.domain.money import usd
from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.orders.order import OrderRequest, OrderType
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.simulation.exchange import FixedMarket, SimulatedExchange

START = datetime(2025, 3, 14, 19, 45, tzinfo=UTC)
OLD = Symbol("OLD")


class Bench:
    """An exchange, the time, and short ways to send orders."""

    def __init__(self):
        self.market = FixedMarket.of({"SPY": "500.257", "TLT": "90", "WHOLE": "10", "OLD": "5"})
        listed = fractional_shares([Symbol("SPY"), Symbol("TLT")])
        listed[Symbol("WHOLE")] = Instrument(Symbol("WHOLE"), minimum_order_value=usd(25))
        listed[OLD] = Instrument(OLD, tradable=False)
        self.exchange = SimulatedExchange("TEST-1", self.market, listed)
        self.exchange.fund(Decimal("10000.00"), START)
        self.behaviour = self.exchange.behaviour
        self.now = START

    def request(self, identifier, side, quantity, symbol="SPY", limit=None):
        return OrderRequest(
            ClientOrderId(identifier),
            Symbol(symbol),
            side,
            Decimal(quantity),
            OrderType.MARKET if limit is None else OrderType.LIMIT,
            None if limit is None else Decimal(limit),
        )

    def buy(self, identifier, quantity, symbol="SPY", limit=None):
        request = self.request(identifier, Side.BUY, quantity, symbol, limit)
        return self.exchange.submit(request, self.now)

    def sell(self, identifier, quantity, symbol="SPY", limit=None):
        request = self.request(identifier, Side.SELL, quantity, symbol, limit)
        return self.exchange.submit(request, self.now)

    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)
        self.exchange.advance(self.now)

    def status(self, identifier):
        return self.exchange.order(identifier).status


@pytest.fixture
def bench():
    return Bench()
