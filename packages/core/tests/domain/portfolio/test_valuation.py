from datetime import date
from decimal import Decimal

from attrs import evolve

from alchemiser_core.domain.money import usd
from alchemiser_core.domain.portfolio.portfolio import holding
from alchemiser_core.domain.portfolio.valuation import value_portfolio
from alchemiser_core.domain.quote import Mark, marks_of
from alchemiser_core.domain.symbol import Symbol

SPY, TLT, GLD = Symbol("SPY"), Symbol("TLT"), Symbol("GLD")
DAY = date(2026, 3, 2)
HELD = holding(usd(100), {SPY: Decimal(2), TLT: Decimal(3)}).unwrap()
MARKS = marks_of(DAY, [(SPY, Decimal(400)), (TLT, Decimal(100))])


def test_equity_is_cash_and_every_position_at_its_mark():
    valuation = value_portfolio(HELD, MARKS).unwrap()
    assert valuation.equity == 100 + 800 + 300
    assert valuation.values == {SPY: 800, TLT: 300}
    assert valuation.weight(SPY) == Decimal(800) / 1200
    assert valuation.weight(GLD) == 0
    assert valuation.carried == valuation.stale == ()


def test_a_last_price_values_a_holding_and_is_named_when_stale():
    for age, stale in ((1, ()), (5, ()), (6, (SPY,))):
        marks = {**MARKS, SPY: evolve(MARKS[SPY], age=age)}
        valuation = value_portfolio(HELD, marks).unwrap()
        assert valuation.equity == 1200
        assert valuation.carried == (SPY,)
        assert valuation.stale == stale


def test_holdings_without_a_price_are_named_together_and_never_valued_at_cost():
    marks = {SPY: Mark(SPY, Decimal("NaN"), DAY)}
    refused = value_portfolio(HELD, marks).failure()
    assert refused.symbols == (SPY, TLT)
    assert [p.code for p in refused.problems()] == ["unvalued-holding"] * 2
