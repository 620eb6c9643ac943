from decimal import Decimal

import pytest

from alchemiser_core.domain.allocation.constraints import (
    Adjustment,
    Constraints,
    Limit,
    constrain,
)
from alchemiser_core.domain.allocation.target_weights import target_weights
from alchemiser_core.domain.money import usd
from alchemiser_core.domain.symbol import Symbol

SPY, TLT, GLD = Symbol("SPY"), Symbol("TLT"), Symbol("GLD")
TARGET = target_weights({SPY: Decimal("0.6"), TLT: Decimal("0.4")}).unwrap()


def test_without_limits_a_target_stays_as_it_is():
    assert constrain(TARGET, Constraints()) == (TARGET, ())


def test_a_cap_keeps_its_excess_in_cash():
    allowed, adjusted = constrain(TARGET, Constraints(cap=Decimal("0.5")))
    assert allowed.weights == {SPY: Decimal("0.5"), TLT: Decimal("0.4")}
    assert allowed.total == Decimal("0.9")
    assert adjusted == (Adjustment(SPY, Decimal("0.6"), Decimal("0.5"), Limit.CAP),)


def test_a_cap_of_its_own_goes_before_the_general_one():
    limits = Constraints(cap=Decimal("0.1"), caps={SPY: Decimal("0.7")})
    allowed, adjusted = constrain(TARGET, limits)
    assert allowed.weights == {SPY: Decimal("0.6"), TLT: Decimal("0.1")}
    assert [a.symbol for a in adjusted] == [TLT]


@pytest.mark.parametrize(
    ("limits", "limit"),
    [
        (Constraints(denied=frozenset({TLT})), Limit.DENIED),
        (Constraints(unmanaged=frozenset({TLT})), Limit.UNMANAGED),
    ],
)
def test_denied_and_unmanaged_symbols_get_no_weight(limits, limit):
    allowed, adjusted = constrain(TARGET, limits)
    assert allowed.weights == {SPY: Decimal("0.6")}
    assert adjusted == (Adjustment(TLT, Decimal("0.4"), Decimal(0), limit),)


def test_the_cash_buffer_lowers_all_weights_alike():
    allowed, adjusted = constrain(TARGET, Constraints(cash_buffer=Decimal("0.05")))
    assert allowed.weights == {SPY: Decimal("0.57"), TLT: Decimal("0.38")}
    assert allowed.total == Decimal("0.95")
    assert {a.limit for a in adjusted} == {Limit.CASH_BUFFER}


def test_cash_that_a_target_leaves_anyway_is_the_buffer():
    target = target_weights({SPY: Decimal("0.6")}).unwrap()
    assert constrain(target, Constraints(cash_buffer=Decimal("0.4"))) == (target, ())


def test_a_cap_is_applied_before_the_buffer():
    limits = Constraints(cap=Decimal("0.5"), cash_buffer=Decimal("0.1"))
    allowed, adjusted = constrain(TARGET, limits)
    assert allowed.weights == {SPY: Decimal("0.5"), TLT: Decimal("0.4")}
    assert len(adjusted) == 1


def test_a_buffer_of_everything_leaves_no_weights():
    allowed, _ = constrain(TARGET, Constraints(cash_buffer=Decimal(1)))
    assert allowed.weights == {}


def test_the_noise_that_the_sum_of_weights_may_have_is_no_adjustment():
    target = target_weights({SPY: Decimal("0.6"), TLT: Decimal("0.4000000005")}).unwrap()
    allowed, adjusted = constrain(target, Constraints())
    assert adjusted == ()
    assert sum(allowed.weights.values()) <= 1
    assert abs(allowed.of(SPY) - Decimal("0.6")) < Decimal("1E-9")


@pytest.mark.parametrize(
    "limits",
    [
        {"cap": Decimal("1.1")},
        {"caps": {SPY: Decimal("-0.1")}},
        {"cash_buffer": Decimal("NaN")},
        {"reserve_cash": usd(-1)},
    ],
)
def test_limits_that_make_no_sense_cannot_be_made(limits):
    with pytest.raises(ValueError, match=next(iter(limits))):
        Constraints(**limits)
