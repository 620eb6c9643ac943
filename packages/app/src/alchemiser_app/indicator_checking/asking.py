"""Asks the second vendor in a thread of its own, with a feed that nobody else uses.

The vendor may hang, raise or answer nonsense: whoever waits is told, and nothing else happens. A
thread that does not come back is left behind and ends with the process.
"""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

from attrs import define, evolve, field, frozen
from returns.result import Failure, Result, Success

from alchemiser_app.timekeeping.awaited_thread import ended_within
from alchemiser_app.trading.closing import close
from alchemiser_core.domain.problem import Explainable, Problem
from alchemiser_core.plugins.containment import contained
from alchemiser_core.ports.market_data import MarketData
from alchemiser_core.services.indicator_check import (
    CheckRules,
    Decided,
    IndicatorReport,
    check_indicators,
)

BuildVendor = Callable[[], Result[MarketData | None, Explainable]]
"""Builds the second vendor's feed, a new one each time; `None` where none is configured."""


@frozen
class NotChecked:
    """A check that came to nothing."""

    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """Why."""
        return self.found


Answer = Result[IndicatorReport, NotChecked]


@define(eq=False)
class Asking:
    """One check, from its start to its answer."""

    decided: Decided
    build: BuildVendor
    rules: CheckRules
    _answer: Answer | None = field(default=None, init=False)
    _thread: Thread = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._thread = Thread(target=self._ask, name="checking indicators", daemon=True)

    def start(self) -> None:
        """Begin, and return at once. Orders are about to be sent: a computer without a thread left
        costs the check, and nothing else.
        """
        try:
            self._thread.start()
        except RuntimeError as error:
            self._answer = Failure(NotChecked((_without_a_thread(self.decided, str(error)),)))

    def wait(self, patience: timedelta, interrupted: Callable[[], bool]) -> bool:
        """Whether it is over within the time, or until whoever waits is asked to end."""
        return ended_within(self._thread, patience, interrupted)

    def answer(self) -> Answer:
        """What came of it, once it is over."""
        if self._answer is not None:
            return self._answer
        return Failure(NotChecked((_without_an_answer(self.decided),)))

    def _ask(self) -> None:
        built = self.build()
        if isinstance(built, Failure):
            self._answer = Failure(NotChecked(built.failure().problems()))
            return
        vendor = built.unwrap()
        if vendor is None:
            self._answer = Failure(NotChecked((no_second_feed(),)))
            return
        report = check_indicators(self.decided, vendor, self.rules)
        self._answer = Success(_closed(vendor, report))


def _closed(vendor: MarketData, report: IndicatorReport) -> IndicatorReport:
    """The report, with what letting go of the feed came to."""
    closed = contained(lambda: close(vendor))
    if isinstance(closed, Success):
        return report
    what = f"the feed {report.vendor} failed as it was closed"
    problem = Problem("feed-failed", what, report.vendor, str(closed.failure()))
    return evolve(report, found=(*report.found, problem))


def no_second_feed() -> Problem:
    """Nobody says who the second vendor is."""
    return Problem(
        code="no-second-feed",
        what="there is no second vendor to hold the indicators against",
        where="data.second.feed",
        hint="set data.second.feed to a data feed; alchemiser plugins lists them",
    )


def _without_a_thread(decided: Decided, why: str) -> Problem:
    what = "the check of the indicators could not be begun"
    hint = "run: alchemiser check indicators"
    return Problem("indicators-not-checked", what, str(decided.as_of), why, hint)


def _without_an_answer(decided: Decided) -> Problem:
    return Problem(
        code="indicators-not-checked",
        what="the check of the indicators ended without an answer",
        where=str(decided.as_of),
        why="the second vendor's feed, or the program, failed; what failed is shown above",
        hint="run: alchemiser check indicators",
    )
