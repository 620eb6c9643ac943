"""Shows what a cycle does while it does it: each event in words once it is durable."""

import textwrap
from collections.abc import Sequence

from attrs import define, field

from alchemiser_app.cli.output import note, write_lines
from alchemiser_app.reports.events import event_line
from alchemiser_core.domain.journal.events import JournalEvent
from alchemiser_core.ports.notifier import NotDelivered

_WIDTH = 80


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
            lines = (line for line in map(event_line, events) if line is not None)
            write_lines(part for line in lines for part in _wrapped(line))

    def undelivered(self, failure: NotDelivered) -> None:
        """An alert that did not get through is told here at least."""
        for problem in failure.problems():
            note(f"warning: {problem}")


def _wrapped(line: str) -> list[str]:
    """A line in parts that fit on a terminal; those after the first stand further in."""
    return textwrap.wrap(line, _WIDTH, subsequent_indent=" " * 6, break_long_words=False)
