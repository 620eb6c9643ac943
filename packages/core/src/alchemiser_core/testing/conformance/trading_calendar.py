"""What every trading calendar promises."""

# ruff: noqa: D102  (the names of the tests are the promises, as sentences)

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import ClassVar

import pytest
from returns.result import Failure, Result

from alchemiser_core.domain.session import TradingSession
from alchemiser_core.ports.trading_calendar import (
    BeyondCalendar,
    KnownUntil,
    TradingCalendar,
)

_DAY = timedelta(days=1)


class TradingCalendarConformance:
    """Give the fixture `calendar`, and days that it knows."""

    known: ClassVar[tuple[date, date]]
    """First and last day of a range with ten sessions or more; all its days are known."""
    half_days: ClassVar[tuple[date, ...]] = ()
    """Half days in that range, all of them."""
    before: ClassVar[date | None] = date(1700, 1, 1)
    """A day too early to be known; `None` where there is none."""
    beyond: ClassVar[date | None] = date(2200, 1, 1)
    """A day too late to be known; `None` where there is none."""

    @pytest.fixture
    def calendar(self) -> TradingCalendar:
        """The calendar under test."""
        raise NotImplementedError("give a fixture named calendar")

    @pytest.fixture
    def whole(self, calendar: TradingCalendar) -> tuple[TradingSession, ...]:
        """The sessions of the known range."""
        return self._had(calendar.sessions(*self.known))

    def _had(
        self, result: Result[tuple[TradingSession, ...], BeyondCalendar]
    ) -> tuple[TradingSession, ...]:
        assert not isinstance(result, Failure), result.failure().problems()
        return result.unwrap()

    def test_it_has_a_name(self, calendar: TradingCalendar) -> None:
        assert calendar.name.strip()

    def test_sessions_are_in_order_and_in_the_range(
        self, whole: tuple[TradingSession, ...]
    ) -> None:
        assert len(whole) >= 10
        assert all(one.day < other.day for one, other in pairwise(whole))
        assert self.known[0] <= whole[0].day
        assert whole[-1].day <= self.known[1]

    def test_days_and_times_are_plain_ones(self, whole: tuple[TradingSession, ...]) -> None:
        for session in whole:
            assert type(session.day) is date
            assert type(session.opens) is datetime
            assert type(session.closes) is datetime

    def test_a_session_ends_before_the_next_begins(self, whole: tuple[TradingSession, ...]) -> None:
        assert all(one.closes <= other.opens for one, other in pairwise(whole))

    def test_a_session_is_at_about_its_day(self, whole: tuple[TradingSession, ...]) -> None:
        for session in whole:
            assert abs(session.opens.date() - session.day) <= _DAY

    def test_start_and_end_are_included(
        self, calendar: TradingCalendar, whole: tuple[TradingSession, ...]
    ) -> None:
        assert self._had(calendar.sessions(whole[2].day, whole[6].day)) == whole[2:7]
        assert self._had(calendar.sessions(whole[4].day, whole[4].day)) == whole[4:5]

    def test_days_without_a_session_are_left_out(
        self, calendar: TradingCalendar, whole: tuple[TradingSession, ...]
    ) -> None:
        days = {session.day for session in whole}
        span = (whole[-1].day - whole[0].day).days
        closed = (whole[0].day + n * _DAY for n in range(span))
        for day in (day for day in closed if day not in days):
            assert self._had(calendar.sessions(day, day)) == ()

    def test_a_range_that_ends_before_it_starts_has_no_session(
        self, calendar: TradingCalendar, whole: tuple[TradingSession, ...]
    ) -> None:
        assert self._had(calendar.sessions(whole[5].day, whole[4].day)) == ()

    def test_half_days_are_marked_and_close_early(self, whole: tuple[TradingSession, ...]) -> None:
        marked = [session for session in whole if session.is_half_day]
        assert tuple(session.day for session in marked) == self.half_days
        full = [each.closes - each.opens for each in whole if not each.is_half_day]
        for session in marked:
            assert session.closes - session.opens < min(full)

    def test_days_that_it_does_not_know_are_a_failure(
        self, calendar: TradingCalendar, whole: tuple[TradingSession, ...]
    ) -> None:
        early, late = self.before, self.beyond
        self._refuses(calendar, early, early, early)
        self._refuses(calendar, late, late, late)
        self._refuses(calendar, early, whole[3].day, early)
        self._refuses(calendar, whole[3].day, late, late)

    def test_one_that_says_how_far_it_knows_knows_that_far_and_no_further(
        self, calendar: TradingCalendar
    ) -> None:
        if not isinstance(calendar, KnownUntil):
            pytest.skip("it does not say how far it knows")
        last = calendar.last
        assert self._had(calendar.sessions(last - 14 * _DAY, last))
        self._refuses(calendar, last, last + _DAY, last + _DAY)

    def _refuses(
        self,
        calendar: TradingCalendar,
        start: date | None,
        end: date | None,
        asked: date | None,
    ) -> None:
        if start is None or end is None or asked is None:
            return
        result = calendar.sessions(start, end)
        assert isinstance(result, Failure), f"sessions of {start} to {end}"
        failure = result.failure()
        assert isinstance(failure, BeyondCalendar)
        assert failure.asked == asked
        assert not failure.first <= asked <= failure.last
        assert failure.problems()

    def test_the_same_request_has_the_same_answer(
        self, calendar: TradingCalendar, whole: tuple[TradingSession, ...]
    ) -> None:
        assert self._had(calendar.sessions(*self.known)) == whole
