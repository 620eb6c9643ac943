"""Builds what trading is connected to: the calendar, the broker, the journal, people.

Functions of plain values, each with a typed failure; `container` wires them together.
"""

from datetime import date
from pathlib import Path
from typing import Any

from attrs import evolve, frozen
from returns.result import Failure, Result, Success

from alchemiser_app.composition import CompositionError, Invocation, Refusal
from alchemiser_app.journal.location import FileLocation, parse_location
from alchemiser_app.journal.refusals import BadLocation
from alchemiser_app.settings_file import LoadedConfiguration
from alchemiser_app.stopping.kill_switch_file import FileKillSwitch
from alchemiser_app.trading.rules import slot
from alchemiser_core.config.settings import Settings
from alchemiser_core.config.trading_settings import ClockChoice
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.plugins import (
    BrokerFactory,
    BuildError,
    PluginContext,
    PluginRegistry,
    TradingContext,
    build,
)
from alchemiser_core.ports.broker import Broker
from alchemiser_core.ports.clock import Clock
from alchemiser_core.ports.market_data import MarketData
from alchemiser_core.ports.notifier import Notifier
from alchemiser_core.ports.secret_store import SecretStore
from alchemiser_core.ports.trading_calendar import TradingCalendar

_HALT = ".halt"


def build_calendar(
    loaded: LoadedConfiguration, registry: PluginRegistry, secrets: SecretStore
) -> Result[TradingCalendar, Refusal]:
    """The calendar of the exchange, with its settings where it has some."""
    place = loaded.place("trading", "calendar")
    found = registry.calendar(loaded.configuration.settings.trading.calendar)
    if isinstance(found, Failure):
        return Failure(placed(found.failure(), place))
    own = loaded.configuration.section(("trading", "calendar_settings"), found.unwrap().settings)
    if isinstance(own, Failure):
        return Failure(own.failure())
    context = PluginContext(folder=loaded.folder, secrets=secrets)
    return build(found.unwrap(), own.unwrap(), context).alt(lambda error: placed(error, place))


@frozen(eq=False)
class BrokerRequest:
    """What a broker is built for."""

    feed: MarketData
    calendar: TradingCalendar
    clock: Clock
    symbols: tuple[Symbol, ...]
    today: date
    session: date | None = None
    """The session that a broker which keeps time has to stand at."""
    is_dry: bool = False
    """Nothing is to be written."""


def known_broker(
    loaded: LoadedConfiguration, registry: PluginRegistry
) -> Result[BrokerFactory[Any], CompositionError]:
    """What builds the broker of the configuration."""
    found = registry.broker(loaded.configuration.settings.broker.name)
    return found.alt(lambda error: placed(error, loaded.place("broker", "name")))


def build_broker(
    loaded: LoadedConfiguration,
    registry: PluginRegistry,
    secrets: SecretStore,
    request: BrokerRequest,
) -> Result[Broker, Refusal]:
    """The broker of the configuration, ready to be asked."""
    settings = loaded.configuration.settings
    found = known_broker(loaded, registry)
    if isinstance(found, Failure):
        return Failure(found.failure())
    own = loaded.configuration.section(("broker", "settings"), found.unwrap().settings)
    if isinstance(own, Failure):
        return Failure(own.failure())
    context = trading_context(settings, request)
    own_settings = loaded.configuration.is_set("broker", "settings")
    place = loaded.place("broker", "settings") if own_settings else f"broker {settings.broker.name}"
    everything = PluginContext(loaded.folder, context, secrets)
    return build(found.unwrap(), own.unwrap(), everything).alt(
        lambda error: BuildError(placed(error, place).problems())
    )


def trading_context(settings: Settings, request: BrokerRequest) -> TradingContext:
    """What the factory of a broker is given."""
    return TradingContext(
        feed=request.feed,
        calendar=request.calendar,
        clock=request.clock,
        slot=slot(settings),
        decide_on=settings.trading_decide_on,
        symbols=request.symbols,
        costs=settings.costs.trading_costs(),
        use_system_time=settings.trading.clock is ClockChoice.SYSTEM,
        today=request.today,
        session=request.session,
        is_dry=request.is_dry,
    )


def build_notifiers(
    loaded: LoadedConfiguration, registry: PluginRegistry, secrets: SecretStore
) -> Result[tuple[Notifier, ...], Refusal]:
    """Every channel of the configuration; all that is wrong with any of them."""
    count = len(loaded.configuration.settings.notify)
    built = [_notifier(loaded, registry, secrets, position) for position in range(count)]
    wrong = [p for each in built if isinstance(each, Failure) for p in each.failure().problems()]
    if wrong:
        return Failure(CompositionError(tuple(wrong)))
    return Success(tuple(each.unwrap() for each in built))


def _notifier(
    loaded: LoadedConfiguration, registry: PluginRegistry, secrets: SecretStore, position: int
) -> Result[Notifier, Refusal]:
    entry = loaded.configuration.settings.notify[position]
    found = registry.notifier(entry.name)
    if isinstance(found, Failure):
        return Failure(placed(found.failure(), loaded.place("notify", position, "name")))
    section = ("notify", position, "settings")
    settings = loaded.configuration.section(section, found.unwrap().settings)
    if isinstance(settings, Failure):
        return Failure(settings.failure())
    place = loaded.place(*section)
    context = PluginContext(folder=loaded.folder, secrets=secrets)
    return build(found.unwrap(), settings.unwrap(), context).alt(lambda error: placed(error, place))


def journal_location(invocation: Invocation, loaded: LoadedConfiguration) -> str:
    """Where the journal is; a relative path is meant from the configuration's folder."""
    own = loaded.configuration.settings.journal.location
    if invocation.journal is not None:
        return invocation.journal
    if "://" in own:
        return own
    return str(Path(loaded.folder) / Path(own).expanduser())


def kill_switch(
    invocation: Invocation, loaded: LoadedConfiguration
) -> Result[FileKillSwitch, BadLocation | CompositionError]:
    """The kill switch of the account: beside its journal, unless the configuration says where."""
    named = loaded.configuration.settings.journal.halt_file
    if named is not None:
        return _named_switch(Path(loaded.folder) / Path(named).expanduser(), invocation, loaded)
    location = parse_location(journal_location(invocation, loaded))
    if isinstance(location, Failure):
        return Failure(location.failure())
    place = location.unwrap()
    if isinstance(place, FileLocation):
        return Success(FileKillSwitch(place.beside(_HALT)))
    return Success(FileKillSwitch(Path(loaded.folder) / f"alchemiser{_HALT}"))


def _named_switch(
    path: Path, invocation: Invocation, loaded: LoadedConfiguration
) -> Result[FileKillSwitch, CompositionError]:
    """Refused where something else is kept there: resuming takes the file away."""
    location = parse_location(journal_location(invocation, loaded))
    place = location.unwrap() if isinstance(location, Success) else None
    kept = [loaded.file] if loaded.file else []
    if isinstance(place, FileLocation):
        kept += [*place.parts, place.beside(".head"), place.beside(".lock")]
    if path.absolute() in (each.absolute() for each in kept):
        problem = Problem(
            "halt-file-taken",
            f"{path.name} cannot be the halt file",
            loaded.place("journal", "halt_file"),
            "it is kept for something else, and alchemiser resume takes the halt file away",
            "name a file that is not there",
        )
        return Failure(CompositionError((problem,)))
    return Success(FileKillSwitch(path))


def placed(error: Refusal, place: str) -> CompositionError:
    """The problems of an error, those without a place with this one."""
    return CompositionError(
        tuple(evolve(problem, where=problem.where or place) for problem in error.problems())
    )
