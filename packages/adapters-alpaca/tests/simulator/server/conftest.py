"""A served simulator for the tests, and the vendor's own clients that talk to it."""

import warnings
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import requests

from alchemiser_alpaca.simulator.exchange.switches import Switches
from alchemiser_alpaca.simulator.server import AlpacaSimulator, running
from alchemiser_alpaca.simulator.settings import SimulatorSettings
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.plugins import SimulationContext
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.calendar import FixedCalendar, weekdays
from alchemiser_core.testing.market_data import InMemoryMarketData

with warnings.catch_warnings():
    # The vendor's library imports what the websockets library has declared old.
    warnings.simplefilter("ignore")
    import alpaca.data.historical
    import alpaca.data.historical.corporate_actions
    import alpaca.data.live
    import alpaca.trading.client
    import alpaca.trading.stream

KEYS = ("simulated-key-id", "simulated-secret")
SYMBOLS = ("AAA", "BBB", "CCC", "SPY")
FIRST, LAST = date(2026, 1, 5), date(2026, 12, 31)
MIDDAY = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
"""A Wednesday, 12:00 in New York."""
EVENING = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)


def context(start=MIDDAY, symbols=SYMBOLS):
    history = wandering_history(symbols, 120, seed=4, first=FIRST)
    return SimulationContext(
        feed=InMemoryMarketData(history),
        calendar=FixedCalendar(weekdays(FIRST, LAST, half_days={date(2026, 3, 6)}), FIRST, LAST),
        start=start,
        symbols=tuple(Symbol(each) for each in symbols),
    )


@pytest.fixture
def simulation_context():
    return context()


@pytest.fixture
def serve():
    """Serves a simulator whose clock stands at midday, until the block ends."""

    @contextmanager
    def made(start=MIDDAY, folder="", symbols=SYMBOLS, switches=None, **settings):
        quick = {"port": 0, "rate_limit": 0, "stream_seconds": Decimal("0.02")}
        chosen = {"speed": Decimal(0), **quick, **settings}
        if switches:
            chosen["switches"] = Switches(**switches)
        simulator = AlpacaSimulator(
            SimulatorSettings(**chosen), context(start, symbols), str(folder)
        )
        with running(simulator) as served:
            yield served

    return made


@pytest.fixture
def served(serve):
    with serve() as simulator:
        yield simulator


class Api:
    """Raw requests with the keys."""

    def __init__(self, served):
        self.url = served.trading_url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["APCA-API-KEY-ID"], self.session.headers["APCA-API-SECRET-KEY"] = KEYS

    def __call__(self, method, path, timeout=10, **options):
        return self.session.request(method, self.url + path, timeout=timeout, **options)

    def get(self, path, **query):
        return self("GET", path, params=query)

    def post(self, path, **body):
        return self("POST", path, json=body)

    def order(self, symbol="AAA", **fields):
        body = {"side": "buy", "type": "market", "time_in_force": "day", **fields}
        return self.post("/v2/orders", symbol=symbol, **body)


@pytest.fixture
def open_api():
    opened = []

    def made(served):
        opened.append(Api(served))
        return opened[-1]

    yield made
    for api in opened:
        api.session.close()


@pytest.fixture
def api(served, open_api):
    return open_api(served)


@pytest.fixture
def trading(served):
    client = alpaca.trading.client.TradingClient(*KEYS, url_override=served.trading_url)
    yield client
    client._session.close()


@pytest.fixture
def data(served):
    client = alpaca.data.historical.StockHistoricalDataClient(*KEYS, url_override=served.data_url)
    yield client
    client._session.close()


@pytest.fixture
def corporate_actions(served):
    client = alpaca.data.historical.corporate_actions.CorporateActionsClient(
        *KEYS, url_override=served.data_url
    )
    yield client
    client._session.close()
