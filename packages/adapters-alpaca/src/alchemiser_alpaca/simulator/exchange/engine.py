"""The engine of the simulated exchange: its ledger, its time, and what is due when."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from attrs import define, field

from alchemiser_alpaca.simulator.exchange import steps
from alchemiser_alpaca.simulator.exchange.assets import Assets
from alchemiser_alpaca.simulator.exchange.entries import Entry, SessionClosed
from alchemiser_alpaca.simulator.exchange.identity import identifier
from alchemiser_alpaca.simulator.exchange.ledger import Ledger
from alchemiser_alpaca.simulator.exchange.levers import Levers
from alchemiser_alpaca.simulator.exchange.market import SimulatedMarket
from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder
from alchemiser_alpaca.simulator.exchange.schedule import Schedule
from alchemiser_alpaca.simulator.exchange.sessions import Sessions, exchange_day
from alchemiser_alpaca.simulator.exchange.state import AccountState
from alchemiser_alpaca.simulator.exchange.switches import Switches
from alchemiser_alpaca.simulator.exchange.telling import updates_of
from alchemiser_alpaca.simulator.exchange.terms import Terms
from alchemiser_alpaca.simulator.exchange.updates import Listener
from alchemiser_core.domain.money import CENT, ZERO
from alchemiser_core.simulation.exchange.exact import EXACT


@define
class Engine:
    """Time and orders of one account. Every change goes through `record`."""

    market: SimulatedMarket
    sessions: Sessions
    assets: Assets
    ledger: Ledger
    terms: Terms
    switches: Switches
    """May be replaced at any time."""
    now: datetime
    """The time of the last call; after a restart that of the last entry."""
    listeners: list[Listener] = field(factory=list)
    """Told of everything that happens to an order, after it is in the ledger."""
    state: AccountState = field(factory=AccountState)
    levers: Levers = field(factory=Levers)
    _schedule: Schedule = field(factory=Schedule)
    _closes: datetime | None = None
    """The next close, at which the books are made up."""

    # Time

    def advance(self, at: datetime) -> None:
        """Do what is due until then: states, executions, expiries, ends of sessions.

        `ValueError` for a time without a zone.
        """
        if at.tzinfo is None:
            raise ValueError("the time of an exchange needs a zone")
        while (due := self.next_due()) is not None and due <= at:
            self.now = max(self.now, due.astimezone(UTC))
            first = self._schedule.first()
            if first is not None and (self._closes is None or first[0] <= self._closes):
                self._step(self.state.orders[first[1]])
            else:
                self._close_books()
        self.now = max(self.now, at.astimezone(UTC))

    def next_due(self) -> datetime | None:
        """When `advance` has something to do next; `None`: not by itself."""
        first = self._schedule.first()
        if first is None or self._closes is None:
            return self._closes if first is None else first[0]
        return min(first[0], self._closes)

    @contextmanager
    def at(self, at: datetime) -> Iterator[None]:
        """Do something then: after everything that is due by then, and what is due at once after
        it.
        """
        self.advance(at)
        yield
        self.advance(self.now)

    def _step(self, order: SimulatedOrder) -> None:
        step = steps.next_step(self, order)
        if step is not None and step.due <= self.now:
            steps.take(self, order, step.action)
        self.plan(order)

    def plan(self, *orders: SimulatedOrder) -> None:
        """Find out when these orders, and those they belong to, have something to do next."""
        for order in orders:
            for each in (order.id, order.successor, order.replaces, order.replaced_by):
                found = self.state.orders.get(each or "")
                if found is not None:
                    steps.follow_price(self, found)
                    step = steps.next_step(self, found)
                    self._schedule.put(found.id, found.number, None if step is None else step.due)

    def plan_symbol(self, symbol: str) -> None:
        """The same for the open orders of a symbol."""
        self.plan(*self.state.open_of.get(symbol, {}).values())

    def plan_all(self, closes_now: bool = False) -> None:
        """The same for all open orders, and the next close, which may be forced to be now."""
        self._closes = self.now if closes_now else self.sessions.next_close(self.now)
        self.plan(*self.state.open.values())

    def forget_schedule(self, order: SimulatedOrder) -> None:
        """The order has nothing to do any more."""
        self._schedule.put(order.id, order.number, None)

    # The ledger

    def record(self, entry: Entry) -> None:
        """Write an entry, take it in, and tell of it."""
        self.ledger.append(entry)
        self.state.apply(entry)
        if self.listeners:
            name = self.name("event", len(self.ledger.entries))
            for update in updates_of(entry, self.state, name):
                for listener in self.listeners:
                    listener(update)

    def name(self, kind: str, number: int) -> str:
        """A UUID that is the same in every run of the account."""
        return identifier(self.terms.account_number, kind, number)

    # Values

    def price(self, symbol: str) -> Decimal | None:
        """The last trade now, US dollars a share."""
        trade = self.market.last_trade(symbol, self.now)
        return None if trade is None else trade.price

    def value_of_holdings(self) -> Decimal:
        """What is held at its last trades, in whole cents."""
        total = ZERO
        for symbol, holding in self.state.held.items():
            price = self.price(symbol)
            worth = holding.cost if price is None else EXACT.multiply(holding.qty, price)
            total = EXACT.add(total, worth.quantize(CENT, ROUND_HALF_EVEN, EXACT))
        return total

    def buying_power(self) -> Decimal:
        """What new buys may cost, in whole cents; below 0 where the account is overdrawn.

        With a multiplier of 1 the cash; with more, that multiple of the equity, less what is held.
        Open buys reduce it by what they hold back, open sells do not add to it.
        """
        cash, multiplier = self.state.cash, self.terms.multiplier
        if multiplier > 1:
            held = self.value_of_holdings()
            equity = EXACT.add(cash, held)
            cash = EXACT.subtract(EXACT.multiply(Decimal(multiplier), equity), held)
        return EXACT.subtract(cash, self.state.held_cash)

    def _close_books(self) -> None:
        """The session is over, and everything of it is done."""
        held = sorted(self.state.held)
        prices = {symbol: self.price(symbol) for symbol in held}
        closes = {symbol: price for symbol, price in prices.items() if price is not None}
        cash = self.state.cash
        equity = EXACT.add(cash, self.value_of_holdings())
        self.record(SessionClosed(exchange_day(self.now), equity, cash, closes, at=self.now))
        self._closes = self.sessions.next_close(self.now)
