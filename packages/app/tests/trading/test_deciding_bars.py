"""The bars of a trading day: up to the session that decides, checked, and what is odd is told."""

from datetime import date, timedelta

import numpy as np
import pytest
from attrs import evolve
from returns.result import Failure, Success

from alchemiser_app.bar_checking.checker import BarChecker
from alchemiser_app.trading.deciding_bars import BarReader
from alchemiser_core.config.check_settings import CheckPolicy, CheckSettings, WholePolicy
from alchemiser_core.config.settings import DecideOn
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.calendar import FixedCalendar, weekdays
from alchemiser_core.testing.market_data import InMemoryMarketData

SYMBOLS = (Symbol("AAA"), Symbol("BBB"), Symbol("CCC"))
HISTORY = wandering_history(SYMBOLS, 100)
"""From Wednesday, 1 January 2020, to Tuesday, 19 May."""
CALENDAR = FixedCalendar(weekdays(date(2020, 1, 1), date(2020, 12, 31)))
TODAY = date(2020, 5, 20)


def with_close(row, column, value):
    close = np.array(HISTORY.close)
    close[row, column] = value
    return evolve(HISTORY, close=close)


def columns_of(days):
    names = ("close", "open", "high", "low", "volume")
    return {
        name: getattr(HISTORY, name)[days] for name in names if getattr(HISTORY, name) is not None
    }


def read(
    history=HISTORY,
    day=TODAY,
    feed=None,
    decide_on=DecideOn.PREVIOUS_CLOSE,
    calendar=CALENDAR,
    second=None,
    **settings,
):
    feed = feed or InMemoryMarketData(history)
    reader = BarReader(
        feed=feed,
        calendar=calendar,
        decide_on=decide_on,
        symbols=SYMBOLS,
        carry=5,
        checker=BarChecker(feed, second, CheckSettings(**settings), calendar),
        decision_limit=timedelta(seconds=5),
    )
    return reader.read(day)


def problems(result):
    refused = result.failure().problems() if isinstance(result, Failure) else ()
    return [problem.code for problem in refused]


def test_sound_bars_are_those_up_to_the_session_before_and_nothing_is_told():
    bars = read().unwrap()
    assert bars.sessions[-1] == np.datetime64("2020-05-19")
    assert bars.alerts == ()
    assert len(read(day=date(2020, 3, 4)).unwrap().sessions) == 45


def test_lesson_stale_data_is_not_reported_and_traded_on():
    assert problems(read(day=TODAY + timedelta(days=1))) == ["stale-bars"]
    assert problems(read(with_close(-1, 1, np.nan))) == ["missing-bar"]


def test_whoever_accepts_old_bars_is_told_each_time():
    bars = read(day=TODAY + timedelta(days=1), stale=WholePolicy.WARN).unwrap()
    assert [alert.code for alert in bars.alerts] == ["stale-bars"]


def test_a_day_that_decides_by_itself_needs_no_bars_of_a_calendar():
    bars = read(decide_on=DecideOn.PROVISIONAL, day=date(2020, 5, 19)).unwrap()
    assert bars.sessions[-1] == np.datetime64("2020-05-19")


def test_a_second_vendor_without_todays_bar_is_no_alert_where_today_decides():
    second = InMemoryMarketData(HISTORY.rows(0, 99))
    day = {"day": date(2020, 5, 19), "decide_on": DecideOn.PROVISIONAL}
    assert read(**day, second=second).unwrap().alerts == ()
    (alert,) = read(second=second).unwrap().alerts
    assert alert.code == "second-feed-silent"


@pytest.mark.parametrize("decide_on", [DecideOn.PREVIOUS_CLOSE, DecideOn.AFTER_CLOSE])
def test_an_account_that_keeps_its_own_time_is_not_decided_by_the_day_itself(decide_on):
    bars = read(day=date(2020, 5, 19), calendar=None, decide_on=decide_on).unwrap()
    assert bars.sessions[-1] == np.datetime64("2020-05-18")
    assert bars.alerts == ()


class Garrulous(InMemoryMarketData):
    """Gives all it has, whatever is asked for."""

    def bars(self, request):
        return Success(self.history)


@pytest.mark.parametrize("decide_on", [DecideOn.PREVIOUS_CLOSE, DecideOn.AFTER_CLOSE])
def test_rows_of_the_running_session_are_left_out_and_that_is_told(decide_on):
    day = date(2020, 5, 15)
    bars = read(feed=Garrulous(HISTORY), day=day, decide_on=decide_on).unwrap()
    assert bars.sessions[-1] == np.datetime64("2020-05-14")
    assert [alert.code for alert in bars.alerts] == ["partial-bar"]


def test_a_row_of_a_day_without_a_session_decides_nothing():
    holiday = (date(2020, 5, 19),)
    closed = FixedCalendar(weekdays(date(2020, 1, 1), date(2020, 12, 31), closed=holiday))
    bars = read(calendar=closed).unwrap()
    assert bars.sessions[-1] == np.datetime64("2020-05-18")
    assert [alert.code for alert in bars.alerts] == ["partial-bar"]


def test_a_week_that_lacks_a_day_and_one_with_a_holiday_in_it_decide_nothing():
    days = np.delete(np.arange(len(HISTORY)), -3)
    real = evolve(HISTORY, synthetic=False)
    lacking = evolve(real, sessions=HISTORY.sessions[days], **columns_of(days))
    assert problems(read(real)) == []
    assert problems(read(lacking)) == ["other-sessions"]
    holiday = (date(2020, 5, 15),)
    closed = FixedCalendar(weekdays(date(2020, 1, 1), date(2020, 12, 31), closed=holiday))
    assert problems(read(real, calendar=closed)) == ["other-sessions"]
    assert problems(read(HISTORY, calendar=closed)) == []


class Unsorted(InMemoryMarketData):
    """Builds a history that cannot be."""

    def bars(self, request):
        return Success(evolve(self.history, sessions=self.history.sessions[::-1]))


class Twice(InMemoryMarketData):
    def bars(self, request):
        return Success(evolve(self.history, sessions=self.history.sessions.repeat(2)[:100]))


@pytest.mark.parametrize("kind", [Unsorted, Twice])
def test_sessions_out_of_order_or_there_twice_are_a_problem_and_no_traceback(kind):
    refused = read(feed=kind(HISTORY))
    assert problems(refused) == ["feed-failed"]
    assert "not strictly increasing" in refused.failure().problems()[0].why


def test_a_dropped_symbol_is_not_decided_by_and_still_valued():
    history = with_close(slice(-9, None), 1, HISTORY.close[-9:, 1] / 2)
    bars = read(history, jump=CheckPolicy.DROP).unwrap()
    assert bars.decisions.source.history.missing_symbols == ("BBB",)
    marks = bars.closes.marks(date(2020, 5, 19), SYMBOLS)
    assert float(marks[Symbol("BBB")].price) == pytest.approx(history.close[-1, 1])
    assert [(alert.code, alert.subject) for alert in bars.alerts] == [("price-jump", "BBB")]


def test_bars_that_cannot_be_checked_for_their_age_are_not_decided_by():
    assert problems(read(day=date(2021, 1, 20))) == ["beyond-calendar"]
