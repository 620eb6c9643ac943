from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.domain.money import Usd, usd
from alchemiser_core.domain.portfolio.transfer import Transfer, transfers_to_shares

DAY = date(2026, 4, 1)
HALF = Decimal("0.5")


def test_the_book_that_has_too_much_gives_to_the_one_that_has_too_little():
    moved = transfers_to_shares({"a": usd(700), "b": usd(300)}, {"a": HALF, "b": HALF}, DAY)
    assert moved == (Transfer("a", "b", usd(200), DAY),)


def test_books_at_their_shares_move_nothing():
    assert transfers_to_shares({"a": usd(5), "b": usd(5)}, {"a": HALF, "b": HALF}, DAY) == ()


def test_one_book_can_give_to_several_and_take_from_several():
    quarter = Decimal("0.25")
    shares = dict.fromkeys("abcd", quarter)
    equity = {"a": usd(400), "b": usd(300), "c": usd(200), "d": usd(100)}
    assert transfers_to_shares(equity, shares, DAY) == (
        Transfer("a", "c", usd(50), DAY),
        Transfer("a", "d", usd(100), DAY),
        Transfer("b", "d", usd(50), DAY),
    )


def test_books_and_shares_are_of_the_same_strategies():
    with pytest.raises(ValueError, match="shares of"):
        transfers_to_shares({"a": usd(5)}, {"b": Decimal(1)}, DAY)


@given(st.lists(st.decimals(0, 10**9, places=9), min_size=2, max_size=7))
def test_transfers_bring_every_book_to_its_share(amounts):
    equity = {f"s{i}": Usd(amount) for i, amount in enumerate(amounts)}
    shares = {name: Decimal(i + 1) for i, name in enumerate(equity)}
    whole = sum(shares.values())
    shares = {name: (share / whole).quantize(Decimal("1E-6")) for name, share in shares.items()}
    shares["s0"] += 1 - sum(shares.values())
    after = dict(equity)
    for transfer in transfers_to_shares(equity, shares, DAY):
        assert transfer.amount > 0
        after[transfer.source] -= transfer.amount
        after[transfer.destination] += transfer.amount
    total = sum(equity.values())
    for name, amount in after.items():
        assert abs(amount - shares[name] * total) < Decimal("1E-9")
