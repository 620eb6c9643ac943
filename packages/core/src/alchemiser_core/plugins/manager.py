"""Loads plugins through pluggy, one by one, so that a broken one stays alone with its fault."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import attrs
import pluggy
from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.plugins import hookspecs
from alchemiser_core.plugins.broken import (
    BrokenPlugin,
    FailedToLoad,
    Fault,
    HookRaised,
    NoHooks,
    SameName,
    UnknownHook,
    WrongReturn,
    WrongSignature,
)
from alchemiser_core.plugins.containment import contained
from alchemiser_core.plugins.factories import (
    AnyFactory,
    BrokerFactory,
    CalendarFactory,
    DataFeedFactory,
    NotifierFactory,
    PluginKind,
    SecretStoreFactory,
    SimulatorFactory,
    StrategyFactory,
)
from alchemiser_core.plugins.sources import EntryPoint

HOOKS: Mapping[PluginKind, tuple[str, type[AnyFactory]]] = {
    PluginKind.STRATEGY: ("alchemiser_strategies", StrategyFactory),
    PluginKind.DATA_FEED: ("alchemiser_data_feeds", DataFeedFactory),
    PluginKind.BROKER: ("alchemiser_brokers", BrokerFactory),
    PluginKind.CALENDAR: ("alchemiser_calendars", CalendarFactory),
    PluginKind.SECRET_STORE: ("alchemiser_secret_stores", SecretStoreFactory),
    PluginKind.NOTIFIER: ("alchemiser_notifiers", NotifierFactory),
    PluginKind.SIMULATOR: ("alchemiser_simulators", SimulatorFactory),
}
"""The hook of each kind, and the factories it returns."""

_HOOK_NAMES = tuple(hook for hook, _ in HOOKS.values())


@frozen(eq=False)
class LoadedPlugin:
    """A plugin that could be imported and whose hooks are sound.

    It has a pluggy manager to itself: what it does when a hook is called touches no other plugin.
    """

    entry_point: EntryPoint
    plugin: object
    manager: pluggy.PluginManager


@frozen(eq=False)
class LoadedPlugins:
    """The plugins that are sound, and what is wrong with the others."""

    sound: tuple[LoadedPlugin, ...]
    broken: tuple[BrokenPlugin, ...]


def load_plugins(entry_points: Iterable[EntryPoint]) -> LoadedPlugins:
    """Imports and checks every plugin; one that is broken does not touch the others."""
    sound: list[LoadedPlugin] = []
    broken: list[BrokenPlugin] = []
    by_name = sorted(set(entry_points), key=lambda e: (e.name, e.distribution, e.target))
    for name, group in groupby(by_name, key=lambda e: e.name):
        candidates = tuple(group)
        outcome = _load(candidates, sound)
        if isinstance(outcome, Failure):
            distributions = ", ".join(dict.fromkeys(e.distribution for e in candidates))
            broken.append(BrokenPlugin(name, distributions, outcome.failure()))
        else:
            sound.append(outcome.unwrap())
    return LoadedPlugins(tuple(sound), tuple(broken))


def _load(
    candidates: tuple[EntryPoint, ...], before: Sequence[LoadedPlugin]
) -> Result[LoadedPlugin, tuple[Fault, ...]]:
    entry_point = candidates[0]
    if len(candidates) > 1:
        return Failure((SameName(tuple(f"{e.distribution} ({e.target})" for e in candidates)),))
    outcome = contained(lambda: _examined(entry_point))
    if isinstance(outcome, Failure):
        return Failure((FailedToLoad(entry_point.target, outcome.failure()),))
    plugin, faults = outcome.unwrap()
    twins = [loaded for loaded in before if loaded.plugin is plugin]
    if twins:
        return Failure((SameName((f"{entry_point.target} as {twins[0].entry_point.name}",)),))
    if faults:
        return Failure(faults)
    manager = _manager()
    manager.register(plugin, entry_point.name)
    return Success(LoadedPlugin(entry_point, plugin, manager))


def _manager() -> pluggy.PluginManager:
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    return manager


def _examined(entry_point: EntryPoint) -> tuple[object, tuple[Fault, ...]]:
    plugin = entry_point.load()
    return plugin, _hook_faults(_manager(), plugin, entry_point)


def _hook_faults(
    manager: pluggy.PluginManager, plugin: object, entry_point: EntryPoint
) -> tuple[Fault, ...]:
    marked = {
        attribute: options
        for attribute in dir(plugin)
        if (options := manager.parse_hookimpl_opts(plugin, attribute)) is not None
    }
    if not marked:
        return (NoHooks(entry_point.target),)
    faults = [
        _hook_fault(options.get("specname") or attribute, getattr(plugin, attribute), options)
        for attribute, options in marked.items()
    ]
    return tuple(fault for fault in faults if fault is not None)


def _hook_fault(
    hook: str, function: Callable[..., object], options: Mapping[str, Any]
) -> Fault | None:
    given = inspect.signature(function)
    if hook not in _HOOK_NAMES:
        return UnknownHook(hook, str(given), _HOOK_NAMES)
    if given.parameters:
        expected = inspect.signature(getattr(hookspecs, hook))
        return WrongSignature(hook, str(given), str(expected))
    return None


def factories_of(loaded: LoadedPlugin, kind: PluginKind) -> Result[tuple[AnyFactory, ...], Fault]:
    """What one plugin offers of a kind; nothing where it does not implement the hook."""
    hook, expected = HOOKS[kind]
    caller: pluggy.HookCaller = getattr(loaded.manager.hook, hook)
    if not caller.get_hookimpls():
        return Success(())
    outcome = contained(caller)
    if isinstance(outcome, Failure):
        return Failure(HookRaised(hook, outcome.failure()))
    answers = outcome.unwrap()
    if len(answers) == 1 and isinstance(answers[0], list | tuple):
        return _checked(hook, expected, tuple(answers[0]))
    got = ", ".join(type(answer).__name__ for answer in answers) or "None"
    return Failure(WrongReturn(hook, f"a list of {expected.__name__}", got))


def _checked(
    hook: str, expected: type[AnyFactory], offered: tuple[object, ...]
) -> Result[tuple[AnyFactory, ...], Fault]:
    sound: list[AnyFactory] = []
    for factory in offered:
        if not isinstance(factory, expected):
            got = f"a list with a {type(factory).__name__}"
            return Failure(WrongReturn(hook, f"a list of {expected.__name__}", got))
        flaw = _flaw(factory)
        if flaw:
            return Failure(WrongReturn(hook, flaw, f"a factory named {factory.name!r}"))
        sound.append(factory)
    return Success(tuple(sound))


def _flaw(factory: AnyFactory) -> str:
    """What a factory lacks; annotations do not hold a plugin to anything at run time."""
    name: object = factory.name
    settings: object = factory.settings
    build: object = factory.build
    if not isinstance(name, str) or not name.replace("-", "").replace("_", "").isalnum():
        return "a name of letters, digits and hyphens"
    if not (isinstance(settings, type) and attrs.has(settings)):
        return "an attrs class as its settings"
    if not callable(build):
        return "a function as its build"
    return ""
