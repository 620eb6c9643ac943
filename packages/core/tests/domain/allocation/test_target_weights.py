from decimal import Decimal

import numpy as np
import pytest

from alchemiser_core.domain.allocation.target_weights import ALL_CASH, target_weights
from alchemiser_core.domain.symbol import Symbol

SPY, TLT, GLD = Symbol("SPY"), Symbol("TLT"), Symbol("GLD")


def test_weights_are_sorted_exact_and_without_zeros():
    target = target_weights({TLT: 0.1, GLD: 0.0, SPY: Decimal("0.2")}).unwrap()
    assert list(target.weights.items()) == [(SPY, Decimal("0.2")), (TLT, Decimal("0.1"))]
    assert list(target) == [SPY, TLT]
    assert target.total == Decimal("0.3")
    assert target.of(GLD) == 0


def test_weights_of_numpy_are_read_like_floats():
    assert target_weights({SPY: np.float64(0.1)}).unwrap().of(SPY) == Decimal("0.1")


def test_all_cash_is_a_target():
    assert target_weights({}).unwrap() == ALL_CASH


@pytest.mark.parametrize("total", ["1", "1.000000001", "0.5"])
def test_the_sum_may_exceed_one_only_by_what_adding_floats_can_do(total):
    assert target_weights({SPY: Decimal(total)}).unwrap().total == Decimal(total)


@pytest.mark.parametrize("total", [1.01, 1.000000002])
def test_lesson_weights_that_sum_to_one_and_a_percent_are_refused(total):
    refused = target_weights({SPY: 0.5, TLT: total - 0.5}).failure()
    (problem,) = refused.problems()
    assert problem.code == "weights-above-one"


@pytest.mark.parametrize("weight", [-0.1, float("nan"), float("inf"), float("-inf")])
def test_a_weight_is_finite_and_not_negative(weight):
    (problem,) = target_weights({SPY: 0.5, TLT: weight}).failure().problems()
    assert (problem.code, problem.where) == ("bad-weight", "TLT")


def test_everything_that_is_wrong_is_told_together():
    refused = target_weights({GLD: -1.0, SPY: 1.5, TLT: float("nan")}).failure()
    assert [p.code for p in refused.problems()] == [
        "bad-weight",
        "bad-weight",
        "weights-above-one",
    ]
