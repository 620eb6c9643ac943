"""The configuration: settings, and for every value the place that it comes from."""

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from typing import Any, TypeVar

import attrs
from attrs import frozen
from cattrs import BaseValidationError, StructureHandlerNotFoundError
from returns.result import Failure, Result, Success

from alchemiser_core.config.checks import SettingError
from alchemiser_core.config.convert import is_table, strict_converter
from alchemiser_core.config.layers import NOTHING_SET, Branch, Node, find, merge, origin_at, plain
from alchemiser_core.config.origin import BY_DEFAULT, Origin, Path, shown_path
from alchemiser_core.config.problems import ConfigurationErrors, problems_of
from alchemiser_core.config.settings import Settings
from alchemiser_core.domain.secret import MASK

S = TypeVar("S")

Knows = Callable[[Path, object], bool]
"""Whether a value at a path in an open table is a setting of what the table belongs to."""

_OPEN_TABLE = Mapping[str, Any]


@frozen
class ShownSetting:
    """A setting as `config show` prints it."""

    path: str
    value: str
    origin: Origin


@frozen
class Configuration:
    """Settings from all layers."""

    settings: Settings
    tree: Branch
    """The values that were given, each with its origin; defaults are not in it."""

    def origin(self, *path: str | int) -> Origin:
        """Where the value at a path comes from."""
        return BY_DEFAULT if find(self.tree, path) is None else origin_at(self.tree, path)

    def is_set(self, *path: str | int) -> bool:
        """Whether any layer gives the value, be it the default's."""
        return find(self.tree, path) is not None

    def section(self, path: Path, kind: type[S]) -> Result[S, ConfigurationErrors]:
        """The open table at a path, as the settings of what a plugin offers.

        A table that is not there is an empty one. Failure: all problems of the table.
        """
        return structured(find(self.tree, path) or NOTHING_SET, kind, self.tree, path)

    def shown(self, knows: "Knows | None" = None) -> tuple[ShownSetting, ...]:
        """Every setting with its value and origin, in the order of the classes.

        `knows` says which values in the tables of plugins are settings of theirs; all others are
        masked, as somebody may have written a key there.
        """
        return tuple(
            ShownSetting(
                shown_path(path),
                MASK if is_open and not (knows and knows(path, value)) else _as_text(value),
                self.origin(*path),
            )
            for path, value, is_open in _values(self.settings, ())
        )


def configuration(*layers: Branch) -> Result[Configuration, ConfigurationErrors]:
    """The settings that the layers give together, the weakest layer first.

    Failure: every problem of every layer.
    """
    tree = reduce(merge, layers, NOTHING_SET)
    return structured(tree, Settings, tree).map(lambda settings: Configuration(settings, tree))


def structured(
    node: Node, kind: type[S], tree: Branch, path: Path = ()
) -> Result[S, ConfigurationErrors]:
    """A node of the tree as an instance of a settings class."""
    try:
        made: S = strict_converter().structure(plain(node), kind)
    except (SettingError, BaseValidationError, StructureHandlerNotFoundError) as error:
        return Failure(ConfigurationErrors(problems_of(error, tree, path)))
    return Success(made)


def _values(
    value: Any, path: Path, *, is_open: bool = False
) -> Iterator[tuple[Path, object, bool]]:
    """The single values inside settings, with their paths, and whether they are in an open table:
    one that takes any name, and belongs to a plugin.
    """
    match value:
        case Mapping() if value:
            for name, entry in value.items():
                yield from _values(entry, (*path, str(name)), is_open=is_open)
        case tuple() if value and attrs.has(type(value[0])):
            for index, entry in enumerate(value):
                yield from _values(entry, (*path, index))
        case _ if is_table(type(value)):
            kind: Any = type(value)
            attrs.resolve_types(kind)
            for attribute in attrs.fields(kind):
                inside, open_table = getattr(value, attribute.name), attribute.type == _OPEN_TABLE
                yield from _values(inside, (*path, attribute.name), is_open=open_table)
        case _:
            yield path, value, is_open and value != {}


def _as_text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case frozenset() | tuple() | list():
            inside = sorted(value) if isinstance(value, frozenset) else value
            return "[" + ", ".join(_as_text(item) for item in inside) + "]"
        case Mapping():
            return "{}"
        case _:
            return str(value)
