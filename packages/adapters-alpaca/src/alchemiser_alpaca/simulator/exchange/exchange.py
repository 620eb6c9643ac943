"""The simulated exchange: one account that takes orders as Alpaca does."""

from datetime import UTC, date, datetime
from decimal import Decimal

from attrs import define
from returns.result import Failure, Result, Success

from alchemiser_alpaca.simulator.exchange import balances, booking, reading, requests, submission
from alchemiser_alpaca.simulator.exchange.account import (
    AccountFlags,
    AccountView,
    Activity,
    PositionView,
)
from alchemiser_alpaca.simulator.exchange.assets import Assets
from alchemiser_alpaca.simulator.exchange.controls import Controls
from alchemiser_alpaca.simulator.exchange.entries import FlagsSet, Opened
from alchemiser_alpaca.simulator.exchange.ledger import Ledger, LedgerFault
from alchemiser_alpaca.simulator.exchange.market import SimulatedMarket
from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder
from alchemiser_alpaca.simulator.exchange.queries import ActivityQuery, OrderQuery
from alchemiser_alpaca.simulator.exchange.refusal import Refusal
from alchemiser_alpaca.simulator.exchange.restoring import restored, terms_of
from alchemiser_alpaca.simulator.exchange.switches import Switches
from alchemiser_alpaca.simulator.exchange.terms import Terms as Terms
from alchemiser_alpaca.simulator.exchange.ticket import Changes, OrderTicket
from alchemiser_core.domain.money import ZERO


@define
class Exchange(Controls):
    """Made by `open_exchange`. Every call is told the time; one that goes back counts as now.

    Orders that are returned change as time passes, except those of `submit`, `replace` and
    `close_position`, and those of a `TradeUpdate`.
    """

    # Orders

    def submit(self, ticket: OrderTicket, at: datetime) -> Result[SimulatedOrder, Refusal]:
        """Take an order, told as it was when it was taken, or refuse it."""
        with self.at(at):
            return submission.submit(self, ticket)

    def cancel(self, order_id: str, at: datetime) -> Result[None, Refusal]:
        """Ask for a cancel: the order is `pending_cancel`, and later canceled, or filled."""
        with self.at(at):
            return requests.cancel(self, order_id)

    def cancel_all(self, at: datetime) -> tuple[tuple[str, Refusal | None], ...]:
        """Ask for the cancel of every open order: id and refusal of each."""
        with self.at(at):
            return requests.cancel_all(self)

    def replace(
        self, order_id: str, changes: Changes, at: datetime
    ) -> Result[SimulatedOrder, Refusal]:
        """Ask for another order in the place of one: the new one, which may still be rejected."""
        with self.at(at):
            return requests.replace(self, order_id, changes)

    def close_position(
        self, symbol: str, qty: Decimal | None, percentage: Decimal | None, at: datetime
    ) -> Result[SimulatedOrder, Refusal]:
        """Sell a position (symbol or asset id), or a part of it, at the market."""
        with self.at(at):
            return requests.close_position(self, symbol, qty, percentage)

    def close_all(
        self, cancel_orders: bool, at: datetime
    ) -> tuple[tuple[str, SimulatedOrder | Refusal], ...]:
        """Sell every position: symbol and order or refusal of each."""
        with self.at(at):
            return requests.close_all(self, cancel_orders)

    # Reading

    def order(self, order_id: str, at: datetime) -> SimulatedOrder | None:
        """The order of that id, unless it is too new to be found."""
        self.advance(at)
        return self._found(self.state.orders.get(order_id))

    def order_of_client(self, client_order_id: str, at: datetime) -> SimulatedOrder | None:
        """The order of that client order id, unless it is too new to be found."""
        self.advance(at)
        return self._found(self.state.by_client.get(client_order_id))

    def orders(self, query: OrderQuery, at: datetime) -> list[SimulatedOrder]:
        """The orders that a query asks for."""
        self.advance(at)
        return reading.orders(self.state, query, self.now - self.switches.orders_lag)

    def account(self, at: datetime) -> AccountView:
        """Balances, as old as the lag has it."""
        self.advance(at)
        return balances.account(self)

    def positions(self, at: datetime) -> list[PositionView]:
        """What is held, as old as the lag has it, sorted by symbol."""
        self.advance(at)
        return balances.positions(self)

    def position(self, symbol: str, at: datetime) -> PositionView | None:
        """One of them, by symbol or asset id."""
        self.advance(at)
        asset = self.assets.find(symbol)
        return None if asset is None else balances.position(self, asset.symbol)

    def activities(self, query: ActivityQuery, at: datetime) -> list[Activity]:
        """The activities that a query asks for."""
        self.advance(at)
        return reading.activities(self.state, query)

    def equity_history(self, at: datetime) -> list[tuple[date, Decimal]]:
        """Equity at each close so far."""
        self.advance(at)
        return [(each.day, each.equity) for each in self.state.closed]

    # What happens to the account; all raise `ValueError` where an amount is not above 0 and in
    # whole cents

    def deposit(self, amount: Decimal, at: datetime) -> Activity:
        """Cash comes in."""
        with self.at(at):
            return booking.move_cash(self, "CSD", booking.amount_of(amount))

    def withdraw(self, amount: Decimal, at: datetime) -> Result[Activity, Refusal]:
        """Cash goes out, as far as open orders do not hold it back."""
        with self.at(at):
            return booking.withdraw(self, booking.amount_of(amount))

    def interest(self, amount: Decimal, at: datetime) -> Activity:
        """Interest is paid to the account."""
        with self.at(at):
            return booking.move_cash(self, "INT", booking.amount_of(amount))

    def fee(self, amount: Decimal, at: datetime) -> Activity:
        """The broker takes a fee, whatever cash there is."""
        with self.at(at):
            return booking.move_cash(self, "FEE", -booking.amount_of(amount))

    def dividend(self, symbol: str, per_share: Decimal, at: datetime) -> Activity | None:
        """Cash for every share held; `None` where that is less than a cent.

        `ValueError` where `per_share` is not above 0.
        """
        with self.at(at):
            return booking.dividend(self, symbol, booking.factor_of(per_share))

    def split(self, symbol: str, ratio: Decimal, at: datetime) -> Activity | None:
        """`ratio` new shares for one; prices follow, open orders of the symbol are cancelled.

        `None` where none is held. `ValueError` where the ratio is not above 0.
        """
        with self.at(at):
            found = booking.split(self, symbol, booking.factor_of(ratio))
            self.plan_symbol(symbol)
            return found

    def remove(self, symbol: str, cash: Decimal, at: datetime) -> Activity | None:
        """The position ends for an amount of cash, 0 or more; `None` where none is held."""
        with self.at(at):
            return booking.remove(self, symbol, booking.amount_of(cash, least=ZERO))

    def set_flags(self, flags: AccountFlags, at: datetime) -> None:
        """What the account may do from now on."""
        with self.at(at):
            self.record(FlagsSet(flags, self.now))

    def _found(self, order: SimulatedOrder | None) -> SimulatedOrder | None:
        return order if order is not None and balances.is_found(self, order) else None


def open_exchange(
    market: SimulatedMarket,
    assets: Assets,
    terms: Terms,
    switches: Switches,
    ledger: Ledger,
    at: datetime,
) -> Result[Exchange, LedgerFault]:
    """A new account where the ledger is empty, otherwise the one that is in it.

    The exchange stands at `at`, or at the last entry of the ledger where that is later. A fault: a
    ledger of another account number, one that holds what is not listed, and one that no account can
    have written.
    """
    read = restored(ledger, terms, assets)
    if isinstance(read, Failure):
        return Failure(read.failure())
    state = read.unwrap()
    begins = at.astimezone(UTC)
    exchange = Exchange(
        market=market,
        sessions=market.sessions,
        assets=assets,
        ledger=ledger,
        terms=terms_of(state, terms),
        switches=switches,
        now=state.at or begins,
        state=state,
    )
    if state.opened is None:
        exchange.record(Opened(terms.account_number, terms.cash, terms.multiplier, begins))
    for split in state.splits:
        market.split(split.symbol, split.ratio, split.at)
    for closure in state.closures:
        market.sessions.call_off(closure.day, closure.closes)
    exchange.plan_all(closes_now=_has_open_books(exchange))
    exchange.advance(at)
    return Success(exchange)


def _has_open_books(exchange: Exchange) -> bool:
    """Whether the process ended in the middle of a close."""
    opened, closed = exchange.state.opened, exchange.state.closed
    last = exchange.sessions.previous(exchange.now)
    if opened is None or last is None or last.closes <= opened.at:
        return False
    return not closed or closed[-1].day < last.day
