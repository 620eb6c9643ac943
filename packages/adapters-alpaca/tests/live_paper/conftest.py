"""The vendor's paper account, for those who have one: `pytest --live-paper`, keys from the
environment as ALPACA_KEY_ID and ALPACA_SECRET_KEY. Everything here is skipped otherwise.

Orders are sent and filled, with made-up money. The account should hold nothing and be traded by
nobody else meanwhile.
"""

import os
import time
import uuid
from datetime import UTC, datetime
from itertools import count

import pytest
from returns.result import Success

from alchemiser_alpaca.building import alpaca_calendar, alpaca_feed, broker_of
from alchemiser_alpaca.keys import Keys
from alchemiser_alpaca.settings import (
    AlpacaBrokerSettings,
    AlpacaCalendarSettings,
    AlpacaDataSettings,
    Tape,
)
from alchemiser_core.config.settings import DecideOn
from alchemiser_core.domain.schedule.slot import parse_slot
from alchemiser_core.domain.secret import Secret
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.plugins import PluginContext, TradingContext

NAMES = {"alpaca-key-id": "ALPACA_KEY_ID", "alpaca-secret-key": "ALPACA_SECRET_KEY"}
SYMBOLS = (Symbol("SPY"), Symbol("TLT"))


@pytest.fixture(autouse=True)
def _wanted(request):
    if not request.config.getoption("--live-paper", default=False):
        pytest.skip("needs --live-paper, and the keys of a paper account")
    missing = [name for name in NAMES.values() if not os.environ.get(name)]
    if missing:
        pytest.fail(f"--live-paper needs {' and '.join(missing)} in the environment")


class EnvironmentStore:
    """The keys of the person who runs the tests."""

    name = "environment"

    def secret(self, name):
        return Success(Secret(os.environ[NAMES[name]]))

    def place(self, name):
        return f"the variable {NAMES[name]}"


class Wall:
    """The computer's clock."""

    def now(self):
        return datetime.now(UTC)

    def wait_until(self, at):
        time.sleep(max(0.0, (at - self.now()).total_seconds()))


@pytest.fixture
def paper_feed(_wanted):
    own = AlpacaDataSettings(feed=Tape.IEX)
    feed = alpaca_feed(own, PluginContext(secrets=EnvironmentStore())).unwrap()
    yield feed
    feed.close()


@pytest.fixture
def paper_calendar(_wanted):
    own = AlpacaCalendarSettings()
    return alpaca_calendar(own, PluginContext(secrets=EnvironmentStore())).unwrap()


@pytest.fixture
def paper_broker(paper_feed, paper_calendar):
    store = EnvironmentStore()
    keys = Keys(*(store.secret(name).unwrap() for name in NAMES))
    trading = TradingContext(
        feed=paper_feed,
        calendar=paper_calendar,
        clock=Wall(),
        slot=parse_slot("close - 10 min").unwrap(),
        decide_on=DecideOn.PREVIOUS_CLOSE,
        symbols=SYMBOLS,
    )
    broker = broker_of(AlpacaBrokerSettings(), keys, trading)
    account = broker.account().unwrap()
    assert account.number.startswith("PA")
    assert not account.is_live
    yield broker
    broker.close()


@pytest.fixture
def fresh_ids():
    """Client order ids that no earlier run has used: the vendor takes each once for ever."""
    run = uuid.uuid4().hex[:24]
    return (f"alch-{run}{number:08x}" for number in count(1))
