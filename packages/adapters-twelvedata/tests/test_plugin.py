"""The plugin offers its name and settings, and says clearly what it does not do yet."""

import pytest

from alchemiser_core.config.configuration import structured
from alchemiser_core.config.layers import file_layer
from alchemiser_core.config.origin import BY_DEFAULT
from alchemiser_core.plugins import EntryPoint, PluginContext, build, discover
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


def test_it_offers_a_data_feed_and_is_sound():
    assert [offer.factory.name for offer in registry().available()] == ["twelvedata"]
    assert registry().broken() == ()


def test_building_says_what_comes_when_and_what_to_use_until_then():
    factory = registry().data_feed("twelvedata").unwrap()
    (problem,) = build(factory, TwelveDataSettings(), PluginContext()).failure().problems()
    assert problem.code == "comes-with-0.2"
    assert "comes with version 0.2" in problem.what
    assert "8 credits a minute" in problem.why
    assert problem.hint.startswith("until then")


def test_settings_are_read_strictly():
    found = settings(url="http://127.0.0.1:8000", credits_per_minute=55, adjust="splits").unwrap()
    assert found.url == "http://127.0.0.1:8000"
    assert (found.credits_per_minute, found.adjust) == (55, Adjust.SPLITS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("url", "https://twelvedata.com"),
        ("url", "http://api.twelvedata.com"),
        ("credits_per_minute", 0),
        ("credits_per_minute", "8"),
        ("adjust", "yes"),
        ("apikey", "secret"),
    ],
)
def test_what_does_not_fit_is_refused(name, value):
    (problem,) = settings(**{name: value}).failure().problems()
    assert name in problem.where
