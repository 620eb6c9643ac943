"""Cutting a history keeps everything about the rows that stay, and nothing about the others."""

from datetime import date

import numpy as np
import pytest

from alchemiser_core.domain.bars import BadPrice, BarHistory

SESSIONS = np.datetime64("2024-01-01") + np.arange(5)


@pytest.fixture
def history():
    bad = tuple(BadPrice("AAA", date(2024, 1, day), 0.0) for day in (1, 3, 5))
    close = np.array([[np.nan], [1], [np.nan], [2], [np.nan]])
    return BarHistory(SESSIONS, ("AAA",), close, bad_prices=bad)


def test_a_cut_history_names_the_bad_prices_of_its_own_sessions_alone(history):
    cut = history.rows(1, 4)
    assert [price.session for price in cut.bad_prices] == [date(2024, 1, 3)]
    assert history.rows(2, 2).bad_prices == ()


def test_a_history_as_it_was_known_has_no_later_row_and_no_later_bad_price(history):
    known = history.at(date(2024, 1, 4))
    assert known.sessions.tolist() == [date(2024, 1, day) for day in (1, 2, 3, 4)]
    assert [price.session for price in known.bad_prices] == [date(2024, 1, 1), date(2024, 1, 3)]
