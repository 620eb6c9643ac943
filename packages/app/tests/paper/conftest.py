"""A paper account in a temporary folder, on bars made up for the test."""

from datetime import date
from decimal import Decimal

import pytest
from attrs import define, evolve, field
from returns.result import Failure, Success

from alchemiser_app.paper.factory import paper_broker
from alchemiser_app.paper.settings import PaperSettings
from alchemiser_core.config import DecideOn
from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.schedule.slot import BEFORE_CLOSE
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.plugins import TradingContext
from alchemiser_core.ports.quotes import QuotesUnavailable
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.bars import history_of
from alchemiser_core.testing.calendar import FixedCalendar, new_york_session, weekdays
from alchemiser_core.testing.market_data import InMemoryMarketData

FIRST, LAST = date(2025, 3, 3), date(2025, 4, 30)
DAYS = tuple(session.day for session in weekdays(FIRST, LAST))
CLOSES = {
    "SPY": [500.0 + 1.25 * day for day in range(len(DAYS))],
    "TLT": [90.0 - 0.07 * day for day in range(len(DAYS))],
}


def bars(closes=None, days=DAYS):
    """A history with opens half a dollar below the closes."""
    history = history_of(closes or CLOSES, days)
    return evolve(history, open=history.close - 0.5)


@pytest.fixture
def order():
    """Makes market orders."""
    return _order


def _order(identifier: str, symbol: str, side: Side, quantity: str) -> OrderRequest:
    return OrderRequest(ClientOrderId(identifier), Symbol(symbol), side, Decimal(quantity))


@define
class QuotingFeed(InMemoryMarketData):
    """Bars and quotes, dated by a clock; some quotes may be missing."""

    prices: dict = field(factory=dict)
    clock: VirtualClock | None = None
    down: bool = False

    def quotes(self, symbols):
        if self.down:
            problem = Problem("feed-down", "no quotes can be had")
            return Failure(QuotesUnavailable((problem,)))
        return Success(
            {
                s: Quote(s, *map(Decimal, self.prices[s]), self.clock.now())
                for s in symbols
                if s in self.prices
            }
        )


class Paper:
    """Builds brokers over one file, one after the other."""

    def __init__(self, folder):
        self.file = folder / "account" / "paper.db"
        self.feed = InMemoryMarketData(bars())
        self.settings = PaperSettings()
        self.context = TradingContext(
            feed=self.feed,
            calendar=FixedCalendar(weekdays(FIRST, LAST)),
            clock=VirtualClock(new_york_session(DAYS[10]).opens),
            slot=BEFORE_CLOSE,
            decide_on=DecideOn.PREVIOUS_CLOSE,
            symbols=(Symbol("SPY"), Symbol("TLT")),
        )
        self.opened = []
        self.days = DAYS
        self.closes = CLOSES

    def quote(self, **prices):
        """From now on the feed has quotes: bid and ask of each symbol."""
        self.feed = QuotingFeed(self.feed.history, prices=prices, clock=self.context.clock)

    def move(self, closes):
        """From now on the feed has other closes."""
        self.feed = InMemoryMarketData(bars(closes))

    def broker(self, day: date | None = DAYS[0], settings=None, **changes):
        context = evolve(self.context, feed=self.feed, session=day, **changes)
        broker = paper_broker(settings or self.settings, self.file, context).unwrap()
        self.opened.append(broker)
        return broker

    def refusal(self, day: date | None = DAYS[0], settings=None, **changes):
        context = evolve(self.context, feed=self.feed, session=day, **changes)
        return paper_broker(settings or self.settings, self.file, context).failure()

    def close(self):
        while self.opened:
            self.opened.pop().close()


@pytest.fixture
def paper(tmp_path):
    made = Paper(tmp_path)
    yield made
    made.close()
