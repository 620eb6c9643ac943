"""All five strategies keep what the port promises."""

import pytest

from alchemiser_core.plugins import PluginContext
from alchemiser_core.testing.conformance import StrategyConformance
from alchemiser_strategies.plugin import alchemiser_strategies

FACTORIES = {factory.name: factory for factory in alchemiser_strategies()}


def built(name):
    factory = FACTORIES[name]
    return factory.build(factory.settings(), PluginContext()).unwrap()


class TestNuclear(StrategyConformance):
    @pytest.fixture
    def strategy(self):
        return built("nuclear")


class TestTecl(StrategyConformance):
    @pytest.fixture
    def strategy(self):
        return built("tecl")


class TestKlm(StrategyConformance):
    @pytest.fixture
    def strategy(self):
        return built("klm")


class TestDualMomentum(StrategyConformance):
    @pytest.fixture
    def strategy(self):
        return built("dual-momentum")


class TestSixtyForty(StrategyConformance):
    @pytest.fixture
    def strategy(self):
        return built("sixty-forty")
