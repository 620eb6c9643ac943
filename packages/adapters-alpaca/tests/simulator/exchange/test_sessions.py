"""The exchange's hours."""

from datetime import date, timedelta

from alchemiser_alpaca.simulator.exchange.sessions import Sessions
from alchemiser_core.testing.calendar import FixedCalendar, weekdays


def test_a_day_has_its_session_and_the_hours_around_it(sessions, monday):
    day = sessions.day(monday)
    hours = (day.opens, day.closes, day.extended_opens, day.extended_closes)
    assert [f"{at:%H:%M %z}" for at in hours] == [
        "09:30 -0500",
        "16:00 -0500",
        "04:00 -0500",
        "20:00 -0500",
    ]
    assert day.settles == date(2026, 11, 24)


def test_a_half_day_closes_early_and_so_do_the_hours_after_it(sessions, half_day):
    day = sessions.day(half_day)
    assert (day.closes.hour, day.extended_closes.hour) == (13, 17)
    late = Sessions(sessions.calendar, early_extended_close=False)
    assert late.day(half_day).extended_closes.hour == 20


def test_it_is_open_from_the_first_moment_to_before_the_last(sessions, clock, monday):
    opens, closes = clock(monday, 9, 30), clock(monday, 16)
    assert sessions.is_open(opens)
    assert not sessions.is_open(opens - timedelta(microseconds=1))
    assert not sessions.is_open(closes)
    assert not sessions.is_open(clock(date(2026, 11, 22), 12))


def test_the_next_open_and_close_skip_weekends_and_holidays(sessions, clock):
    wednesday = date(2026, 11, 25)
    evening = clock(wednesday, 17)
    assert sessions.next_open(evening) == clock(date(2026, 11, 27), 9, 30)
    assert sessions.next_close(evening) == clock(date(2026, 11, 27), 13)
    opens = clock(wednesday, 9, 30)
    assert sessions.next_open(opens) == clock(date(2026, 11, 27), 9, 30)
    assert sessions.next_close(opens) == clock(wednesday, 16)


def test_the_current_session_is_the_one_that_is_on_or_the_next(sessions, clock, monday):
    assert sessions.current(clock(monday, 15, 59)).day == monday
    assert sessions.current(clock(monday, 16)).day == date(2026, 11, 24)
    assert sessions.current(clock(monday, 16), extended=True).day == monday
    assert sessions.current(clock(date(2026, 12, 31), 17)).day == date(2027, 1, 1)


def test_the_previous_session_is_one_that_has_closed(sessions, clock, monday):
    friday = date(2026, 11, 20)
    assert sessions.previous(clock(monday, 15, 59)).day == friday
    assert sessions.previous(clock(monday, 16)).day == monday
    assert sessions.previous(clock(date(2026, 1, 1), 12)) is None


def test_days_are_listed_over_the_turn_of_the_year(sessions):
    found = sessions.days(date(2026, 12, 30), date(2027, 1, 4))
    assert [day.day.day for day in found] == [30, 31, 1, 4]
    assert found[1].settles == date(2027, 1, 1)


def test_beyond_the_calendar_there_is_nothing(clock):
    calendar = FixedCalendar(weekdays(date(2026, 11, 23), date(2026, 11, 24)))
    sessions = Sessions(calendar)
    assert len(sessions.days(date(1970, 1, 1), date(2029, 12, 31))) == 2
    assert sessions.next_open(clock(date(2026, 11, 24), 10)) is None
    assert sessions.next_close(clock(date(2026, 11, 24), 10)) == clock(date(2026, 11, 24), 16)
    assert sessions.current(clock(date(2030, 1, 1), 10)) is None


def test_a_day_can_be_called_off(sessions, clock, monday):
    assert sessions.is_open(clock(monday, 10))
    sessions.call_off(monday)
    assert sessions.day(monday) is None
    assert not sessions.is_open(clock(monday, 10))
    assert sessions.next_open(clock(monday, 8)) == clock(date(2026, 11, 24), 9, 30)


def test_a_session_can_be_cut_short(sessions, clock, monday):
    sessions.call_off(monday, clock(monday, 11))
    assert sessions.next_close(clock(monday, 10)) == clock(monday, 11)
    assert not sessions.is_open(clock(monday, 11))
    assert sessions.day(monday).extended_closes == clock(monday, 11)
