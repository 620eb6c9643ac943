"""What is installed: entry points and versions, read from the metadata of distributions."""

from collections.abc import Iterator
from importlib import metadata

from alchemiser_core.plugins.sources import EntryPoint

CORE = "alchemiser-core"


def installed_entry_points(group: str) -> Iterator[EntryPoint]:
    """The entry points of a group; nothing is imported."""
    for found in metadata.entry_points(group=group):
        distribution = found.dist
        yield EntryPoint(
            name=found.name,
            distribution=distribution.name if distribution else "",
            version=distribution.version if distribution else "",
            target=found.value,
            load=found.load,
        )


def core_version() -> str:
    """The installed version of alchemiser-core."""
    return metadata.version(CORE)
