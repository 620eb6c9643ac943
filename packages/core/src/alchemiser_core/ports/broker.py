"""The broker port: an account that takes orders.

Adapters never repeat a submission by themselves: what is not a definite answer is
`OutcomeUnknown`, and the execution looks the order up. Reads may be repeated by the adapter,
within a bounded time.
"""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Protocol

from attrs import frozen
from returns.result import Result

from alchemiser_core.domain.account import Account, Activity, BrokerTime, HeldPosition
from alchemiser_core.domain.instrument import Instruments
from alchemiser_core.domain.money import ZERO
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.orders.submission import SubmissionFailure
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol


@frozen
class BrokerCapabilities:
    """What a broker can do, as far as planning and execution need to know."""

    is_live: bool
    """Orders move real money."""
    fractional: bool
    """Fractions of a share can be ordered."""
    market_collar: Decimal = ZERO
    """By how much the broker holds back more cash for a market buy than it is worth, as a fraction
    of its value."""
    keeps_time: bool = False
    """The broker lives at a time of its own, as one that trades on stored bars does; the
    application then takes the time from it."""
    is_local: bool = False
    """The broker is a server on this machine, a simulator, whose account is made up; the
    application may go by its clock."""


@frozen
class BrokerUnavailable:
    """The broker did not answer a read, or not in a way that can be understood."""

    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """What went wrong."""
        return self.found


@frozen
class Unauthorised:
    """The broker does not accept the key."""

    message: str = ""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the broker's words."""
        return (
            Problem(
                code="unauthorised",
                what="the broker does not accept the key",
                why=self.message,
                hint="check the key, and whether it is of this account",
            ),
        )


BrokerFailure = BrokerUnavailable | Unauthorised


class Broker(Protocol):
    """An account at a broker. A failed or lagging read is a failure, never an empty answer."""

    @property
    def name(self) -> str:
        """Name of the broker, for reports."""
        ...

    @property
    def capabilities(self) -> BrokerCapabilities:
        """What it can do; constant."""
        ...

    def time(self) -> Result[BrokerTime, BrokerFailure]:
        """Its clock."""
        ...

    def account(self) -> Result[Account, BrokerFailure]:
        """Number and cash of the account."""
        ...

    def positions(self) -> Result[tuple[HeldPosition, ...], BrokerFailure]:
        """Everything that is held, sorted by symbol."""
        ...

    def instruments(self, symbols: Collection[Symbol]) -> Result[Instruments, BrokerFailure]:
        """How symbols are traded; one that the broker does not know is not in the answer."""
        ...

    def submit(self, request: OrderRequest) -> Result[OrderReport, SubmissionFailure]:
        """Send an order, once. Success is the broker's word that it has the order."""
        ...

    def order(self, client_order_id: str) -> Result[OrderReport | None, BrokerFailure]:
        """Look an order up; `None` is the broker's word that there is none of that id."""
        ...

    def orders(self, since: date) -> Result[tuple[OrderReport, ...], BrokerFailure]:
        """All orders of the account that are open, and those submitted on `since` or later."""
        ...

    def cancel(self, broker_order_id: str) -> Result[None, BrokerFailure]:
        """Ask for a cancel. Success means that the request was taken or the order is over; only a
        report says which, and what was filled before.
        """
        ...

    def activities(self, since: date) -> Result[tuple[Activity, ...], BrokerFailure]:
        """Deposits, dividends, splits and the like of `since` and later, oldest first."""
        ...
