"""The judge itself, on cases small enough for a pencil, and its indicators against TA-Lib."""

import math
from decimal import Decimal

import numpy as np
import pytest
import talib
from plain_evaluator import (
    PlainEvaluator,
    Undecided,
    decide_all_plain,
    decide_plain,
    price_series,
    rounded,
)

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.symphony.ast import (
    Asset,
    Comparator,
    Condition,
    Constant,
    Filter,
    Group,
    If,
    Indicator,
    Select,
    Symphony,
    WeightEqual,
    WeightInverseVolatility,
    WeightSpecified,
)

A, B, C = Asset("A"), Asset("B"), Asset("C")
NAN = math.nan
RETURN_1 = Measure(IndicatorKind.CUMULATIVE_RETURN, (1,))


def bars(**closes):
    sessions = len(next(iter(closes.values())))
    days = np.busday_offset(np.datetime64("2024-01-01"), np.arange(sessions), roll="forward")
    return BarHistory(days, tuple(closes), np.array(list(closes.values()), dtype=float).T)


def last(history, *body):
    return decide_plain(Symphony("small", body), history, len(history) - 1)


def above(symbol, number):
    price = Indicator(Measure(IndicatorKind.CURRENT_PRICE), symbol)
    return Condition(Comparator.GREATER, price, Constant(number))


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (79.00000000004, "79.00000000"),
        (79.00000006, "79.00000006"),
        (0.12345678904, "0.1234567890"),
        (-123456.78904, "-123456.7890"),
        (1e-17, "0"),
    ],
)
def test_comparisons_see_ten_digits(value, seen):
    assert rounded(value) == Decimal(seen)


def test_a_price_is_carried_for_five_sessions_and_then_the_run_ends():
    prices = [1, NAN, NAN, NAN, NAN, NAN, 2, NAN, NAN, NAN, NAN, NAN, NAN, 3]

    series = price_series(prices)

    assert [series.bars(row) for row in (0, 5, 6, 12, 13)] == [1, 0, 7, 0, 1]
    assert series.values[1:6] == [1] * 5
    assert math.isnan(series.values[12])


def test_a_branch_of_two_blocks_is_one_block_to_its_parent():
    branch = If(above("A", 1), (A, B), (C,))

    assert last(bars(A=[2], B=[2], C=[2]), WeightEqual((C, branch))) == {
        "C": 0.5,
        "A": 0.25,
        "B": 0.25,
    }


def test_an_empty_branch_is_cash_and_only_the_path_taken_needs_history():
    branch = If(above("A", 1), (), (Asset("NONE"),))

    assert last(bars(A=[2]), branch) == {}


def test_a_share_of_zero_makes_no_demand():
    block = WeightSpecified((3.0, 0.0, 1.0), ((A,), (Asset("NONE"),), (B,)))

    assert last(bars(A=[2], B=[2]), block) == {"A": 0.75, "B": 0.25}


def test_inverse_volatility_by_hand():
    history = bars(A=[100, 101, 100], B=[100, 102, 100], C=[1, 1, 1])
    swing = [abs(1 - 100 / 101) / 2 + 0.005, abs(1 - 100 / 102) / 2 + 0.01]

    weights = last(history, WeightInverseVolatility(2, (A, B)))

    assert weights["A"] / weights["B"] == pytest.approx(swing[1] / swing[0])
    assert isinstance(last(history, WeightInverseVolatility(2, (A, C))), Undecided)


def test_a_filter_takes_the_earlier_of_equals_and_a_symbol_once():
    history = bars(A=[1, 1], B=[1, 2], C=[1, 2])

    def top(count, *blocks):
        return last(history, Filter(RETURN_1, Select.TOP, count, blocks))

    assert top(1, A, C, B) == {"C": 1.0}
    assert top(2, B, B, A) == {"B": 0.5, "A": 0.5}
    assert top(2, B, Group("g", (B,)), A) == {"B": 1.0}


def test_a_filter_leaves_out_what_lacks_history_and_needs_one_candidate():
    history = bars(A=[1, 1], B=[NAN, 2])

    assert last(history, Filter(RETURN_1, Select.BOTTOM, 2, (A, B))) == {"A": 1.0}
    found = last(history, Filter(RETURN_1, Select.BOTTOM, 2, (B,)))
    assert found.reasons == ("nothing to rank: cumulative-return 1 of B needs 2 bars, 1 are there",)


def test_a_blocks_index_earns_what_was_decided_the_day_before():
    rising = If(above("A", 10), (A,), (B,))
    history = bars(A=[11, 9, 18, 9], B=[10, 10, 15, 15])

    index = PlainEvaluator(history).series(rising)

    # holds A, B, A, B: earns -2/11, then 1/2, then -1/2
    assert index.values == pytest.approx([1, 9 / 11, 9 / 11 * 1.5, 9 / 11 * 0.75])


def test_a_blocks_index_begins_anew_after_an_undecidable_day():
    history = bars(A=[1, 2, NAN, 3, 6])

    index = PlainEvaluator(history).series(Group("alone", (A,)))

    assert index.values[:2] + index.values[3:] == [1, 2, 1, 2]
    assert [index.bars(row) for row in range(5)] == [1, 2, 0, 1, 2]


def test_deciding_one_row_knows_nothing_of_later_ones():
    symphony = Symphony("small", (Filter(RETURN_1, Select.TOP, 1, (A, Group("g", (B,)))),))
    history = bars(A=[1, 2, 3, 9], B=[1, 1, 4, 1])

    together = decide_all_plain(symphony, history)

    assert [decide_plain(symphony, history, row) for row in range(4)] == together


@pytest.fixture
def walk():
    rng = np.random.default_rng(5)
    return 100 * np.exp(np.cumsum(rng.normal(0, 0.02, 300)))


@pytest.mark.parametrize(
    ("kind", "windows", "expected"),
    [
        (IndicatorKind.RSI, (14,), lambda p: talib.RSI(p, 14)),
        (IndicatorKind.MOVING_AVERAGE_PRICE, (20,), lambda p: talib.SMA(p, 20)),
        (IndicatorKind.CUMULATIVE_RETURN, (7,), lambda p: talib.ROC(p, 7)),
        (IndicatorKind.STDEV_PRICE, (9,), lambda p: talib.STDDEV(p, 9) * math.sqrt(9 / 8)),
    ],
)
def test_indicators_agree_with_ta_lib(walk, kind, windows, expected):
    series = price_series(walk.tolist())
    measure = Measure(kind, windows)

    found = [series.measure(measure, row) for row in range(len(walk))]

    reference = expected(walk)
    assert [value is None for value in found] == np.isnan(reference).tolist()
    values = [value for value in found if value is not None]
    assert values == pytest.approx(reference[~np.isnan(reference)], abs=1e-8)


def test_the_oscillator_by_hand():
    series = price_series([10.0, 16.0, 16.0, 10.0])
    oscillator = Measure(IndicatorKind.PPO, (1, 3))
    signal = Measure(IndicatorKind.PPO_SIGNAL, (1, 3, 2))

    # the averages over 3 are 10, 13, 14.5, 12.25
    first, second = (16 - 14.5) / 14.5 * 100, (10 - 12.25) / 12.25 * 100
    assert series.measure(oscillator, 1) is None
    assert series.measure(oscillator, 2) == pytest.approx(first)
    assert series.measure(signal, 2) is None
    assert series.measure(signal, 3) == pytest.approx(first / 3 + second * 2 / 3)


def test_the_deepest_fall_counts_as_a_positive_percentage():
    series = price_series([5.0, 10.0, 8.0, 9.0, 6.0, 12.0])

    assert series.measure(Measure(IndicatorKind.MAX_DRAWDOWN, (5,)), 5) == pytest.approx(40)
    assert series.measure(Measure(IndicatorKind.MAX_DRAWDOWN, (3,)), 5) == pytest.approx(100 / 3)
