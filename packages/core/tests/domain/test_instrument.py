from decimal import Decimal

import pytest

from alchemiser_core.domain.instrument import (
    Instrument,
    fractional_shares,
    whole_shares,
    without_increments,
)
from alchemiser_core.domain.money import usd
from alchemiser_core.domain.symbol import Symbol

SPY = Symbol("SPY")


def test_an_instrument_trades_whole_shares_unless_told_otherwise():
    assert whole_shares([SPY])[SPY].quantity_increment == 1
    assert not whole_shares([SPY])[SPY].fractionable


def test_fractions_come_in_nine_decimals():
    instrument = fractional_shares([SPY], minimum_order_value=usd(1))[SPY]
    assert instrument.quantity_increment == Decimal("0.000000001")
    assert instrument.minimum_order_value == 1


def test_increments_can_be_switched_off():
    assert without_increments([SPY])[SPY].quantity_increment is None


@pytest.mark.parametrize("increment", ["0", "-1", "NaN", "Infinity"])
def test_an_increment_is_positive(increment):
    with pytest.raises(ValueError, match="quantity_increment must be positive"):
        Instrument(SPY, quantity_increment=Decimal(increment), fractionable=True)


@pytest.mark.parametrize("increment", [None, Decimal("0.5")])
def test_what_is_not_fractionable_has_no_fractional_increment(increment):
    with pytest.raises(ValueError, match="not fractionable"):
        Instrument(SPY, quantity_increment=increment)


def test_a_minimum_order_value_is_not_negative():
    with pytest.raises(ValueError, match="minimum_order_value cannot be -1"):
        Instrument(SPY, minimum_order_value=usd(-1))
