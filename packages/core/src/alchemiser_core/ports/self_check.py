"""The self-check port: what an adapter can find out about its own connection, for `doctor`."""

from typing import Protocol, runtime_checkable

from attrs import frozen

from alchemiser_core.domain.problem import Problem


@frozen
class Finding:
    """One thing that was checked."""

    name: str
    """What was looked at, one or two words, e.g. `clock`."""
    found: str
    """What was found, one line without a full stop."""
    problems: tuple[Problem, ...] = ()
    """Why that is not in order; empty where it is."""

    @property
    def ok(self) -> bool:
        """Whether it is in order."""
        return not self.problems


@runtime_checkable
class SelfCheck(Protocol):
    """An adapter that can look at its connection without changing anything."""

    def check(self) -> tuple[Finding, ...]:
        """Everything that was looked at, in a bounded time; a failure is a finding too."""
        ...
