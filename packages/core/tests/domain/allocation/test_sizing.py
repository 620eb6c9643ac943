from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.domain.allocation.sizing import equity_after_costs, whole_steps
from alchemiser_core.domain.money import ARITHMETIC


def exact_equity(equity, held, weights, rate):
    """The root of E + c·Σ|wE − h| − E⁻ by searching the pieces between all its kinks."""

    def surplus(e):
        traded = sum(abs(w * e - h) for h, w in zip(held, weights, strict=True))
        return e + rate * traded - equity

    kinks = sorted(h / w for h, w in zip(held, weights, strict=True) if w)
    points = [min([Fraction(0), *kinks]) - 1, *kinks, max([equity, *kinks]) + 1]
    for low, high in pairwise(points):
        if surplus(low) <= 0 <= surplus(high) and low != high:
            slope = (surplus(high) - surplus(low)) / (high - low)
            return low - surplus(low) / slope
    raise AssertionError("no root")


@st.composite
def portfolios(draw):
    count = draw(st.integers(0, 6))
    held = draw(st.lists(st.decimals(0, 10**6, places=2), min_size=count, max_size=count))
    raw = draw(st.lists(st.integers(0, 100), min_size=count, max_size=count))
    whole = max(100, sum(raw))
    weights = [(Decimal(w) / whole).quantize(Decimal("1E-9"), rounding="ROUND_DOWN") for w in raw]
    cash = draw(st.decimals(1, 10**6, places=2))
    rate = draw(st.decimals(0, "0.05", places=5))
    return cash + sum(held), held, weights, rate


@given(portfolios())
def test_equity_after_costs_solves_its_equation(portfolio):
    with localcontext(ARITHMETIC):
        solved = equity_after_costs(*portfolio)
    equity, held, weights, rate = portfolio
    expected = exact_equity(
        Fraction(equity),
        [Fraction(h) for h in held],
        [Fraction(w) for w in weights],
        Fraction(rate),
    )
    assert abs(Fraction(solved) - expected) <= Fraction(1, 10**25) * Fraction(equity)


def test_buying_with_all_cash_leaves_room_for_the_costs():
    solved = equity_after_costs(Decimal(101), [Decimal(0)], [Decimal(1)], Decimal("0.01"))
    assert solved == 100


def test_holding_what_is_wanted_costs_nothing():
    assert equity_after_costs(Decimal(50), [Decimal(50)], [Decimal(1)], Decimal("0.01")) == 50


def test_quantities_are_rounded_down_to_their_increment():
    assert whole_steps(Decimal("9.99"), Decimal(1)) == 9
    assert whole_steps(Decimal("1.23456"), Decimal("0.001")) == Decimal("1.234")
    assert whole_steps(Decimal("1.1"), Decimal("0.25")) == 1
    assert whole_steps(Decimal("0.4"), Decimal(1)) == 0


def test_without_increment_a_quantity_keeps_twenty_decimals():
    with localcontext(ARITHMETIC):
        assert whole_steps(Decimal(20) / 3, None) == Decimal("6." + "6" * 20)


def test_the_noise_of_float_weights_does_not_cost_a_share():
    third = Decimal(repr(1 / 3))
    assert whole_steps(third * 3000 / 100, Decimal(1)) == 10
    assert whole_steps(Decimal("9.99999999998"), Decimal(1)) == 9
