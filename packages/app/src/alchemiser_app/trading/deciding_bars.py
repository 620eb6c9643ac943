"""The bars that a cycle decides by: read when it is time, up to the session that may be known."""

from collections.abc import Callable
from datetime import date, timedelta

from attrs import evolve, frozen
from returns.result import Failure, Result, Success

from alchemiser_app.bar_checking.checker import BarChecker
from alchemiser_app.bar_checking.telling import alerts_of
from alchemiser_app.trading.bounded_decisions import BoundedDecisions
from alchemiser_app.trading.refreshing import nothing_to_refresh
from alchemiser_core.config.settings import DecideOn
from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.domain.problem import Explainable, Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.plugins.contained_bars import contained_bars
from alchemiser_core.ports.market_data import BarRequest, MarketData
from alchemiser_core.ports.trading_calendar import TradingCalendar
from alchemiser_core.services.bar_checks import BarsRefused, CheckedBars
from alchemiser_core.services.cycle import DecidingBars
from alchemiser_core.services.trading import LastCloses, LiveDecisions

_LONGEST_CLOSURE = timedelta(days=14)


@frozen
class NotRead:
    """There are no bars to decide by, and what went before."""

    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """Everything, what stands in the way first."""
        return self.found


@frozen(eq=False)
class BarReader:
    """Reads and checks the bars of a trading day."""

    feed: MarketData
    calendar: TradingCalendar | None
    """Whose sessions the bars must not lag behind; `None` where the trading day is the data's own.
    """
    decide_on: DecideOn
    symbols: tuple[Symbol, ...]
    carry: int
    checker: BarChecker
    decision_limit: timedelta
    """How long each strategy may take."""
    refresh: Callable[[], tuple[Problem, ...]] = nothing_to_refresh
    """Brings the bars up to date, and says what did not work; that alone does not end a cycle."""

    def read(self, day: date) -> Result[DecidingBars, Explainable]:
        """Completed bars up to the session that decides. Failures: none, unreadable, or refused by
        a check.
        """
        troubles = self.refresh()
        found = self._read(day)
        if isinstance(found, Failure):
            return Failure(NotRead((*found.failure().problems(), *troubles)))
        bars = found.unwrap()
        return Success(evolve(bars, alerts=(*map(_alert, troubles), *bars.alerts)))

    def _read(self, day: date) -> Result[DecidingBars, Explainable]:
        """The bars that there are now."""
        provisional = self.decide_on is DecideOn.PROVISIONAL
        last = day if provisional else day - timedelta(days=1)
        needed = self._needed(day)
        if isinstance(needed, Failure):
            return Failure(needed.failure())
        bars = contained_bars(self.feed, BarRequest(self.symbols, end=last))
        if isinstance(bars, Failure):
            return Failure(bars.failure())
        history = evolve(bars.unwrap(), carry=self.carry)
        decides = needed.unwrap()
        checked = self.checker.check(
            history,
            decides=decides,
            completed=decides or last,
            running=day if provisional else None,
        )
        return checked.map(self._deciding).alt(_as_explainable)

    def _deciding(self, checked: CheckedBars) -> DecidingBars:
        decisions = BoundedDecisions(LiveDecisions(checked.history), self.decision_limit)
        alerts = alerts_of(checked.findings)
        # What is held is valued also where its symbol is not to be decided by.
        return DecidingBars(checked.history.sessions, decisions, LastCloses(checked.known), alerts)

    def _needed(self, day: date) -> Result[date | None, Explainable]:
        """The session that has to decide by the calendar; `None` where the bars say it."""
        if self.calendar is None or self.decide_on is DecideOn.PROVISIONAL:
            return Success(None)
        known = self.calendar.sessions(day - _LONGEST_CLOSURE, day - timedelta(days=1))
        if isinstance(known, Failure):
            return Failure(known.failure())
        sessions = known.unwrap()
        return Success(sessions[-1].day if sessions else None)


def _alert(problem: Problem) -> Alert:
    text = f"the bars could not be brought up to date: {problem}"
    return Alert(problem.code, Severity.WARNING, text, problem.where)


def _as_explainable(refused: BarsRefused) -> Explainable:
    return refused
