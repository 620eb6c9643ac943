"""The feed keeps what every market-data feed promises, against the simulated Alpaca."""

from datetime import UTC, date, datetime

import pytest

from alchemiser_alpaca.settings import Adjustment
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.corporate_actions import CorporateActions
from alchemiser_core.ports.market_data import BarRequest
from alchemiser_core.ports.quotes import Quotes
from alchemiser_core.testing.conformance.market_data import MarketDataConformance

BEFORE_THE_OPEN = datetime(2026, 3, 4, 13, 0, tzinfo=UTC)
MIDDAY = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
EVENING = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
SATURDAY = datetime(2026, 3, 7, 15, 0, tzinfo=UTC)


class TestAlpacaFeed(MarketDataConformance):
    known = ("SPY", "BRK.B", "GLD")

    @pytest.fixture
    def feed(self, served, connect_feed):
        return connect_feed(served)


class TestAlpacaRawFeed(MarketDataConformance):
    known = ("SPY", "TLT")

    @pytest.fixture
    def feed(self, served, connect_feed):
        return connect_feed(served, Adjustment.RAW)


@pytest.mark.parametrize(
    ("start", "newest"),
    [
        (BEFORE_THE_OPEN, date(2026, 3, 3)),
        (MIDDAY, date(2026, 3, 3)),
        (EVENING, date(2026, 3, 4)),
        (SATURDAY, date(2026, 3, 6)),
    ],
)
def test_only_completed_sessions_are_told(serve, connect_feed, start, newest):
    with serve(start) as served:
        feed = connect_feed(served)
        for end in (None, date(2026, 3, 31)):
            bars = feed.bars(BarRequest([Symbol("SPY")], end=end)).unwrap()
            assert bars.session(len(bars) - 1) == newest


def test_the_closes_are_those_of_the_simulators_feed(served, connect_feed, history):
    bars = connect_feed(served).bars(BarRequest([Symbol("TLT")])).unwrap()
    expected = history.at(bars.session(len(bars) - 1)).close[:, history.columns[Symbol("TLT")]]
    assert bars.close[:, 0] == pytest.approx(expected, abs=0.01)


def test_a_feed_of_raw_prices_tells_of_splits_and_the_adjusted_one_does_not(served, connect_feed):
    assert isinstance(connect_feed(served, Adjustment.RAW), CorporateActions)
    assert not isinstance(connect_feed(served), CorporateActions)
    assert isinstance(connect_feed(served), Quotes)


def test_a_universe_is_read_in_the_fewest_pages(served, connect_feed):
    connect_feed(served).bars(BarRequest([Symbol(s) for s in ("SPY", "TLT", "BRK.B", "GLD")]))
    pages = [each for each in served.requests if each.path == "/v2/stocks/bars"]
    assert len(pages) == 1


def test_pages_that_are_cut_early_are_put_together(serve, connect_feed):
    request = BarRequest([Symbol("SPY"), Symbol("TLT")], closes_only=False)
    with serve() as whole, serve(page_bytes=2000) as cut:
        assert connect_feed(whole).bars(request).unwrap().close.tolist() == (
            connect_feed(cut).bars(request).unwrap().close.tolist()
        )
