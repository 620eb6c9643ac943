"""The calendar keeps what every trading calendar promises, against the simulated Alpaca."""

from datetime import date

import pytest

from alchemiser_alpaca.calendar import read_calendar
from alchemiser_core.testing.conformance.trading_calendar import TradingCalendarConformance


class TestAlpacaCalendar(TradingCalendarConformance):
    known = (date(2026, 2, 23), date(2026, 3, 31))
    half_days = (date(2026, 3, 6),)

    @pytest.fixture
    def calendar(self, served, connect_broker):
        return read_calendar(connect_broker(served).trading).unwrap()
