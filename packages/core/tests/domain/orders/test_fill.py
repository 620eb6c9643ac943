from datetime import date
from decimal import Decimal

from alchemiser_core.domain.money import usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.symbol import Symbol


def fill(side):
    return Fill(Symbol("SPY"), side, Decimal(3), Decimal("10.5"), date(2026, 3, 2), usd("0.25"))


def test_a_buy_takes_its_value_and_its_cost_from_cash():
    assert fill(Side.BUY).value == Decimal("31.5")
    assert fill(Side.BUY).cash_change == Decimal("-31.75")


def test_a_sell_brings_its_value_less_its_cost():
    assert fill(Side.SELL).cash_change == Decimal("31.25")
