"""How numbers and times are written and read."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from alchemiser_alpaca.simulator.wire.numbers import dollars, plain, ratio
from alchemiser_alpaca.simulator.wire.times import (
    exchange_stamp,
    read_time,
    session_midnight,
    stamp,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("3.50", "3.5"),
        ("0", "0"),
        ("0E-9", "0"),
        ("1E+3", "1000"),
        ("12.345678901", "12.345678901"),
    ],
)
def test_decimals_are_written_without_exponent_and_without_zeros_at_the_end(value, text):
    assert plain(Decimal(value)) == text


def test_dollars_have_two_decimals_and_no_negative_zero():
    assert dollars(Decimal("1000")) == "1000.00"
    assert dollars(Decimal("-0.001")) == "0.00"
    assert ratio(Decimal("0.01191")) == "0.0119"


def test_times_have_nine_digits_of_a_second_at_most_and_none_where_there_is_nothing_to_say():
    assert stamp(datetime(2026, 3, 2, 14, 31, tzinfo=UTC)) == "2026-03-02T14:31:00Z"
    written = stamp(datetime(2026, 3, 2, 14, 31, 0, 123_456, tzinfo=UTC))
    assert written.startswith("2026-03-02T14:31:00.123456")
    assert len(written) == len("2026-03-02T14:31:00.123456789Z")


def test_what_is_written_is_read_back_to_the_microsecond():
    at = datetime(2026, 3, 2, 14, 31, 0, 120_001, tzinfo=UTC)
    assert read_time(stamp(at)) == at
    assert read_time(exchange_stamp(at)) == at


def test_the_exchange_tells_its_own_offset():
    assert exchange_stamp(datetime(2026, 1, 2, 15, tzinfo=UTC)) == "2026-01-02T10:00:00-05:00"
    assert exchange_stamp(datetime(2026, 7, 2, 15, tzinfo=UTC)) == "2026-07-02T11:00:00-04:00"


def test_a_day_and_a_time_without_a_zone_are_read_as_utc():
    assert read_time("2026-03-02") == datetime(2026, 3, 2, tzinfo=UTC)
    assert read_time("2026-03-02T10:00:00") == datetime(2026, 3, 2, 10, tzinfo=UTC)
    # A plus sign that was not escaped arrives as a space.
    assert read_time("2026-03-02T10:00:00 01:00") == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_daily_bar_is_stamped_with_midnight_in_new_york():
    assert stamp(session_midnight(date(2026, 3, 2))) == "2026-03-02T05:00:00Z"
    assert stamp(session_midnight(date(2026, 7, 1))) == "2026-07-01T04:00:00Z"
