from decimal import Decimal

import pytest

from alchemiser_core.domain.allocation.plan_rules import PlanRules, TradingCosts
from alchemiser_core.domain.money import usd


def test_cost_and_slippage_are_one_rate_on_traded_value():
    assert TradingCosts(Decimal(1), Decimal("0.5")).rate == Decimal("0.00015")


@pytest.mark.parametrize("bps", ["-1", "5000", "NaN"])
def test_costs_outside_of_reason_cannot_be_made(bps):
    with pytest.raises(ValueError, match="cost_bps"):
        TradingCosts(cost_bps=Decimal(bps))
    with pytest.raises(ValueError, match="slippage_bps"):
        TradingCosts(slippage_bps=Decimal(bps))


def test_minimum_and_band_are_not_negative():
    with pytest.raises(ValueError, match="minimum_trade"):
        PlanRules({}, minimum_trade=usd(-1))
    with pytest.raises(ValueError, match="drift_band"):
        PlanRules({}, drift_band=Decimal("-0.1"))
