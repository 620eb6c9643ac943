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
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from attrs import field, frozen
from returns.result import Result

from alchemiser_core.config.settings import DecideOn
from alchemiser_core.domain.allocation.plan_rules import TradingCosts
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.schedule.slot import Slot
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.broker import Broker
from alchemiser_core.ports.broker_simulator import BrokerSimulator
from alchemiser_core.ports.clock import Clock
from alchemiser_core.ports.market_data import MarketData
from alchemiser_core.ports.notifier import Notifier
from alchemiser_core.ports.secret_store import NoSecrets, SecretStore
from alchemiser_core.ports.strategy import Strategy
from alchemiser_core.ports.trading_calendar import TradingCalendar

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
    SIMULATOR = "simulator"


@frozen(kw_only=True)
class TradingContext:
    """What the factory of a broker is given beside its settings."""

    feed: MarketData
    calendar: TradingCalendar
    clock: Clock
    """The system's."""
    slot: Slot
    decide_on: DecideOn
    symbols: tuple[Symbol, ...]
    """Everything that the strategies look at or trade."""
    costs: TradingCosts = field(factory=TradingCosts)
    """Those of the configuration, for a broker that has none of its own."""
    is_dry: bool = False
    """Nothing is to be written: a broker that keeps its account here works on a copy."""
    use_system_time: bool = False
    """Trade by the system's clock even where the broker could keep time."""
    today: date | None = None
    """For a broker that keeps time: the newest session that it may stand at."""
    session: date | None = None
    """For a broker that keeps time: the session that it has to stand at."""


@frozen(kw_only=True)
class SimulationContext:
    """What the factory of a simulator is given beside its settings."""

    feed: MarketData
    """Whose bars its market is made of."""
    calendar: TradingCalendar
    start: datetime
    """The time at which its clock begins, aware."""
    symbols: tuple[Symbol, ...]
    """What can be traded there."""


def says_nothing(line: str) -> None:
    """What `tell` is where nobody listens."""


@frozen
class PluginContext:
    """What a factory is given beside its settings."""

    folder: str = ""
    """Folder against which relative paths in the settings are read; empty: the working one."""
    trading: TradingContext | None = None
    """For a broker alone."""
    secrets: SecretStore = field(factory=NoSecrets)
    """Where keys are read from."""
    simulation: SimulationContext | None = None
    """For a simulator alone."""
    tell: Callable[[str], None] = field(default=says_nothing, eq=False, repr=False)
    """Takes one line on something that lasts, such as a wait for a vendor's budget; people see it.
    It may be called from any thread.
    """


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
class BrokerFactory(Factory[Settings, Broker]):
    """Builds a `Broker`; its context has `trading`."""


@frozen
class CalendarFactory(Factory[Settings, TradingCalendar]):
    """Builds a `TradingCalendar`."""


@frozen
class SecretStoreFactory(Factory[Settings, SecretStore]):
    """Builds a `SecretStore`; its context has no secrets."""


@frozen
class NotifierFactory(Factory[Settings, Notifier]):
    """Builds a `Notifier`."""


@frozen
class SimulatorFactory(Factory[Settings, BrokerSimulator]):
    """Builds a `BrokerSimulator`; its context has `simulation`. It has the name of the broker whose
    protocol it speaks.
    """


AnyFactory = Factory[Any, Any]
