"""The calendar keeps what every trading calendar promises, against the simulated Alpaca."""

from datetime import UTC, date, datetime

import pytest

from alchemiser_alpaca.calendar import read_calendar
from alchemiser_core.ports.broker_calendar import KeepsCalendar
from alchemiser_core.testing.conformance.trading_calendar import TradingCalendarConformance


class TestAlpacaCalendar(TradingCalendarConformance):
    known = (date(2026, 2, 23), date(2026, 3, 31))
    half_days = (date(2026, 3, 6),)

    @pytest.fixture
    def calendar(self, served, connect_broker):
        return read_calendar(connect_broker(served).trading).unwrap()


def test_the_broker_tells_its_sessions_of_a_range(served, connect_broker, calendar_there):
    broker = connect_broker(served)
    start, end = date(2026, 3, 5), date(2026, 3, 10)

    assert isinstance(broker, KeepsCalendar)
    assert broker.market_sessions(start, end) == calendar_there.sessions(start, end)
    assert broker.market_sessions(date(2026, 3, 7), date(2026, 3, 8)).unwrap() == ()


def test_the_broker_tells_days_that_were_called_off(served, connect_broker):
    closes = datetime(2026, 3, 5, 18, tzinfo=UTC)
    served.desk.exchange.sessions.call_off(date(2026, 3, 4))
    served.desk.exchange.sessions.call_off(date(2026, 3, 5), closes)
    found = connect_broker(served).market_sessions(date(2026, 3, 4), date(2026, 3, 5)).unwrap()

    assert [(each.day.day, each.closes, each.is_half_day) for each in found] == [(5, closes, True)]


def test_days_that_the_vendor_does_not_know_are_a_failure(served, connect_broker):
    beyond = connect_broker(served).market_sessions(date(2030, 1, 2), date(2030, 1, 16))
    assert [problem.code for problem in beyond.failure().problems()] == ["beyond-calendar"]
