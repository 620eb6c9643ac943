"""The account at the simulated exchange as a fold over its ledger."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from attrs import define, field

from alchemiser_core.domain.account import (
    Activity,
    CashActivity,
    HeldPosition,
    RemovalActivity,
    SplitActivity,
)
from alchemiser_core.domain.money import CENT, NO_MONEY, ZERO, Usd
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.simulation.exchange.entries import (
    Booked,
    CancelTaken,
    CashChange,
    Ended,
    Entry,
    Execution,
    Opened,
    Received,
)
from alchemiser_core.simulation.exchange.exact import EXACT, cash_of
from alchemiser_core.simulation.exchange.resting import ExchangeOrder


@define
class ExchangeState:
    """Cash, positions, orders and history; changed by `apply` alone."""

    cash: Usd = NO_MONEY
    held: dict[Symbol, Decimal] = field(factory=dict)
    orders: dict[str, ExchangeOrder] = field(factory=dict)
    """By broker order id, in the order of acceptance."""
    by_client: dict[str, ExchangeOrder] = field(factory=dict)
    open: dict[str, ExchangeOrder] = field(factory=dict)
    accepted: list[ExchangeOrder] = field(factory=list)
    """The same as `orders`, by position."""
    newest: list[date] = field(factory=list)
    """The latest session of the orders up to each position."""
    received: list[Received] = field(factory=list)
    executions: list[Execution] = field(factory=list)
    activities: list[Activity] = field(factory=list)
    cash_history: list[CashChange] = field(factory=list)
    entries: list[Entry] = field(factory=list)

    def apply(self, entry: Entry) -> None:
        """Take in what happened."""
        self.entries.append(entry)
        match entry:
            case Opened():
                self._move_cash(entry.at, entry.cash, "opening")
            case Received():
                self._receive(entry)
            case Execution():
                self._execute(entry)
            case CancelTaken():
                self.orders[entry.broker_order_id].cancel_taken(entry)
            case Ended():
                self.orders[entry.broker_order_id].ended(entry)
                del self.open[entry.broker_order_id]
            case Booked():
                self._book(entry)

    def apply_all(self, entries: Iterable[Entry]) -> None:
        """Take in entries in their order."""
        for entry in entries:
            self.apply(entry)

    def _receive(self, entry: Received) -> None:
        self.received.append(entry)
        identifier = entry.broker_order_id
        if identifier is not None:
            order = ExchangeOrder.accepted_as(entry, identifier)
            self.orders[identifier] = self.open[identifier] = order
            self.by_client[order.client_order_id] = order
            self.accepted.append(order)
            self.newest.append(max(order.session, self.newest[-1] if self.newest else date.min))

    def _execute(self, entry: Execution) -> None:
        self.executions.append(entry)
        order = self.orders[entry.broker_order_id]
        order.filled(entry)
        if order.status.is_terminal:
            del self.open[entry.broker_order_id]
        signed = entry.quantity if entry.side is Side.BUY else EXACT.minus(entry.quantity)
        self._hold(entry.symbol, EXACT.add(self.held.get(entry.symbol, ZERO), signed))
        self._move_cash(entry.at, cash_of(entry.side, entry.value, entry.costs), entry.identifier)

    def _book(self, entry: Booked) -> None:
        self.activities.append(entry.activity)
        match entry.activity:
            case CashActivity(identifier, _, amount):
                self._move_cash(entry.at, amount, identifier)
            case SplitActivity(identifier, symbol):
                self._hold(symbol, ZERO if entry.quantity is None else entry.quantity)
                self._move_cash(entry.at, entry.activity.cash_in_lieu, identifier)
            case RemovalActivity(identifier, symbol, cash):
                self._hold(symbol, ZERO)
                self._move_cash(entry.at, cash, identifier)

    def _hold(self, symbol: Symbol, quantity: Decimal) -> None:
        if quantity:
            self.held[symbol] = quantity
        else:
            self.held.pop(symbol, None)

    def _move_cash(self, at: datetime, amount: Usd, cause: str) -> None:
        if amount:
            self.cash = Usd(EXACT.add(self.cash, amount).quantize(CENT, context=EXACT))
            self.cash_history.append(CashChange(at, amount, self.cash, cause))

    def accepted_since(self, session: date) -> list[ExchangeOrder]:
        """The orders of that session and later ones; those before it are not looked at."""
        recent = self.accepted[bisect_left(self.newest, session) :]
        return [order for order in recent if order.session >= session]

    def open_of(self, symbol: Symbol) -> list[ExchangeOrder]:
        """The open orders of a symbol, oldest first."""
        return [order for order in self.open.values() if order.symbol == symbol]

    def held_cash(self) -> Decimal:
        """Cash that open buys hold back."""
        return sum((order.held_cash for order in self.open.values()), start=ZERO)

    def reserved(self, symbol: Symbol) -> Decimal:
        """Shares that open sells hold back."""
        sells = (o for o in self.open_of(symbol) if o.side is Side.SELL)
        return sum((order.remaining for order in sells), start=ZERO)

    def cash_at(self, at: datetime) -> Usd:
        """The cash as it stood at a time that has passed."""
        later = (c.amount for c in _since(self.cash_history, at))
        return Usd(EXACT.subtract(self.cash, sum(later, start=ZERO)))

    def positions_at(self, at: datetime | None) -> tuple[HeldPosition, ...]:
        """The positions without the fills after a time that has passed, sorted by symbol."""
        held = dict(self.held)
        for e in () if at is None else _since(self.executions, at):
            back = EXACT.minus(e.quantity) if e.side is Side.BUY else e.quantity
            held[e.symbol] = EXACT.add(held.get(e.symbol, ZERO), back)
        return tuple(
            HeldPosition(symbol, quantity, max(ZERO, quantity - self.reserved(symbol)))
            for symbol, quantity in sorted(held.items())
            if quantity
        )


Dated = TypeVar("Dated", CashChange, Execution)


def _since(history: list[Dated], at: datetime) -> Iterable[Dated]:
    for each in reversed(history):
        if each.at <= at:
            return
        yield each
