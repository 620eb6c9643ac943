"""The own calendar held against the broker's, day by day."""

from datetime import date, timedelta

from attrs import evolve

from alchemiser_core.domain.schedule import DaysAhead, disagreements
from alchemiser_core.testing.calendar import new_york_session, weekdays

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)
THANKSGIVING = date(2026, 11, 26)
SESSIONS = weekdays(MONDAY, date(2026, 12, 4), closed={THANKSGIVING}, half_days={FRIDAY})
AHEAD = DaysAhead(MONDAY, date(2026, 12, 6), SESSIONS)


def days(found):
    return [each.day for each in found]


def test_calendars_of_the_same_hours_agree():
    assert disagreements(AHEAD, SESSIONS) == ()


def test_a_session_that_the_broker_does_not_have_is_found():
    (found,) = disagreements(AHEAD, SESSIONS[1:])
    assert (found.day, found.own, found.broker) == (MONDAY, SESSIONS[0], None)


def test_a_session_that_only_the_broker_has_is_found():
    extra = new_york_session(THANKSGIVING)
    (found,) = disagreements(AHEAD, (*SESSIONS, extra))
    assert (found.day, found.own, found.broker) == (THANKSGIVING, None, extra)


def test_another_open_or_close_is_found():
    late = evolve(SESSIONS[1], opens=SESSIONS[1].opens + timedelta(minutes=1))
    long = new_york_session(FRIDAY)
    theirs = [{late.day: late, FRIDAY: long}.get(each.day, each) for each in SESSIONS]
    assert days(disagreements(AHEAD, theirs)) == [late.day, FRIDAY]


def test_whether_it_is_called_a_half_day_makes_no_difference():
    theirs = [evolve(each, is_half_day=False) for each in SESSIONS]
    assert disagreements(AHEAD, theirs) == ()


def test_days_after_the_brokers_last_session_are_left_out():
    assert disagreements(AHEAD, SESSIONS[:2]) == ()


def test_the_first_day_is_never_left_out():
    assert days(disagreements(AHEAD, ())) == [MONDAY]
    long_ago = new_york_session(date(2026, 11, 20))
    assert days(disagreements(AHEAD, (long_ago,))) == [MONDAY]
    weekend = DaysAhead(date(2026, 11, 28), date(2026, 11, 29), ())
    assert disagreements(weekend, ()) == ()


def test_both_hours_and_what_to_do_are_told():
    (found,) = disagreements(AHEAD, (new_york_session(MONDAY, is_half_day=True), *SESSIONS[1:]))
    (problem,) = found.problems()
    assert problem.code == "calendars-disagree"
    assert "2026-11-23 14:30+00:00 to 2026-11-23 21:00+00:00" in problem.why
    assert "2026-11-23 14:30+00:00 to 2026-11-23 18:00+00:00" in problem.why
    assert "trading.calendar_settings" in problem.hint
    (gone,) = disagreements(AHEAD, SESSIONS[1:])
    assert "by the broker closed" in gone.problems()[0].why
