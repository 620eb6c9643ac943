"""Plugins: what they offer, how they are found, and what is said of those that are broken."""

from alchemiser_core.config.strategy_parameters import StrategyParameters
from alchemiser_core.plugins.broken import BrokenPlugin
from alchemiser_core.plugins.commands import PluginCommand, plugin_commands
from alchemiser_core.plugins.containment import build
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
    SimulationContext,
    SimulatorFactory,
    StrategyFactory,
    TradingContext,
)
from alchemiser_core.plugins.hookspecs import hookimpl
from alchemiser_core.plugins.registry import (
    LookupFailure,
    Offer,
    PluginRegistry,
    UnknownName,
    discover,
)
from alchemiser_core.plugins.sources import EntryPoint, ReadEntryPoints

__all__ = [
    "BrokenPlugin",
    "BrokerFactory",
    "BuildError",
    "BuildResult",
    "CalendarFactory",
    "DataFeedFactory",
    "EntryPoint",
    "Factory",
    "LookupFailure",
    "NoSettings",
    "NotifierFactory",
    "Offer",
    "PluginCommand",
    "PluginContext",
    "PluginKind",
    "PluginRegistry",
    "ReadEntryPoints",
    "SecretStoreFactory",
    "SimulationContext",
    "SimulatorFactory",
    "StrategyFactory",
    "StrategyParameters",
    "TradingContext",
    "UnknownName",
    "build",
    "discover",
    "hookimpl",
    "plugin_commands",
]
