"""The bars that a cycle decides by: read when it is time, up to the session that may be known."""

from datetime import date, timedelta

from attrs import evolve, frozen
from returns.result import Failure, Result, Success

from alchemiser_app.trading.bounded_decisions import BoundedDecisions
from alchemiser_core.config.settings import DecideOn
from alchemiser_core.domain.problem import Explainable, Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import BarRequest, MarketData
from alchemiser_core.ports.trading_calendar import TradingCalendar
from alchemiser_core.services.cycle import DecidingBars
from alchemiser_core.services.trading import LastCloses, LiveDecisions

_LONGEST_CLOSURE = timedelta(days=14)


@frozen
class StaleBars:
    """The newest bars are of an earlier session than the one that has to decide."""

    newest: date | None
    needed: date
    source: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: both sessions."""
        have = f"the newest bars are of {self.newest}" if self.newest else "there are no bars"
        return (
            Problem(
                code="stale-bars",
                what=f"{have}, the session of {self.needed} has to decide",
                where=self.source,
                why="a decision on old prices is no decision about today",
                hint="update the data; nothing is traded until then",
            ),
        )


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
    decision_limit: timedelta
    """How long each strategy may take."""

    def read(self, day: date) -> Result[DecidingBars, Explainable]:
        """Completed bars up to the session that decides. Failures: none, unreadable, or stale."""
        last = day if self.decide_on is DecideOn.PROVISIONAL else day - timedelta(days=1)
        bars = self.feed.bars(BarRequest(self.symbols, end=last))
        if isinstance(bars, Failure):
            return Failure(bars.failure())
        history = evolve(bars.unwrap(), carry=self.carry)
        stale = self._stale(history.session(len(history) - 1) if len(history) else None, day)
        if stale is not None:
            return Failure(stale)
        decisions = BoundedDecisions(LiveDecisions(history), self.decision_limit)
        return Success(DecidingBars(history.sessions, decisions, LastCloses(history)))

    def _stale(self, newest: date | None, day: date) -> Explainable | None:
        if self.calendar is None or self.decide_on is DecideOn.PROVISIONAL:
            return None
        known = self.calendar.sessions(day - _LONGEST_CLOSURE, day - timedelta(days=1))
        if isinstance(known, Failure):
            beyond: Explainable = known.failure()
            return beyond
        sessions = known.unwrap()
        needed = sessions[-1].day if sessions else None
        if needed is None or (newest is not None and newest >= needed):
            return None
        return StaleBars(newest, needed, self.feed.name)
