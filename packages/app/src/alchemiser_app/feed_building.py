"""Builds the data feeds: the one that decides, the one a bar store is filled from, and a second
vendor's that both are held against.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import evolve, frozen
from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.marker import is_bar_store
from alchemiser_app.composition import CompositionError, Invocation, Refusal, placed
from alchemiser_app.home_folder import at_home
from alchemiser_app.not_found import no_such_data
from alchemiser_app.settings_file import LoadedConfiguration
from alchemiser_core.config import Flag, flag_layer
from alchemiser_core.config.configuration import structured
from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins import (
    DataFeedFactory,
    PluginContext,
    PluginKind,
    PluginRegistry,
    build,
)
from alchemiser_core.ports.market_data import MarketData
from alchemiser_core.ports.secret_store import SecretStore

FILES = "files"
"""The feed that a folder given on the command line is read by."""
STORE = "store"
"""The feed that it is read by where it is a bar store."""

SETTINGS = {
    "feed": ("data", "settings"),
    "source": ("data", "source", "settings"),
    "second": ("data", "second", "settings"),
}
"""Where the settings of each feed stand."""


@frozen(eq=False)
class FeedParts:
    """What feeds are built from."""

    invocation: Invocation
    loaded: LoadedConfiguration
    registry: PluginRegistry
    secrets: SecretStore

    @property
    def context(self) -> PluginContext:
        """What the factory of a configured feed is given."""
        return PluginContext(
            folder=self.loaded.folder, secrets=self.secrets, tell=self.invocation.tell
        )


def build_feed(parts: FeedParts) -> Result[MarketData, Refusal]:
    """The feed that `--data` names or whose folder it is, else the configured one.

    Failures: no feed chosen, an unknown name, wrong settings, a feed that cannot be built.
    """
    configured = parts.loaded.configuration.settings.data.feed
    found = _chosen("feed", parts.invocation.data, configured, parts)
    return Failure(_none_chosen(parts.registry)) if found is None else found


def build_source_feed(parts: FeedParts) -> Result[MarketData, Refusal]:
    """The feed that `--from` names or whose folder it is, else `data.source`. Failures as above."""
    configured = parts.loaded.configuration.settings.data.source.feed
    found = _chosen("source", parts.invocation.source, configured, parts, flag="--from")
    return Failure(_no_source(parts.registry)) if found is None else found


def build_second_feed(parts: FeedParts) -> Result[MarketData | None, Refusal]:
    """The feed of `data.second`; `None` where none is configured. Failures as above."""
    configured = parts.loaded.configuration.settings.data.second.feed
    found = _chosen("second", None, configured, parts)
    if found is None:
        return Success(None)
    return found.map(_perhaps)


def _perhaps(feed: MarketData) -> MarketData | None:
    return feed


def _chosen(
    role: str, asked: str | None, configured: str | None, parts: FeedParts, flag: str = "--data"
) -> Result[MarketData, Refusal] | None:
    """The feed of a role; `None` where nobody names one."""
    if asked is None and configured is None:
        return None
    if asked is None or asked == configured:
        return _configured_feed(role, configured or "", parts)
    names = _feed_names(parts.registry)
    if Path(asked).name == asked and asked in names:
        return _asked_feed(asked, {}, parts, flag)
    folder = at_home(asked)
    if folder.is_dir():
        name = STORE if is_bar_store(folder) else FILES
        return _asked_feed(name, {"folder": asked}, parts, flag)
    return Failure(CompositionError((no_such_data(asked, names),)))


def _configured_feed(role: str, name: str, parts: FeedParts) -> Result[MarketData, Refusal]:
    place = SETTINGS[role]
    loaded = parts.loaded
    found = parts.registry.data_feed(name)
    if isinstance(found, Failure):
        return Failure(placed(found.failure(), loaded.place(*place[:-1], "feed")))
    settings = loaded.configuration.section(place, found.unwrap().settings)
    if isinstance(settings, Failure):
        return Failure(settings.failure())
    return _built(found.unwrap(), settings.unwrap(), parts.context).alt(
        lambda error: placed(error, loaded.place(*place))
    )


def _asked_feed(
    name: str, settings: Mapping[str, str], parts: FeedParts, flag: str
) -> Result[MarketData, Refusal]:
    """A feed that the command line chose; the configured settings are another feed's."""
    found = parts.registry.data_feed(name)
    if isinstance(found, Failure):
        return Failure(found.failure())
    layer = flag_layer(tuple(Flag(flag, (key,), value) for key, value in settings.items()))
    own = structured(layer, found.unwrap().settings, layer)
    if isinstance(own, Failure):
        return Failure(_lacking(name, flag, own.failure()))
    context = PluginContext(secrets=parts.secrets, tell=parts.invocation.tell)
    return _built(found.unwrap(), own.unwrap(), context)


def _lacking(name: str, flag: str, error: Refusal) -> Refusal:
    """Why a feed cannot be chosen by its name alone; a folder of that name may have been meant."""
    hint = "choose it in alchemiser.toml, where its settings can stand"
    if Path(name).is_dir():
        hint = f"to read the folder of that name: {flag} ./{name}"
    where = f"{flag} {name}"
    return CompositionError(
        tuple(p if p.where else evolve(p, where=where, hint=hint) for p in error.problems())
    )


def _built(
    factory: DataFeedFactory[Any], settings: object, context: PluginContext
) -> Result[MarketData, Refusal]:
    return build(factory, settings, context).alt(_as_refusal)


def _as_refusal(error: Refusal) -> Refusal:
    return error


def _feed_names(registry: PluginRegistry) -> tuple[str, ...]:
    return tuple(offer.factory.name for offer in registry.available(PluginKind.DATA_FEED))


def _none_chosen(registry: PluginRegistry) -> CompositionError:
    names = ", ".join(_feed_names(registry))
    hint = f"give --data a folder or `sample`, or set data.feed to one of: {names}"
    problem = Problem("no-data", "nothing says where bars come from", "data.feed", "", hint)
    return CompositionError((problem,))


def _no_source(registry: PluginRegistry) -> CompositionError:
    names = ", ".join(_feed_names(registry))
    problem = Problem(
        "no-source",
        "nothing says where the store is filled from",
        "data.source.feed",
        "",
        f"give --from a feed or a folder, or set data.source.feed to one of: {names}",
    )
    return CompositionError((problem,))
