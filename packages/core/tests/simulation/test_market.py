"""The simulated market fills everything at the mark, for a cost."""

from datetime import date
from decimal import Decimal

from alchemiser_core.domain.allocation.plan_rules import TradingCosts
from alchemiser_core.domain.money import usd
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.orders.intent import OrderIntent, OrderReason
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.simulation import SimulatedMarket

DAY = date(2025, 3, 14)


def order(symbol: str, side: Side, quantity: str, price: str) -> OrderIntent:
    amount, each = Decimal(quantity), Decimal(price)
    key = CycleKey("test", "test", DAY)
    return OrderIntent(
        Symbol(symbol),
        side,
        amount,
        each,
        usd(amount * each),
        OrderReason.OPEN,
        key.order_id(Symbol(symbol), side),
    )


def test_every_order_is_filled_whole_at_its_price_in_its_sequence() -> None:
    market = SimulatedMarket(TradingCosts(Decimal(2), Decimal(3)))
    sale, buy = order("B", Side.SELL, "10", "100"), order("A", Side.BUY, "0.125", "80")
    first, second = market.execute((sale, buy), DAY)
    assert (first.symbol, first.side, first.quantity, first.price) == ("B", Side.SELL, 10, 100)
    assert first.client_order_id == sale.client_order_id
    assert (second.symbol, second.session) == ("A", DAY)
    # Cost and slippage are a charge on value: five basis points of 1,000 and of 10 dollars.
    assert (first.cost, second.cost) == (Decimal("0.5"), Decimal("0.005"))
    assert first.cash_change == Decimal("999.5")
    assert second.cash_change == Decimal("-10.005")
