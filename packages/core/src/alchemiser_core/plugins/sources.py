"""Where plugins come from: names and places from metadata, with nothing imported yet."""

from collections.abc import Callable, Iterable

from attrs import field, frozen

PLUGIN_GROUP = "alchemiser"
"""Entry-point group of plugins."""

COMMAND_GROUP = "alchemiser.commands"
"""Entry-point group of further commands of the command line."""


@frozen
class EntryPoint:
    """One line of a distribution's metadata that names something of ours."""

    name: str
    distribution: str
    version: str
    target: str
    """`module` or `module:attribute`, as written in the metadata."""
    load: Callable[[], object] = field(eq=False, repr=False)
    """Imports the target; nothing is imported before it is called."""


ReadEntryPoints = Callable[[str], Iterable[EntryPoint]]
"""Gives the entry points of a group; reading metadata is for the app, so it is passed in."""
