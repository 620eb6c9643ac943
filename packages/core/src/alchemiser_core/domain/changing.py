"""Frozen values with some fields changed, quickly: folds and machines make thousands of them."""

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from attrs import fields

__all__ = ["changed"]

if TYPE_CHECKING:
    # The same to whoever calls it, and the type checker knows the fields of this one.
    from attrs import evolve as changed
else:

    def changed(value, /, **changes):
        """The same value with these fields changed, made by the initialiser of its class.

        As `attrs.evolve`, at a third of its time; `KeyError` where there is no such field.
        """
        kind = value.__class__
        read, positions = _layout(kind)
        values = list(read(value))
        for name, new in changes.items():
            values[positions[name]] = new
        return kind(*values)


@cache
def _layout(kind: type) -> tuple[Callable[[Any], tuple[Any, ...]], dict[str, int]]:
    """How all fields of a class are read at once, and where each stands in its initialiser."""
    found = fields(kind)
    names = [field.name for field in found]
    if len(names) < 2 or not all(f.init and not f.kw_only and f.alias == f.name for f in found):
        raise TypeError(f"{kind.__name__} is not made of its fields in their sequence")
    return attrgetter(*names), {name: position for position, name in enumerate(names)}
