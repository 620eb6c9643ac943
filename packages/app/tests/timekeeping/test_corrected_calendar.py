"""Days on which the configuration knows better than the tables of the package."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from returns.result import Failure

from alchemiser_app.timekeeping.calendar_settings import ExchangeCalendarSettings
from alchemiser_app.timekeeping.corrected_calendar import corrected_calendar
from alchemiser_app.timekeeping.exchange_calendar import exchange_calendar
from alchemiser_core.domain.schedule import BEFORE_CLOSE, trading_window
from alchemiser_core.testing.conformance import TradingCalendarConformance

NEW_YORK = ZoneInfo("America/New_York")
TODAY = date(2026, 11, 28)
MOURNING, SHORT, LONG = date(2027, 1, 5), date(2027, 1, 6), date(2026, 12, 24)
SETTINGS = ExchangeCalendarSettings(
    closed=("2027-01-05",),
    closes_early={"2027-01-06": "13:00"},
    open={"2026-12-24": "09:30-16:00", "2027-01-01": "10:00-13:00"},
)


@pytest.fixture(scope="module")
def tables():
    return exchange_calendar("XNYS", TODAY).unwrap()


@pytest.fixture(scope="module")
def correct(tables):
    def corrected(**settings):
        said = ExchangeCalendarSettings(**settings)
        return corrected_calendar(tables, tables.last, tables.zone, said)

    return corrected


@pytest.fixture(scope="module")
def corrected(tables):
    return corrected_calendar(tables, tables.last, tables.zone, SETTINGS).unwrap()


class TestCorrected(TradingCalendarConformance):
    known = (date(2026, 11, 1), date(2027, 3, 31))
    half_days = (date(2026, 11, 27), date(2027, 1, 1), date(2027, 1, 6))

    @pytest.fixture
    def calendar(self, corrected):
        return corrected


def hours(calendar, day):
    found = calendar.sessions(day, day).unwrap()
    return [
        f"{s.opens.astimezone(NEW_YORK):%H:%M}-{s.closes.astimezone(NEW_YORK):%H:%M}" for s in found
    ]


def refusal(result):
    assert isinstance(result, Failure)
    (problem,) = result.failure().problems()
    assert problem.code == "bad-calendar-day"
    assert problem.where.startswith("trading.calendar_settings.")
    assert problem.why
    assert problem.hint
    return str(problem)


def test_a_day_of_mourning_that_the_tables_do_not_know_has_no_session(tables, corrected):
    assert hours(tables, MOURNING) == ["09:30-16:00"]
    assert hours(corrected, MOURNING) == []


def test_an_early_close_moves_the_slot_before_it(corrected):
    (session,) = corrected.sessions(SHORT, SHORT).unwrap()
    window = trading_window(session, BEFORE_CLOSE, timedelta(minutes=14))

    assert session.is_half_day
    assert hours(corrected, SHORT) == ["09:30-13:00"]
    assert f"{window.starts.astimezone(NEW_YORK):%H:%M}" == "12:45"


def test_a_half_day_of_the_tables_can_be_a_whole_one(tables, corrected):
    assert hours(tables, LONG) == ["09:30-13:00"]
    assert hours(corrected, LONG) == ["09:30-16:00"]
    assert not corrected.sessions(LONG, LONG).unwrap()[0].is_half_day


def test_all_other_days_are_those_of_the_tables(tables, corrected):
    start, end = date(2026, 1, 1), date(2027, 10, 1)
    own, theirs = (
        {each for each in c.sessions(start, end).unwrap() if each.day not in corrected.replaced}
        for c in (corrected, tables)
    )
    assert own == theirs
    assert len(own) > 400


def test_it_says_what_was_corrected_in_the_order_of_the_days(corrected, correct):
    assert corrected.corrections == (
        "open from 09:30 to 16:00 on 2026-12-24",
        "open from 10:00 to 13:00 on 2027-01-01",
        "closed on 2027-01-05",
        "closes at 13:00 on 2027-01-06",
    )
    assert correct().unwrap().corrections == ()


def test_what_the_tables_have_come_to_know_is_no_contradiction(correct):
    known = correct(closed=("2025-01-09", "2026-12-25"), closes_early={"2026-11-27": "13:00"})

    assert hours(known.unwrap(), date(2025, 1, 9)) == []
    assert hours(known.unwrap(), date(2026, 11, 27)) == ["09:30-13:00"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"closed": ("2027-01-09",)}, "is a Saturday"),
        ({"open": {"2027-01-10": "09:30-16:00"}}, "is a Sunday"),
        ({"closes_early": {"2027-01-01": "13:00"}}, "no session that could close early"),
        ({"closes_early": {"2027-01-06": "17:00"}}, "from 09:30 to 16:00"),
        ({"closes_early": {"2027-01-06": "09:30"}}, "no early close"),
        ({"closed": ("2029-01-05",)}, "does not know"),
        ({"closed": ("1700-01-05",)}, "does not know"),
        (
            {"closed": ("2027-01-06",), "open": {"2027-01-06": "09:30-12:00"}},
            "closed and open all speak of it",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(correct, settings, words):
    assert re.search(words, refusal(correct(**settings)))


def test_every_bad_day_is_told_at_once(correct):
    refused = correct(closed=("2027-01-09", "2027-01-10"), open={"2029-01-05": "09:30-16:00"})
    assert len(refused.failure().problems()) == 3


@pytest.mark.parametrize(
    "settings",
    [
        {"closed": ("5 January",)},
        {"closed": ("2027-02-30",)},
        {"closed": ("20270105",)},
        {"closed": ("2027-01-05", "2027-01-05")},
        {"closes_early": {"2027-01-06": "1 pm"}},
        {"closes_early": {"2027-01-06": "25:00"}},
        {"closes_early": {"tomorrow": "13:00"}},
        {"open": {"2027-01-06": "09:30"}},
        {"open": {"2027-01-06": "16:00-09:30"}},
        {"open": {"2027-01-06": "09:30-16:00-17:00"}},
        {"open": {"tomorrow": "09:30-16:00"}},
    ],
)
def test_days_and_times_of_no_form_are_refused_where_they_are_read(settings):
    with pytest.raises(ValueError, match=r"is no|twice"):
        ExchangeCalendarSettings(**settings)
