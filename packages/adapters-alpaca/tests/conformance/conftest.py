"""A simulated account beside the tests, and the adapter that is connected to it."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from returns.result import Success

from alchemiser_alpaca.building import alpaca_feed, broker_of
from alchemiser_alpaca.connection.waiting import Patience
from alchemiser_alpaca.keys import Keys
from alchemiser_alpaca.settings import Adjustment, AlpacaBrokerSettings, AlpacaDataSettings
from alchemiser_alpaca.simulator.server import AlpacaSimulator, running
from alchemiser_alpaca.simulator.settings import SimulatorSettings
from alchemiser_core.config.settings import DecideOn
from alchemiser_core.domain.schedule.slot import parse_slot
from alchemiser_core.domain.secret import Secret
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.plugins import PluginContext, SimulationContext, TradingContext
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.calendar import FixedCalendar, weekdays
from alchemiser_core.testing.market_data import InMemoryMarketData

SYMBOLS = ("SPY", "TLT", "BRK.B", "GLD")
FIRST, LAST = date(2026, 1, 5), date(2026, 12, 31)
MIDDAY = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
"""A Wednesday, 12:00 in New York."""
HALF_DAYS = (date(2026, 3, 6),)
KEYS = Keys(Secret("simulated-key-id"), Secret("simulated-secret"))

QUICK = Patience(tries=3, first_wait=0.005, longest_wait=0.05, total=2)


class OwnKeys:
    """A secret store that has the simulator's keys."""

    name = "test"

    def secret(self, name):
        return Success({"alpaca-key-id": KEYS.key_id, "alpaca-secret-key": KEYS.secret}[name])

    def place(self, name):
        return "nowhere"


class ServedClock:
    """The clock of a simulator, as the application would read it."""

    def __init__(self, served):
        self._served = served

    def now(self):
        return self._served.clock.now()

    def wait_until(self, at):
        pass


@pytest.fixture
def history():
    return wandering_history(SYMBOLS, 120, seed=4, first=FIRST)


@pytest.fixture
def calendar_there():
    return FixedCalendar(weekdays(FIRST, LAST, half_days=set(HALF_DAYS)), FIRST, LAST)


@pytest.fixture
def serve(history, calendar_there):
    """Serves a simulator until the block ends; its clock stands at midday unless told otherwise."""

    @contextmanager
    def made(start=MIDDAY, **settings):
        chosen = {"port": 0, "speed": Decimal(0), "rate_limit": 0, **settings}
        there = SimulationContext(
            feed=InMemoryMarketData(history),
            calendar=calendar_there,
            start=start,
            symbols=tuple(Symbol(each) for each in SYMBOLS),
        )
        with running(AlpacaSimulator(SimulatorSettings(**chosen), there)) as served:
            yield served

    return made


@pytest.fixture
def served(serve):
    with serve() as simulator:
        yield simulator


@pytest.fixture
def connect_broker(history, calendar_there):
    """Connects a broker to a simulator; closes it at the end."""
    opened = []

    def made(served, patience=QUICK, **settings):
        trading = TradingContext(
            feed=InMemoryMarketData(history),
            calendar=calendar_there,
            clock=ServedClock(served),
            slot=parse_slot("close - 10 min").unwrap(),
            decide_on=DecideOn.PREVIOUS_CLOSE,
            symbols=tuple(Symbol(each) for each in SYMBOLS),
        )
        chosen = AlpacaBrokerSettings(trading_url=served.trading_url, **settings)
        opened.append(broker_of(chosen, KEYS, trading, patience))
        return opened[-1]

    yield made
    for broker in opened:
        broker.close()


@pytest.fixture
def connect_feed():
    """Connects a feed to a simulator; closes it at the end."""
    opened = []

    def made(served, adjustment=Adjustment.ALL, **settings):
        chosen = AlpacaDataSettings(data_url=served.data_url, adjustment=adjustment, **settings)
        opened.append(alpaca_feed(chosen, PluginContext(secrets=OwnKeys())).unwrap())
        return opened[-1]

    yield made
    for feed in opened:
        feed.close()


@pytest.fixture
def pass_time():
    """Lets time pass at a simulator."""

    def passed(served, **by):
        served.clock.advance(timedelta(**by))
        with served.desk.work():
            pass  # the exchange comes to the time

    return passed
