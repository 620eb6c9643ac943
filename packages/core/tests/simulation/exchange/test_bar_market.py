"""A market of bars quotes the session that it stands at, and nothing later."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from attrs import evolve

from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.simulation.exchange import BarMarket, FillAt
from alchemiser_core.testing.bars import history_of

A, GONE = Symbol("A"), Symbol("GONE")
HISTORY = history_of({"A": [10.1, 10.2, 10.3], "GONE": [5.5, None, None]})
DAYS = [HISTORY.session(row) for row in range(3)]
NOON = datetime(2020, 1, 2, 17, tzinfo=UTC)


def test_the_close_is_bid_and_ask():
    quote = BarMarket(HISTORY, FillAt.CLOSE, DAYS[1]).quote(A, NOON)
    assert (quote.bid, quote.ask, quote.at) == (Decimal("10.2"), Decimal("10.2"), NOON)


def test_the_open_is_the_price_where_orders_fill_at_it():
    history = evolve(HISTORY, open=HISTORY.close - 1)
    assert BarMarket(history, FillAt.OPEN, DAYS[0]).quote(A, NOON).bid == Decimal("9.1")
    with pytest.raises(ValueError, match="no opens"):
        BarMarket(HISTORY, FillAt.OPEN, DAYS[0])


def test_it_moves_from_session_to_session():
    market = BarMarket(HISTORY, FillAt.CLOSE, DAYS[0])
    assert market.quote(A, NOON).bid == Decimal("10.1")
    market.stand_at(DAYS[2])
    assert market.quote(A, NOON).bid == Decimal("10.3")
    with pytest.raises(ValueError, match="no session"):
        market.stand_at(DAYS[2].replace(year=2030))


def test_what_has_no_price_has_no_market_or_its_last_price_dated_then():
    assert BarMarket(HISTORY, FillAt.CLOSE, DAYS[2]).quote(GONE, NOON) is None
    assert BarMarket(HISTORY, FillAt.CLOSE, DAYS[2]).quote(Symbol("X"), NOON) is None
    market = BarMarket(HISTORY, FillAt.CLOSE, DAYS[2], sells_at_last_price=True)
    quote = market.quote(GONE, NOON)
    assert quote.bid == Decimal("5.5")
    assert quote.at.date() == DAYS[0]
