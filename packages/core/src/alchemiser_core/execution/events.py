"""What the machine is told. Every event carries the time at which it was learned."""

from datetime import datetime

from attrs import frozen

from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.orders.identifiers import ClientOrderId
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.orders.submission import SubmissionFailure
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.symbol import Symbol


@frozen
class Answered:
    """What came of a submission."""

    client_order_id: ClientOrderId
    answer: OrderReport | SubmissionFailure
    at: datetime


@frozen
class Withheld:
    """An order that was to be sent and was not, because a stop came first."""

    client_order_id: ClientOrderId
    at: datetime


@frozen
class LookedUp:
    """The broker's answer to a look-up; `None` is its word that it has no such order."""

    client_order_id: ClientOrderId
    report: OrderReport | None
    at: datetime


@frozen
class LookUpFailed:
    """No answer to a look-up: nothing was learned."""

    client_order_id: ClientOrderId
    at: datetime


@frozen
class Polled:
    """The orders of the account: every order that is open, and all of the trading day."""

    reports: tuple[OrderReport, ...]
    at: datetime


@frozen
class PollFailed:
    """No answer to a poll: nothing was learned."""

    at: datetime


@frozen
class Hinted:
    """Reports that came by themselves; what is not in them means nothing."""

    reports: tuple[OrderReport, ...]
    at: datetime


@frozen
class CashRead:
    """The account's cash at the broker."""

    cash: Usd
    at: datetime


@frozen
class CashUnread:
    """No answer about the cash."""

    at: datetime


@frozen
class QuoteRead:
    """The latest quote of a symbol; `None` where there is none."""

    symbol: Symbol
    quote: Quote | None
    at: datetime


@frozen
class TimePassed:
    """The time the machine asked to be woken at is there, or something else woke it."""

    at: datetime


@frozen
class Stopped:
    """Nothing may be sent any more: a kill switch, a signal, a key that was revoked."""

    code: str
    why: str
    at: datetime
    lasting: bool = True
    """Later cycles send nothing either, until somebody resumes."""


ExecutionEvent = (
    Answered
    | Withheld
    | LookedUp
    | LookUpFailed
    | Polled
    | PollFailed
    | Hinted
    | CashRead
    | CashUnread
    | QuoteRead
    | TimePassed
    | Stopped
)
