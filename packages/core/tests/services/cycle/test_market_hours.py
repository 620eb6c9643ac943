"""A cycle whose broker has a calendar of its own."""

from datetime import date, timedelta

import pytest
from attrs import define, evolve, field
from returns.result import Failure, Success

from alchemiser_core.domain.journal.events import AlertRaised
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.schedule import DaysAhead
from alchemiser_core.ports.broker import BrokerUnavailable
from alchemiser_core.ports.market_data import MarketDataUnavailable
from alchemiser_core.services.cycle import Ending, trade

ROW = 30


@define
class Hours:
    """`KeepsCalendar` of what it is given; counts how often it is asked."""

    answer: object
    asked: list[tuple[date, date]] = field(factory=list)

    def market_sessions(self, start, end):
        self.asked.append((start, end))
        return self.answer


@pytest.fixture
def ahead(account):
    """The trading day and the one after it."""
    today = account.terms(ROW).session
    day = timedelta(days=1)
    tomorrow = evolve(
        today, day=today.day + day, opens=today.opens + day, closes=today.closes + day
    )
    return DaysAhead(today.day, tomorrow.day, (today, tomorrow))


@pytest.fixture
def cycle(account, ahead):
    def run(answer, **changes):
        hours = Hours(answer)
        terms = evolve(account.terms(ROW), **{"ahead": ahead, **changes})
        ended = trade(evolve(account.desk, market_hours=hours), terms)
        return ended, hours

    return run


def alerts(account):
    return [event.alert for event in account.of(AlertRaised)]


def test_hours_that_agree_are_asked_for_once_and_change_nothing(account, ahead, cycle):
    ended, hours = cycle(Success(ahead.sessions))

    assert ended.ending is Ending.COMPLETE
    assert hours.asked == [(ahead.first, ahead.last)]
    assert not alerts(account)


def test_case_42_a_half_day_that_the_calendar_does_not_know_is_refused_before_any_order(
    account, ahead, cycle
):
    today, tomorrow = ahead.sessions
    early = evolve(today, closes=today.closes - timedelta(hours=3), is_half_day=True)
    ended, _ = cycle(Success((early, tomorrow)))

    assert ended.ending is Ending.REFUSED
    assert [problem.code for problem in ended.problems()] == ["calendars-disagree"]
    assert not account.broker.exchange.orders(today.day)
    assert [alert.code for alert in account.notifier.delivered] == ["calendars-disagree"]


def test_a_day_that_the_broker_does_not_trade_is_refused(account, ahead, cycle):
    ended, _ = cycle(Success(ahead.sessions[1:]))

    assert [problem.code for problem in ended.problems()] == ["calendars-disagree"]


def test_a_day_that_only_the_broker_trades_is_refused_for_both_reasons(account, ahead, cycle):
    ended, _ = cycle(
        Success(ahead.sessions),
        session=None,
        window=None,
        ahead=evolve(ahead, sessions=ahead.sessions[1:]),
    )

    assert [each.code for each in ended.problems()] == ["calendars-disagree", "market-closed"]


def test_a_disagreement_about_a_coming_day_is_told_and_today_is_traded(account, ahead, cycle):
    today, tomorrow = ahead.sessions
    early = evolve(tomorrow, closes=tomorrow.closes - timedelta(hours=3))
    ended, _ = cycle(Success((today, early)))

    assert ended.ending is Ending.COMPLETE
    assert [(a.code, a.subject) for a in alerts(account)] == [
        ("calendars-disagree", str(tomorrow.day))
    ]


def test_what_was_told_is_not_told_again_when_the_day_is_tried_again(account, ahead, cycle):
    def no_bars(day):
        return Failure(MarketDataUnavailable((Problem("no-answer", "the bars cannot be read"),)))

    today, tomorrow = ahead.sessions
    early = evolve(tomorrow, closes=tomorrow.closes - timedelta(hours=3))
    for _ in range(2):
        ended, hours = cycle(Success((today, early)), read_bars=no_bars)
        assert (ended.ending, len(hours.asked)) == (Ending.NO_DATA, 1)
    assert [each.code for each in alerts(account)].count("calendars-disagree") == 1


def test_a_calendar_that_cannot_be_read_is_told_and_the_day_is_traded(account, ahead, cycle):
    gone = BrokerUnavailable((Problem("no-answer", "the hours cannot be read"),))
    ended, _ = cycle(Failure(gone))

    assert ended.ending is Ending.COMPLETE
    (alert,) = alerts(account)
    assert (alert.code, alert.subject) == ("broker-calendar-unread", str(ahead.first))
    assert "the hours cannot be read" in alert.text


def test_a_broker_without_a_calendar_is_traded_by_the_own_one_alone(account, ahead):
    ended = trade(account.desk, evolve(account.terms(ROW), ahead=ahead))

    assert ended.ending is Ending.COMPLETE
    assert not alerts(account)
