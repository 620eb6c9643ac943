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
for _suite in (
    *(
        "broker",
        "broker_refusals",
        "broker_scene",
        "clock",
        "indicator_source",
        "kill_switch",
        "market_data",
        "notifier",
        "order_journal",
        "secret_store",
        "strategy",
    ),
    "trading_calendar",
):
    pytest.register_assert_rewrite(f"{__name__}.{_suite}")

from alchemiser_core.testing.conformance.broker import BrokerConformance  # noqa: E402
from alchemiser_core.testing.conformance.clock import ClockConformance  # noqa: E402
from alchemiser_core.testing.conformance.indicator_source import (  # noqa: E402
    IndicatorSourceConformance,
)
from alchemiser_core.testing.conformance.kill_switch import KillSwitchConformance  # noqa: E402
from alchemiser_core.testing.conformance.market_data import MarketDataConformance  # noqa: E402
from alchemiser_core.testing.conformance.notifier import NotifierConformance  # noqa: E402
from alchemiser_core.testing.conformance.order_journal import OrderJournalConformance  # noqa: E402
from alchemiser_core.testing.conformance.secret_store import SecretStoreConformance  # noqa: E402
from alchemiser_core.testing.conformance.strategy import StrategyConformance  # noqa: E402
from alchemiser_core.testing.conformance.trading_calendar import (  # noqa: E402
    TradingCalendarConformance,
)

__all__ = [
    "BrokerConformance",
    "ClockConformance",
    "IndicatorSourceConformance",
    "KillSwitchConformance",
    "MarketDataConformance",
    "NotifierConformance",
    "OrderJournalConformance",
    "SecretStoreConformance",
    "StrategyConformance",
    "TradingCalendarConformance",
]
