"""Checks a configuration beyond its types: does what it names exist, and can it be built?"""

from collections.abc import Iterator

from returns.result import Failure, Result

from alchemiser_app.composition import Invocation, build_strategy
from alchemiser_app.feed_building import (
    FeedParts,
    build_feed,
    build_second_feed,
    build_source_feed,
)
from alchemiser_app.secrets.building import build_secrets
from alchemiser_app.secrets.known import KNOWN_SECRETS
from alchemiser_app.settings_file import LoadedConfiguration
from alchemiser_app.symphony_file import is_symphony_file
from alchemiser_app.symphony_sections import beside, is_among
from alchemiser_app.trading.connections import known_broker
from alchemiser_app.trading.live_guard import unlimited
from alchemiser_core.config import Mode
from alchemiser_core.config.trading_settings import TacticName
from alchemiser_core.domain.problem import Explainable, Problem
from alchemiser_core.plugins import PluginRegistry
from alchemiser_core.ports.secret_store import SecretStore


def problems_in(loaded: LoadedConfiguration, registry: PluginRegistry) -> tuple[Problem, ...]:
    """Everything named in the configuration that cannot be built, all of it together."""
    secrets = build_secrets(loaded, registry, KNOWN_SECRETS.add)
    if isinstance(secrets, Failure):
        return (*_of_mode(loaded), *secrets.failure().problems())
    return (
        *_of_mode(loaded),
        *_of_strategies(loaded, registry, secrets.unwrap()),
        *_of_feeds(FeedParts(Invocation(), loaded, registry, secrets.unwrap())),
        *_of_broker(loaded, registry),
    )


def _of_strategies(
    loaded: LoadedConfiguration, registry: PluginRegistry, secrets: SecretStore
) -> Iterator[Problem]:
    settings = loaded.configuration.settings
    names = [entry.strategy for entry in settings.portfolio.strategies]
    for name in settings.strategies:
        if not is_among(name, names, loaded):
            names.append(name)
    for name in sorted(set(names)):
        asked = str(beside(name, loaded)) if is_symphony_file(name) else name
        built = build_strategy(asked, loaded, registry, secrets)
        if isinstance(built, Failure):
            yield from built.failure().problems()


def _of_feeds(parts: FeedParts) -> Iterator[Problem]:
    data = parts.loaded.configuration.settings.data
    if data.feed is not None:
        yield from _found(build_feed(parts))
    if data.source.feed is not None:
        yield from _found(build_source_feed(parts))
    yield from _found(build_second_feed(parts))


def _found(built: Result[object, Explainable]) -> tuple[Problem, ...]:
    return built.failure().problems() if isinstance(built, Failure) else ()


def _of_broker(loaded: LoadedConfiguration, registry: PluginRegistry) -> Iterator[Problem]:
    """Its name and its settings; to build it is to connect."""
    if not any(loaded.configuration.is_set("broker", name) for name in ("name", "settings")):
        return
    found = known_broker(loaded, registry)
    if isinstance(found, Failure):
        yield from found.failure().problems()
        return
    own = loaded.configuration.section(("broker", "settings"), found.unwrap().settings)
    if isinstance(own, Failure):
        yield from own.failure().problems()


def _of_mode(loaded: LoadedConfiguration) -> Iterator[Problem]:
    settings = loaded.configuration.settings
    if settings.mode is not Mode.LIVE:
        return
    yield from unlimited(settings)
    if settings.broker.account is None:
        yield Problem(
            "live-without-account",
            "the mode is live, and no account is named",
            loaded.place("mode"),
            "real money is only traded in the account whose number stands in the configuration",
            'set account in [broker] to the number of the account, or mode to "paper"',
        )


def notices_on(loaded: LoadedConfiguration) -> tuple[Problem, ...]:
    """What is no mistake, but will surprise."""
    execution = loaded.configuration.settings.execution
    needed = len(execution.steps) * execution.step_seconds
    if execution.tactic is TacticName.MARKET or needed <= execution.deadline_seconds:
        return ()
    return (
        Problem(
            "deadline-before-last-step",
            f"the limits of an order take {needed} seconds, "
            f"a cycle ends after {execution.deadline_seconds}",
            loaded.place("execution", "deadline_seconds"),
            "the last limits are never sent",
            "raise deadline_seconds, or lower step_seconds",
        ),
    )
