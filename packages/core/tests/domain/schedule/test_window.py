from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.domain.schedule import (
    BEFORE_CLOSE,
    Anchor,
    Slot,
    TradingWindow,
    last_moment,
    trading_window,
)
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.testing.calendar import new_york_session

DAY = new_york_session(date(2025, 7, 2))
HALF_DAY = new_york_session(date(2025, 7, 3), is_half_day=True)
MINUTE = timedelta(minutes=1)


def test_a_window_goes_from_the_slot_for_its_length():
    window = trading_window(DAY, BEFORE_CLOSE, 10 * MINUTE)
    assert (window.starts, window.ends) == (DAY.closes - 15 * MINUTE, DAY.closes - 5 * MINUTE)


def test_a_window_ends_a_margin_before_the_close():
    assert trading_window(DAY, BEFORE_CLOSE, 60 * MINUTE).ends == DAY.closes - MINUTE
    wide = trading_window(DAY, BEFORE_CLOSE, 60 * MINUTE, margin=5 * MINUTE)
    assert wide.ends == DAY.closes - 5 * MINUTE


def test_the_first_moment_is_in_the_window_and_the_last_is_not():
    window = trading_window(DAY, BEFORE_CLOSE, 10 * MINUTE)
    assert window.contains(window.starts)
    assert not window.contains(window.ends)


def test_a_slot_after_a_half_day_moves_back_to_where_a_whole_window_fits():
    window = trading_window(HALF_DAY, Slot(Anchor.OPEN, timedelta(hours=5)), 10 * MINUTE)
    assert (window.starts, window.ends) == (
        HALF_DAY.closes - 11 * MINUTE,
        HALF_DAY.closes - MINUTE,
    )


def test_a_slot_before_a_half_day_moves_to_its_open():
    window = trading_window(HALF_DAY, Slot(Anchor.CLOSE, timedelta(hours=6)), 10 * MINUTE)
    assert (window.starts, window.ends) == (HALF_DAY.opens, HALF_DAY.opens + 10 * MINUTE)


def test_a_window_needs_a_length():
    with pytest.raises(ValueError, match="length above zero"):
        trading_window(DAY, BEFORE_CLOSE, timedelta(0))
    with pytest.raises(ValueError, match="before it starts"):
        TradingWindow(DAY.closes, DAY.opens)


SLOTS = st.builds(
    Slot, st.sampled_from(Anchor), st.integers(1, 12 * 3600).map(lambda s: timedelta(seconds=s))
)


@st.composite
def sessions(draw):
    opens = datetime(2025, 1, 2, 14, 30, tzinfo=UTC)
    lasts = timedelta(seconds=draw(st.integers(1, 9 * 3600)))
    return TradingSession(opens.date(), opens, opens + lasts)


@given(sessions(), SLOTS, st.integers(1, 100_000), st.integers(0, 100_000))
def test_every_window_of_every_session_lies_inside_it(session, slot, length, margin):
    margin = timedelta(seconds=margin)
    window = trading_window(session, slot, timedelta(seconds=length), margin)
    assert session.opens <= window.starts < window.ends <= last_moment(session, margin)
    assert last_moment(session, margin) <= session.closes
