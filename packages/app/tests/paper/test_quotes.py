"""By the system's clock the paper account trades on quotes, as they come."""

from datetime import timedelta
from decimal import Decimal

import pytest

from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.orders.order import OrderRequest, OrderType
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.orders.submission import Rejected, RejectionKind
from alchemiser_core.domain.symbol import Symbol


@pytest.fixture
def quoted(paper):
    paper.quote(SPY=("500.10", "500.13"))
    return paper


@pytest.fixture
def broker(quoted):
    return quoted.broker(None, use_system_time=True)


def limit(identifier, price):
    side, quantity = Side.BUY, Decimal(1)
    return OrderRequest(
        ClientOrderId(identifier), Symbol("SPY"), side, quantity, OrderType.LIMIT, Decimal(price)
    )


def test_it_lives_by_the_clock_that_it_is_given(quoted, broker):
    assert not broker.capabilities.keeps_time
    assert broker.clock is quoted.context.clock
    assert broker.session.day == quoted.days[10]


def test_market_orders_fill_at_the_far_side(broker, order):
    bought = broker.submit(order("a", "SPY", Side.BUY, "1")).unwrap()
    sold = broker.submit(order("b", "SPY", Side.SELL, "1")).unwrap()
    assert (bought.filled_value, sold.filled_value) == (Decimal("500.13"), Decimal("500.10"))


def test_a_resting_order_fills_in_a_later_process_when_its_price_is_quoted(quoted, broker):
    assert broker.submit(limit("a", "499")).unwrap().status is OrderStatus.OPEN
    quoted.close()
    quoted.context.clock.advance(timedelta(minutes=5))
    quoted.feed.prices["SPY"] = ("498.90", "498.95")
    report = quoted.broker(None, use_system_time=True).order("a").unwrap()
    assert report.status is OrderStatus.FILLED
    assert report.filled_value == Decimal("498.95")


def test_orders_of_the_day_expire(quoted, broker):
    broker.submit(limit("a", "499"))
    quoted.context.clock.advance(timedelta(hours=8))
    assert broker.order("a").unwrap().status is OrderStatus.EXPIRED
    assert not broker.time().unwrap().is_open


def test_without_quotes_nothing_is_traded_and_nothing_is_told(quoted, broker, order):
    broker.submit(limit("a", "499"))
    quoted.feed.down = True
    refusal = broker.submit(order("b", "SPY", Side.BUY, "1")).failure()
    assert isinstance(refusal, Rejected)
    assert "no quotes" in refusal.message
    (problem,) = broker.positions().failure().problems()
    assert problem.code == "feed-down"
    assert broker.quotes([Symbol("SPY")]).failure().problems()


def test_a_symbol_that_is_not_quoted_is_not_bought(broker, order):
    refusal = broker.submit(order("a", "TLT", Side.BUY, "1")).failure()
    assert refusal.kind is RejectionKind.NOT_TRADABLE


def test_a_feed_without_quotes_is_refused(paper):
    (problem,) = paper.refusal(None, use_system_time=True).problems()
    assert problem.code == "paper-needs-quotes"
