"""The registry: every factory by kind and name, found lazily and kept apart from broken plugins.

Making a registry reads nothing. The names of plugins come from metadata; plugins are imported
when the first factory is asked for, and hooks of a kind are called when that kind is asked for.
"""

from collections.abc import Callable, Iterator
from functools import cache, cached_property
from itertools import groupby
from typing import Any, TypeVar

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.suggestion import did_you_mean
from alchemiser_core.plugins.broken import BrokenPlugin, Fault, NameClash, NeedsOtherCore
from alchemiser_core.plugins.compatibility import Compatibility, compatibility
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
from alchemiser_core.plugins.manager import LoadedPlugins, factories_of, load_plugins
from alchemiser_core.plugins.sources import PLUGIN_GROUP, EntryPoint, ReadEntryPoints

F = TypeVar("F", bound=AnyFactory)


@frozen
class UnknownName:
    """No plugin offers a factory of that kind and name."""

    kind: PluginKind
    name: str
    known: tuple[str, ...]
    broken: tuple[str, ...] = ()
    """Plugins that could not be used, any of which might have offered it."""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the name, the nearest one, and all that there are."""
        suspects = ", ".join(self.broken)
        return (
            Problem(
                code="unknown-" + self.kind.replace(" ", "-"),
                what=f"there is no {self.kind} {self.name!r}",
                why=f"these plugins are broken: {suspects}" if suspects else "",
                hint=did_you_mean(self.name, self.known),
            ),
        )


@frozen
class Offer:
    """A factory and the plugin that offers it."""

    kind: PluginKind
    entry_point: EntryPoint
    factory: AnyFactory


@frozen
class _Offers:
    offers: tuple[Offer, ...]
    faults: tuple[tuple[EntryPoint, Fault], ...]


LookupFailure = UnknownName | BrokenPlugin


class PluginRegistry:
    """What the installed plugins offer."""

    def __init__(self, read: ReadEntryPoints, core_version: str) -> None:
        self._read = read
        self._core_version = core_version
        self._offers: Callable[[PluginKind], _Offers] = cache(self._collect)

    # --- what there is -------------------------------------------------------------------------

    @cached_property
    def plugins(self) -> tuple[EntryPoint, ...]:
        """The plugins named in metadata, sorted; imports none of them."""
        return tuple(sorted(self._read(PLUGIN_GROUP), key=lambda e: (e.name, e.distribution)))

    def available(self, *kinds: PluginKind) -> tuple[Offer, ...]:
        """Every usable factory of these kinds (all kinds by default), by kind and name."""
        wanted = kinds or tuple(PluginKind)
        return tuple(offer for kind in wanted for offer in self._offers(kind).offers)

    def broken(self) -> tuple[BrokenPlugin, ...]:
        """Plugins of which all or a part cannot be used, sorted by name; asks every plugin."""
        partly = [pair for kind in PluginKind for pair in self._offers(kind).faults]
        partly.sort(key=lambda pair: pair[0].name)
        grouped = groupby(partly, key=lambda pair: pair[0])
        found = [
            BrokenPlugin(entry.name, entry.distribution, tuple(fault for _, fault in pairs))
            for entry, pairs in grouped
        ]
        return tuple(sorted((*self._loaded.broken, *found), key=lambda broken: broken.plugin))

    # --- one by name ---------------------------------------------------------------------------

    def strategy(self, name: str) -> Result[StrategyFactory[Any], LookupFailure]:
        """The strategy of that name."""
        return self._find(PluginKind.STRATEGY, StrategyFactory, name)

    def data_feed(self, name: str) -> Result[DataFeedFactory[Any], LookupFailure]:
        """The data feed of that name."""
        return self._find(PluginKind.DATA_FEED, DataFeedFactory, name)

    def broker(self, name: str) -> Result[BrokerFactory[Any], LookupFailure]:
        """The broker of that name."""
        return self._find(PluginKind.BROKER, BrokerFactory, name)

    def calendar(self, name: str) -> Result[CalendarFactory[Any], LookupFailure]:
        """The trading calendar of that name."""
        return self._find(PluginKind.CALENDAR, CalendarFactory, name)

    def secret_store(self, name: str) -> Result[SecretStoreFactory[Any], LookupFailure]:
        """The secret store of that name."""
        return self._find(PluginKind.SECRET_STORE, SecretStoreFactory, name)

    def notifier(self, name: str) -> Result[NotifierFactory[Any], LookupFailure]:
        """The notifier of that name."""
        return self._find(PluginKind.NOTIFIER, NotifierFactory, name)

    def simulator(self, name: str) -> Result[SimulatorFactory[Any], LookupFailure]:
        """The simulator of that name."""
        return self._find(PluginKind.SIMULATOR, SimulatorFactory, name)

    def _find(self, kind: PluginKind, wanted: type[F], name: str) -> Result[F, LookupFailure]:
        offers = self._offers(kind)
        for offer in offers.offers:
            if offer.factory.name == name and isinstance(offer.factory, wanted):
                return Success(offer.factory)
        for entry_point, fault in offers.faults:
            broken = BrokenPlugin(entry_point.name, entry_point.distribution, (fault,))
            if broken.withholds(kind, name):
                return Failure(broken)
        known = tuple(offer.factory.name for offer in offers.offers)
        suspects = {b.plugin for b in self._loaded.broken} | {e.name for e, _ in offers.faults}
        return Failure(UnknownName(kind, name, known, tuple(sorted(suspects))))

    # --- finding out ---------------------------------------------------------------------------

    @cached_property
    def _loaded(self) -> LoadedPlugins:
        return load_plugins(self.plugins)

    def _collect(self, kind: PluginKind) -> _Offers:
        offers: list[Offer] = []
        faults: list[tuple[EntryPoint, Fault]] = []
        for loaded in self._loaded.sound:
            made = factories_of(loaded, kind)
            if isinstance(made, Failure):
                faults.append((loaded.entry_point, made.failure()))
            else:
                offers.extend(Offer(kind, loaded.entry_point, each) for each in made.unwrap())
        return self._sifted(offers, faults)

    def _sifted(self, offers: list[Offer], faults: list[tuple[EntryPoint, Fault]]) -> _Offers:
        """Withholds what needs another core, then every name that is offered twice."""
        fitting: list[Offer] = []
        for offer in offers:
            fault = self._version_fault(offer)
            if fault is None:
                fitting.append(offer)
            else:
                faults.append((offer.entry_point, fault))
        faults.extend(_clashes(fitting))
        clashing = {fault.name for _, fault in faults if isinstance(fault, NameClash)}
        usable = [offer for offer in fitting if offer.factory.name not in clashing]
        return _Offers(tuple(sorted(usable, key=_by_name)), tuple(faults))

    def _version_fault(self, offer: Offer) -> NeedsOtherCore | None:
        requires = offer.factory.requires_core
        answer = compatibility(requires, self._core_version)
        if answer is Compatibility.MET:
            return None
        readable = answer is not Compatibility.UNREADABLE
        return NeedsOtherCore(
            offer.kind, offer.factory.name, requires, self._core_version, readable
        )


def _by_name(offer: Offer) -> str:
    return offer.factory.name


def _clashes(offers: list[Offer]) -> Iterator[tuple[EntryPoint, Fault]]:
    for name, group in groupby(sorted(offers, key=_by_name), key=_by_name):
        same = tuple(group)
        if len(same) > 1:
            plugins = tuple(offer.entry_point.name for offer in same)
            for entry_point in dict.fromkeys(offer.entry_point for offer in same):
                yield entry_point, NameClash(same[0].kind, name, plugins)


def discover(read: ReadEntryPoints, core_version: str) -> PluginRegistry:
    """A registry over the entry points that `read` gives; nothing is read or imported yet.

    `core_version` is the version of alchemiser-core that plugins' requirements are held against.
    """
    return PluginRegistry(read, core_version)
