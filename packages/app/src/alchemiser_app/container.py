"""The container: the one place where the parts of the program are wired together.

    application = assemble(Invocation(environment=os.environ, data="sample", target="klm"))
    feed = application.feed()

Nothing is built before it is asked for, and each thing is built once. dependency-injector takes
any keyword for any function without a word, so it only stands over the typed functions below and
in `composition`, and a test resolves every provider.
"""

from collections.abc import Callable

from attrs import frozen
from dependency_injector import containers, providers
from returns.result import Result

from alchemiser_app.composition import (
    Invocation,
    Refusal,
    TargetStrategy,
    build_feed,
    build_strategies,
    read_configuration,
)
from alchemiser_app.installed import core_version, installed_entry_points
from alchemiser_app.settings_file import LoadedConfiguration
from alchemiser_app.trading.connections import (
    BrokerRequest,
    build_broker,
    build_calendar,
    build_notifiers,
)
from alchemiser_core.plugins import PluginCommand, PluginRegistry, discover, plugin_commands
from alchemiser_core.ports.broker import Broker
from alchemiser_core.ports.market_data import MarketData
from alchemiser_core.ports.notifier import Notifier
from alchemiser_core.ports.trading_calendar import TradingCalendar

LoadedResult = Result[LoadedConfiguration, Refusal]


def registry_of_installed() -> PluginRegistry:
    """The registry of what is installed; imports no plugin yet."""
    return discover(installed_entry_points, core_version())


def configured(invocation: Invocation) -> LoadedResult:
    """The configuration; every problem of it in the failure."""
    return read_configuration(invocation)


def feed_of(
    invocation: Invocation, loaded: LoadedResult, registry: PluginRegistry
) -> Result[MarketData, Refusal]:
    """The data feed, where the configuration is sound."""
    return loaded.bind(lambda sound: build_feed(invocation, sound, registry))


def strategies_of(
    invocation: Invocation, loaded: LoadedResult, registry: PluginRegistry
) -> Result[tuple[TargetStrategy, ...], Refusal]:
    """The strategies of the target, where the configuration is sound."""
    return loaded.bind(lambda sound: build_strategies(invocation, sound, registry))


def calendar_of(loaded: LoadedResult, registry: PluginRegistry) -> Result[TradingCalendar, Refusal]:
    """The trading calendar, where the configuration is sound."""
    return loaded.bind(lambda sound: build_calendar(sound, registry))


def notifiers_of(
    loaded: LoadedResult, registry: PluginRegistry
) -> Result[tuple[Notifier, ...], Refusal]:
    """The channels to people, where the configuration is sound."""
    return loaded.bind(lambda sound: build_notifiers(sound, registry))


def broker_of(
    loaded: LoadedResult, registry: PluginRegistry, request: BrokerRequest
) -> Result[Broker, Refusal]:
    """The broker, built for what is asked; a new one each time."""
    return loaded.bind(lambda sound: build_broker(sound, registry, request))


def commands_of_plugins() -> tuple[PluginCommand, ...]:
    """The commands that plugins add; imports none of them."""
    return plugin_commands(installed_entry_points)


class Container(containers.DeclarativeContainer):
    """Providers of everything that a command may ask for."""

    invocation: providers.Dependency[Invocation] = providers.Dependency(instance_of=Invocation)
    registry = providers.Singleton(registry_of_installed)
    configuration = providers.Singleton(configured, invocation=invocation)
    feed = providers.Singleton(
        feed_of, invocation=invocation, loaded=configuration, registry=registry
    )
    strategies = providers.Singleton(
        strategies_of, invocation=invocation, loaded=configuration, registry=registry
    )
    calendar = providers.Singleton(calendar_of, loaded=configuration, registry=registry)
    notifiers = providers.Singleton(notifiers_of, loaded=configuration, registry=registry)
    broker = providers.Callable(broker_of, loaded=configuration, registry=registry)
    commands = providers.Singleton(commands_of_plugins)


@frozen
class Application:
    """What a command works with; each is built when it is first asked for, and once."""

    registry: Callable[[], PluginRegistry]
    configuration: Callable[[], LoadedResult]
    feed: Callable[[], Result[MarketData, Refusal]]
    strategies: Callable[[], Result[tuple[TargetStrategy, ...], Refusal]]
    calendar: Callable[[], Result[TradingCalendar, Refusal]]
    notifiers: Callable[[], Result[tuple[Notifier, ...], Refusal]]
    broker: Callable[[BrokerRequest], Result[Broker, Refusal]]
    commands: Callable[[], tuple[PluginCommand, ...]]


def assemble(invocation: Invocation) -> Application:
    """The application for one invocation."""
    container = Container(invocation=invocation)
    return Application(
        registry=container.registry,
        configuration=container.configuration,
        feed=container.feed,
        strategies=container.strategies,
        calendar=container.calendar,
        notifiers=container.notifiers,
        broker=lambda request: container.broker(request=request),
        commands=container.commands,
    )
