"""The facts of an account, and which valuation a loss is measured from."""

from datetime import UTC, date, datetime
from decimal import Decimal

from alchemiser_core.domain.journal.events import Valued
from alchemiser_core.domain.money import usd
from alchemiser_core.domain.portfolio.portfolio import holding
from alchemiser_core.domain.portfolio.valuation import value_portfolio
from alchemiser_core.domain.quote import marks_of
from alchemiser_core.domain.risk.day_traded import DayTraded
from alchemiser_core.domain.risk.facts import account_facts, earlier_valuation
from alchemiser_core.domain.symbol import Symbol

DAY = date(2026, 3, 2)
SPY = Symbol("SPY")


def valued(day, hour=21):
    at = datetime(2026, 3, day, hour, tzinfo=UTC)
    return Valued(at.date(), at, usd(1), {}, usd(1))


def test_the_facts_are_those_of_the_portfolio_at_its_marks():
    portfolio = holding(usd(100), {SPY: Decimal(2)}).unwrap()
    valuation = value_portfolio(portfolio, marks_of(DAY, [(SPY, Decimal(400))])).unwrap()
    facts = account_facts(portfolio, valuation, earlier=valued(1))
    assert (facts.equity, facts.contributed) == (900, 0)
    assert (facts.held(SPY), facts.held(Symbol("TLT"))) == (2, 0)
    assert facts.values == {SPY: 800}
    assert facts.traded == DayTraded()
    assert facts.earlier == valued(1)


def test_a_loss_is_measured_from_the_last_valuation_of_an_earlier_session():
    assert earlier_valuation(date(2026, 3, 3), valued(2), valued(1)) == valued(2)
    assert earlier_valuation(date(2026, 3, 2), valued(2), valued(1)) == valued(1)
    assert earlier_valuation(date(2026, 3, 3), valued(2, 21), valued(2, 22)) == valued(2, 22)
    assert earlier_valuation(date(2026, 3, 2), valued(2), None) is None
