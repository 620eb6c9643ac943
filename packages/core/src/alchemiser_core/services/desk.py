"""The desk: every port that trading needs, in one place."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

from attrs import frozen

from alchemiser_core.domain.journal.events import JournalEvent
from alchemiser_core.ports.broker import Broker
from alchemiser_core.ports.broker_calendar import KeepsCalendar
from alchemiser_core.ports.clock import Clock
from alchemiser_core.ports.kill_switch import KillSwitch
from alchemiser_core.ports.notifier import NotDelivered, Notifier
from alchemiser_core.ports.order_journal import OrderJournal
from alchemiser_core.ports.order_updates import OrderUpdates
from alchemiser_core.ports.quotes import Quotes


class Observer(Protocol):
    """Looks on; nothing that is traded depends on it."""

    def written(self, events: Sequence[JournalEvent]) -> None:
        """Events that are durable now."""
        ...

    def undelivered(self, failure: NotDelivered) -> None:
        """An alert that a channel could not deliver; it stands in the journal all the same."""
        ...


@frozen
class Unobserved:
    """Nobody looks on, as in a rehearsal; alerts are in the journal."""

    def written(self, events: Sequence[JournalEvent]) -> None:
        """Nothing."""

    def undelivered(self, failure: NotDelivered) -> None:
        """Nothing."""


def never() -> bool:
    """Nobody interrupts."""
    return False


def steady() -> timedelta | None:
    """The clock has not jumped."""
    return None


@frozen(eq=False)
class Desk:
    """The ports through which an account is traded."""

    broker: Broker
    quotes: Quotes
    updates: OrderUpdates
    journal: OrderJournal
    clock: Clock
    kill_switch: KillSwitch
    notifiers: tuple[Notifier, ...] = ()
    observer: Observer = Unobserved()
    interrupted: Callable[[], bool] = never
    """Whether this process was asked to end; unlike the kill switch it stops this run alone."""
    market_hours: KeepsCalendar | None = None
    """The broker's own calendar; `None` where it has none."""
    clock_jump: Callable[[], timedelta | None] = steady
    """By how much the computer's clock was set while the program ran; `None` where it was not."""
