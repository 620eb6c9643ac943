"""The symphonies that ship with this package, as text and as trees."""

from importlib.resources import files

from returns.result import Result

from alchemiser_core.symphony.ast import Symphony
from alchemiser_core.symphony.errors import SymphonyErrors
from alchemiser_core.symphony.read import read

SHIPPED = ("nuclear", "tecl", "klm")
"""Names of the files, without `.edn`."""


def shipped_text(name: str) -> str:
    """The file as it is written; `name` is one of `SHIPPED`."""
    if name not in SHIPPED:
        raise ValueError(f"{name!r} does not ship; there are {', '.join(SHIPPED)}")
    folder = files("alchemiser_strategies").joinpath("symphonies")
    return folder.joinpath(f"{name}.edn").read_text(encoding="utf-8")


def shipped_symphony(name: str) -> Result[Symphony, SymphonyErrors]:
    """The tree with its parameters and definitions; `expand` makes it plain."""
    return read(shipped_text(name), origin=f"{name}.edn").map(lambda found: found.symphony)
