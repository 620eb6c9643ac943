"""Limits that make no sense are not limits, and the list of leveraged funds is sound."""

from decimal import Decimal

import pytest

from alchemiser_core.domain.risk.leveraged_funds import LEVERAGED_FUNDS
from alchemiser_core.domain.risk.limits import RiskLimits
from alchemiser_core.domain.symbol import Symbol, parse_symbol

NOT_A_NUMBER = Decimal("NaN")


@pytest.mark.parametrize(
    "limit",
    [
        {"max_turnover": Decimal(-1)},
        {"max_order_value": NOT_A_NUMBER},
        {"max_orders": -1},
        {"max_weight": Decimal("1.1")},
        {"max_gross": Decimal("1.0001")},
        {"max_gross": Decimal(-1)},
        {"max_leveraged_weight": NOT_A_NUMBER},
        {"max_equity_drop": Decimal(2)},
        {"leveraged_funds": {Symbol("X"): Decimal("0.5")}},
        {"leveraged_funds": {Symbol("X"): Decimal("Infinity")}},
    ],
    ids=str,
)
def test_a_limit_that_makes_no_sense_is_a_mistake_of_the_program(limit):
    with pytest.raises(ValueError, match=next(iter(limit))):
        RiskLimits(**limit)


def test_every_limit_but_that_of_what_is_invested_is_off_at_first():
    limits = RiskLimits()
    assert limits.max_gross == 1
    named = ("turnover", "order_value", "order_fraction", "day_value", "orders", "weight")
    more = ("leveraged_weight", "exposure", "equity_drop", "spread")
    assert {getattr(limits, f"max_{name}") for name in named + more} == {None}


def test_a_symbol_that_is_not_in_the_list_is_not_leveraged():
    limits = RiskLimits()
    assert limits.factor(Symbol("SPY")) == 1
    assert not limits.is_leveraged(Symbol("SPY"))
    assert limits.is_leveraged(Symbol("SQQQ"))


@pytest.mark.parametrize(
    ("symbol", "factor"),
    [("TQQQ", 3), ("SQQQ", 3), ("UPRO", 3), ("SOXL", 3), ("TECL", 3), ("FNGU", 3), ("QLD", 2)],
)
def test_common_leveraged_funds_are_in_the_list(symbol, factor):
    assert LEVERAGED_FUNDS[Symbol(symbol)] == factor


def test_the_list_holds_symbols_in_their_own_spelling_and_multiples_above_one():
    assert LEVERAGED_FUNDS[Symbol("UVXY")] == Decimal("1.5")
    assert all(parse_symbol(symbol).unwrap() == symbol for symbol in LEVERAGED_FUNDS)
    assert set(LEVERAGED_FUNDS.values()) == {Decimal(3), Decimal(2), Decimal("1.5")}
