"""A notifier that keeps what it was told, and can be told to fail."""

from attrs import define, field
from returns.result import Failure, Result, Success

from alchemiser_core.domain.alert import Alert
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.notifier import NotDelivered


@define
class RecordingNotifier:
    """Delivers to a list."""

    name: str = "recording"
    failing: bool = False
    """Nothing gets through while it is set."""
    delivered: list[Alert] = field(factory=list)
    """What got through, oldest first."""
    lost: list[Alert] = field(factory=list)
    """What did not."""

    def notify(self, alert: Alert) -> Result[None, NotDelivered]:
        """Keep the alert; a failure while it is failing."""
        if self.failing:
            self.lost.append(alert)
            return Failure(NotDelivered(alert, (_told_to_fail(self.name),)))
        self.delivered.append(alert)
        return Success(None)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of what got through."""
        return tuple(alert.code for alert in self.delivered)


def _told_to_fail(name: str) -> Problem:
    return Problem("not-delivered", "the alert was not delivered", name, "it was told to fail")
