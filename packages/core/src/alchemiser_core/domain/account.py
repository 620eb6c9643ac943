"""An account as the broker shows it: cash, what is held, and what happened beside the orders."""

from datetime import date, datetime
from decimal import Decimal

from attrs import field, frozen

from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.portfolio.cash import CashReason
from alchemiser_core.domain.session import aware
from alchemiser_core.domain.symbol import Symbol


@frozen
class Account:
    """Who the account is and what cash it has."""

    number: str
    cash: Usd
    """Settled or not, without any margin: what orders that have filled leave."""
    is_live: bool = False
    """Real money."""
    is_blocked: bool = False
    """The broker takes no orders for it."""


@frozen
class HeldPosition:
    """Shares that the broker says are held."""

    symbol: Symbol
    quantity: Decimal
    """Negative for a short position, which Alchemiser never makes and never touches."""
    available: Decimal
    """Of these, what no open order holds back."""


@frozen
class CashActivity:
    """Cash that came or went without an order."""

    identifier: str
    """The broker's, unique for ever; activities are booked once by it."""
    reason: CashReason
    amount: Usd
    """Positive where it came in."""
    session: date
    symbol: Symbol | None = None
    """For a dividend: whose."""


@frozen
class SplitActivity:
    """`ratio` new shares for one, a reverse split being below 1."""

    identifier: str
    symbol: Symbol
    ratio: Decimal
    session: date
    cash_in_lieu: Usd = field(default=Usd(Decimal(0)))
    """Paid for what is left of a share."""


@frozen
class RemovalActivity:
    """A position that ended without an order: a merger paid in cash, a delisting."""

    identifier: str
    symbol: Symbol
    cash: Usd
    """Paid for the whole position; 0 where it became worthless."""
    session: date


Activity = CashActivity | SplitActivity | RemovalActivity


@frozen
class BrokerTime:
    """The broker's clock and what it says of the market."""

    at: datetime = field(validator=aware)
    is_open: bool
