"""What a client asks for: a new order, or changes of one. Nothing in it is checked yet."""

from decimal import Decimal

from attrs import frozen


@frozen(kw_only=True)
class OrderTicket:
    """The request of a new order as it was read from JSON; words are Alpaca's own, as they came.

    Numbers are exact: JSON is to be read with `parse_float=Decimal`.
    """

    symbol: str
    side: str
    type: str = "market"
    time_in_force: str = "day"
    qty: Decimal | None = None
    notional: Decimal | None = None
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    trail_price: Decimal | None = None
    trail_percent: Decimal | None = None
    extended_hours: bool = False
    client_order_id: str | None = None
    """`None`: the exchange makes one."""
    order_class: str = ""
    position_intent: str | None = None

    @property
    def is_buy(self) -> bool:
        """Whether it is a buy."""
        return self.side == "buy"

    @property
    def is_fractional(self) -> bool:
        """Whether it is by value, or of no whole number of shares."""
        return self.notional is not None or (
            self.qty is not None and self.qty != self.qty.to_integral_value()
        )


@frozen(kw_only=True)
class Changes:
    """The request to replace an order; what is `None` stays as it is."""

    qty: Decimal | None = None
    time_in_force: str | None = None
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    trail: Decimal | None = None
    """The new trail price, or the new trail percent, as the order has one or the other."""
    client_order_id: str | None = None
