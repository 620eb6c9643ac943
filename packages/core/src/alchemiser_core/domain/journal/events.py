"""Journal events: what a trading cycle writes down, before it has any effect.

The books, the orders and the halts of an account are a fold over these events, so that a program
that was killed goes on from where the journal ends. Events are data: strings, numbers, dates and
frozen classes of them, nothing else.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from alchemiser_core.domain.alert import Alert
from alchemiser_core.domain.allocation.policy import TradeReason
from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan
from alchemiser_core.domain.journal.account_events import (
    ActivityBooked,
    BooksOpened,
    CashMovedBetweenBooks,
    DifferenceAccepted,
    DiscrepancyEnded,
    DiscrepancyNoted,
    LateFillAccepted,
    LateFillsSettled,
    OrderAdopted,
)
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import ClientOrderId, CycleKey
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.orders.submission import RejectionKind
from alchemiser_core.domain.quote import Mark
from alchemiser_core.domain.symbol import Symbol

# --- the cycle ---------------------------------------------------------------------------------


class CycleOutcome(StrEnum):
    """How a cycle ended."""

    COMPLETE = "complete"
    """Everything that was planned is filled."""
    NOTHING_TO_DO = "nothing to do"
    INCOMPLETE = "incomplete"
    """Something that was planned is not filled; the reasons are at the orders."""
    REFUSED = "refused"
    """Refused before the first order."""
    HALTED = "halted"
    EXPIRED = "expired"
    """The window had passed when the cycle was taken up again."""


@frozen
class CycleOpened:
    """A cycle began; each key begins once."""

    cycle: CycleKey
    decide_on: str
    tactic: str


@frozen
class StrategyDecided:
    """What a strategy wants, and whether its policy trades it."""

    strategy: str
    as_of: date
    weights: Mapping[Symbol, Decimal]
    reason: TradeReason | None
    """Why it trades; `None` where its policy leaves the holdings alone."""


@frozen
class StrategyHeld:
    """A strategy that could not decide: its book keeps its quantities."""

    strategy: str
    as_of: date
    why: str


@frozen
class PlanCommitted:
    """What the cycle is about to do. Nothing is sent that is not in a committed plan."""

    plan: RebalancePlan
    wishes: Mapping[Symbol, Mapping[str, Decimal]]
    """Shares of each symbol that each book wants: positive to buy, negative to sell."""
    cash: Usd
    """Of the books that trade, before the plan."""
    kept_cash: Usd
    """Of that, what the buys must leave."""
    account_cash: Usd
    """At the broker before the plan."""
    marks: Mapping[Symbol, Decimal]
    """The prices of the plan by symbol of the wishes: crossings are booked at them."""


@frozen
class BooksSettled:
    """What a symbol's orders and crossings did to each book; each symbol once a cycle."""

    symbol: Symbol
    fills: Mapping[str, tuple[Fill, ...]]


@frozen
class CycleClosed:
    """The cycle is over; no order of it will ever be sent again."""

    cycle: CycleKey
    outcome: CycleOutcome
    equity: Usd | None
    """At the marks of the plan; `None` where there was none."""
    why: str = ""


# --- orders ------------------------------------------------------------------------------------


@frozen
class OrderIntended:
    """Written before the first byte is sent; the order may be at the broker from here on."""

    request: OrderRequest


@frozen
class OrderReported:
    """The broker's word on an order, where it says something new."""

    report: OrderReport


@frozen
class OrderRefused:
    """The broker refused the order for certain."""

    client_order_id: ClientOrderId
    kind: RejectionKind
    message: str


@frozen
class OrderUnresolved:
    """Nobody knows whether the broker has the order; it is looked up before anything else."""

    client_order_id: ClientOrderId
    why: str


@frozen
class OrderAbsent:
    """The broker has said twice, after the grace period, that it has no such order."""

    client_order_id: ClientOrderId
    resend: bool
    """Sent again under the same id; otherwise given up."""


@frozen
class BuysSized:
    """How much of each planned buy the confirmed cash pays for."""

    part: int
    """1 for the buys of the plan; 2 for the rest of those that cash had cut short, once."""
    cash: Usd
    """What there was to spend, US dollars."""
    quantities: Mapping[Symbol, Decimal]
    """Shares wanted in all, those already filled in this cycle included; 0 where cash is short."""


@frozen
class CancelAsked:
    """A cancel is about to be asked for."""

    client_order_id: ClientOrderId
    why: str


class LineEnd(StrEnum):
    """Why nothing more is sent for a symbol in this cycle."""

    FILLED = "filled"
    NOT_NEEDED = "not needed"
    """Cash or rounding left nothing to send."""
    REFUSED = "refused by the broker"
    BAD_QUOTE = "no quote that can be traded on"
    BEYOND_COLLAR = "the market is beyond the price collar"
    NOT_FILLED = "not filled in time"
    NO_CASH = "no confirmed cash"
    UNRESOLVED = "the outcome of an order is not known"
    VANISHED = "the broker does not know the order any more"
    HALTED = "halted"
    EXPIRED = "the window has passed"


@frozen
class LineEnded:
    """Nothing more is sent for a symbol in this cycle."""

    symbol: Symbol
    end: LineEnd
    why: str = ""


# --- operation ---------------------------------------------------------------------------------


@frozen
class JournalOpened:
    """The first event: whose journal this is."""

    portfolio: str
    account: str
    broker: str
    is_live: bool


@frozen
class Halted:
    """No order is sent until somebody resumes."""

    code: str
    why: str


@frozen
class Resumed:
    """Orders may be sent again."""

    why: str


@frozen
class AlertRaised:
    """A person was to be told; whether it got through is not known here."""

    alert: Alert


@frozen
class Valued:
    """What the account and its books were worth at the end of a cycle or session."""

    session: date
    at: datetime
    equity: Usd
    books: Mapping[str, Usd]
    contributed: Usd
    """Deposits less withdrawals so far; what equity has beyond it is profit."""
    marks: Mapping[Symbol, Mark] = field(factory=dict)
    """The price at which each holding is valued."""


JournalEvent = (
    JournalOpened
    | CycleOpened
    | StrategyDecided
    | StrategyHeld
    | PlanCommitted
    | BooksSettled
    | CycleClosed
    | OrderIntended
    | OrderReported
    | OrderRefused
    | OrderUnresolved
    | OrderAbsent
    | BuysSized
    | CancelAsked
    | LineEnded
    | BooksOpened
    | CashMovedBetweenBooks
    | ActivityBooked
    | DifferenceAccepted
    | LateFillsSettled
    | LateFillAccepted
    | OrderAdopted
    | DiscrepancyNoted
    | DiscrepancyEnded
    | Halted
    | Resumed
    | AlertRaised
    | Valued
)
