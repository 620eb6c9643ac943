"""Writing down: events are durable before anybody acts on them, and alerts go out after that."""

from collections.abc import Sequence

from returns.result import Failure, Result, Success

from alchemiser_core.domain.alert import Alert
from alchemiser_core.domain.journal.events import AlertRaised, JournalEvent
from alchemiser_core.ports.order_journal import JournalFailure
from alchemiser_core.services.desk import Desk


def write(desk: Desk, events: Sequence[JournalEvent]) -> Result[None, JournalFailure]:
    """Append events at the desk's time, show them, and tell people the alerts among them.

    An alert that a channel does not deliver stops nothing: it stands in the journal.
    """
    if not events:
        return Success(None)
    written = desk.journal.append(events, desk.clock.now())
    if isinstance(written, Failure):
        return Failure(written.failure())
    desk.observer.written(events)
    for event in events:
        if isinstance(event, AlertRaised):
            tell(desk, event.alert)
    return Success(None)


def tell(desk: Desk, alert: Alert) -> None:
    """Tell an alert to everybody who is to know."""
    for notifier in desk.notifiers:
        told = notifier.notify(alert)
        if isinstance(told, Failure):
            desk.observer.undelivered(told.failure())
