import numpy as np
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


def test_the_sessions_of_an_exchange_can_be_the_axis(context, folder):
    rows = ("2023-12-29,9", "2024-01-01,9.5", "2024-01-02,10", "2024-01-04,11")
    folder.write("bars/AAA.csv", "\n".join(("date,close", *rows, "")))
    feed = build("files", context, folder="bars", calendar="XNYS").unwrap()
    history = feed.bars(BarRequest(["AAA"])).unwrap()
    assert history.sessions.astype(str).tolist() == [
        "2023-12-29",
        "2024-01-02",
        "2024-01-03",
        "2024-01-04",
    ]
    assert np.isnan(history.close[2, 0])
    assert any("1 rows dropped that are no sessions" in warning for warning in history.warnings)


def test_bars_of_days_that_the_calendar_does_not_know_are_a_failure(context, folder):
    folder.write("bars/AAA.csv", "date,close\n2024-01-02,10\n2199-01-02,10\n")
    feed = build("files", context, folder="bars", calendar="XNYS").unwrap()
    for failed in (feed.bars(BarRequest(["AAA"])), feed.inspect(["AAA"])):
        (problem,) = failed.failure().problems()
        assert problem.code == "beyond-calendar"
        assert "2199-01-02" in problem.what


def test_bars_of_holidays_alone_have_no_session(context, folder):
    folder.write("bars/AAA.csv", "date,close\n2024-01-01,10\n")
    feed = build("files", context, folder="bars", calendar="XNYS").unwrap()
    for failed in (feed.bars(BarRequest(["AAA"])), feed.inspect(["AAA"])):
        (problem,) = failed.failure().problems()
        assert problem.code == "no-session-in-range"


@pytest.mark.parametrize(("name", "hint"), [("XNSY", "did you mean 'XNYS'?"), ("moon", "XNAS")])
def test_a_calendar_that_there_is_not_is_an_error_that_says_what_there_is(context, name, hint):
    (problem,) = build("files", context, folder="bars", calendar=name).failure().problems()
    assert problem.code == "no-calendar"
    assert f"'{name}'" in problem.what
    assert hint in problem.hint


def test_the_seed_of_the_sample_is_a_setting(context):
    assert build("sample", context).unwrap().synthetic
    assert build("sample", context, seed=9).unwrap().seed == 9
