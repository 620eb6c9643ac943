"""Plugins: what they offer, how they are found, and what is said of those that are broken."""

from alchemiser_core.plugins.factories import (
    BrokerFactory,
    BuildError,
    BuildResult,
    CalendarFactory,
    DataFeedFactory,
    Factory,
    NoSettings,
    NotifierFactory,
    PluginContext,
    PluginKind,
    SecretStoreFactory,
    StrategyFactory,
    StrategyParameters,
)
from alchemiser_core.plugins.hookspecs import hookimpl

__all__ = [
    "BrokerFactory",
    "BuildError",
    "BuildResult",
    "CalendarFactory",
    "DataFeedFactory",
    "Factory",
    "NoSettings",
    "NotifierFactory",
    "PluginContext",
    "PluginKind",
    "SecretStoreFactory",
    "StrategyFactory",
    "StrategyParameters",
    "hookimpl",
]
