"""The budget is counted as the vendor counts it: by minutes of the clock, and days of UTC."""

import time
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from alchemiser_twelvedata.connection.credits import Credits


@pytest.fixture
def credits(fake_time):
    fake_time.now = datetime(2026, 3, 4, 22, 30, 18, tzinfo=UTC).timestamp()
    fake_time.chance = 0.0
    return Credits(8, 0, fake_time.pace())


def left(number):
    return {"api-credits-used": "1", "api-credits-left": str(number)}


def test_credits_come_back_at_the_turn_of_the_minute_and_not_a_minute_later(credits, fake_time):
    credits.spent(8)
    assert credits.free() == 0
    assert credits.wait() == pytest.approx(43)
    fake_time.sleep(41.9)
    assert credits.free() == 0
    fake_time.sleep(0.2)
    assert credits.free() == 8


def test_what_another_program_has_used_is_gone(credits):
    minute = credits.spent(1)
    credits.told(left(2), minute)
    assert credits.free() == 2


def test_the_vendor_cannot_give_more_than_the_setting(credits):
    minute = credits.spent(3)
    credits.told(left(600), minute)
    assert credits.free() == 5


def test_what_is_told_of_a_minute_that_has_passed_does_not_count(credits, fake_time):
    minute = credits.spent(8)
    fake_time.sleep(60)
    credits.told(left(0), minute)
    assert credits.free() == 8


@pytest.mark.parametrize("text", ["", "x", "-1", "1e3", "1" * 40])
def test_a_count_that_is_none_is_not_listened_to(credits, text):
    minute = credits.spent(1)
    credits.told({"api-credits-left": text}, minute)
    assert credits.free() == 7


def test_a_refusal_empties_the_minute_and_may_lower_the_limit(credits, fake_time):
    credits.refused(None)
    assert (credits.free(), credits.allowed) == (0, 8)
    credits.refused(5)
    fake_time.sleep(credits.wait())
    assert credits.free() == 5
    credits.refused(5_000)
    assert credits.allowed == 8


def test_minutes_are_those_of_the_vendors_clock_where_it_differs(credits, fake_time):
    minute = credits.spent(8)
    there = datetime(2026, 3, 4, 22, 29, 50, tzinfo=UTC)
    credits.told({"date": format_datetime(there, usegmt=True)}, minute)
    assert credits.free() == 8, "it is another minute there than was thought"
    credits.spent(8)
    assert credits.wait() == pytest.approx(11)
    fake_time.sleep(credits.wait())
    assert credits.free() == 8


@pytest.mark.parametrize("date", ["", "yesterday", "Wed, 99 Mar 2026 22:30:19 GMT"])
def test_a_clock_that_says_nothing_changes_nothing(credits, date):
    credits.told({"date": date}, credits.spent(1))
    assert credits.wait() == pytest.approx(43)


def test_the_time_of_a_slow_answer_is_no_difference(credits, fake_time):
    minute = credits.spent(1)
    answered = datetime(2026, 3, 4, 22, 30, 19, tzinfo=UTC)
    fake_time.sleep(30)
    credits.told({"date": format_datetime(answered, usegmt=True)}, minute)
    assert credits.wait() == pytest.approx(13)


def test_a_time_without_a_zone_is_utc(fake_time, monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        credits = Credits(8, 8, fake_time.pace())
        credits.told({"date": "Wed, 04 Mar 2026 22:30:48 -0000"}, credits.spent(8))
        assert not credits.has_today(1), "it is tomorrow there"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_programs_with_the_same_key_do_not_ask_at_the_same_moment(credits, fake_time):
    fake_time.chance = 0.75
    assert credits.wait() == pytest.approx(44.5)


def test_the_second_that_a_header_is_cut_to_is_no_difference(credits):
    there = datetime(2026, 3, 4, 22, 30, 17, tzinfo=UTC)
    credits.told({"date": format_datetime(there, usegmt=True)}, credits.spent(1))
    assert credits.wait() == pytest.approx(43)


def test_the_day_ends_at_midnight_utc(fake_time):
    fake_time.now = datetime(2026, 3, 4, 23, 58, 30, tzinfo=UTC).timestamp()
    credits = Credits(8, 10, fake_time.pace())
    credits.spent(8)
    fake_time.sleep(60)
    assert credits.free() == 2
    assert not credits.has_today(3)
    credits.spent(2)
    assert credits.free() == 0
    fake_time.sleep(60)
    assert credits.has_today(10)
    assert credits.free() == 8


def test_a_clock_that_is_set_back_gives_a_new_minute_and_does_not_hang(credits, fake_time):
    credits.spent(8)
    fake_time.now -= 3_600
    assert credits.free() == 8
