"""Journal events for tests, made from their own annotations, so that no kind is ever forgotten."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, NewType, Protocol, TypeVar, Union, get_args, get_origin

import attrs
from hypothesis import strategies as st

from alchemiser_core.domain.journal.events import JournalEvent
from alchemiser_core.domain.orders.order import OrderRequest, OrderType

Chosen = TypeVar("Chosen")

KINDS: tuple[type, ...] = get_args(JournalEvent)
"""The class of every event there is."""


class Leaves(Protocol):
    """Where the values come from that an event is made of in the end."""

    def leaf(self, kind: type) -> Any:
        """A value of a simple type."""
        ...

    def choice(self, options: tuple[Chosen, ...]) -> Chosen:
        """One of several."""
        ...

    def count(self) -> int:
        """How many elements a collection has."""
        ...


class FixedLeaves:
    """Always the same values; of alternatives the first, in a collection one element."""

    def leaf(self, kind: type) -> Any:
        """One value for each type."""
        return _FIXED[kind]

    def choice(self, options: tuple[Chosen, ...]) -> Chosen:
        """The first."""
        return options[0]

    def count(self) -> int:
        """One."""
        return 1


@attrs.frozen
class DrawnLeaves:
    """Whatever Hypothesis draws."""

    draw: st.DrawFn

    def leaf(self, kind: type) -> Any:
        """Any value of the type."""
        return self.draw(_DRAWN[kind])

    def choice(self, options: tuple[Chosen, ...]) -> Chosen:
        """Any of them."""
        return self.draw(st.sampled_from(options))

    def count(self) -> int:
        """None, one or several."""
        return self.draw(st.integers(0, 3))


_FIXED: dict[type, Any] = {
    str: "words",
    int: 3,
    bool: True,
    Decimal: Decimal("12.50"),
    date: date(2024, 7, 12),
    datetime: datetime(2024, 7, 12, 19, 45, 0, 250, UTC),
}
_ZONES = st.builds(timezone, st.timedeltas(timedelta(hours=-23), timedelta(hours=23)))
_DRAWN: dict[type, st.SearchStrategy[Any]] = {
    str: st.text(),
    int: st.integers(),
    bool: st.booleans(),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    date: st.dates(),
    datetime: st.datetimes(timezones=_ZONES),
}


def event_of(kind: type) -> JournalEvent:
    """An event of a class, always the same."""
    event: JournalEvent = _value(kind, FixedLeaves())
    return event


def one_of_each() -> tuple[JournalEvent, ...]:
    """An event of every class."""
    return tuple(event_of(kind) for kind in KINDS)


@st.composite
def events(draw: st.DrawFn, kind: type) -> JournalEvent:
    """Any event of a class; `draw(events(PlanCommitted))`."""
    event: JournalEvent = _value(kind, DrawnLeaves(draw))
    return event


def _value(annotation: Any, leaves: Leaves) -> Any:
    """A value that an annotation allows."""
    if isinstance(annotation, NewType):
        return _value(annotation.__supertype__, leaves)
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        # What is there before what is not, so that the fixed values leave nothing out.
        options = tuple(sorted(inner, key=lambda each: each is NoneType))
        return _value(leaves.choice(options), leaves)
    if origin is tuple:
        return tuple(_value(inner[0], leaves) for _ in range(leaves.count()))
    if origin is Mapping:
        pairs = (tuple(_value(each, leaves) for each in inner) for _ in range(leaves.count()))
        return dict(pairs)
    return _single(annotation, leaves)


def _single(kind: type, leaves: Leaves) -> Any:
    if kind is NoneType:
        return None
    if issubclass(kind, Enum):
        return leaves.choice(tuple(kind))
    if not attrs.has(kind):
        return leaves.leaf(kind)
    values = {each.name: _value(each.type, leaves) for each in attrs.fields(kind)}
    return kind(**(_orderly(values) if kind is OrderRequest else values))


def _orderly(values: dict[str, Any]) -> dict[str, Any]:
    """An order that its class allows: a quantity above 0, a price where it has a limit."""
    price = values["limit_price"] or Decimal("10.01")
    limit = price if values["order_type"] is OrderType.LIMIT else None
    return {**values, "quantity": abs(values["quantity"]) or Decimal(1), "limit_price": limit}
