from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.domain.allocation.policy import (
    BookRebalance,
    TradeReason,
    books_due,
    opens_period,
    period_starts,
    reason_to_trade,
    scheduled,
)
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy

FRIDAY, MONDAY = date(2026, 1, 30), date(2026, 2, 2)


def reason(policy, session=MONDAY, previous=FRIDAY, path_changed=False, drift=0.0):
    return reason_to_trade(policy, session, previous, path_changed=path_changed, drift=drift)


def test_the_first_session_always_trades():
    for policy in (RebalancePolicy(Frequency.NONE), RebalancePolicy(threshold=0.5)):
        assert reason(policy, previous=None) is TradeReason.FIRST


@pytest.mark.parametrize(
    ("frequency", "previous", "session", "opens"),
    [
        (Frequency.DAILY, date(2026, 2, 3), date(2026, 2, 4), True),
        (Frequency.WEEKLY, FRIDAY, MONDAY, True),
        (Frequency.WEEKLY, date(2026, 2, 2), date(2026, 2, 6), False),
        # The ISO week that holds the turn of the year is one week.
        (Frequency.WEEKLY, date(2025, 12, 31), date(2026, 1, 2), False),
        (Frequency.WEEKLY, date(2025, 12, 30), date(2026, 12, 30), True),
        (Frequency.MONTHLY, FRIDAY, MONDAY, True),
        (Frequency.MONTHLY, date(2026, 2, 2), date(2026, 2, 27), False),
        (Frequency.MONTHLY, date(2025, 2, 2), date(2026, 2, 2), True),
        (Frequency.QUARTERLY, FRIDAY, MONDAY, False),
        (Frequency.QUARTERLY, date(2026, 3, 31), date(2026, 4, 1), True),
        (Frequency.YEARLY, date(2026, 3, 31), date(2026, 4, 1), False),
        (Frequency.YEARLY, date(2025, 12, 31), date(2026, 1, 2), True),
        (Frequency.NONE, date(2025, 12, 31), date(2026, 1, 2), False),
    ],
)
def test_a_period_opens_with_its_first_decidable_session(frequency, previous, session, opens):
    assert opens_period(frequency, session, previous) is opens
    expected = TradeReason.PERIOD if opens else None
    assert reason(RebalancePolicy(frequency), session, previous) is expected


def test_a_period_whose_first_sessions_are_undecidable_opens_later():
    assert opens_period(Frequency.MONTHLY, date(2026, 2, 19), date(2026, 1, 15))


def test_a_threshold_governs_in_place_of_the_frequency():
    policy = RebalancePolicy(Frequency.DAILY, threshold=0.1)
    assert reason(policy, drift=0.1) is None
    assert reason(policy, drift=0.1000001) is TradeReason.DRIFT
    assert reason(policy, path_changed=True) is TradeReason.PATH


def test_without_frequency_and_threshold_only_a_changed_path_trades():
    policy = RebalancePolicy(Frequency.NONE)
    assert reason(policy, drift=0.9) is None
    assert reason(policy, path_changed=True) is TradeReason.PATH


def test_a_frequency_does_not_look_at_path_or_drift():
    weekly = RebalancePolicy(Frequency.WEEKLY)
    assert reason(weekly, date(2026, 2, 3), MONDAY, path_changed=True, drift=0.9) is None


@given(
    st.sampled_from(Frequency),
    st.lists(st.integers(0, 3000), min_size=1, max_size=60, unique=True),
    st.data(),
)
def test_an_axis_of_sessions_agrees_with_one_session_at_a_time(frequency, days, data):
    dates = [date(2019, 12, 20) + timedelta(days=d) for d in sorted(days)]
    sessions = np.array(dates, dtype="datetime64[D]")
    changed = data.draw(st.lists(st.booleans(), min_size=len(dates), max_size=len(dates)))
    previous = [None, *dates[:-1]]
    assert period_starts(frequency, sessions).tolist() == [
        opens_period(frequency, d, p) for d, p in zip(dates, previous, strict=True)
    ]
    for policy in (RebalancePolicy(frequency), RebalancePolicy(frequency, threshold=0.2)):
        assert scheduled(policy, sessions, np.array(changed)).tolist() == [
            reason(policy, d, p, path_changed=c) is not None
            for d, p, c in zip(dates, previous, changed, strict=True)
        ]


def test_the_schedule_leaves_the_path_it_was_given_alone():
    changed = np.array([False, True])
    sessions = np.array([FRIDAY, MONDAY], dtype="datetime64[D]")
    assert scheduled(RebalancePolicy(Frequency.NONE), sessions, changed).tolist() == [True, True]
    assert changed.tolist() == [False, True]


@pytest.mark.parametrize(
    ("rebalance", "due"),
    [
        (BookRebalance.NEVER, False),
        (BookRebalance.MONTHLY, True),
        (BookRebalance.QUARTERLY, False),
        (BookRebalance.YEARLY, False),
    ],
)
def test_books_are_brought_back_when_their_period_opens(rebalance, due):
    assert books_due(rebalance, MONDAY, FRIDAY) is due


def test_books_start_at_their_shares():
    assert not books_due(BookRebalance.MONTHLY, MONDAY, None)
