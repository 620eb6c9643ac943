"""Plugins that exist only in memory, so that no test needs an installed distribution."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from returns.result import Failure

from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins import (
    BuildError,
    EntryPoint,
    NoSettings,
    PluginRegistry,
    StrategyFactory,
    discover,
    hookimpl,
)


def _refuse(settings: object, context: object) -> Any:
    return Failure(BuildError((Problem("not-built", "nothing is built in these tests"),)))


class Shelf:
    """Entry points in memory that count how often each was imported."""

    def __init__(self) -> None:
        self.entry_points: list[EntryPoint] = []
        self.loaded: list[str] = []

    def add(self, name: str, plugin: object, distribution: str = "") -> None:
        def load() -> object:
            self.loaded.append(name)
            if isinstance(plugin, BaseException):
                raise plugin
            return plugin

        where = distribution or f"{name}-dist"
        self.entry_points.append(EntryPoint(name, where, "1.0", f"{name}.plugin", load))

    def registry(self, core_version: str = "0.1.0") -> PluginRegistry:
        return discover(lambda group: self.entry_points, core_version)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def strategy() -> Callable[..., StrategyFactory[Any]]:
    """Makes a strategy factory of a name that refuses to build."""

    def make(name: str, **changes: Any) -> StrategyFactory[Any]:
        parts = {"summary": f"strategy {name}", "settings": NoSettings, "build": _refuse} | changes
        return StrategyFactory(name=name, **parts)

    return make


@pytest.fixture
def offering() -> Callable[..., object]:
    """Makes a plugin whose `alchemiser_strategies` returns what it is given."""

    def make(answer: object, hook: str = "alchemiser_strategies") -> object:
        def function() -> object:
            if isinstance(answer, BaseException):
                raise answer
            return answer

        function.__name__ = hook
        return SimpleNamespace(**{hook: hookimpl(function)})

    return make
