"""Shows what a cycle does while it does it: each event in words once it is durable."""

from collections.abc import Sequence

from attrs import define, field

from alchemiser_app.cli.output import note, tell_lines
from alchemiser_app.reports.events import event_line
from alchemiser_app.reports.wrapping import wrapped
from alchemiser_core.domain.journal.events import AlertRaised, JournalEvent
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.notifier import NotDelivered


@define
class OrderLines:
    """Prints the lines of events, unless an object is to be printed at the end."""

    as_json: bool = False
    seen: list[JournalEvent] = field(factory=list)
    """Every event that was written while it looked on."""
    _held: list[AlertRaised] = field(factory=list, init=False)

    def written(self, events: Sequence[JournalEvent]) -> None:
        """Print what there is to say; alerts wait for what comes next, see `close`."""
        self.seen.extend(events)
        for event in events:
            if isinstance(event, AlertRaised):
                self._held.append(event)
                continue
            self.close()
            self._print(event)

    def close(self, problems: Sequence[Problem] = ()) -> None:
        """Print the alerts that waited, but for those that say the same as a problem."""
        said = tuple(str(problem) for problem in problems)
        for event in self._held:
            if not event.alert.text.endswith(said):
                self._print(event)
        self._held.clear()

    def undelivered(self, failure: NotDelivered) -> None:
        """An alert that did not get through is told here at least."""
        for problem in failure.problems():
            note(f"warning: {problem}")

    def _print(self, event: JournalEvent) -> None:
        line = event_line(event)
        if line is not None and not self.as_json:
            tell_lines(wrapped(line))
