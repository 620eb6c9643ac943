"""Suites of tests that a port's implementations pass: ours, and those of plugins.

Subclass a suite in a test module, give the fixture it asks for, and pytest runs it:

    class TestMyFeed(MarketDataConformance):
        known = ("SPY", "TLT")

        @pytest.fixture
        def feed(self):
            return MyFeed(...)
"""

import pytest

# Before they are imported, so that a broken promise shows the values that broke it.
pytest.register_assert_rewrite(f"{__name__}.market_data", f"{__name__}.strategy")

from alchemiser_core.testing.conformance.market_data import MarketDataConformance  # noqa: E402
from alchemiser_core.testing.conformance.strategy import StrategyConformance  # noqa: E402

__all__ = ["MarketDataConformance", "StrategyConformance"]
