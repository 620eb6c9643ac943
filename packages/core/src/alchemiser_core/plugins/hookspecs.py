"""The hooks of Alchemiser, all in this file, each with an example.

A plugin is a module, named in its distribution's metadata:

    [project.entry-points.alchemiser]
    acme = "acme_alchemiser.plugin"

The module implements any of these hooks, each marked with `hookimpl`. A hook takes no arguments
and returns a list of factories; it must be quick, since all plugins are asked.
"""

from typing import Any

from pluggy import HookimplMarker, HookspecMarker

from alchemiser_core.plugins.factories import (
    BrokerFactory,
    CalendarFactory,
    DataFeedFactory,
    NotifierFactory,
    SecretStoreFactory,
    SimulatorFactory,
    StrategyFactory,
)

PROJECT = "alchemiser"
"""Name of the project for pluggy, and of the entry-point group of plugins."""

hookspec = HookspecMarker(PROJECT)
hookimpl = HookimplMarker(PROJECT)
"""Marks a function of a plugin as the implementation of the hook of the same name."""


@hookspec
def alchemiser_strategies() -> list[StrategyFactory[Any]]:
    """Strategies, each under the name that `TARGET` and `alchemiser.toml` use.

    @hookimpl
    def alchemiser_strategies() -> list[StrategyFactory[Any]]:
        return [StrategyFactory("sixty-forty", "60 % stocks, 40 % bonds", SixtyForty, build)]
    """
    raise NotImplementedError


@hookspec
def alchemiser_data_feeds() -> list[DataFeedFactory[Any]]:
    """Sources of daily bars, each under the name that `data.feed` uses.

    @hookimpl
    def alchemiser_data_feeds() -> list[DataFeedFactory[Any]]:
        return [DataFeedFactory("acme", "daily bars of Acme", AcmeSettings, build)]
    """
    raise NotImplementedError


@hookspec
def alchemiser_brokers() -> list[BrokerFactory[Any]]:
    """Brokers.

    @hookimpl
    def alchemiser_brokers() -> list[BrokerFactory[Any]]:
        return [BrokerFactory("acme", "accounts at Acme", AcmeSettings, build)]
    """
    raise NotImplementedError


@hookspec
def alchemiser_calendars() -> list[CalendarFactory[Any]]:
    """Trading calendars.

    @hookimpl
    def alchemiser_calendars() -> list[CalendarFactory[Any]]:
        return [CalendarFactory("XNYS", "New York Stock Exchange", NoSettings, build)]
    """
    raise NotImplementedError


@hookspec
def alchemiser_secret_stores() -> list[SecretStoreFactory[Any]]:
    """Places that secrets are read from.

    @hookimpl
    def alchemiser_secret_stores() -> list[SecretStoreFactory[Any]]:
        return [SecretStoreFactory("vault", "secrets of a Vault", VaultSettings, build)]
    """
    raise NotImplementedError


@hookspec
def alchemiser_notifiers() -> list[NotifierFactory[Any]]:
    """Channels that people are told through.

    @hookimpl
    def alchemiser_notifiers() -> list[NotifierFactory[Any]]:
        return [NotifierFactory("pager", "messages to a pager", PagerSettings, build)]
    """
    raise NotImplementedError


@hookspec
def alchemiser_simulators() -> list[SimulatorFactory[Any]]:
    """Local servers that speak a broker's protocol, for `alchemiser simulate-broker`.

    @hookimpl
    def alchemiser_simulators() -> list[SimulatorFactory[Any]]:
        return [SimulatorFactory("acme", "speaks like Acme", AcmeSimulatorSettings, build)]
    """
    raise NotImplementedError
