"""One turn of the machine: the state as it changes, what is written down, what is to be done."""

from collections.abc import Iterable
from datetime import datetime

from attrs import define, field, frozen

from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.domain.journal.events import AlertRaised, JournalEvent
from alchemiser_core.domain.orders.identifiers import ClientOrderId
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution.commands import Command
from alchemiser_core.execution.progress import OrderProgress
from alchemiser_core.execution.state import (
    ExecutionState,
    Line,
    OrderEvent,
    with_event,
    with_line,
    with_order,
)


@frozen
class Step:
    """What one event brings about. The records are durable before any command is performed."""

    state: ExecutionState
    records: tuple[JournalEvent, ...]
    commands: tuple[Command, ...]


@define
class Turn:
    """A step in the making; lives no longer than one call of the machine."""

    state: ExecutionState
    now: datetime
    records: list[JournalEvent] = field(factory=list)
    commands: list[Command] = field(factory=list)

    def record(self, event: OrderEvent) -> None:
        """Write an event down; only so does the lasting part of the state change."""
        self.state = with_event(self.state, event)
        self.records.append(event)

    def alert(self, code: str, severity: Severity, text: str, subject: str = "") -> None:
        """Tell a person."""
        self.records.append(AlertRaised(Alert(code, severity, text, subject)))

    def command(self, *commands: Command) -> None:
        """Have something done."""
        self.commands.extend(commands)

    def line(self, symbol: Symbol) -> Line:
        """A line as it is now."""
        return self.state.lines[symbol]

    def order(self, identifier: ClientOrderId) -> OrderProgress:
        """An order as it is now."""
        return self.state.orders[identifier]

    def put_line(self, line: Line) -> None:
        """Replace the passing part of a line: when it is due, how often a quote was bad."""
        self.state = with_line(self.state, line)

    def put_order(self, progress: OrderProgress) -> None:
        """Replace the passing part of an order: when to look, when to cancel."""
        self.state = with_order(self.state, progress)

    def unended(self) -> Iterable[Line]:
        """The lines on which something may still be sent."""
        return tuple(line for line in self.state.lines.values() if line.end is None)

    def step(self) -> Step:
        """The finished step."""
        return Step(self.state, tuple(self.records), tuple(self.commands))
