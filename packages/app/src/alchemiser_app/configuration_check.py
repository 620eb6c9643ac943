"""Checks a configuration beyond its types: does what it names exist, and can it be built?"""

from collections.abc import Iterator

from returns.result import Failure

from alchemiser_app.composition import Invocation, build_feed, build_strategy
from alchemiser_app.settings_file import LoadedConfiguration
from alchemiser_app.symphony_file import is_symphony_file
from alchemiser_app.symphony_sections import beside, is_among
from alchemiser_core.config import Mode
from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins import PluginRegistry


def problems_in(loaded: LoadedConfiguration, registry: PluginRegistry) -> tuple[Problem, ...]:
    """Everything named in the configuration that cannot be built, all of it together."""
    return (*_of_strategies(loaded, registry), *_of_feed(loaded, registry))


def _of_strategies(loaded: LoadedConfiguration, registry: PluginRegistry) -> Iterator[Problem]:
    settings = loaded.configuration.settings
    names = [entry.strategy for entry in settings.portfolio.strategies]
    for name in settings.strategies:
        if not is_among(name, names, loaded):
            names.append(name)
    for name in sorted(set(names)):
        asked = str(beside(name, loaded)) if is_symphony_file(name) else name
        built = build_strategy(asked, loaded, registry)
        if isinstance(built, Failure):
            yield from built.failure().problems()


def _of_feed(loaded: LoadedConfiguration, registry: PluginRegistry) -> Iterator[Problem]:
    if loaded.configuration.settings.data.feed is not None:
        built = build_feed(Invocation(), loaded, registry)
        if isinstance(built, Failure):
            yield from built.failure().problems()


def notices_on(loaded: LoadedConfiguration) -> tuple[Problem, ...]:
    """What is no mistake, but will surprise."""
    if loaded.configuration.settings.mode is not Mode.LIVE:
        return ()
    return (
        Problem(
            "mode-without-effect",
            "the mode is live, and this version sends no orders",
            str(loaded.configuration.origin("mode")),
            "trading comes with version 0.2",
            "leave the mode at paper until then",
        ),
    )
