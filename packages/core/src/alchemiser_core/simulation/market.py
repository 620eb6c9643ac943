"""The simulated market: every order is filled at once and whole, at its mark, for a cost."""

from collections.abc import Iterable
from datetime import date
from decimal import localcontext

from attrs import frozen

from alchemiser_core.domain.allocation.plan_rules import TradingCosts
from alchemiser_core.domain.money import ARITHMETIC, Usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.intent import OrderIntent


@frozen
class SimulatedMarket:
    """Fills orders at the price they were planned with.

    Cost and slippage are a charge on the traded value, as in the closed form of the back-test; both
    stand in the fill's cost, neither in its price.
    """

    costs: TradingCosts

    def execute(self, orders: Iterable[OrderIntent], session: date) -> tuple[Fill, ...]:
        """The fills of some orders, in their sequence."""
        with localcontext(ARITHMETIC):
            rate = self.costs.rate
            return tuple(
                Fill(
                    symbol=order.symbol,
                    side=order.side,
                    quantity=order.quantity,
                    price=order.price,
                    session=session,
                    cost=Usd(order.value * rate),
                    client_order_id=order.client_order_id,
                )
                for order in orders
            )
