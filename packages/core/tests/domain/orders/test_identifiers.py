from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.domain.orders.identifiers import LONGEST, CycleKey, Side, is_own
from alchemiser_core.domain.symbol import Symbol

SPY = Symbol("SPY")
KEY = CycleKey("main", "PA123", date(2026, 3, 2), "close")


def test_the_same_order_always_has_the_same_id():
    assert KEY.order_id(SPY, Side.BUY) == evolve(KEY).order_id(SPY, Side.BUY, 0, 0)


def test_an_id_never_changes_between_versions():
    # An id that changed would let a restarted cycle send its orders twice.
    assert KEY.order_id(SPY, Side.BUY) == "alch-38f9e906f51564b31fed887c93f32ab8"


@pytest.mark.parametrize(
    "other",
    [
        evolve(KEY, portfolio="second").order_id(SPY, Side.BUY),
        evolve(KEY, account="PA124").order_id(SPY, Side.BUY),
        evolve(KEY, trading_day=date(2026, 3, 3)).order_id(SPY, Side.BUY),
        evolve(KEY, cycle="open").order_id(SPY, Side.BUY),
        KEY.order_id(Symbol("SPX"), Side.BUY),
        KEY.order_id(SPY, Side.SELL),
        KEY.order_id(SPY, Side.BUY, slice_number=1),
        KEY.order_id(SPY, Side.BUY, attempt_epoch=1),
        evolve(KEY, portfolio="mai", account="nPA123").order_id(SPY, Side.BUY),
    ],
)
def test_every_part_of_the_key_counts(other):
    assert other != KEY.order_id(SPY, Side.BUY)


@given(st.text(max_size=200), st.text(max_size=200), st.integers(0, 10**6))
def test_ids_are_short_enough_and_known_as_own(portfolio, account, attempt_epoch):
    key = CycleKey(portfolio, account, date(2026, 3, 2))
    identifier = key.order_id(SPY, Side.SELL, attempt_epoch=attempt_epoch)
    assert len(identifier) <= LONGEST
    assert identifier.isascii()
    assert is_own(identifier)


def test_ids_of_others_are_not_own():
    assert not is_own("6f3c9f0e-web-order")
    assert not is_own("alch-" + "0" * 60)
