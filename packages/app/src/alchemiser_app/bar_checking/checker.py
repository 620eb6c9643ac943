"""Checks bars with all that is known beside them: splits of a raw feed, and a second vendor."""

from collections.abc import Callable
from datetime import date, timedelta

from attrs import evolve, frozen
from returns.result import Failure, Result

from alchemiser_app.bar_checking.bounded_feed import bounded_bars
from alchemiser_core.config.check_settings import CheckSettings
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins.contained_bars import contained_read
from alchemiser_core.ports.corporate_actions import CorporateAction, CorporateActions
from alchemiser_core.ports.market_data import BarRequest, MarketData
from alchemiser_core.ports.trading_calendar import TradingCalendar
from alchemiser_core.services.bar_checks import (
    BarFacts,
    BarsRefused,
    CheckedBars,
    SecondOpinion,
    check_bars,
    looked_at,
    second_question,
)
from alchemiser_core.services.desk import never


@frozen(eq=False)
class BarChecker:
    """Checks what a feed gave."""

    feed: MarketData
    second: MarketData | None
    """Which prices are held against; `None` where there is no second vendor."""
    settings: CheckSettings
    calendar: TradingCalendar | None = None
    """Whose sessions the days of the bars have to be; `None` where nobody says."""
    interrupted: Callable[[], bool] = never
    """Whether the process was asked to end; the second vendor is then not waited for."""

    def check(
        self,
        history: BarHistory,
        *,
        decides: date | None = None,
        completed: date | None = None,
        running: date | None = None,
    ) -> Result[CheckedBars, BarsRefused]:
        """The bars as they may be decided by, see `check_bars`; the days as in `BarFacts`.

        Takes as long as the feed of raw prices takes to tell its splits, and at most
        `second_seconds` for the second vendor.
        """
        facts = BarFacts(decides, completed, running, self.feed.name)
        return check_bars(history, self.settings, self.known_of(history, facts))

    def known_of(self, history: BarHistory, facts: BarFacts) -> BarFacts:
        """The facts, and what the feeds say of the sessions that are looked at."""
        recent = looked_at(history, self.settings, facts)
        if not len(recent.priced):
            return facts
        first, last = recent.history.session(0), recent.session(len(recent.priced) - 1)
        sessions = self._sessions(history, recent.session(0), last)
        actions, unread = self._actions(history, first, last)
        opinion = None
        question = second_question(recent, self.settings) if self.second else None
        if self.second is not None and question is not None:
            request = BarRequest(question.symbols, question.start, question.end)
            opinion = self._opinion(self.second, request)
        return evolve(
            facts, sessions=sessions, actions=actions, actions_unread=unread, second=opinion
        )

    def _sessions(self, history: BarHistory, first: date, last: date) -> tuple[date, ...] | None:
        """By the calendar; `None` also where it does not reach so far back, and of prices that are
        made up, which have sessions of their own.
        """
        if self.calendar is None or history.synthetic:
            return None
        known = self.calendar.sessions(first, last)
        if isinstance(known, Failure):
            return None
        return tuple(session.day for session in known.unwrap())

    def _actions(
        self, history: BarHistory, first: date, last: date
    ) -> tuple[tuple[CorporateAction, ...], tuple[Problem, ...]]:
        feed = self.feed
        if not isinstance(feed, CorporateActions):
            return (), ()

        def are_actions(answer: object) -> bool:
            return isinstance(answer, tuple) and all(
                isinstance(action, CorporateAction) for action in answer
            )

        said = contained_read(
            feed.name, lambda: feed.actions(history.symbols, first, last), are_actions
        )
        if isinstance(said, Failure):
            return (), said.failure().problems()
        return said.unwrap(), ()

    def _opinion(self, second: MarketData, request: BarRequest) -> SecondOpinion:
        limit = timedelta(seconds=self.settings.second_seconds)
        said = bounded_bars(second, request, limit, self.interrupted)
        if isinstance(said, Failure):
            return SecondOpinion(second.name, request.symbols, silence=said.failure().problems())
        return SecondOpinion(second.name, request.symbols, said.unwrap())
