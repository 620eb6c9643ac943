"""What the plugin offers, and what it refuses to build."""

import pytest

from alchemiser_core.domain.rebalance_policy import Frequency
from alchemiser_core.plugins import PluginContext, StrategyParameters
from alchemiser_strategies.plugin import alchemiser_strategies
from alchemiser_strategies.settings import DualMomentumSettings, SixtyFortySettings

FACTORIES = {factory.name: factory for factory in alchemiser_strategies()}


def build(name, settings):
    return FACTORIES[name].build(settings, PluginContext())


def test_five_strategies_are_offered():
    assert list(FACTORIES) == ["nuclear", "tecl", "klm", "dual-momentum", "sixty-forty"]


@pytest.mark.parametrize("name", FACTORIES)
def test_each_builds_from_its_default_settings_under_its_own_name(name):
    strategy = build(name, FACTORIES[name].settings()).unwrap()

    assert strategy.name == name
    assert strategy.requirements.traded


def test_parameters_go_to_the_symphony():
    strategy = build("tecl", StrategyParameters({"trend-window": 250.0})).unwrap()

    assert strategy.requirements.warm_up == 250


def test_unknown_parameters_are_all_refused_at_once():
    failure = build("klm", StrategyParameters({"overbougth": 1.0, "nova.gate": 2.0})).failure()

    said = [problem.what for problem in failure.problems()]
    assert len(said) == 2
    assert "overbougth" in said[0]
    assert "nova.gate" in said[1]


def test_settings_reach_the_strategies_written_by_hand():
    split = build("sixty-forty", SixtyFortySettings("vti", "brk-b", 0.75)).unwrap()
    momentum = build("dual-momentum", DualMomentumSettings(window=126, bonds="TLT")).unwrap()

    assert split.weights == {"VTI": 0.75, "BRK.B": 0.25}
    assert split.policy.frequency is Frequency.QUARTERLY
    assert momentum.requirements.warm_up == 127
    assert "TLT" in momentum.requirements.traded


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, float("nan")])
def test_a_share_outside_0_and_1_is_refused(share):
    failure = build("sixty-forty", SixtyFortySettings(stock_share=share)).failure()

    (problem,) = failure.problems()
    assert problem.where == "stock_share"


def test_everything_wrong_with_the_settings_is_told_at_once():
    split = build("sixty-forty", SixtyFortySettings("S P", "S P", 2.0)).failure()
    momentum = build("dual-momentum", DualMomentumSettings(foreign="?", window=0)).failure()

    assert [p.where for p in split.problems()] == ["stock_share", "bonds", "stocks", "bonds"]
    assert [p.where for p in momentum.problems()] == ["window", "foreign"]


def test_the_two_halves_of_a_split_have_to_differ():
    failure = build("sixty-forty", SixtyFortySettings("brk/b", "BRK.B")).failure()

    (problem,) = failure.problems()
    assert problem.where == "bonds"
