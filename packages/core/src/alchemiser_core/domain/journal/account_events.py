"""Journal events about the account: its books, and in what it came to differ from them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from attrs import frozen

from alchemiser_core.domain.account import Activity
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import CycleKey
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.portfolio.lot import Lot
from alchemiser_core.domain.portfolio.transfer import Transfer
from alchemiser_core.domain.symbol import Symbol


@frozen
class OpeningPosition:
    """A position with which a book starts."""

    quantity: Decimal
    lots: tuple[Lot, ...]


@frozen
class OpeningBook:
    """A book as it starts, or as a checkpoint finds it."""

    cash: Usd
    positions: Mapping[Symbol, OpeningPosition]
    realised: Usd
    costs: Usd
    contributed: Usd
    income: Usd


@frozen
class BooksOpened:
    """The books of all strategies as they are from here on: at the start, or when an account was
    adopted as it stands at the broker.
    """

    books: Mapping[str, OpeningBook]
    why: str
    activities: tuple[str, ...] = ()
    """Identifiers of what happened to the account before and is in the books already."""


@frozen
class CashMovedBetweenBooks:
    """Transfers among the books; the account does not notice.

    A strategy that is named for the first time gets a book; one that is no longer named has
    nothing left and its book is closed.
    """

    transfers: tuple[Transfer, ...]
    shares: Mapping[str, Decimal]
    """Capital shares that they bring about; 0 for a strategy that only sells what it has."""


@frozen
class ActivityBooked:
    """Something that happened to the account beside its orders, shared among the books."""

    activity: Activity
    shares: Mapping[str, Decimal]
    """Which part of it belongs to which book; adds up to 1. A split changes every book's own."""


@frozen
class DifferenceAccepted:
    """Cash or shares that the broker has and the books did not know, booked by policy or by hand.

    `name` is a symbol or `CASH`; `amounts` are what each book gets (negative: loses).
    """

    name: str
    amounts: Mapping[str, Decimal]
    price: Decimal
    """At which shares are booked, US dollars; 1 for cash."""
    session: date
    is_contribution: bool
    """Counts as put in or taken out; otherwise as profit or loss."""
    why: str


@frozen
class LateFillsSettled:
    """What became of a symbol's orders after their cycle was closed."""

    cycle: CycleKey
    symbol: Symbol
    reports: tuple[OrderReport, ...]
    """The broker's newest word on each order that it says more about."""
    fills: Mapping[str, tuple[Fill, ...]]
    """What was filled beyond that which was in the books, by book; empty where nothing was."""


@frozen
class LateFillAccepted:
    """A late fill that no book could take counts as booked, on a person's word; what it did to the
    account is accepted as differences.
    """

    cycle: CycleKey
    fill: Fill


@frozen
class OrderAdopted:
    """An order that the journal did not know is accepted as it was; what it did to the account is
    accepted as differences.
    """

    report: OrderReport
    why: str


@frozen
class DiscrepancyNoted:
    """Something in which the journal and the broker differ."""

    code: str
    subject: str
    text: str


@frozen
class DiscrepancyEnded:
    """A discrepancy that was noted is there no more."""

    code: str
    subject: str
