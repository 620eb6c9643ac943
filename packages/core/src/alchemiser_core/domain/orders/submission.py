"""What comes of sending an order: accepted, refused for certain, or not known.

Only a broker's own answer proves a refusal. Everything else (a lost connection, a server error, an
answer that cannot be read) leaves the outcome unknown until the order is looked up by its client
order id.
"""

from datetime import timedelta
from enum import StrEnum

from attrs import frozen

from alchemiser_core.domain.problem import Problem


class RejectionKind(StrEnum):
    """Why a broker refused an order, as far as that changes what is done next."""

    INSUFFICIENT_CASH = "insufficient-cash"
    INSUFFICIENT_QUANTITY = "insufficient-quantity"
    """Shares are missing, or held for another open order."""
    WASH_TRADE = "wash-trade"
    """An order of the opposite side is open."""
    DUPLICATE_ID = "duplicate-id"
    """The broker has an order of this client order id: it is looked up, not lost."""
    NOT_TRADABLE = "not-tradable"
    NOT_FRACTIONABLE = "not-fractionable"
    BAD_PRICE = "bad-price"
    BELOW_MINIMUM = "below-minimum"
    MARKET_CLOSED = "market-closed"
    UNAUTHORISED = "unauthorised"
    """The key is not valid (any more), or not for this account."""
    OTHER = "other"


@frozen
class Rejected:
    """The broker refused the order; it never rested and nothing was filled."""

    kind: RejectionKind
    message: str = ""
    """The broker's words."""
    related: str | None = None
    """Client or broker order id of the order that stands in the way, where the broker names it."""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the kind and the broker's words."""
        return (
            Problem(
                code="order-rejected",
                what=f"the broker refused an order: {self.kind}",
                why=self.message,
                hint="alchemiser history shows the order",
            ),
        )


@frozen
class Throttled:
    """The broker did not look at the request because there were too many; nothing was sent on."""

    retry_after: timedelta | None = None
    """How long the broker asks to wait, where it says so."""

    def problems(self) -> tuple[Problem, ...]:
        """One problem."""
        return (
            Problem("throttled", "the broker takes no more requests for now", why="rate limit"),
        )


@frozen
class OutcomeUnknown:
    """Nobody knows whether the broker has the order."""

    why: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: what went wrong on the way."""
        return (
            Problem(
                code="outcome-unknown",
                what="an order was sent and no answer came that can be read",
                why=self.why,
                hint="it is looked up by its client order id before anything else is sent for it",
            ),
        )


SubmissionFailure = Rejected | Throttled | OutcomeUnknown
