"""The feed keeps what every market-data feed promises, whichever way the vendor's API is."""

from datetime import UTC, datetime

import pytest
from attrs import evolve

from alchemiser_core.testing.conformance.market_data import MarketDataConformance
from alchemiser_twelvedata.stand_in import Quirks, StandIn, StandInClock, made_up, running

SYMBOLS = ("SPY", "TLT", "GLD", "BRK.B")
EVENING = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)


class Promises(MarketDataConformance):
    """Against a stand-in with `quirks`."""

    known = SYMBOLS
    quirks = Quirks()

    @pytest.fixture(scope="class")
    @classmethod
    def address(cls):
        clock = StandInClock()
        clock.set(EVENING)
        prices = made_up(SYMBOLS, EVENING.date(), 60)
        plenty = evolve(cls.quirks, credits_a_minute=10_000, credits_a_day=100_000)
        with running(StandIn(prices, clock=clock, quirks=plenty)) as url:
            yield url

    @pytest.fixture
    def feed(self, address, feed_of):
        return feed_of(address, credits_per_minute=10_000, now=lambda: EVENING)


class TestWithErrorsUnder200(Promises):
    quirks = Quirks()


class TestWithErrorsUnderTheirStatus(Promises):
    quirks = Quirks(
        errors_with_status=True,
        keyed_single=True,
        unknown_code=400,
        end_is_excluded=True,
        tells_batch=False,
    )


class TestWithEmptyListsAndNoHeaders(Promises):
    quirks = Quirks(empty_is_no_error=True, ignores_order=True, tells_credits=False)


class TestWithOneErrorForABatch(Promises):
    quirks = Quirks(one_error_for_all=True, most_decimals=2)
