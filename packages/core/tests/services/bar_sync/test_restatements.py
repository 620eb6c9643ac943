"""Old closes that come back changed, and what is made of them."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.bar_sync import (
    Cause,
    SymbolBars,
    compared,
    explained,
    has_common_session,
    is_whole,
    lost_by,
    merged,
)
from alchemiser_core.testing.bars import weekdays

TQQQ = Symbol("TQQQ")


def bars(closes, first=0, total=60) -> SymbolBars:
    close = np.array(closes, dtype=np.float64)
    nothing = np.full(len(close), np.nan)
    days = weekdays(total)[first : first + len(close)]
    return SymbolBars(days, close, nothing, nothing, nothing, np.full(len(close), 1e6))


def walk(count=40, seed=3):
    return 80.0 * np.cumprod(1.0 + 0.01 * np.sin(np.arange(count) * seed))


def restated(factor, until=20, of=30):
    """Closes whose first `until` were multiplied, as a vendor does before an ex-date."""
    closes = walk()
    old, new = bars(closes[:of]), closes.copy()
    new[:until] *= factor
    return old, bars(new)


def said(factor, basis=PriceBasis.ADJUSTED, **when):
    change = compared(*restated(factor, **when))
    assert change is not None
    return explained(TQQQ, change, basis)


def test_the_same_closes_are_no_change():
    old = bars(walk()[:30])
    assert compared(old, bars(walk())) is None
    assert compared(old, bars(walk() * (1.0 + 1e-9))) is None


def test_lesson_16_a_split_in_the_overlap_is_seen():
    restatement = said(0.5)
    assert restatement.cause is Cause.SPLIT
    assert restatement.words == "split 2:1"
    assert restatement.change.factor == pytest.approx(0.5)
    assert restatement.change.last == weekdays(60)[19].item()
    assert str(restatement) == "split 2:1 after 2020-01-28, older closes times 0.5"


@pytest.mark.parametrize(
    ("factor", "words"),
    [(2 / 3, "split 3:2"), (0.05, "split 20:1"), (10.0, "reverse split 1:10"), (0.8, "split 5:4")],
)
def test_usual_splits_are_called_by_their_ratio(factor, words):
    assert said(factor).words == words


def test_a_dividend_is_told_in_percent_of_the_price():
    restatement = said(1 - 0.0031)
    assert (restatement.cause, restatement.words) == (Cause.DIVIDEND, "dividend 0.31 %")


def test_a_split_and_dividends_at_once_are_no_plain_split():
    assert said(0.5 * 0.985).cause is Cause.CORRECTION


def test_one_close_that_changed_is_a_correction():
    new = walk()
    new[22] *= 1.02
    change = compared(bars(walk()[:30]), bars(new))
    assert (change.first, change.last, change.sessions) == (weekdays(60)[22].item(),) * 2 + (1,)
    assert explained(TQQQ, change, PriceBasis.ADJUSTED).cause is Cause.CORRECTION
    assert not change.reaches_back


@pytest.mark.parametrize(("row", "reaches"), [(20, True), (24, True), (25, False), (29, False)])
def test_a_change_in_the_older_half_of_what_both_have_reaches_back(row, reaches):
    new = walk()
    new[row] *= 0.99
    assert compared(bars(walk()[:30]), bars(new[20:], first=20)).reaches_back is reaches


def test_lesson_16_a_dividend_that_rounding_hides_on_the_oldest_day_reaches_back():
    closes = np.array([2.01, 2.04, 2.61, 2.58, 2.57, 2.60, 2.62])
    restated = np.round(closes * 0.998, 2)
    change = compared(bars(closes), bars(restated))
    assert restated[0] == closes[0]
    assert change.reaches_back


def test_days_that_only_one_has_a_close_of_are_none_to_compare_by():
    closes = walk()[:10]
    assert not has_common_session(bars(np.full(10, np.nan)), bars(closes))
    assert not has_common_session(bars(closes), bars(np.full(10, np.nan)))
    half = np.where(np.arange(10) == 4, closes, np.nan)
    assert has_common_session(bars(half), bars(closes))


def test_raw_prices_know_no_splits_what_changes_in_them_is_corrected():
    assert said(0.5, basis=PriceBasis.RAW).cause is Cause.CORRECTION


def test_prices_rounded_to_cents_still_show_a_uniform_split():
    old, new = (bars(np.round(each.close, 2)) for each in restated(0.1))
    assert explained(TQQQ, compared(old, new), PriceBasis.ADJUSTED).words == "split 10:1"


def test_new_bars_come_after_old_ones_and_late_ones_between():
    old, new = bars(walk()[:30]), bars(walk()[20:], first=20)
    holes = old.rows(np.arange(30) != 25)
    assert merged(holes, new).days.tolist() == bars(walk()).days.tolist()
    assert merged(holes, new).close.tolist() == walk().tolist()


def test_a_value_that_only_the_old_bars_have_stays():
    old = bars(walk()[:30])
    new = bars(walk()[20:], first=20)
    blank = SymbolBars(new.days, new.close, new.open, new.high, new.low, new.open)
    volume = merged(old, blank).volume
    assert (volume[:30] == 1e6).all()
    assert np.isnan(volume[30:]).all()


def test_bars_without_a_common_day_cannot_be_compared():
    assert not has_common_session(bars(walk()[:10]), bars(walk()[10:], first=10))
    assert has_common_session(bars(walk()[:10]), bars(walk()[9:], first=9))


def test_a_history_that_ends_earlier_or_lacks_much_does_not_take_the_place_of_another():
    old = bars(walk())
    assert is_whole(old, old)
    assert is_whole(old, bars(walk()[1:], first=1))
    assert not is_whole(old, bars(walk()[:-1]))
    assert not is_whole(old, bars(walk()[5:], first=5))
    assert not is_whole(old, bars([]))
    assert is_whole(old, bars(walk()).rows(np.arange(40) != 20))
    assert lost_by(old, bars(walk()[5:], first=5)) == 5


@pytest.mark.parametrize(
    ("lacking", "whole"),
    [(slice(0, 200), True), (slice(0, 201), False), (slice(2, 10), True), (slice(2, 11), False)],
)
def test_a_history_may_begin_later_and_may_not_have_a_hole(lacking, whole):
    old = bars(np.full(4000, 50.0), total=4000)
    there = np.ones(4000, dtype=bool)
    there[lacking] = False
    assert is_whole(old, old.rows(there)) is whole


@given(st.floats(1e-3, 1e3), st.integers(1, 30))
def test_whatever_a_factor_is_it_is_put_into_words(factor, until):
    change = compared(*restated(factor, until=until))
    if change is None:
        assert factor == pytest.approx(1.0, abs=2e-6)
        return
    assert str(explained(TQQQ, change, PriceBasis.ADJUSTED))
    assert isinstance(change.last, date)
