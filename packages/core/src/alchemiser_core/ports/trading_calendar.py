"""The trading-calendar port: on which days, and between which times, a market is open."""

from datetime import date
from typing import Protocol, runtime_checkable

from attrs import frozen
from returns.result import Result

from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.session import TradingSession


@frozen
class BeyondCalendar:
    """Days that the calendar does not know."""

    calendar: str
    asked: date
    first: date
    last: date

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the day, and what is known."""
        return (
            Problem(
                code="beyond-calendar",
                what=f"the calendar {self.calendar} does not know {self.asked}",
                where=self.calendar,
                why=f"it knows {self.first} to {self.last}",
                hint="install a newer version of the calendar",
            ),
        )


class TradingCalendar(Protocol):
    """The sessions of a market."""

    @property
    def name(self) -> str:
        """Name of the calendar, for reports."""
        ...

    def sessions(
        self, start: date, end: date
    ) -> Result[tuple[TradingSession, ...], BeyondCalendar]:
        """The sessions from `start` to `end`, both inclusive, in order; maybe none."""
        ...


@runtime_checkable
class KnownUntil(Protocol):
    """A calendar that tells how far ahead it knows."""

    @property
    def last(self) -> date:
        """The last day that it knows; what comes after is a failure."""
        ...


@runtime_checkable
class Corrected(Protocol):
    """A calendar against whose tables somebody has said something."""

    @property
    def corrections(self) -> tuple[str, ...]:
        """What was said, one line each, by day; empty where nothing was."""
        ...
