import pytest

from alchemiser_app.feeds.factories import FEEDS
from alchemiser_core.plugins import PluginContext
from alchemiser_core.ports.market_data import BarRequest

FACTORIES = {factory.name: factory for factory in FEEDS}


@pytest.fixture
def context(folder):
    (folder.path / "bars").mkdir()
    folder.write("bars/SPY.csv", "date,close\n2024-01-02,10\n")
    return PluginContext(folder=str(folder.path))


def build(name, context, **settings):
    factory = FACTORIES[name]
    return factory.build(factory.settings(**settings), context)


def test_both_feeds_are_offered():
    assert set(FACTORIES) == {"files", "sample"}


def test_a_relative_folder_is_read_against_that_of_the_configuration(context):
    feed = build("files", context, folder="bars").unwrap()
    assert feed.bars(BarRequest(["SPY"])).unwrap().close[0, 0] == 10


def test_an_absolute_folder_stands_for_itself(context, folder):
    feed = build("files", PluginContext(folder="/nowhere"), folder=str(folder.path / "bars"))
    assert feed.unwrap().bars(BarRequest(["SPY"])).unwrap().close[0, 0] == 10


def test_a_calendar_by_name_is_an_error_that_says_what_to_do(context):
    (problem,) = build("files", context, folder="bars", calendar="XNYS").failure().problems()
    assert problem.code == "no-calendar"
    assert "'XNYS'" in problem.what
    assert problem.hint


def test_the_seed_of_the_sample_is_a_setting(context):
    assert build("sample", context).unwrap().synthetic
    assert build("sample", context, seed=9).unwrap().seed == 9
