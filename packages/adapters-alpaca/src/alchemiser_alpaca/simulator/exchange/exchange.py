"""The simulated exchange: one account that takes orders as Alpaca does."""

from datetime import date, datetime
from decimal import Decimal

from attrs import define, field, frozen
from returns.result import Result

from alchemiser_alpaca.simulator.exchange.account import (
    AccountFlags,
    AccountView,
    Activity,
    PositionView,
)
from alchemiser_alpaca.simulator.exchange.assets import Assets
from alchemiser_alpaca.simulator.exchange.ledger import Ledger, LedgerFault
from alchemiser_alpaca.simulator.exchange.market import SimulatedMarket
from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder, Status
from alchemiser_alpaca.simulator.exchange.queries import ActivityQuery, OrderQuery
from alchemiser_alpaca.simulator.exchange.refusal import Refusal
from alchemiser_alpaca.simulator.exchange.sessions import Sessions
from alchemiser_alpaca.simulator.exchange.switches import Switches
from alchemiser_alpaca.simulator.exchange.ticket import Changes, OrderTicket
from alchemiser_alpaca.simulator.exchange.updates import Listener


@frozen(kw_only=True)
class Terms:
    """What an account starts with."""

    account_number: str = "PA0SIMULATED"
    cash: Decimal = Decimal(100_000)
    """US dollars, in whole cents."""
    multiplier: int = 1
    """1, 2 or 4."""
    seed: int = 0
    """Of the random partial fills."""


@define
class Exchange:
    """Made by `open_exchange`. Every call is told the time; one that goes back counts as now.

    Orders that are returned change as time passes, except those of `submit`, `replace` and
    `close_position`, and those of a `TradeUpdate`.
    """

    market: SimulatedMarket
    sessions: Sessions
    assets: Assets
    ledger: Ledger
    terms: Terms
    switches: Switches
    """May be replaced at any time."""
    listeners: list[Listener] = field(factory=list)
    """Told of everything that happens to an order, after it is in the ledger."""

    # Time

    @property
    def now(self) -> datetime:
        """The time of the last call; after a restart that of the last entry."""
        raise NotImplementedError

    def advance(self, at: datetime) -> None:
        """Do what is due until then: states, executions, expiries, ends of sessions."""
        raise NotImplementedError

    def next_due(self) -> datetime | None:
        """When `advance` has something to do next; `None`: not by itself."""
        raise NotImplementedError

    # Orders

    def submit(self, ticket: OrderTicket, at: datetime) -> Result[SimulatedOrder, Refusal]:
        """Take an order, as it was when it was taken, or refuse it."""
        raise NotImplementedError

    def cancel(self, order_id: str, at: datetime) -> Result[None, Refusal]:
        """Ask for a cancel: the order is `pending_cancel`, and later canceled, or filled."""
        raise NotImplementedError

    def cancel_all(self, at: datetime) -> tuple[tuple[str, Refusal | None], ...]:
        """Ask for the cancel of every open order: id and refusal of each."""
        raise NotImplementedError

    def replace(
        self, order_id: str, changes: Changes, at: datetime
    ) -> Result[SimulatedOrder, Refusal]:
        """Ask for another order in the place of one: the new one, which may still be rejected."""
        raise NotImplementedError

    def close_position(
        self, symbol: str, qty: Decimal | None, percentage: Decimal | None, at: datetime
    ) -> Result[SimulatedOrder, Refusal]:
        """Sell a position (symbol or asset id), or a part of it, at the market."""
        raise NotImplementedError

    def close_all(
        self, cancel_orders: bool, at: datetime
    ) -> tuple[tuple[str, SimulatedOrder | Refusal], ...]:
        """Sell every position: symbol and order or refusal of each."""
        raise NotImplementedError

    # Reading

    def order(self, order_id: str, at: datetime) -> SimulatedOrder | None:
        """The order of that id, unless it is too new to be found."""
        raise NotImplementedError

    def order_of_client(self, client_order_id: str, at: datetime) -> SimulatedOrder | None:
        """The order of that client order id, unless it is too new to be found."""
        raise NotImplementedError

    def orders(self, query: OrderQuery, at: datetime) -> list[SimulatedOrder]:
        """The orders that a query asks for."""
        raise NotImplementedError

    def account(self, at: datetime) -> AccountView:
        """Balances, as old as the lag has it."""
        raise NotImplementedError

    def positions(self, at: datetime) -> list[PositionView]:
        """What is held, as old as the lag has it, sorted by symbol."""
        raise NotImplementedError

    def position(self, symbol: str, at: datetime) -> PositionView | None:
        """One of them, by symbol or asset id."""
        raise NotImplementedError

    def activities(self, query: ActivityQuery, at: datetime) -> list[Activity]:
        """The activities that a query asks for."""
        raise NotImplementedError

    def equity_history(self, at: datetime) -> list[tuple[date, Decimal]]:
        """Equity at each close so far."""
        raise NotImplementedError

    # What happens to the account; all raise `ValueError` where an amount is not above 0 and in
    # whole cents

    def deposit(self, amount: Decimal, at: datetime) -> Activity:
        """Cash comes in."""
        raise NotImplementedError

    def withdraw(self, amount: Decimal, at: datetime) -> Result[Activity, Refusal]:
        """Cash goes out, as far as open orders do not hold it back."""
        raise NotImplementedError

    def dividend(self, symbol: str, per_share: Decimal, at: datetime) -> Activity | None:
        """Cash for every share held; `None` where that is less than a cent."""
        raise NotImplementedError

    def interest(self, amount: Decimal, at: datetime) -> Activity:
        """Interest is paid to the account."""
        raise NotImplementedError

    def fee(self, amount: Decimal, at: datetime) -> Activity:
        """The broker takes a fee, whatever cash there is."""
        raise NotImplementedError

    def split(self, symbol: str, ratio: Decimal, at: datetime) -> Activity | None:
        """`ratio` new shares for one; prices follow, open orders of the symbol are cancelled.

        `None` where none is held.
        """
        raise NotImplementedError

    def remove(self, symbol: str, cash: Decimal, at: datetime) -> Activity | None:
        """The position ends for an amount of cash, 0 or more; `None` where none is held."""
        raise NotImplementedError

    def set_flags(self, flags: AccountFlags, at: datetime) -> None:
        """What the account may do from now on."""
        raise NotImplementedError

    # Faults. They last until they are taken back, or the process ends; what they did stays

    def reject(self, order_id: str, reason: str, at: datetime) -> bool:
        """Reject an open order; whether there was one."""
        raise NotImplementedError

    def reject_next(self, symbol: str, reason: str | None, at: datetime) -> None:
        """Orders of the symbol are taken, and rejected instead of becoming `new`; `None`: stop."""
        raise NotImplementedError

    def refuse(self, symbol: str, refusal: Refusal | None) -> None:
        """Requests of the symbol are refused with these words; `None`: stop."""
        raise NotImplementedError

    def forget(self, order_id: str, at: datetime) -> bool:
        """Lose an order, as if it had never been taken; whether there was one."""
        raise NotImplementedError

    def force(self, order_id: str, status: Status, at: datetime) -> bool:
        """Put an open order into any open state, in which it stays; whether there was one."""
        raise NotImplementedError

    def hold_fills(self, symbol: str, at: datetime) -> None:
        """Orders of the symbol are not executed, until `release_fills`."""
        raise NotImplementedError

    def release_fills(self, symbol: str, at: datetime) -> None:
        """Executions go on."""
        raise NotImplementedError

    def fill_part(self, symbol: str, fraction: Decimal, then_hold: bool, at: datetime) -> None:
        """The next execution of the symbol takes that fraction of its order; the rest is held."""
        raise NotImplementedError

    def stick(self, stuck_new: bool | None, stuck_cancel: bool | None, at: datetime) -> None:
        """Orders stay `pending_new`, or `pending_cancel`; `None` leaves that as it is."""
        raise NotImplementedError

    # The market

    def halt(self, symbol: str, at: datetime) -> None:
        """Nothing of the symbol is executed until `resume`."""
        raise NotImplementedError

    def resume(self, symbol: str, at: datetime) -> None:
        """Trading goes on."""
        raise NotImplementedError

    def put_price(self, symbol: str, price: Decimal | None, at: datetime) -> None:
        """The price is that from now on; `None`: that of the bars again."""
        raise NotImplementedError

    def drop_quote(self, symbol: str, dropped: bool, at: datetime) -> None:
        """The symbol has no bid and ask, or has them again."""
        raise NotImplementedError

    def close_market(self, day: date, at: datetime) -> None:
        """An unscheduled closure: a running session of that day ends now, a later one is off."""
        raise NotImplementedError


def open_exchange(
    market: SimulatedMarket,
    assets: Assets,
    terms: Terms,
    switches: Switches,
    ledger: Ledger,
    at: datetime,
) -> Result[Exchange, LedgerFault]:
    """A new account where the ledger is empty, otherwise the one that is in it.

    A ledger of another account number is a fault.
    """
    raise NotImplementedError
