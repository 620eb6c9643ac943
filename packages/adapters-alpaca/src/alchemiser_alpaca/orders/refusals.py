"""Why an order was refused: the vendor's status, code and words, as what is done next.

One code stands for money that is missing, shares that are held and symbols that have no fractions,
so the words decide. Words that are new mean `OTHER`, and are shown as they are.
"""

import re

from attrs import field, frozen

from alchemiser_alpaca.connection.failures import (
    CallFailure,
    Json,
    NoAnswer,
    NotAllowed,
    Refused,
    TooMany,
)
from alchemiser_core.domain.orders.submission import (
    OutcomeUnknown,
    Rejected,
    RejectionKind,
    SubmissionFailure,
    Throttled,
)
from alchemiser_core.domain.plain_text import plain_text


def _words(pattern: str) -> "re.Pattern[str]":
    return re.compile(pattern, re.IGNORECASE)


@frozen
class _Row:
    """What words mean, where the vendor says them with one of these codes."""

    pattern: "re.Pattern[str]" = field(converter=_words)
    kind: RejectionKind
    codes: tuple[int, ...]


_BAD_REQUEST, _FORBIDDEN, _UNPROCESSABLE, _NOT_FOUND = 40010001, 40310000, 42210000, 40410000
_ANY = (_BAD_REQUEST, _FORBIDDEN, _UNPROCESSABLE, _NOT_FOUND)
_RULED = (_FORBIDDEN, _UNPROCESSABLE)

ROWS = (
    _Row(r"client_order_id must be unique", RejectionKind.DUPLICATE_ID, _ANY),
    _Row(r"insufficient ([\w-]+ ){0,3}(buying power|balance|cash)",
         RejectionKind.INSUFFICIENT_CASH, _RULED),
    _Row(r"insufficient qty|position does not exist", RejectionKind.INSUFFICIENT_QUANTITY, _ANY),
    _Row(r"sold short|not allowed to short|not shortable|short selling|open a short",
         RejectionKind.INSUFFICIENT_QUANTITY, _RULED),
    _Row(r"wash trade|opposite side|while a (short|long) (sell|buy) order is open",
         RejectionKind.WASH_TRADE, _RULED),
    _Row(r"not fractionable", RejectionKind.NOT_FRACTIONABLE, _RULED),
    _Row(r"asset .* not found|not tradable|is not active|asset not found",
         RejectionKind.NOT_TRADABLE, _ANY),
    _Row(r"sub-penny|minimum pricing criteria|sanity check|invalid (limit|stop)_price",
         RejectionKind.BAD_PRICE, _ANY),
    _Row(r"minimal amount of order|amount must be >=", RejectionKind.BELOW_MINIMUM, _ANY),
    _Row(r"market (is )?(not open|closed)|outside (of )?(regular |market )",
         RejectionKind.MARKET_CLOSED, _RULED),
)  # fmt: skip
"""The first row that fits decides."""


def submission_failure(failure: CallFailure) -> SubmissionFailure:
    """What did not come of sending an order.

    Only an answer with one of the vendor's codes proves that an order was refused.
    """
    match failure:
        case Refused(code=int()):
            return rejected(failure)
        case Refused():
            return OutcomeUnknown(plain_text(f"{failure.message} (status {failure.status})"))
        case NotAllowed():
            return Rejected(RejectionKind.UNAUTHORISED, plain_text(failure.message))
        case TooMany():
            return Throttled(failure.retry_after)
        case NoAnswer():
            return OutcomeUnknown(failure.why)


def rejected(refused: Refused) -> Rejected:
    """A refusal, with the order that stands in the way where the vendor names it."""
    kind = next((row.kind for row in ROWS if _fits(row, refused)), RejectionKind.OTHER)
    return Rejected(kind, plain_text(refused.message), _related(refused))


def _fits(row: _Row, refused: Refused) -> bool:
    return refused.code in row.codes and row.pattern.search(refused.message) is not None


def _related(refused: Refused) -> str | None:
    existing: Json = refused.body.get("existing_order_id")
    several: Json = refused.body.get("related_orders")
    for each in (existing, *(several if isinstance(several, list) else ())):
        if isinstance(each, str) and each:
            return plain_text(each, 64)
    return None
