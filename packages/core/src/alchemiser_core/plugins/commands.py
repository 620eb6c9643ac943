"""Further commands for the command line, offered in the entry-point group `alchemiser.commands`.

    [project.entry-points."alchemiser.commands"]
    taxes = "acme_alchemiser.taxes:command"

The name of the command is the entry point's name, so that `alchemiser --help` lists it without
importing anything; the target is a callable, imported when the command is run.
"""

from collections.abc import Callable
from typing import Any

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.plugins.broken import BrokenPlugin, FailedToLoad, SameName
from alchemiser_core.plugins.containment import Raised, contained
from alchemiser_core.plugins.sources import COMMAND_GROUP, EntryPoint, ReadEntryPoints


@frozen
class PluginCommand:
    """A command that a plugin adds, not yet imported."""

    name: str
    entry_points: tuple[EntryPoint, ...]
    """One; more where several plugins claim the name, and then it cannot be loaded."""

    def load(self) -> Result[Callable[..., Any], BrokenPlugin]:
        """The callable; `BrokenPlugin` where it cannot be imported or is not one alone."""
        first = self.entry_points[0]
        if len(self.entry_points) > 1:
            places = tuple(f"{e.distribution} ({e.target})" for e in self.entry_points)
            return Failure(BrokenPlugin(self.name, first.distribution, (SameName(places),)))
        outcome = contained(first.load)
        if isinstance(outcome, Failure):
            raised = outcome.failure()
        elif callable(found := outcome.unwrap()):
            return Success(found)
        else:
            raised = Raised(f"a {type(found).__name__} is not callable", "")
        fault = FailedToLoad(first.target, raised)
        return Failure(BrokenPlugin(self.name, first.distribution, (fault,)))


def plugin_commands(read: ReadEntryPoints) -> tuple[PluginCommand, ...]:
    """The commands that plugins add, by name, from metadata alone."""
    found: dict[str, list[EntryPoint]] = {}
    for entry_point in sorted(set(read(COMMAND_GROUP)), key=lambda e: (e.name, e.distribution)):
        found.setdefault(entry_point.name, []).append(entry_point)
    return tuple(PluginCommand(name, tuple(entries)) for name, entries in found.items())
