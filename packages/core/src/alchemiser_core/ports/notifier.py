"""The notifier port: how people are told what they have to know."""

from typing import Protocol

from attrs import frozen
from returns.result import Result

from alchemiser_core.domain.alert import Alert
from alchemiser_core.domain.problem import Problem


@frozen
class NotDelivered:
    """An alert that did not get through."""

    alert: Alert
    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """What went wrong."""
        return self.found


class Notifier(Protocol):
    """A channel to people. An alert that cannot be delivered never stops a cycle."""

    @property
    def name(self) -> str:
        """Name of the channel, for reports."""
        ...

    def notify(self, alert: Alert) -> Result[None, NotDelivered]:
        """Tell it, within a bounded time."""
        ...
