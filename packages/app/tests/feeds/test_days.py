from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_app.feeds.days import parse_day

SECOND_OF_JANUARY = date(2024, 1, 2)


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-02",
        " 2024-01-02 ",
        "2024/01/02",
        "20240102",
        "2024-01-02 00:00:00",
        "2024-01-02T16:00:00",
        "2024/01/02 16:00",
        "2024-01-02 23:59:59.999",
        "2024-01-02T00:00:00Z",
        "2024-01-02T05:00:00Z",
        "2024-01-02 00:00:00-05:00",
        "2024-01-02 16:00:00-05:00",
        "2024-01-02T21:00:00+00:00",
        "2024-01-02T00:00:00+09:00",
    ],
)
def test_texts_that_name_a_day(text):
    assert parse_day(text) == SECOND_OF_JANUARY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "01/02/2024",
        "02.01.2024",
        "2024-1-2",
        "2024-13-01",
        "2024-02-30",
        "2024-01-02x",
        "2024-01-02 25:00",
        "2024-01/02",
        "0000-01-01",
        "1704153600",
        "２０２４-01-02",
        "2024-01-02T01:00:00Z",
        "2024-01-02T06:00:00+09:00",
        "0001-01-01T03:00:00+05:00",
        "0001-01-01T01:00:00Z",
    ],
)
def test_texts_that_name_no_day_or_one_of_two(text):
    why = parse_day(text)
    assert isinstance(why, str)
    assert why


@given(st.dates())
def test_every_day_is_read_as_it_is_written(day):
    assert parse_day(day.isoformat()) == day
    assert parse_day(f"{day.isoformat()}T12:30:00") == day


@given(st.text())
def test_any_text_is_a_day_or_a_reason(text):
    assert isinstance(parse_day(text), date | str)
