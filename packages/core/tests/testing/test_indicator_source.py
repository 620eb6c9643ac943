import pytest

from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.conformance import IndicatorSourceConformance, MarketDataConformance
from alchemiser_core.testing.indicator_source import InMemoryVendor


class TestInMemoryVendor(IndicatorSourceConformance):
    known = "SPY"

    @pytest.fixture
    def closes(self):
        return wandering_history(["SPY", "TLT"], 300)

    @pytest.fixture
    def source(self, closes):
        return InMemoryVendor(closes)


class TestItsBars(MarketDataConformance):
    known = ("SPY", "TLT")

    @pytest.fixture
    def feed(self):
        return InMemoryVendor(wandering_history(self.known, 40))
