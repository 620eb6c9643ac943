"""Bars as vendors tell them, put into order and laid out along one axis."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.domain.bar_rows import (
    CLOSES,
    Labels,
    arranged,
    history_of,
    same_row,
)
from alchemiser_core.domain.bars import FIELDS, BadPrice, PriceBasis
from alchemiser_core.domain.symbol import Symbol

FIRST = date(2024, 1, 1)
SPY, TLT, GLD = Symbol("SPY"), Symbol("TLT"), Symbol("GLD")
LABELS = Labels("a test", PriceBasis.RAW, synthetic=True)


def day(number):
    return FIRST + timedelta(days=number)


def closes(symbol, prices):
    return arranged(symbol, {day(n): (price,) for n, price in prices.items()}, CLOSES)


def test_days_come_into_their_order_and_what_is_no_price_is_taken_out_and_named():
    nan, inf = float("nan"), float("inf")
    rows = closes(SPY, {3: 4.0, 0: 1.0, 2: -2.0, 1: nan, 4: inf, 5: 1e13, 6: 0.0})
    assert rows.days.tolist() == [day(n) for n in range(7)]
    np.testing.assert_array_equal(rows.values["close"], [1.0, nan, nan, 4.0, nan, nan, nan])
    assert rows.bad_prices == tuple(
        BadPrice(SPY, day(n), value) for n, value in ((2, -2.0), (4, inf), (5, 1e13), (6, 0.0))
    )


def test_a_volume_may_be_zero_but_not_negative_or_endless():
    rows = {day(n): (1.0, 1.0, 1.0, 1.0, volume) for n, volume in enumerate((0.0, -1.0, np.inf))}
    found = arranged(SPY, rows, FIELDS)
    np.testing.assert_array_equal(found.values["volume"], [0.0, np.nan, np.nan])
    assert found.bad_prices == ()


def test_the_sessions_are_those_of_spy_and_bars_of_other_days_are_counted():
    found = {TLT: closes(TLT, {0: 9.0, 1: 8.0, 3: 7.0}), SPY: closes(SPY, {1: 1.0, 2: 2.0})}
    history = history_of((TLT, SPY, GLD), found, CLOSES, LABELS)
    assert history.sessions.tolist() == [day(1), day(2)]
    np.testing.assert_array_equal(history.close, [[8.0, 1.0, np.nan], [np.nan, 2.0, np.nan]])
    assert history.warnings == ("TLT: 1 bars dropped that are on no session",)
    assert (history.source, history.basis, history.synthetic) == ("a test", PriceBasis.RAW, True)
    assert history.open is None


def test_without_spy_every_day_of_any_symbol_is_a_session():
    found = {TLT: closes(TLT, {0: 9.0, 2: 7.0}), GLD: closes(GLD, {1: 1.0})}
    history = history_of((TLT, GLD), found, CLOSES, LABELS)
    assert history.sessions.tolist() == [day(0), day(1), day(2)]
    assert history.warnings == ()


def test_a_range_cuts_both_ends_and_what_was_odd_outside_of_it_is_not_told():
    found = {SPY: closes(SPY, {0: -1.0, 1: 1.0, 2: 2.0, 3: 3.0})}
    history = history_of((SPY,), found, CLOSES, LABELS, day(1), day(2))
    assert history.sessions.tolist() == [day(1), day(2)]
    assert history.bad_prices == ()
    assert history_of((SPY,), found, CLOSES, LABELS, day(4), None) is None
    assert history_of((SPY,), {}, CLOSES, LABELS) is None


@given(
    st.dictionaries(
        st.sampled_from([SPY, TLT, GLD]),
        st.dictionaries(st.integers(0, 12), st.floats(0.01, 1e6), max_size=8),
    )
)
def test_every_bar_is_in_its_place_or_on_no_session(prices):
    found = {symbol: closes(symbol, own) for symbol, own in prices.items()}
    history = history_of((GLD, SPY, TLT), found, CLOSES, LABELS)
    if history is None:
        assert not any(prices.values())
        return
    wanted = prices[SPY] if prices.get(SPY) else {n for own in prices.values() for n in own}
    assert history.sessions.tolist() == sorted(day(n) for n in wanted)
    for row, session in enumerate(history.sessions.tolist()):
        for column, symbol in enumerate(history.symbols):
            told = prices.get(symbol, {}).get((session - FIRST).days, np.nan)
            np.testing.assert_equal(history.close[row, column], told)


def test_two_rows_without_a_value_in_the_same_place_are_the_same():
    assert same_row((1.0, np.nan), (1.0, np.nan))
    assert not same_row((1.0, np.nan), (1.0, 2.0))
