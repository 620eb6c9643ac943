"""What faults and tests do to the exchange and its market.

Levers last until they are taken back or the process ends; what they did to orders stays.
"""

from datetime import date, datetime
from decimal import Decimal

from attrs import define

from alchemiser_alpaca.simulator.exchange.changes_of_state import change, end, put_back
from alchemiser_alpaca.simulator.exchange.engine import Engine
from alchemiser_alpaca.simulator.exchange.entries import MarketClosed, OrderForgotten
from alchemiser_alpaca.simulator.exchange.levers import ScriptedPart
from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder, Status
from alchemiser_alpaca.simulator.exchange.refusal import Refusal
from alchemiser_alpaca.simulator.exchange.tape import nearest_tick


@define
class Controls(Engine):
    """A part of `Exchange`."""

    # Orders

    def reject(self, order_id: str, reason: str, at: datetime) -> bool:
        """Reject an open order; whether there was one."""
        with self.at(at):
            order = self._open(order_id)
            if order is not None:
                end(self, order, Status.REJECTED, reason)
                self.plan(order)
            return order is not None

    def forget(self, order_id: str, at: datetime) -> bool:
        """Lose an order, as if it had never been taken; whether there was one.

        What it filled stays, and so do shares and cash that it moved.
        """
        with self.at(at):
            order = self.state.orders.get(order_id)
            if order is None:
                return False
            older = self.state.orders.get(order.replaces or "")
            waited = self.state.waits(order)
            successor = self.state.orders.get(order.successor or "")
            self.record(OrderForgotten(order_id, self.now))
            self.forget_schedule(order)
            if successor is not None:
                self.plan(successor)
            if waited and older is not None and older.status is Status.PENDING_REPLACE:
                put_back(self, older)
                self.plan(older)
            return True

    def force(self, order_id: str, status: Status, at: datetime) -> bool:
        """Put an open order into any open state, in which it stays until it is cancelled or its
        session ends; whether there was one. `ValueError` for a state that ends it.
        """
        if status.is_terminal:
            raise ValueError(f"an order that is {status} does not stay open")
        with self.at(at):
            order = self._open(order_id)
            if order is not None:
                self.levers.forced.add(order_id)
                change(self, order, status)
                self.plan(order)
            return order is not None

    def _open(self, order_id: str) -> SimulatedOrder | None:
        return self.state.open.get(order_id)

    # Levers

    def reject_next(self, symbol: str, reason: str | None, at: datetime) -> None:
        """Orders of the symbol are taken, and rejected instead of becoming `new`; `None`: stop."""
        with self.at(at):
            self.levers.rejecting.pop(symbol, None)
            if reason is not None:
                self.levers.rejecting[symbol] = reason

    def refuse(self, symbol: str, refusal: Refusal | None) -> None:
        """Requests of the symbol are refused with these words; `None`: stop."""
        self.levers.refusing.pop(symbol, None)
        if refusal is not None:
            self.levers.refusing[symbol] = refusal

    def hold_fills(self, symbol: str, at: datetime) -> None:
        """Orders of the symbol are not executed, until `release_fills`."""
        with self.at(at):
            self.levers.held.add(symbol)
            self.plan_symbol(symbol)

    def release_fills(self, symbol: str, at: datetime) -> None:
        """Executions go on."""
        with self.at(at):
            self.levers.held.discard(symbol)
            self.plan_symbol(symbol)

    def fill_part(self, symbol: str, fraction: Decimal, then_hold: bool, at: datetime) -> None:
        """The next execution of the symbol takes that fraction of its order, above 0 and up to 1;
        may be said several times, for the executions after it. The rest is held until
        `release_fills`, or filled like any other.
        """
        if not 0 < fraction <= 1:
            raise ValueError(f"{fraction} is no fraction of an order")
        with self.at(at):
            self.levers.parts.setdefault(symbol, []).append(ScriptedPart(fraction, then_hold))

    def stick(self, stuck_new: bool | None, stuck_cancel: bool | None, at: datetime) -> None:
        """Orders stay `pending_new`, or `pending_cancel`; `None` leaves that as it is."""
        with self.at(at):
            levers = self.levers
            levers.stuck_new = levers.stuck_new if stuck_new is None else stuck_new
            levers.stuck_cancel = levers.stuck_cancel if stuck_cancel is None else stuck_cancel
            self.plan_all()

    # The market

    def halt(self, symbol: str, at: datetime) -> None:
        """Nothing of the symbol is executed until `resume`."""
        with self.at(at):
            self.market.halt(symbol)
            self.plan_symbol(symbol)

    def resume(self, symbol: str, at: datetime) -> None:
        """Trading goes on."""
        with self.at(at):
            self.market.resume(symbol)
            self.plan_symbol(symbol)

    def put_price(self, symbol: str, price: Decimal | None, at: datetime) -> None:
        """The price is that from now on, to the nearest tick; `None`: that of the bars again."""
        if price is not None and not (price.is_finite() and price > 0):
            raise ValueError(f"{price} is no price")
        with self.at(at):
            self.plan_symbol(symbol)  # trailing stops note the price that there was
            if price is None:
                self.market.put_back(symbol)
            else:
                self.market.put(symbol, nearest_tick(price), self.now)
            self.plan_symbol(symbol)

    def drop_quote(self, symbol: str, dropped: bool, at: datetime) -> None:
        """The symbol has no bid and ask, or has them again."""
        with self.at(at):
            self.market.drop(symbol, dropped)
            self.plan_symbol(symbol)

    def close_market(self, day: date, at: datetime) -> None:
        """An unscheduled closure: a running session of that day ends now, a later one is off.

        One that is over, or never was, is left alone.
        """
        with self.at(at):
            session = self.sessions.day(day)
            if session is None or session.closes <= self.now:
                return
            runs = session.opens < self.now
            self.record(MarketClosed(day, self.now if runs else None, self.now))
            self.sessions.call_off(day, self.now if runs else None)
            self.plan_all(closes_now=runs)
