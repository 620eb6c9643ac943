"""The journal in the log: every event once it is durable, with its cycle and its order."""

from collections.abc import Sequence

from attrs import frozen
from loguru import logger

from alchemiser_app.logs.context import every_line_says
from alchemiser_app.reports.events import event_line
from alchemiser_core.domain.journal.codec import kind_of
from alchemiser_core.domain.journal.events import (
    AlertRaised,
    BooksSettled,
    CycleClosed,
    CycleOpened,
    Halted,
    JournalEvent,
    LineEnded,
    OrderIntended,
    OrderReported,
)
from alchemiser_core.domain.orders.identifiers import CycleKey
from alchemiser_core.ports.notifier import NotDelivered
from alchemiser_core.services.desk import Observer


@frozen
class JournalLog:
    """An `Observer` that logs, all as information: what is a warning is told besides.

    A cycle that is taken up again was opened by an earlier run; its orders are named, and the
    cycle itself only where it ends.
    """

    def written(self, events: Sequence[JournalEvent]) -> None:
        """Log each event under the name that it has in the journal."""
        for event in events:
            if isinstance(event, CycleOpened | CycleClosed):
                every_line_says(cycle=cycle_text(event.cycle))
            line = (event_line(event) or "").strip()
            bound = logger.bind(event=kind_of(event), **_bound(event))
            bound.info("{}", line or kind_of(event))
            if isinstance(event, CycleClosed):
                every_line_says(cycle=None)

    def undelivered(self, failure: NotDelivered) -> None:
        """Log why an alert did not get through; whoever looks on is told besides."""
        alert = failure.alert
        for problem in failure.problems():
            logger.bind(code=problem.code, subject=alert.subject).info("{}", str(problem))


@frozen
class Both:
    """Two observers, of which the first is told first."""

    first: Observer
    second: Observer

    def written(self, events: Sequence[JournalEvent]) -> None:
        """Events that are durable now."""
        self.first.written(events)
        self.second.written(events)

    def undelivered(self, failure: NotDelivered) -> None:
        """An alert that a channel could not deliver."""
        self.first.undelivered(failure)
        self.second.undelivered(failure)


def cycle_text(cycle: CycleKey) -> str:
    """`portfolio/2026-03-02/1`; the account is not in every line."""
    return f"{cycle.portfolio}/{cycle.trading_day}/{cycle.cycle}"


def _bound(event: JournalEvent) -> dict[str, str]:
    match event:
        case OrderIntended():
            return {"order": event.request.client_order_id, "subject": event.request.symbol}
        case OrderReported():
            return {"order": event.report.client_order_id, "subject": event.report.symbol}
        case AlertRaised():
            return {"code": event.alert.code, "subject": event.alert.subject}
        case Halted():
            return {"code": event.code}
        case LineEnded() | BooksSettled():
            return {"subject": event.symbol}
        case _:
            order = getattr(event, "client_order_id", None)
            return {} if order is None else {"order": str(order)}
