from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from alchemiser_app.reports.money import money, money_that_adds_up

AMOUNTS = st.decimals(-(10**9), 10**9, places=6)


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def test_three_thirds_of_a_dollar_are_shown_as_a_dollar():
    assert money_that_adds_up([Decimal(1) / 3] * 3) == ["0.34", "0.33", "0.33"]


@given(st.lists(AMOUNTS, min_size=1, max_size=8))
def test_what_is_shown_adds_up_and_no_part_is_a_cent_off(parts):
    shown = [number(text) for text in money_that_adds_up(parts)]
    assert sum(shown) == number(money(sum(parts)))
    assert all(abs(a - b) <= Decimal("0.01") for a, b in zip(shown, parts, strict=True))
