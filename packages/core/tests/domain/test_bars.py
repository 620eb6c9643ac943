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


def test_arrays_of_another_shape_a_symbol_twice_and_sessions_out_of_order_are_mistakes(history):
    two = np.ones((5, 2))
    with pytest.raises(ValueError, match=r"close has shape \(5, 2\), expected \(5, 1\)"):
        BarHistory(SESSIONS, ("AAA",), two)
    with pytest.raises(ValueError, match="a symbol appears twice"):
        BarHistory(SESSIONS, ("AAA", "AAA"), two)
    for sessions in (SESSIONS[::-1], SESSIONS[[0, 1, 1, 2, 3]]):
        with pytest.raises(ValueError, match="not strictly increasing"):
            BarHistory(sessions, ("AAA",), history.close)
