from datetime import UTC, date, datetime, timedelta

import pytest

from alchemiser_core.domain.account import BrokerTime
from alchemiser_core.domain.schedule import BEFORE_CLOSE, may_trade, trading_window
from alchemiser_core.testing.calendar import new_york_session

DAY = new_york_session(date(2025, 6, 2))
HALF_DAY = new_york_session(date(2025, 7, 3), is_half_day=True)
MINUTE = timedelta(minutes=1)
NOON = datetime(2025, 6, 2, 16, 0, tzinfo=UTC)


def code(refusal):
    (problem,) = refusal.problems()
    assert problem.why
    assert problem.hint
    return problem.code


def test_where_both_say_open_nothing_is_refused():
    assert may_trade(NOON, DAY, BrokerTime(NOON, is_open=True)) is None


@pytest.mark.parametrize("is_open", [True, False])
def test_case_42_a_broker_that_is_open_at_three_in_the_morning_is_not_believed(is_open):
    night = datetime(2025, 6, 2, 7, 0, tzinfo=UTC)
    refusal = may_trade(night, DAY, BrokerTime(night, is_open))
    assert code(refusal) == "outside-session"
    assert ("not enough" in str(refusal.problems()[0])) == is_open


def test_case_42_an_unscheduled_closure_is_what_the_broker_says():
    assert code(may_trade(NOON, DAY, BrokerTime(NOON, is_open=False))) == "broker-says-closed"


def test_case_42_nothing_is_sent_from_an_early_close_on():
    at = HALF_DAY.closes
    assert code(may_trade(at, HALF_DAY, BrokerTime(at, is_open=True))) == "outside-session"
    before = at - MINUTE
    assert may_trade(before, HALF_DAY, BrokerTime(before, is_open=True)) is None


def test_a_day_without_a_session_is_refused():
    assert code(may_trade(NOON, None, BrokerTime(NOON, is_open=True))) == "outside-session"


def test_a_broker_whose_clock_is_in_the_night_is_not_believed():
    broker = BrokerTime(DAY.opens - timedelta(hours=6), is_open=True)
    assert code(may_trade(NOON, DAY, broker)) == "broker-time-outside"


@pytest.mark.parametrize(("minutes", "side"), [(-16, "before"), (-5, "after")])
def test_the_window_counts_where_one_is_given(minutes, side):
    window = trading_window(DAY, BEFORE_CLOSE, 10 * MINUTE)
    at = DAY.closes + minutes * MINUTE
    refusal = may_trade(at, DAY, BrokerTime(at, is_open=True), window)
    assert code(refusal) == "outside-window"
    assert side in refusal.problems()[0].what
    inside = DAY.closes - 15 * MINUTE
    assert may_trade(inside, DAY, BrokerTime(inside, is_open=True), window) is None
