from datetime import date
from decimal import Decimal, getcontext, localcontext

import pytest
from returns.result import Success

from alchemiser_core.domain.money import usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.portfolio.cash import CashMovement, CashReason
from alchemiser_core.domain.portfolio.portfolio import funded, holding
from alchemiser_core.domain.symbol import Symbol

SPY, TLT = Symbol("SPY"), Symbol("TLT")
DAY = date(2026, 3, 2)


def buy(quantity, price, cost="0", symbol=SPY):
    return Fill(symbol, Side.BUY, Decimal(quantity), Decimal(price), DAY, usd(cost))


def sell(quantity, price, cost="0", symbol=SPY):
    return Fill(symbol, Side.SELL, Decimal(quantity), Decimal(price), DAY, usd(cost))


def after(*fills, cash=1000):
    return funded(usd(cash)).apply_all(fills).unwrap()


def test_a_buy_turns_cash_into_a_position_with_its_cost_in_the_basis():
    portfolio = after(buy(5, 100, "1"))
    assert portfolio.cash == 499
    assert portfolio.quantity(SPY) == 5
    assert portfolio.positions[SPY].basis == 501
    assert portfolio.positions[SPY].average_cost == Decimal("100.2")
    assert portfolio.costs == 1


def test_lesson_realised_profit_is_taken_before_the_position_is_reduced():
    closed = after(buy(5, 100, "1"), sell(5, 120, "2"))
    assert closed.realised == 5 * 20 - 1 - 2
    assert closed.quantity(SPY) == 0
    assert SPY not in closed.positions


def test_a_part_sold_realises_the_profit_of_the_oldest_shares():
    portfolio = after(buy(2, 100), buy(2, 150), sell(3, 200))
    assert portfolio.realised == 2 * 100 + 1 * 50
    assert portfolio.quantity(SPY) == 1
    assert portfolio.positions[SPY].basis == 150


@pytest.mark.parametrize("fills", [[sell(1, 10)], [buy(1, 10), sell(2, 10)]])
def test_more_than_is_held_cannot_be_sold(fills):
    (problem,) = funded(usd(100)).apply_all(fills).failure().problems()
    assert problem.code == "oversold"
    assert "SPY" in problem.what


def test_a_portfolio_is_not_changed_by_what_comes_after_it():
    before = after(buy(5, 100))
    before.apply(sell(5, 100)).unwrap()
    assert before.quantity(SPY) == 5
    assert before.apply(buy(1, 10, symbol=TLT)).unwrap().quantity(TLT) == 1
    assert TLT not in before.positions


def test_contributions_are_no_income():
    portfolio = after()
    for reason, amount in (
        (CashReason.DEPOSIT, 500),
        (CashReason.WITHDRAWAL, -200),
        (CashReason.DIVIDEND, 12),
        (CashReason.FEE, -2),
    ):
        portfolio = portfolio.move_cash(CashMovement(reason, usd(amount), DAY))
    assert portfolio.cash == 1310
    assert portfolio.contributed == 1300
    assert portfolio.income == 10


def test_a_split_changes_quantities_and_keeps_the_basis():
    portfolio = after(buy(3, 100), buy(1, 200)).split(SPY, Decimal(2))
    assert portfolio.quantity(SPY) == 8
    assert portfolio.positions[SPY].basis == 500
    assert [lot.quantity for lot in portfolio.positions[SPY].lots] == [6, 2]
    assert portfolio.split(TLT, Decimal(2)) is portfolio


def test_arithmetic_does_not_depend_on_the_context_of_the_embedding_program():
    expected = after(buy("1.23456789", "123.4567"))
    with localcontext() as context:
        context.prec = 5
        assert after(buy("1.23456789", "123.4567")) == expected
    assert getcontext().prec == 28


def test_holdings_from_bare_quantities():
    portfolio = holding(usd(5), {TLT: Decimal(2), SPY: Decimal(0)}).unwrap()
    assert (portfolio.cash, list(portfolio.positions)) == (5, [TLT])


def test_holdings_below_zero_are_refused_all_together():
    refused = holding(usd(5), {TLT: Decimal(-2), SPY: Decimal("NaN")}).failure()
    assert [p.where for p in refused.problems()] == ["SPY", "TLT"]


def test_apply_is_a_result():
    assert isinstance(after().apply(buy(1, 1)), Success)
