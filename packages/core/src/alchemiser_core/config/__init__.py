"""Configuration: settings as values, converted strictly, each knowing where it comes from."""

from alchemiser_core.config.checks import Check, SettingError, doc, must_be
from alchemiser_core.config.configuration import Configuration, ShownSetting, configuration
from alchemiser_core.config.endpoints import endpoint, is_loopback_host, stream_endpoint
from alchemiser_core.config.layers import Flag, environment_layer, file_layer, flag_layer
from alchemiser_core.config.origin import Origin, OriginKind
from alchemiser_core.config.problems import ConfigurationErrors
from alchemiser_core.config.settings import DecideOn, Mode, Settings
from alchemiser_core.config.strategy_parameters import StrategyParameters

__all__ = [
    "Check",
    "Configuration",
    "ConfigurationErrors",
    "DecideOn",
    "Flag",
    "Mode",
    "Origin",
    "OriginKind",
    "SettingError",
    "Settings",
    "ShownSetting",
    "StrategyParameters",
    "configuration",
    "doc",
    "endpoint",
    "environment_layer",
    "file_layer",
    "flag_layer",
    "is_loopback_host",
    "must_be",
    "stream_endpoint",
]
