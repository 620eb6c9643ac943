"""Parts add up to the whole, to the last digit."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.domain.money import ARITHMETIC
from alchemiser_core.domain.portfolio.proportion import as_shares, by_shares, in_proportion

NAMES = st.text("abc", min_size=1, max_size=3)
WEIGHTS = st.dictionaries(NAMES, st.decimals("0.001", 1000, places=3), min_size=1, max_size=5)


@pytest.fixture(autouse=True)
def exact():
    with localcontext(ARITHMETIC):
        yield


@given(WEIGHTS, st.decimals(0, 5000, places=9))
def test_parts_in_proportion_add_up_and_stay_within_their_weights(weights, total):
    with localcontext(ARITHMETIC):
        parts = in_proportion(total, weights)
        whole = sum(weights.values())
        assert sum(parts.values()) == total
        for name, part in parts.items():
            assert part >= 0
            assert part <= weights[name] or total > whole
            assert part >= weights[name] or total < whole
            assert abs(part - total * weights[name] / whole) < Decimal("1E-9")


@given(WEIGHTS, st.decimals(-5000, 5000, places=9))
def test_parts_by_shares_add_up(weights, total):
    with localcontext(ARITHMETIC):
        shares = as_shares(weights)
        assert sum(shares.values()) == 1
        parts = by_shares(total, shares)
        assert sum(parts.values(), start=Decimal(0)) == total
        for name, part in parts.items():
            assert abs(part - total * shares[name]) < Decimal("1E-9")


def test_a_share_of_nothing_gets_nothing_not_even_what_rounding_leaves():
    third = Decimal(1) / 3
    shares = {"a": third, "b": 1 - third, "z": Decimal(0)}
    assert by_shares(Decimal("0.01"), shares).keys() == {"a", "b"}
    assert as_shares({"a": Decimal(1), "z": Decimal(0)}) == {"a": 1}
