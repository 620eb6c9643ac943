"""The vendor's calendar, read strictly: hours of an odd form are no hours."""

from datetime import UTC, date, datetime

import pytest

from alchemiser_alpaca.calendar import read_sessions
from alchemiser_alpaca.connection.client import TimeLimits
from alchemiser_alpaca.connection.connection import connect
from alchemiser_core.domain.session import TradingSession

DAY = date(2026, 3, 9)
"""The first session of daylight saving time."""


@pytest.fixture
def hours(server, behave, keys, fake_time):
    made = []

    def told(*rows):
        server.script = [behave.reply(200, list(rows))]
        made.append(connect(server.url, keys, TimeLimits(), 200, pace=fake_time.pace()))
        return read_sessions(made[-1], DAY, DAY)

    yield told
    for each in made:
        each.close()


def row(opens="09:30", closes="16:00", day="2026-03-09"):
    return {"date": day, "open": opens, "close": closes}


@pytest.mark.parametrize("opens", ["09:30", "0930", "09:30:00"])
def test_hours_are_those_of_new_york(hours, opens):
    opened, closed = (datetime(2026, 3, 9, *at, tzinfo=UTC) for at in ((13, 30), (20, 0)))
    assert hours(row(opens)).unwrap() == (TradingSession(DAY, opened, closed),)


def test_days_that_were_not_asked_for_are_left_out(hours):
    assert hours(row(day="2026-03-06"), row(day="2026-03-10")).unwrap() == ()


@pytest.mark.parametrize(
    "odd",
    [
        row("9:30"),
        row("09:30Z"),
        row("09:30-05:00", "16:00-05:00"),
        row("16:00", "09:30"),
        row("16:00", "16:00"),
        row("25:00"),
        row(""),
        row(570),
        row(None),
        row(day="2026-03-9"),
        row(day=None),
        {},
        5,
    ],
)
def test_hours_of_an_odd_form_are_refused(hours, odd):
    (problem,) = hours(odd).failure().problems()
    assert problem.what == "the hours cannot be read"
