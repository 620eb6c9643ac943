"""The plugin offers a feed, which is built from settings and a key, and says what is missing."""

import subprocess
import sys

import pytest
from returns.result import Success

from alchemiser_core.config.configuration import structured
from alchemiser_core.config.layers import file_layer
from alchemiser_core.config.origin import BY_DEFAULT
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.secret import Secret
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.plugins import EntryPoint, PluginContext, build, discover
from alchemiser_core.ports.indicator_source import IndicatorSource
from alchemiser_core.ports.market_data import BarRequest, InPortions
from alchemiser_core.ports.self_check import SelfCheck
from alchemiser_twelvedata import plugin
from alchemiser_twelvedata.settings import Adjust, TwelveDataSettings


def registry():
    entry_point = EntryPoint(
        "twelvedata", "alchemiser-twelvedata", "0.1.0", "a.plugin", lambda: plugin
    )
    return discover(lambda group: [entry_point], "0.1.0")


def settings(**values):
    layer = file_layer(values, lambda path: BY_DEFAULT)
    return structured(layer, TwelveDataSettings, layer)


class Store:
    name = "test"

    def __init__(self, text):
        self.text = text

    def secret(self, name):
        return Success(Secret(self.text))

    def place(self, name):
        return f"the place of {name}"


def test_it_offers_a_data_feed_and_is_sound():
    assert [offer.factory.name for offer in registry().available()] == ["twelvedata"]
    assert registry().broken() == ()


def test_a_feed_is_built_without_a_word_to_anybody(server):
    factory = registry().data_feed("twelvedata").unwrap()
    context = PluginContext(secrets=Store("a-key"))
    feed = build(factory, TwelveDataSettings(url=server.url), context).unwrap()
    assert (feed.name, feed.synthetic, feed.symbols_at_once) == ("twelvedata", True, 8)
    assert isinstance(feed, InPortions)
    assert isinstance(feed, IndicatorSource)
    assert isinstance(feed, SelfCheck)
    assert server.received == []
    feed.close()


def test_the_vendors_own_prices_are_not_made_up():
    context = PluginContext(secrets=Store("a-key"))
    feed = plugin.build_data_feed(TwelveDataSettings(credits_per_minute=610), context).unwrap()
    assert (feed.synthetic, feed.symbols_at_once) == (False, 50)
    feed.close()


def test_a_key_that_is_missing_says_where_to_put_it():
    factory = registry().data_feed("twelvedata").unwrap()
    (problem,) = build(factory, TwelveDataSettings(), PluginContext()).failure().problems()
    assert problem.code == "secret-missing"
    assert "twelvedata-api-key" in problem.what


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "é", "x" * 300])
def test_a_key_that_cannot_be_one_is_refused_without_being_shown(key):
    context = PluginContext(secrets=Store(key))
    (problem,) = plugin.build_data_feed(TwelveDataSettings(), context).failure().problems()
    assert problem.code == "secret-malformed"
    assert key not in str(problem)


def test_settings_are_read_strictly():
    found = settings(
        url="http://127.0.0.1:8000",
        credits_per_minute=55,
        credits_per_day=0,
        adjust="splits",
        complete_after="17:05",
    ).unwrap()
    assert found.url == "http://127.0.0.1:8000"
    assert (found.credits_per_minute, found.adjust) == (55, Adjust.SPLITS)
    assert (found.credits_per_day, found.complete_after) == (0, "17:05")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("url", "https://twelvedata.com"),
        ("url", "http://api.twelvedata.com"),
        ("credits_per_minute", 0),
        ("credits_per_minute", "8"),
        ("credits_per_day", -1),
        ("adjust", "yes"),
        ("adjust_indicators", "no"),
        ("complete_after", "24:00"),
        ("complete_after", "15:59"),
        ("complete_after", "4:30 pm"),
        ("read_seconds", 0),
        ("apikey", "secret"),
    ],
)
def test_what_does_not_fit_is_refused(name, value):
    (problem,) = settings(**{name: value}).failure().problems()
    assert name in problem.where


@pytest.mark.parametrize(
    ("adjust", "basis"),
    [
        (Adjust.ALL, PriceBasis.ADJUSTED),
        (Adjust.NONE, PriceBasis.RAW),
        (Adjust.SPLITS, PriceBasis.AS_GIVEN),
        (Adjust.DIVIDENDS, PriceBasis.AS_GIVEN),
    ],
)
def test_what_prices_stand_for_follows_from_what_they_are_adjusted_for(
    stand_in, url, feed_of, adjust, basis
):
    feed = feed_of(url, adjust=adjust)
    history = feed.bars(BarRequest([Symbol("SPY")])).unwrap()
    assert history.basis is feed.basis is basis
    assert stand_in.asked[0].parameters["adjust"] == adjust.value


def test_the_plugin_imports_no_http_library():
    program = (
        "import sys, alchemiser_twelvedata.plugin; "
        "sys.exit(bool({'httpx2', 'httpcore2', 'starlette', 'uvicorn'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
