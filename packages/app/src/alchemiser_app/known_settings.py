"""Which values in the tables of plugins may be shown: those that the plugin names as settings.

The tables take any name until the plugin is asked. Whoever mistakes them for the place of a key
must not find it on the screen, nor in what is sent to somebody for help.
"""

from collections.abc import Mapping
from typing import Any

import attrs
from returns.result import Result, Success

from alchemiser_app.settings_file import LoadedConfiguration
from alchemiser_core.config.configuration import Knows
from alchemiser_core.config.origin import Path
from alchemiser_core.plugins import Factory, PluginRegistry, StrategyParameters

_SHORTER_THAN_A_KEY = 12
"""Characters. Parameters of a symphony are numbers and tickers; their names are not known here."""


def known_settings(loaded: LoadedConfiguration, registry: PluginRegistry) -> Knows:
    """Says of a value in an open table whether it is a setting of what the table belongs to.

    Plugins are asked only where there is such a value.
    """

    def knows(path: Path, value: object) -> bool:
        if path[0] == "strategies":
            return _is_parameter(registry, str(path[1]), str(path[3]), value)
        length = 3 if path[0] in ("notify", "secrets") or path[1] in ("source", "second") else 2
        owner, name = _owner(loaded, registry, path), str(path[length])
        return isinstance(owner, Success) and name in _names(owner.unwrap().settings)

    return knows


def _owner(
    loaded: LoadedConfiguration, registry: PluginRegistry, path: Path
) -> Result[Factory[Any, Any], Any]:
    """What the table at the beginning of a path belongs to."""
    settings = loaded.configuration.settings
    match path:
        case ("data", "source", *_):
            return registry.data_feed(settings.data.source.feed or "")
        case ("data", "second", *_):
            return registry.data_feed(settings.data.second.feed or "")
        case ("data", *_):
            return registry.data_feed(settings.data.feed or "")
        case ("broker", *_):
            return registry.broker(settings.broker.name)
        case ("trading", "calendar_settings", *_):
            return registry.calendar(settings.trading.calendar)
        case ("notify", int() as position, *_):
            return registry.notifier(settings.notify[position].name)
        case ("secrets", int() as position, *_):
            return registry.secret_store(settings.secrets[position].name)
        case _:
            raise ValueError(f"nobody has the table of {path}")


def _is_parameter(registry: PluginRegistry, strategy: str, name: str, value: object) -> bool:
    found = registry.strategy(strategy)
    if isinstance(found, Success) and found.unwrap().settings is not StrategyParameters:
        return name in _names(found.unwrap().settings)
    return not isinstance(value, Mapping | list) and len(str(value)) < _SHORTER_THAN_A_KEY


def _names(kind: type[Any]) -> frozenset[str]:
    return frozenset(attribute.name for attribute in attrs.fields(kind))
