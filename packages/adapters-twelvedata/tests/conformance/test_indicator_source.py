"""The feed keeps what every source of indicators promises; the stand-in computes by formulas of its
own.
"""

from datetime import UTC, datetime

import pytest

from alchemiser_core.ports.market_data import BarRequest
from alchemiser_core.testing.conformance import IndicatorSourceConformance
from alchemiser_twelvedata.stand_in import Quirks, StandIn, StandInClock, made_up, running

EVENING = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)


class Promises(IndicatorSourceConformance):
    """Against a stand-in with `quirks`."""

    known = "SPY"
    quirks = Quirks(credits_a_minute=10_000, credits_a_day=100_000)

    @pytest.fixture
    def source(self, feed_of):
        clock = StandInClock()
        clock.set(EVENING)
        prices = made_up(("SPY", "TLT"), EVENING.date(), 250)
        with running(StandIn(prices, clock=clock, quirks=self.quirks)) as url:
            yield feed_of(url, credits_per_minute=10_000, now=lambda: EVENING)

    @pytest.fixture
    def closes(self, source):
        return source.bars(BarRequest(("SPY",))).unwrap()


class TestWithErrorsUnder200(Promises):
    pass


class TestWithErrorsUnderTheirStatus(Promises):
    quirks = Quirks(
        credits_a_minute=10_000,
        credits_a_day=100_000,
        errors_with_status=True,
        keyed_single=True,
        unknown_code=400,
        end_is_excluded=True,
    )
