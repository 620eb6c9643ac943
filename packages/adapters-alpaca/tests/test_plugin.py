"""The plugin offers its names and settings, and says clearly what it does not do yet."""

import subprocess
import sys

import pytest

from alchemiser_alpaca import plugin
from alchemiser_alpaca.settings import Adjustment, AlpacaBrokerSettings, AlpacaDataSettings, Tape
from alchemiser_core.config import flag_layer
from alchemiser_core.config.configuration import structured
from alchemiser_core.config.layers import Branch, file_layer
from alchemiser_core.config.origin import BY_DEFAULT
from alchemiser_core.plugins import EntryPoint, PluginContext, build, discover


def registry():
    entry_point = EntryPoint(
        "alpaca", "alchemiser-alpaca", "0.1.0", "alchemiser_alpaca.plugin", lambda: plugin
    )
    return discover(lambda group: [entry_point], "0.1.0")


def settings(kind, **values):
    layer: Branch = file_layer(values, lambda path: BY_DEFAULT)
    return structured(layer, kind, layer)


def test_it_offers_a_broker_and_a_data_feed_and_is_sound():
    offered = {(str(o.kind), o.factory.name) for o in registry().available()}
    assert offered == {("broker", "alpaca"), ("data feed", "alpaca")}
    assert registry().broken() == ()


@pytest.mark.parametrize("kind", ["broker", "data_feed"])
def test_building_says_what_comes_when_and_what_to_use_until_then(kind):
    factory = getattr(registry(), kind)("alpaca").unwrap()
    error = build(factory, factory.settings(), PluginContext()).failure()
    (problem,) = error.problems()
    assert problem.code == "comes-with-0.2"
    assert "comes with version 0.2" in problem.what
    assert "alpaca.markets" in problem.why
    assert problem.hint.startswith("until then")


def test_the_defaults_are_the_paper_account_and_total_returns_of_all_exchanges():
    assert AlpacaBrokerSettings().trading_url == "https://paper-api.alpaca.markets"
    assert AlpacaDataSettings().feed is Tape.SIP
    assert AlpacaDataSettings().adjustment is Adjustment.ALL


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


def test_all_wrong_settings_are_reported_together():
    error = settings(AlpacaDataSettings, feed="spi", adjustment="al", key="secret").failure()
    assert len(error.problems()) == 3
    assert "did you mean 'sip'?" in str(error.problems()[0])


def test_a_key_is_no_setting():
    (problem,) = settings(AlpacaBrokerSettings, api_key="PK123").failure().problems()
    assert problem.code == "unknown-setting"
    assert "PK123" not in str(problem)


def test_the_vendors_library_is_not_imported():
    program = (
        "import sys, alchemiser_alpaca.plugin as p; p.alchemiser_brokers(); "
        "p.alchemiser_data_feeds(); sys.exit(any(m.split('.')[0] == 'alpaca' for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_no_settings_at_all_are_enough():
    layer = flag_layer([])
    assert structured(layer, AlpacaDataSettings, layer).unwrap() == AlpacaDataSettings()
