"""An order as the simulated exchange keeps it while it lives, and what it says about it."""

from datetime import date, datetime
from decimal import Decimal

from attrs import define, field

from alchemiser_core.domain.money import NO_MONEY, ZERO, Usd
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.simulation.exchange.entries import (
    CancelTaken,
    DuePart,
    Ended,
    Execution,
    Received,
)
from alchemiser_core.simulation.exchange.exact import EXACT, held_back


@define
class ExchangeOrder:
    """One accepted order; changed by ledger entries alone."""

    broker_order_id: str
    client_order_id: str
    symbol: Symbol
    side: Side
    quantity: Decimal
    limit_price: Decimal | None
    accepted: datetime
    session: date
    waiting: list[DuePart]
    """Parts that are not filled yet, the earliest first."""
    held_price: Decimal
    held_rate: Decimal
    status: OrderStatus = OrderStatus.OPEN
    filled_quantity: Decimal = ZERO
    filled_value: Decimal = ZERO
    costs: Decimal = ZERO
    reason: str = ""
    cancel_due: datetime | None = None
    _report: OrderReport | None = field(default=None, init=False, eq=False)

    @classmethod
    def accepted_as(cls, entry: Received, broker_order_id: str) -> "ExchangeOrder":
        """The order that a request became."""
        request = entry.request
        return cls(
            broker_order_id=broker_order_id,
            client_order_id=request.client_order_id,
            symbol=request.symbol,
            side=request.side,
            quantity=request.quantity,
            limit_price=request.limit_price,
            accepted=entry.at,
            session=entry.session,
            waiting=list(entry.parts),
            held_price=entry.price,
            held_rate=entry.held_rate,
        )

    @property
    def remaining(self) -> Decimal:
        """Shares that are not filled."""
        return EXACT.subtract(self.quantity, self.filled_quantity)

    @property
    def held_cash(self) -> Decimal:
        """Cash that an open buy holds back, in whole cents."""
        if self.side is Side.SELL:
            return ZERO
        return held_back(self.remaining, self.held_price, self.held_rate)

    def report(self) -> OrderReport:
        """The state of the order, cumulative."""
        if self._report is None:
            self._report = OrderReport(
                self.client_order_id,
                self.broker_order_id,
                self.symbol,
                self.side,
                self.quantity,
                self.status,
                self.filled_quantity,
                Usd(self.filled_value) if self.filled_quantity else NO_MONEY,
                Usd(self.costs),
                self.reason,
            )
        return self._report

    def filled(self, execution: Execution) -> None:
        """A part was filled."""
        self._report = None
        self.filled_quantity = EXACT.add(self.filled_quantity, execution.quantity)
        self.filled_value = EXACT.add(self.filled_value, execution.value)
        self.costs = EXACT.add(self.costs, execution.costs)
        self._part_done(execution.quantity)
        if self.filled_quantity == self.quantity:
            self.status = OrderStatus.FILLED

    def _part_done(self, quantity: Decimal) -> None:
        """Take so many shares from the earliest waiting parts."""
        left = quantity
        while left > 0 and self.waiting:
            first = self.waiting.pop(0)
            if first.quantity > left:
                self.waiting.insert(0, DuePart(first.due, EXACT.subtract(first.quantity, left)))
            left = EXACT.subtract(left, first.quantity)

    def cancel_taken(self, entry: CancelTaken) -> None:
        """A cancel was asked for."""
        self._report = None
        self.status = OrderStatus.CANCELLING
        self.cancel_due = entry.due

    def ended(self, entry: Ended) -> None:
        """The order is over."""
        self._report = None
        self.status = entry.status
        self.reason = entry.reason
        self.waiting.clear()
