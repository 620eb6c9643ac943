"""The paper broker keeps the promises of every broker: on closes, on opens and on quotes."""

from decimal import Decimal

import pytest

from alchemiser_app.paper.settings import PaperSettings
from alchemiser_core.config import DecideOn
from alchemiser_core.domain.allocation.plan_rules import TradingCosts
from alchemiser_core.domain.schedule.slot import AFTER_OPEN
from alchemiser_core.testing.conformance import BrokerConformance


class TestPaperBrokerAtTheClose(BrokerConformance):
    @pytest.fixture
    def broker(self, paper):
        return paper.broker(costs=TradingCosts(Decimal(1), Decimal(2)))


class TestPaperBrokerAtTheOpen(BrokerConformance):
    @pytest.fixture
    def broker(self, paper):
        return paper.broker(decide_on=DecideOn.AFTER_CLOSE, slot=AFTER_OPEN)


class TestPaperBrokerOfWholeShares(BrokerConformance):
    @pytest.fixture
    def broker(self, paper):
        return paper.broker(settings=PaperSettings(fractional=False))


class TestPaperBrokerOnQuotes(BrokerConformance):
    @pytest.fixture
    def broker(self, paper):
        paper.quote(SPY=("500.10", "500.13"), TLT=("90", "90.01"))
        return paper.broker(None, use_system_time=True)
