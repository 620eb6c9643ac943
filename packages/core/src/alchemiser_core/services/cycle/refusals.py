"""Why a cycle is refused before any order, where no other part of the core says so."""

from datetime import date

from attrs import frozen

from alchemiser_core.domain.journal.events import Halted
from alchemiser_core.domain.orders.identifiers import CycleKey
from alchemiser_core.domain.problem import Problem


@frozen
class CycleStillOpen:
    """A dry run cannot look behind a cycle that was not carried out to its end."""

    key: CycleKey

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the cycle."""
        return (
            Problem(
                code="cycle-open",
                what=f"the cycle of {self.key.trading_day} was not carried out to its end",
                why="what it has sent is not accounted for yet",
                hint="run alchemiser trade, which takes it up first",
            ),
        )


@frozen
class TradingIsHalted:
    """Somebody, or the program itself, has said stop."""

    halt: Halted

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the reason."""
        return (
            Problem(
                code="halted",
                what=f"trading is halted: {self.halt.why or self.halt.code}",
                why=self.halt.code,
                hint="alchemiser resume, once the reason is gone",
            ),
        )


@frozen
class AskedToEnd:
    """The process was asked to end before anything was written down."""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: that."""
        return (
            Problem(
                code="asked-to-end",
                what="the process was asked to end before its first order",
                why="nothing was decided, and nothing was sent",
                hint="run it again: the day can still be traded",
            ),
        )


@frozen
class NoWindow:
    """There is no session today."""

    day: date

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the day."""
        return (
            Problem(
                code="market-closed",
                what=f"the market has no session on {self.day}",
                hint="alchemiser run waits for the next session",
            ),
        )
