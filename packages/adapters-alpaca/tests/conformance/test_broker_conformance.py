"""The adapter keeps what every broker promises, against the simulated Alpaca over real HTTP."""

from decimal import Decimal

import pytest

from alchemiser_core.testing.conformance.broker import BrokerConformance


class TestAlpacaBroker(BrokerConformance):
    known = ("SPY", "TLT")
    far_below = Decimal("1.50")

    @pytest.fixture
    def broker(self, served, connect_broker, pass_time):
        self._pass = lambda: pass_time(served, seconds=5)
        return connect_broker(served)

    def settle(self, broker):
        self._pass()
