"""The plugin offers what it has, lightly, and says what is missing and where to put it."""

import subprocess
import sys

import pytest
from returns.result import Success

from alchemiser_alpaca import plugin
from alchemiser_alpaca.addresses import broker_addresses, feed_addresses
from alchemiser_alpaca.settings import (
    Adjustment,
    AlpacaBrokerSettings,
    AlpacaDataSettings,
    Tape,
)
from alchemiser_core.config import flag_layer
from alchemiser_core.config.configuration import structured
from alchemiser_core.config.layers import Branch, file_layer
from alchemiser_core.config.origin import BY_DEFAULT
from alchemiser_core.config.settings import DecideOn
from alchemiser_core.domain.schedule.slot import parse_slot
from alchemiser_core.domain.secret import Secret
from alchemiser_core.plugins import EntryPoint, PluginContext, TradingContext, build, discover
from alchemiser_core.ports.corporate_actions import CorporateActions
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.calendar import FixedCalendar, weekdays
from alchemiser_core.testing.market_data import InMemoryMarketData


def registry():
    entry_point = EntryPoint(
        "alpaca", "alchemiser-alpaca", "0.1.0", "alchemiser_alpaca.plugin", lambda: plugin
    )
    return discover(lambda group: [entry_point], "0.1.0")


def settings(kind, **values):
    layer: Branch = file_layer(values, lambda path: BY_DEFAULT)
    return structured(layer, kind, layer)


class Store:
    """A secret store."""

    name = "test"

    def __init__(self, **secrets):
        self._secrets = {name.replace("_", "-"): text for name, text in secrets.items()}

    def secret(self, name):
        text = self._secrets.get(name)
        return Success(None if text is None else Secret(text))

    def place(self, name):
        return f"the shelf of {name}"


TEXT = "s3cret"
KEYS = Store(alpaca_key_id="PK1", alpaca_secret_key=TEXT)


def trading():
    history = wandering_history(["SPY"], 30)
    first, last = history.session(0), history.session(29)
    return TradingContext(
        feed=InMemoryMarketData(history),
        calendar=FixedCalendar(weekdays(first, last)),
        clock=None,
        slot=parse_slot("close - 10 min").unwrap(),
        decide_on=DecideOn.PREVIOUS_CLOSE,
        symbols=history.symbols,
    )


def built(kind, store=KEYS, own=None, context=None):
    factory = getattr(registry(), kind)("alpaca").unwrap()
    chosen = own or factory.settings()
    return build(factory, chosen, PluginContext(secrets=store, trading=context))


def test_it_offers_everything_and_is_sound():
    offered = {(str(o.kind), o.factory.name) for o in registry().available()}
    kinds = ("broker", "data feed", "calendar", "simulator")
    assert offered == {(kind, "alpaca") for kind in kinds}
    assert registry().broken() == ()


@pytest.mark.parametrize("kind", ["broker", "data_feed", "calendar"])
def test_keys_that_are_missing_are_all_named_with_their_place(kind):
    problems = built(kind, Store(), context=trading()).failure().problems()
    assert [problem.code for problem in problems] == ["secret-missing", "secret-missing"]
    assert [problem.hint for problem in problems] == [
        "put it into the shelf of alpaca-key-id",
        "put it into the shelf of alpaca-secret-key",
    ]


@pytest.mark.parametrize("text", ["two words", "line\nbreak", "käse", "x" * 300, " "])
def test_a_key_that_cannot_be_one_is_refused_without_being_shown(text):
    store = Store(alpaca_key_id="PK1", alpaca_secret_key=text)
    (problem,) = built("data_feed", store).failure().problems()
    assert problem.code == "secret-malformed"
    assert text.strip() == "" or text not in str(problem)


def test_a_broker_is_built_without_a_word_to_the_server():
    broker = built("broker", context=trading()).unwrap()
    assert (broker.name, broker.capabilities.is_live) == ("alpaca", False)
    assert not broker.capabilities.is_local
    assert TEXT not in repr(broker)
    broker.close()


def test_the_live_server_is_live_and_a_server_here_is_local():
    live = AlpacaBrokerSettings(trading_url="https://api.alpaca.markets")
    local = AlpacaBrokerSettings(trading_url="http://[::1]:81")
    for own, expected in ((live, (True, False)), (local, (False, True))):
        broker = built("broker", own=own, context=trading()).unwrap()
        assert (broker.capabilities.is_live, broker.capabilities.is_local) == expected
        broker.close()


def test_a_broker_is_built_for_trading_alone():
    (problem,) = built("broker").failure().problems()
    assert problem.code == "no-trading-context"


def test_only_a_feed_of_raw_prices_tells_of_corporate_actions():
    for adjustment in Adjustment:
        feed = built("data_feed", own=AlpacaDataSettings(adjustment=adjustment)).unwrap()
        assert isinstance(feed, CorporateActions) == (adjustment is Adjustment.RAW)
        assert not feed.synthetic
        feed.close()


def test_the_defaults_are_the_paper_account_and_total_returns_of_all_exchanges():
    addresses = broker_addresses(AlpacaBrokerSettings())
    assert addresses.trading == "https://paper-api.alpaca.markets"
    assert addresses.trading_stream == "wss://paper-api.alpaca.markets/stream"
    assert addresses.data == "https://data.alpaca.markets"
    assert addresses.data_stream == "wss://stream.data.alpaca.markets/v2/iex"
    assert AlpacaDataSettings().feed is Tape.SIP
    assert AlpacaDataSettings().adjustment is Adjustment.ALL


def test_everything_follows_from_one_server_on_this_machine():
    addresses = broker_addresses(AlpacaBrokerSettings(trading_url="http://127.0.0.1:8777/"))
    assert addresses.trading == addresses.data == "http://127.0.0.1:8777"
    assert addresses.trading_stream == "ws://127.0.0.1:8777/stream"
    assert addresses.data_stream == "ws://127.0.0.1:8777/v2/iex"
    here = "http://localhost:8777"
    assert feed_addresses(AlpacaDataSettings(data_url=here)) == (here, here)
    assert feed_addresses(AlpacaDataSettings(trading_url=here)) == (here, here)


def test_what_is_set_is_taken():
    own = AlpacaBrokerSettings(
        trading_url="http://127.0.0.1:1",
        data_url="http://127.0.0.1:2",
        trading_stream_url="ws://127.0.0.1:3/stream",
        data_stream_url="ws://127.0.0.1:4/v2/sip",
    )
    addresses = broker_addresses(own)
    assert (addresses.data, addresses.trading_stream, addresses.data_stream) == (
        "http://127.0.0.1:2",
        "ws://127.0.0.1:3/stream",
        "ws://127.0.0.1:4/v2/sip",
    )
    live = AlpacaDataSettings(trading_url="https://api.alpaca.markets/")
    assert feed_addresses(live) == ("https://api.alpaca.markets", "https://data.alpaca.markets")


@pytest.mark.parametrize(
    "url", ["https://api.alpaca.markets", "https://paper-api.alpaca.markets/", "http://[::1]:81"]
)
def test_the_vendor_and_this_machine_may_be_traded_with(url):
    assert settings(AlpacaBrokerSettings, trading_url=url).unwrap().trading_url == url


@pytest.mark.parametrize(
    "url",
    [
        "https://api.alpaca.markets.example.com",
        "https://api.alpaca.markets@example.com",
        "https://api.alpaca.markets/v2",
        "http://api.alpaca.markets",
        "https://data.alpaca.markets",
        "https://192.168.0.7",
        "",
    ],
)
def test_nobody_else_may_be(url):
    (problem,) = settings(AlpacaBrokerSettings, trading_url=url).failure().problems()
    assert "trading_url" in problem.where
    assert "https://paper-api.alpaca.markets or https://api.alpaca.markets" in problem.why
    with pytest.raises(ValueError, match="the value is"):
        AlpacaBrokerSettings(trading_url=url)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("data_url", "https://api.alpaca.markets"),
        ("data_url", "http://data.alpaca.markets"),
        ("trading_stream_url", "ws://paper-api.alpaca.markets/stream"),
        ("trading_stream_url", "wss://paper-api.alpaca.markets"),
        ("trading_stream_url", "wss://stream.data.alpaca.markets/v2/sip"),
        ("data_stream_url", "wss://stream.data.alpaca.markets/stream"),
        ("connect_seconds", 0),
        ("read_seconds", 61),
        ("requests_a_minute", 0),
    ],
)
def test_settings_that_make_no_sense_are_refused(name, value):
    (problem,) = settings(AlpacaBrokerSettings, **{name: value}).failure().problems()
    assert name in problem.where


def test_all_wrong_settings_are_reported_together():
    error = settings(AlpacaDataSettings, feed="spi", adjustment="al", key="secret").failure()
    assert len(error.problems()) == 3
    assert "did you mean 'sip'?" in str(error.problems()[0])


def test_a_key_is_no_setting():
    (problem,) = settings(AlpacaBrokerSettings, api_key="PK123").failure().problems()
    assert problem.code == "unknown-setting"
    assert "PK123" not in str(problem)


def test_nothing_heavy_is_imported_by_being_asked():
    program = (
        "import sys, alchemiser_alpaca.plugin as p; p.alchemiser_brokers(); "
        "p.alchemiser_data_feeds(); p.alchemiser_calendars(); p.alchemiser_simulators(); "
        "heavy = {'alpaca', 'pandas', 'requests', 'websockets', 'msgpack', 'starlette', 'uvicorn'};"
        "print(heavy & {m.split('.')[0] for m in sys.modules})"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout.strip() == "set()", run.stdout + run.stderr


def test_trading_needs_neither_pandas_nor_the_old_websockets():
    program = (
        "import sys, alchemiser_alpaca.building;"
        "print({'pandas', 'websockets.legacy', 'alpaca.trading'} & sys.modules.keys())"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout.strip() == "set()", run.stdout + run.stderr


def test_no_settings_at_all_are_enough():
    layer = flag_layer([])
    assert structured(layer, AlpacaDataSettings, layer).unwrap() == AlpacaDataSettings()
