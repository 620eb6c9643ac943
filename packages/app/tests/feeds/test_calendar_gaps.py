"""Bars against the sessions of a calendar."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from alchemiser_app.feeds.calendar_gaps import calendar_gaps
from alchemiser_core.testing.bars import history_of, weekdays

DAYS = weekdays(10).tolist()
"""From Wednesday, 1 January 2020."""


def test_a_symbol_with_every_session_is_clean():
    (found,) = calendar_gaps(history_of({"SPY": [1.0] * 10}), DAYS)
    assert found.is_clean
    assert (found.first, found.last, found.bars, found.lag) == (DAYS[0], DAYS[-1], 10, 0)


def test_missing_sessions_between_first_and_last_are_gaps_and_those_after_are_lag():
    closes = [None, 1.0, None, None, 1.0, 1.0, None, 1.0, None, None]
    (found,) = calendar_gaps(history_of({"SPY": closes}), DAYS)
    assert [(gap.first, gap.last, gap.sessions) for gap in found.gaps] == [
        (DAYS[2], DAYS[3], 2),
        (DAYS[6], DAYS[6], 1),
    ]
    assert (found.first, found.missing, found.lag) == (DAYS[1], 3, 2)


def test_a_day_on_which_the_exchange_was_closed_is_named():
    (found,) = calendar_gaps(history_of({"SPY": [1.0] * 10}), [d for d in DAYS if d != DAYS[3]])
    assert found.no_sessions == (DAYS[3],)
    assert not found.is_clean


def test_a_symbol_without_bars_is_not_clean():
    (found,) = calendar_gaps(history_of({"SPY": [None] * 10}), DAYS)
    assert (found.first, found.lag, found.is_clean) == (None, 10, False)


def test_bars_from_before_the_calendar_and_of_a_running_session_are_not_looked_at():
    (found,) = calendar_gaps(history_of({"SPY": [1.0] * 10}), DAYS[2:8])
    assert (found.first, found.last, found.is_clean) == (DAYS[2], DAYS[7], True)
    assert calendar_gaps(history_of({"SPY": [1.0] * 10}), [])[0].bars == 0


@given(st.lists(st.booleans(), min_size=10, max_size=10), st.sets(st.sampled_from(DAYS)))
def test_every_session_is_there_or_missing_or_behind(priced, sessions):
    closes = [1.0 if there else None for there in priced]
    axis = sorted(sessions | {date(2020, 1, 1)})
    (found,) = calendar_gaps(history_of({"SPY": closes}), axis)
    if found.first is not None:
        since = [day for day in axis if day >= found.first]
        there = found.bars - len(found.no_sessions)
        assert there + found.missing + found.lag == len(since)
