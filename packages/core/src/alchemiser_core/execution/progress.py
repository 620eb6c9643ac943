"""The progress of one order: a fold over what is known about it, which never goes backwards."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.money import NO_MONEY, ZERO, Usd
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.orders.submission import RejectionKind


class Stage(StrEnum):
    """How far an order has come."""

    INTENDED = "intended"
    """Written down; maybe sent."""
    UNRESOLVED = "unresolved"
    """Sent, and nobody knows what came of it."""
    WORKING = "working"
    """At the broker and not over."""
    OVER = "over"
    """Nothing more will be filled."""


@frozen(slots=False)
class OrderProgress:
    """One order of a plan. The fields after `cancel_asked` are forgotten by a restart."""

    request: OrderRequest
    stage: Stage = Stage.INTENDED
    broker_order_id: str = ""
    status: OrderStatus | None = None
    """The broker's last word that was not out of date."""
    filled_quantity: Decimal = ZERO
    filled_value: Usd | None = NO_MONEY
    """`None` where shares were filled at a price that is not known yet."""
    costs: Usd = NO_MONEY
    refused: RejectionKind | None = None
    reason: str = ""
    """The broker's words where it refused or ended the order."""
    cancel_asked: bool = False

    sent_at: datetime | None = None
    sends: int = 0
    missing: int = 0
    """"No such order", how often in a row."""
    look_at: datetime | None = None
    """When to look it up, or send it again where it was never sent."""
    cancel_at: datetime | None = None
    """When to cancel it: the end of a step, or a cancel that stays unconfirmed."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be filled and what was filled has a price."""
        return self.stage is Stage.OVER and self.filled_value is not None

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to look it up or to cancel it."""
        look_at, cancel_at = self.look_at, self.cancel_at
        return (look_at is not None and look_at <= now) or (
            cancel_at is not None and cancel_at <= now
        )

    @property
    def is_given_up(self) -> bool:
        """Whether it is over because the broker showed no such order, and not by its own word."""
        ended = self.status is not None and self.status.is_terminal
        whole = self.filled_quantity >= self.request.quantity
        return self.stage is Stage.OVER and self.refused is None and not (ended or whole)

    @property
    def open_quantity(self) -> Decimal:
        """Shares that may still be filled."""
        if self.stage is Stage.OVER:
            return ZERO
        return self.request.quantity - self.filled_quantity

    def told(self, report: OrderReport) -> "OrderProgress":
        """The progress after a report; itself where the report says nothing new.

        Filled quantities only grow and an order that is over stays so, whatever the sequence in
        which reports come. "Filled" is believed when all of it is.
        """
        if self.knows(report):
            return self
        more = report.filled_quantity > self.filled_quantity
        filled = report.filled_quantity if more else self.filled_quantity
        value, costs = self.filled_value, self.costs
        if more or (report.filled_quantity == filled and value is None):
            value, costs = report.filled_value, report.costs
        complete = filled >= self.request.quantity
        over = self.stage is Stage.OVER or complete or _ends(report)
        late = self.stage is Stage.OVER and self.status is not None
        return changed(
            self,
            stage=Stage.OVER if over else Stage.WORKING,
            broker_order_id=report.broker_order_id or self.broker_order_id,
            status=self.status if late else report.status,
            filled_quantity=filled,
            filled_value=value,
            costs=costs,
            refused=_refusal(report, self.refused),
            reason=report.reason or self.reason,
        )

    def knows(self, report: OrderReport) -> bool:
        """Whether a report says nothing new, as most of them do: polls repeat every order."""
        if report.filled_quantity > self.filled_quantity:
            return False
        priced = self.filled_value is None and report.filled_value is not None
        if priced and report.filled_quantity == self.filled_quantity:
            return False
        if self.stage is Stage.WORKING:
            return report.status is self.status and self.broker_order_id != ""
        return self.stage is Stage.OVER


def _ends(report: OrderReport) -> bool:
    if report.status is OrderStatus.FILLED:
        return report.filled_quantity >= report.quantity
    return report.status.is_terminal


def _refusal(report: OrderReport, known: RejectionKind | None) -> RejectionKind | None:
    return RejectionKind.OTHER if report.status is OrderStatus.REJECTED else known
