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
    build_strategies,
    read_configuration,
)
from alchemiser_app.feed_building import (
    FeedParts,
    build_feed,
    build_second_feed,
    build_source_feed,
)
from alchemiser_app.installed import core_version, installed_entry_points
from alchemiser_app.secrets.building import build_secrets
from alchemiser_app.secrets.chain import SecretChain
from alchemiser_app.secrets.known import KNOWN_SECRETS
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
SecretsResult = Result[SecretChain, Refusal]


def registry_of_installed() -> PluginRegistry:
    """The registry of what is installed; imports no plugin yet."""
    return discover(installed_entry_points, core_version())


def configured(invocation: Invocation) -> LoadedResult:
    """The configuration; every problem of it in the failure."""
    return read_configuration(invocation)


def secrets_of(loaded: LoadedResult, registry: PluginRegistry) -> SecretsResult:
    """The secret stores, where the configuration is sound; nothing is read from them yet."""
    return loaded.bind(lambda sound: build_secrets(sound, registry, KNOWN_SECRETS.add))


def feed_parts_of(
    invocation: Invocation, loaded: LoadedResult, registry: PluginRegistry, secrets: SecretsResult
) -> Result[FeedParts, Refusal]:
    """What feeds are built from, where the configuration is sound."""
    return loaded.bind(
        lambda sound: secrets.map(lambda store: FeedParts(invocation, sound, registry, store))
    )


def feed_of(parts: Result[FeedParts, Refusal]) -> Result[MarketData, Refusal]:
    """The data feed that decides."""
    return parts.bind(build_feed)


def source_feed_of(parts: Result[FeedParts, Refusal]) -> Result[MarketData, Refusal]:
    """The feed that a bar store is filled from."""
    return parts.bind(build_source_feed)


def second_feed_of(parts: Result[FeedParts, Refusal]) -> Result[MarketData | None, Refusal]:
    """The second vendor's feed, where there is one."""
    return parts.bind(build_second_feed)


def strategies_of(
    invocation: Invocation, loaded: LoadedResult, registry: PluginRegistry, secrets: SecretsResult
) -> Result[tuple[TargetStrategy, ...], Refusal]:
    """The strategies of the target, where the configuration is sound."""
    return loaded.bind(
        lambda sound: secrets.bind(
            lambda store: build_strategies(invocation, sound, registry, store)
        )
    )


def calendar_of(
    loaded: LoadedResult, registry: PluginRegistry, secrets: SecretsResult
) -> Result[TradingCalendar, Refusal]:
    """The trading calendar, where the configuration is sound."""
    return loaded.bind(
        lambda sound: secrets.bind(lambda store: build_calendar(sound, registry, store))
    )


def notifiers_of(
    loaded: LoadedResult, registry: PluginRegistry, secrets: SecretsResult
) -> Result[tuple[Notifier, ...], Refusal]:
    """The channels to people, where the configuration is sound."""
    return loaded.bind(
        lambda sound: secrets.bind(lambda store: build_notifiers(sound, registry, store))
    )


def broker_of(
    loaded: LoadedResult, registry: PluginRegistry, secrets: SecretsResult, request: BrokerRequest
) -> Result[Broker, Refusal]:
    """The broker, built for what is asked; a new one each time."""
    return loaded.bind(
        lambda sound: secrets.bind(lambda store: build_broker(sound, registry, store, request))
    )


def commands_of_plugins() -> tuple[PluginCommand, ...]:
    """The commands that plugins add; imports none of them."""
    return plugin_commands(installed_entry_points)


class Container(containers.DeclarativeContainer):
    """Providers of everything that a command may ask for."""

    invocation: providers.Dependency[Invocation] = providers.Dependency(instance_of=Invocation)
    registry = providers.Singleton(registry_of_installed)
    configuration = providers.Singleton(configured, invocation=invocation)
    secrets = providers.Singleton(secrets_of, loaded=configuration, registry=registry)
    feed_parts = providers.Singleton(
        feed_parts_of,
        invocation=invocation,
        loaded=configuration,
        registry=registry,
        secrets=secrets,
    )
    feed = providers.Singleton(feed_of, parts=feed_parts)
    source_feed = providers.Singleton(source_feed_of, parts=feed_parts)
    second_feed = providers.Singleton(second_feed_of, parts=feed_parts)
    strategies = providers.Singleton(
        strategies_of,
        invocation=invocation,
        loaded=configuration,
        registry=registry,
        secrets=secrets,
    )
    calendar = providers.Singleton(
        calendar_of, loaded=configuration, registry=registry, secrets=secrets
    )
    notifiers = providers.Singleton(
        notifiers_of, loaded=configuration, registry=registry, secrets=secrets
    )
    broker = providers.Callable(broker_of, loaded=configuration, registry=registry, secrets=secrets)
    commands = providers.Singleton(commands_of_plugins)


@frozen
class Application:
    """What a command works with; each is built when it is first asked for, and once."""

    registry: Callable[[], PluginRegistry]
    configuration: Callable[[], LoadedResult]
    secrets: Callable[[], SecretsResult]
    feed: Callable[[], Result[MarketData, Refusal]]
    source_feed: Callable[[], Result[MarketData, Refusal]]
    second_feed: Callable[[], Result[MarketData | None, Refusal]]
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
        secrets=container.secrets,
        feed=container.feed,
        source_feed=container.source_feed,
        second_feed=container.second_feed,
        strategies=container.strategies,
        calendar=container.calendar,
        notifiers=container.notifiers,
        broker=lambda request: container.broker(request=request),
        commands=container.commands,
    )
