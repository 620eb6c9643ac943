"""The same promises at the vendor's paper account, as far as the hours of the market allow."""

import time
from datetime import date, timedelta
from decimal import Decimal

import pytest

from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.orders.order import OrderRequest, OrderType
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.testing.conformance.broker import BrokerConformance
from alchemiser_core.testing.conformance.market_data import MarketDataConformance
from alchemiser_core.testing.conformance.trading_calendar import TradingCalendarConformance

SPY = Symbol("SPY")


def resting(identifier):
    """A buy that nobody sells at."""
    return OrderRequest(
        client_order_id=ClientOrderId(identifier),
        symbol=SPY,
        side=Side.BUY,
        quantity=Decimal(1),
        order_type=OrderType.LIMIT,
        limit_price=Decimal("100.00"),
    )


def until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < deadline:
        time.sleep(0.5)
    return found


def test_everything_that_doctor_looks_at_is_in_order(paper_broker):
    assert [finding for finding in paper_broker.check() if not finding.ok] == []


def test_an_order_is_sent_looked_up_listed_and_cancelled_at_any_hour(paper_broker, fresh_ids):
    request = resting(next(fresh_ids))
    report = paper_broker.submit(request).unwrap()
    assert report.client_order_id == request.client_order_id
    assert until(lambda: paper_broker.order(request.client_order_id).unwrap()) is not None
    today = paper_broker.time().unwrap().at.date() - timedelta(days=1)
    listed = until(
        lambda: [
            each
            for each in paper_broker.orders(today).unwrap()
            if each.client_order_id == request.client_order_id
        ]
    )
    assert len(listed) == 1
    assert paper_broker.cancel(report.broker_order_id).unwrap() is None
    ended = until(lambda: paper_broker.order(request.client_order_id).unwrap().status.is_terminal)
    assert ended
    status = paper_broker.order(request.client_order_id).unwrap().status
    assert status is OrderStatus.CANCELLED


def test_an_id_that_was_never_used_is_not_there(paper_broker, fresh_ids):
    assert paper_broker.order(next(fresh_ids)).unwrap() is None


class TestPaperFeed(MarketDataConformance):
    known = ("SPY", "TLT", "BRK.B")

    @pytest.fixture
    def feed(self, paper_feed):
        return paper_feed


class TestPaperCalendar(TradingCalendarConformance):
    known = (date(2025, 11, 3), date(2025, 12, 31))
    half_days = (date(2025, 11, 28), date(2025, 12, 24))

    @pytest.fixture
    def calendar(self, paper_calendar):
        return paper_calendar


class TestPaperBroker(BrokerConformance):
    known = ("SPY", "TLT")
    far_below = Decimal("100.00")

    @pytest.fixture
    def broker(self, paper_broker):
        if not paper_broker.time().unwrap().is_open:
            pytest.skip("the market is closed")
        if paper_broker.positions().unwrap():
            pytest.skip("the account holds something")
        yield paper_broker
        self.clear(paper_broker)

    @pytest.fixture
    def ids(self, fresh_ids):
        return fresh_ids

    def test_an_order_is_the_same_alone_and_among_all(self, broker, ids):
        """As in the suite, among the orders of earlier runs."""
        report = self.traded(broker, self.request(next(ids)))
        assert report in broker.orders(broker.time().unwrap().at.date()).unwrap()

    def settle(self, broker):
        def is_settled():
            orders = broker.orders(broker.time().unwrap().at.date()).unwrap()
            return not any(
                each.is_own
                and not each.status.is_terminal
                and each.quantity != each.filled_quantity
                for each in orders
            )

        until(is_settled, seconds=10)

    def clear(self, broker):
        """Leave the account as it was found."""
        for each in broker.orders(date(9999, 1, 1)).unwrap():
            assert broker.cancel(each.broker_order_id).unwrap() is None
        self.settle(broker)
        for held in broker.positions().unwrap():
            sale = self.request(
                f"alch-{time.time_ns():032x}", Side.SELL, held.quantity, held.symbol
            )
            broker.submit(sale).unwrap()
        self.settle(broker)
