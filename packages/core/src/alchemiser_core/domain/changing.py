"""Frozen values with some fields changed, quickly: folds and machines make thousands of them."""

from collections.abc import Callable
from functools import cache, cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from attrs import fields

__all__ = ["changed"]

if TYPE_CHECKING:
    # The same to whoever calls it, and the type checker knows the fields of this one.
    from attrs import evolve as changed
else:

    def changed(value, /, **changes):
        """The same value with these fields changed; `KeyError` where there is no such field.

        As `attrs.evolve` at a third of its time, and at an eighth where the class has no slots
        (`@frozen(slots=False)`) and its initialiser does no more than to keep what it is given.
        """
        kind = value.__class__
        read, positions, is_plain = _layout(kind)
        if is_plain:
            new = kind.__new__(kind)
            kept = new.__dict__
            kept.update(value.__dict__)
            size = len(kept)
            kept.update(changes)
            if len(kept) != size:
                raise KeyError(*changes.keys() - positions.keys())
            return new
        values = list(read(value))
        for name, new in changes.items():
            values[positions[name]] = new
        return kind(*values)


@cache
def _layout(kind: type) -> tuple[Callable[[Any], tuple[Any, ...]], dict[str, int], bool]:
    """How all fields of a class are read at once, where each stands in its initialiser, and
    whether the fields are all that a value consists of.
    """
    found = fields(kind)
    names = [field.name for field in found]
    if len(names) < 2 or not all(f.init and not f.kw_only and f.alias == f.name for f in found):
        raise TypeError(f"{kind.__name__} is not made of its fields in their sequence")
    checked = any(field.validator or field.converter for field in found)
    after = hasattr(kind, "__attrs_post_init__") or hasattr(kind, "__slots__")
    derived = any(isinstance(each, cached_property) for each in vars(kind).values())
    positions = {name: position for position, name in enumerate(names)}
    return attrgetter(*names), positions, not (checked or after or derived)
