import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.symphony.ast import Comparator
from alchemiser_core.symphony.engine.comparison import choose_highest, compare, round_significant


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (0.12345678904999, 0.1234567890),
        (1.23456789049, 1.234567890),
        (-98765.432194, -98765.43219),
        (5.1450000001e11, 5.145000000e11),
        (999999999.96, 1000000000.0),
        (0.0, 0.0),
    ],
)
def test_values_keep_ten_significant_digits_or_ten_decimals_below_one(value, rounded):
    assert round_significant(np.array([value]))[0] == rounded


@given(st.floats(min_value=-1e12, max_value=1e12))
def test_rounding_moves_a_value_by_half_a_unit_at_most(value):
    rounded = round_significant(np.array([value]))[0]
    assert abs(rounded - value) <= max(5.1e-11, abs(value) * 5.1e-10)
    assert round_significant(np.array([rounded]))[0] == rounded


PLAIN = {
    Comparator.GREATER: lambda a, b: a > b,
    Comparator.LESS: lambda a, b: a < b,
    Comparator.GREATER_OR_EQUAL: lambda a, b: a >= b,
    Comparator.LESS_OR_EQUAL: lambda a, b: a <= b,
    Comparator.EQUAL: lambda a, b: a == b,
}


@given(
    st.sampled_from(list(Comparator)),
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20),
    st.lists(st.sampled_from([0.0, 1e-16, -1e-16, 1e-12, 3e-10, -3e-10, 1e-3]), min_size=1),
)
def test_every_comparison_is_that_of_the_rounded_values(comparator, left, nudges):
    a = np.array(left)
    b = a * (1 + np.resize(np.array(nudges), a.shape))
    expected = PLAIN[comparator](round_significant(a), round_significant(b))
    assert (compare(comparator, a, b) == expected).all()


def test_noise_of_additions_is_no_difference():
    a, b = np.array([0.1 + 0.2]), np.array([0.3])
    assert not compare(Comparator.GREATER, a, b)[0]
    assert compare(Comparator.EQUAL, a, b)[0]


def test_an_undefined_side_holds_for_no_comparison():
    undefined, one = np.array([np.nan]), np.array([1.0])
    for comparator in Comparator:
        assert not compare(comparator, undefined, one)[0]
        assert not compare(comparator, one, undefined)[0]


def literal_choice(scores, eligible, count):
    order = sorted(
        (i for i in range(len(scores)) if eligible[i]),
        key=lambda i: (-round_significant(np.array([scores[i]]))[0], i),
    )
    return {*order[:count]}


@given(st.data(), st.integers(1, 9), st.integers(1, 9))
def test_the_highest_after_rounding_are_chosen_and_ties_go_to_the_earlier(data, width, count):
    value = st.sampled_from([1.0, 1.0 + 1e-15, 1.0 - 1e-15, 2.0, -3.0, 0.5, 1e11, 1e11 + 1.0])
    scores = np.array(data.draw(st.lists(value, min_size=width, max_size=width)))
    eligible = np.array(data.draw(st.lists(st.booleans(), min_size=width, max_size=width)))
    chosen = choose_highest(scores[:, None], eligible[:, None], count)[:, 0]
    assert set(np.flatnonzero(chosen)) == literal_choice(scores, eligible, count)


def test_a_candidate_that_cannot_be_ranked_is_never_chosen():
    scores = np.array([[np.nan], [1.0], [2.0]])
    chosen = choose_highest(scores, ~np.isnan(scores), 2)
    assert chosen[:, 0].tolist() == [False, True, True]
