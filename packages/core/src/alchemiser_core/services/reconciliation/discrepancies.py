"""Discrepancies: everything in which the journal and the broker can differ, as values."""

from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from alchemiser_core.domain.alert import Severity
from alchemiser_core.domain.money import decimal_text
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.problem import Problem


class DiscrepancyKind(StrEnum):
    """What kind of difference it is; the value is the stable code."""

    ACCOUNT_MISMATCH = "account-mismatch"
    """The journal is of another account, or of another broker."""
    MODE_MISMATCH = "mode-mismatch"
    """One is of real money and the other is not."""
    ACCOUNT_BLOCKED = "account-blocked"
    UNKNOWN_HOLDINGS = "unknown-holdings"
    """The journal is new, and the account is not empty."""
    UNKNOWN_ORDER = "unknown-order"
    """An order of Alchemiser's that the journal does not know."""
    FOREIGN_ORDER = "foreign-order"
    """An open order of somebody else's."""
    STALE_ORDER = "stale-order"
    """An own order that is still open though its cycle is closed."""
    VANISHED_ORDER = "vanished-order"
    """An own order of a closed cycle that the broker does not know and that never ended."""
    UNPRICED_FILL = "unpriced-fill"
    """A late fill whose price the broker does not say (yet)."""
    UNBOOKABLE_FILL = "unbookable-fill"
    """A late fill that sells more than the books hold."""
    QUANTITY_DIFFERS = "quantity-differs"
    CASH_DIFFERS = "cash-differs"
    PROBABLE_SPLIT = "probable-split"
    """The broker has a multiple of the shares, and the same cash."""
    LAGGING = "lagging"
    """The broker's numbers do not show (yet) what its own orders say was filled."""
    POSITIONS_MISSING = "positions-missing"
    """The broker shows no positions at all, and no cash that came for them."""
    SHORT_POSITION = "short-position"
    """Somebody else's: it is named and never touched."""
    UNPRICED_POSITION = "unpriced-position"
    """Shares that would be accepted, but for which there is no price."""

    @property
    def blocks(self) -> bool:
        """Whether nothing may be traded while it lasts."""
        return self not in _HARMLESS

    @property
    def passes(self) -> bool:
        """Whether reading the broker again soon may show that there is no difference."""
        return self in _PASSING


_HARMLESS = frozenset(
    {
        DiscrepancyKind.FOREIGN_ORDER,
        DiscrepancyKind.STALE_ORDER,
        DiscrepancyKind.VANISHED_ORDER,
        DiscrepancyKind.SHORT_POSITION,
    }
)
_PASSING = frozenset(
    {
        DiscrepancyKind.LAGGING,
        DiscrepancyKind.POSITIONS_MISSING,
        DiscrepancyKind.UNPRICED_FILL,
    }
)
_ACCEPT = "look at the account, then accept it as it is with alchemiser reconcile --adopt"
_HINTS = {
    DiscrepancyKind.ACCOUNT_MISMATCH: "use the journal of this account, or the key of that one",
    DiscrepancyKind.MODE_MISMATCH: "use a journal of its own for real money",
    DiscrepancyKind.ACCOUNT_BLOCKED: "ask the broker why it takes no orders",
    DiscrepancyKind.FOREIGN_ORDER: "its symbol is left alone until the order is over",
    DiscrepancyKind.STALE_ORDER: "its symbol is left alone until the order is over",
    DiscrepancyKind.VANISHED_ORDER: "nothing of it is sent again; compare the broker's history",
    DiscrepancyKind.UNPRICED_FILL: "it is booked as soon as the broker says the price",
    DiscrepancyKind.LAGGING: "it is read again; nothing is traded on numbers that do not fit",
    DiscrepancyKind.POSITIONS_MISSING: "it is read again; an empty answer is not believed",
    DiscrepancyKind.SHORT_POSITION: "its symbol is left alone until the position is closed",
    DiscrepancyKind.PROBABLE_SPLIT: "wait until the broker books the split, or " + _ACCEPT,
    DiscrepancyKind.UNPRICED_POSITION: "load bars of the symbol, or list it as unmanaged",
}


@frozen
class Discrepancy:
    """One difference, with what each side says."""

    kind: DiscrepancyKind
    subject: str
    """A symbol, `CASH`, an order id, an account."""
    journal: str
    broker: str

    @property
    def text(self) -> str:
        """Both sides in one sentence, without a full stop."""
        name = self.kind.value.replace("-", " ")
        return f"{name}: {self.subject}, journal {self.journal}, broker {self.broker}"

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return Severity.CRITICAL if self.kind.blocks else Severity.WARNING

    def problems(self) -> tuple[Problem, ...]:
        """One problem: both sides, and what can be done."""
        return (
            Problem(
                code=self.kind.value,
                what=self.text,
                where=self.subject,
                why="nothing is traded on an account that is not known"
                if self.kind.blocks
                else "it is named so that somebody knows",
                hint=_HINTS.get(self.kind, _ACCEPT),
            ),
        )


def of_amounts(kind: DiscrepancyKind, name: str, books: Decimal, broker: Decimal) -> Discrepancy:
    """A difference of two quantities or amounts."""
    return Discrepancy(kind, name, decimal_text(books), decimal_text(broker))


def of_order(kind: DiscrepancyKind, report: OrderReport, journal: str) -> Discrepancy:
    """A difference about an order, with what the broker says of it."""
    filled, wanted = decimal_text(report.filled_quantity), decimal_text(report.quantity)
    said = f"{report.side} {report.symbol} {report.status}, {filled} of {wanted} filled"
    return Discrepancy(kind, report.client_order_id, journal, said)
