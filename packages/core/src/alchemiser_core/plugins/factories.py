"""Factories: how a plugin offers a strategy, a data feed or another adapter.

A factory is a value: a name, one line about it, the class of its settings, and a function that
builds the thing from them. Making a factory costs nothing; whatever is slow to import belongs
inside `build`.

    def build_sixty_forty(settings: SixtyForty, context: PluginContext) -> BuildResult[Strategy]:
        return Success(FixedWeights(name="sixty-forty", stocks=settings.stocks))

    StrategyFactory(
        name="sixty-forty",
        summary="60 % stocks, 40 % bonds",
        settings=SixtyForty,
        build=build_sixty_forty,
    )
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Generic, TypeVar

from attrs import frozen
from returns.result import Result

from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.market_data import MarketData
from alchemiser_core.ports.strategy import Strategy

CORE_OF_THIS_SERIES = ">=0.1,<0.2"
"""What a plugin requires of the core unless it says otherwise."""


class PluginKind(StrEnum):
    """The kinds of thing that a plugin can offer."""

    STRATEGY = "strategy"
    DATA_FEED = "data feed"
    BROKER = "broker"
    CALENDAR = "calendar"
    SECRET_STORE = "secret store"  # noqa: S105  (a kind of plugin, not a secret)
    NOTIFIER = "notifier"


@frozen
class PluginContext:
    """What a factory is given beside its settings."""

    folder: str = ""
    """Folder against which relative paths in the settings are read; empty: the working one."""


@frozen
class BuildError:
    """A plugin could not build what was asked for, with every problem it found."""

    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """What was found, each with its place."""
        return self.found


@frozen
class NoSettings:
    """The settings of a factory that has none."""


Settings = TypeVar("Settings")
Port = TypeVar("Port")

BuildResult = Result[Port, BuildError]
"""What `build` returns."""


@frozen
class Factory(Generic[Settings, Port]):
    """One thing that a plugin offers, not yet built."""

    name: str
    """Kebab-case, unique among the factories of its kind."""
    summary: str
    """One line for `alchemiser plugins`."""
    settings: type[Settings]
    """A frozen attrs class; configuration is converted to it, strictly."""
    build: Callable[[Settings, PluginContext], Result[Port, BuildError]]
    requires_core: str = CORE_OF_THIS_SERIES
    """Versions of alchemiser-core that it works with, e.g. `>=0.1,<0.2`."""


@frozen
class StrategyFactory(Factory[Settings, Strategy]):
    """Builds a `Strategy`."""


@frozen
class DataFeedFactory(Factory[Settings, MarketData]):
    """Builds a `MarketData` feed."""


@frozen
class BrokerFactory(Factory[Settings, object]):
    """Builds a broker; its port comes with trading in 0.2."""


@frozen
class CalendarFactory(Factory[Settings, object]):
    """Builds a trading calendar; its port comes with trading in 0.2."""


@frozen
class SecretStoreFactory(Factory[Settings, object]):
    """Builds a secret store; its port comes with trading in 0.2."""


@frozen
class NotifierFactory(Factory[Settings, object]):
    """Builds a notifier; its port comes with trading in 0.2."""


AnyFactory = Factory[Any, Any]
