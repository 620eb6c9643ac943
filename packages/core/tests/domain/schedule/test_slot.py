from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

from alchemiser_core.domain.schedule import AFTER_OPEN, BEFORE_CLOSE, Anchor, Slot, parse_slot
from alchemiser_core.testing.calendar import new_york_session

DAY = new_york_session(date(2025, 7, 2))
HALF_DAY = new_york_session(date(2025, 7, 3), is_half_day=True)


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("close - 15 min", BEFORE_CLOSE),
        ("open", AFTER_OPEN),
        ("open + 1 min", Slot(Anchor.OPEN, timedelta(minutes=1))),
        ("close-90s", Slot(Anchor.CLOSE, timedelta(seconds=90))),
        ("Close - 2 h", Slot(Anchor.CLOSE, timedelta(hours=2))),
        ("open + 0 min", AFTER_OPEN),
    ],
)
def test_a_slot_is_read(text, slot):
    assert parse_slot(text) == Success(slot)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("close", "closed"),
        ("close - 0 min", "closed"),
        ("close + 5 min", "closed"),
        ("open - 5 min", "not open yet"),
        ("close - 13 h", "no session is that long"),
        ("open + 99999 h", "no session is that long"),
        ("noon", "open or close"),
        ("15:45", "open or close"),
        ("", "open or close"),
        ("close - 15", "open or close"),
        ("close - 1.5 h", "open or close"),
        ("close - ٣ min", "open or close"),
        ("close - 15 min" + " " * 100, "open or close"),
    ],
)
def test_what_is_no_slot_is_refused_with_a_reason(text, why):
    refused = parse_slot(text)
    assert isinstance(refused, Failure)
    (problem,) = refused.failure().problems()
    assert problem.code == "bad-slot"
    assert why in problem.why
    assert len(problem.what) < 80


def test_a_slot_is_a_time_of_its_session():
    assert BEFORE_CLOSE.at(DAY) == datetime(2025, 7, 2, 19, 45, tzinfo=UTC)
    assert AFTER_OPEN.at(DAY) == DAY.opens


def test_a_half_day_has_its_slot_before_its_own_close():
    assert BEFORE_CLOSE.at(HALF_DAY) == datetime(2025, 7, 3, 16, 45, tzinfo=UTC)


def test_a_slot_beyond_a_half_day_moves_to_its_end():
    assert Slot(Anchor.CLOSE, timedelta(hours=4)).at(HALF_DAY) == HALF_DAY.opens
    assert Slot(Anchor.OPEN, timedelta(hours=4)).at(HALF_DAY) == HALF_DAY.closes


def test_no_slot_is_at_the_close_or_outside_every_session():
    with pytest.raises(ValueError, match="no time left"):
        Slot(Anchor.CLOSE)
    with pytest.raises(ValueError, match="12 hours"):
        Slot(Anchor.OPEN, timedelta(hours=-1))


@given(st.sampled_from(Anchor), st.integers(1, 12 * 3600))
def test_a_slot_is_read_as_it_is_written(anchor, seconds):
    slot = Slot(anchor, timedelta(seconds=seconds))
    assert parse_slot(str(slot)) == Success(slot)


@given(st.text(max_size=60))
def test_any_text_is_a_slot_or_a_reason(text):
    assert isinstance(parse_slot(text), Success | Failure)
