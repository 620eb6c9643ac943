from datetime import date

import pytest
from returns.result import Failure, Success

from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.market_data import BarRequest, MarketDataUnavailable
from alchemiser_core.testing.bars import history_of, wandering_history
from alchemiser_core.testing.conformance import MarketDataConformance
from alchemiser_core.testing.market_data import InMemoryMarketData

DOWN = MarketDataUnavailable((Problem(code="down", what="the vendor is down"),))


class TestInMemoryMarketData(MarketDataConformance):
    known = ("SPY", "TLT", "BRK.B")

    @pytest.fixture
    def feed(self):
        return InMemoryMarketData(wandering_history(self.known, 40))


class TestInMemoryClosesOnly(MarketDataConformance):
    known = ("SPY", "TLT")
    has_full_bars = False

    @pytest.fixture
    def feed(self):
        ramp = [float(price) for price in range(1, 21)]
        return InMemoryMarketData(history_of({"SPY": ramp, "TLT": [None, None, *ramp[2:]]}))


def test_scripted_failures_come_first_and_once_each():
    feed = InMemoryMarketData(wandering_history(["SPY"], 5), failures=[DOWN])
    request = BarRequest(["SPY"])
    assert feed.bars(request) == Failure(DOWN)
    assert isinstance(feed.bars(request), Success)


def test_it_remembers_what_it_was_asked():
    feed = InMemoryMarketData(wandering_history(["SPY"], 5), failures=[DOWN])
    asked = [BarRequest(["SPY"]), BarRequest(["TLT"], end=date(2020, 1, 3))]
    for request in asked:
        feed.bars(request)
    assert feed.requests == asked
