"""Shows what a cycle does while it does it: each event in words once it is durable."""

from collections.abc import Sequence

from attrs import define, field

from alchemiser_app.cli.output import note, write_lines
from alchemiser_app.reports.events import event_line
from alchemiser_core.domain.journal.events import JournalEvent
from alchemiser_core.ports.notifier import NotDelivered


@define
class OrderLines:
    """Prints the lines of events, unless an object is to be printed at the end."""

    as_json: bool = False
    seen: list[JournalEvent] = field(factory=list)
    """Every event that was written while it looked on."""

    def written(self, events: Sequence[JournalEvent]) -> None:
        """Print what there is to say."""
        self.seen.extend(events)
        if not self.as_json:
            write_lines(line for line in map(event_line, events) if line is not None)

    def undelivered(self, failure: NotDelivered) -> None:
        """An alert that did not get through is told here at least."""
        for problem in failure.problems():
            note(f"warning: {problem}")
