"""The broker-simulator port: a local server that speaks a broker's own protocol."""

from collections.abc import Callable
from typing import Protocol

from attrs import frozen
from returns.result import Result

from alchemiser_core.domain.problem import Problem


@frozen
class NotServing:
    """The simulator could not be started, or could not go on."""

    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """What stood in the way."""
        return self.found


class BrokerSimulator(Protocol):
    """An account on this machine that is traded like one at the broker."""

    def serve(self, tell: Callable[[str], None]) -> Result[None, NotServing]:
        """Serve until the process is interrupted; lines for a person go to `tell`, the first ones
        saying where it listens and how a configuration names it.
        """
        ...
