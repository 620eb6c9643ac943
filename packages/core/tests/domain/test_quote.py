from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from attrs import evolve
from returns.result import Success

from alchemiser_core.domain.quote import (
    Mark,
    Quote,
    QuoteFault,
    QuoteLimits,
    carry_marks,
    marks_of,
)
from alchemiser_core.domain.symbol import Symbol

SPY, TLT = Symbol("SPY"), Symbol("TLT")
DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 20, 45, tzinfo=UTC)


def quote(bid="99.9", ask="100.1", at=NOW):
    return Quote(SPY, Decimal(bid), Decimal(ask), at)


def test_mid_and_spread_of_a_quote():
    assert quote().mid == 100
    assert quote().spread == Decimal("0.002")


def test_a_good_quote_becomes_a_mark_at_its_mid():
    assert quote().mark(DAY, NOW) == Success(Mark(SPY, Decimal(100), DAY))


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (quote(ask="0"), QuoteFault.NO_PRICE),
        (quote(bid="-1"), QuoteFault.NO_PRICE),
        (quote(bid="NaN"), QuoteFault.NO_PRICE),
        (quote(ask="Infinity"), QuoteFault.NO_PRICE),
        (quote(bid="100.2"), QuoteFault.CROSSED),
        (quote(bid="97"), QuoteFault.WIDE),
        (quote(at=NOW - timedelta(seconds=61)), QuoteFault.OLD),
        (quote(at=NOW + timedelta(seconds=6)), QuoteFault.FUTURE),
    ],
)
def test_a_bad_quote_is_never_a_mark(bad, fault):
    refused = bad.mark(DAY, NOW).failure()
    assert refused.faults == (fault,)
    assert fault.value in refused.problems()[0].what


def test_everything_that_is_wrong_with_a_quote_is_named_together():
    bad = quote(bid="0", at=NOW - timedelta(days=1))
    assert bad.faults(NOW, QuoteLimits()) == (QuoteFault.NO_PRICE, QuoteFault.OLD)


def test_limits_at_their_edge_are_kept():
    edge = Quote(SPY, Decimal(99), Decimal(101), NOW - timedelta(seconds=60))
    assert edge.faults(NOW, QuoteLimits()) == ()


def test_a_locked_market_is_no_crossed_one():
    assert quote(bid="100", ask="100").mark(DAY, NOW).unwrap().price == 100


def test_a_quote_without_time_zone_cannot_be_made():
    with pytest.raises(ValueError, match="time zone"):
        quote(at=datetime(2026, 3, 2, 20, 45))  # noqa: DTZ001


@pytest.mark.parametrize("price", ["NaN", "Infinity", "0", "-5"])
def test_a_mark_without_a_positive_finite_price_is_not_usable(price):
    assert not Mark(SPY, Decimal(price), DAY).usable


def test_a_last_price_ages_by_a_session_and_is_stale_after_five():
    marks = marks_of(DAY, [(SPY, Decimal(100)), (TLT, Decimal(90))])
    for _ in range(5):
        marks = carry_marks(marks, {TLT: Mark(TLT, Decimal(91), DAY)})
    assert (marks[SPY].age, marks[SPY].stale) == (5, False)
    assert (marks[TLT].age, marks[TLT].price) == (0, 91)
    marks = carry_marks(marks, {})
    assert (marks[SPY].age, marks[SPY].stale, marks[SPY].price) == (6, True, 100)


def test_an_unusable_price_of_today_leaves_the_last_one_standing():
    last = marks_of(DAY, [(SPY, Decimal(100))])
    today = {SPY: Mark(SPY, Decimal("NaN"), DAY), TLT: Mark(TLT, Decimal(0), DAY)}
    assert carry_marks(last, today) == {SPY: evolve(last[SPY], age=1)}
