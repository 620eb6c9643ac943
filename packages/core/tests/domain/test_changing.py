from functools import cached_property
from typing import Any

import pytest
from attrs import evolve, field, frozen

from alchemiser_core.domain.changing import changed


def _not_negative(_: object, __: object, value: int) -> None:
    if value < 0:
        raise ValueError("negative")


@frozen
class Point:
    x: int = field(validator=_not_negative)
    y: int = 2
    note: str = ""


@frozen
class Single:
    x: int


@frozen
class ByName:
    x: int
    y: int = field(kw_only=True)


@frozen
class Hidden:
    _x: int
    y: int


@frozen
class Derived:
    x: int
    y: int
    total: int = field(init=False, default=0)


@pytest.mark.parametrize("changes", [{}, {"x": 5}, {"y": 0, "note": "n"}])
def test_it_is_what_attrs_makes_of_it(changes: dict[str, Any]) -> None:
    before = Point(1, 3, "a")
    after = changed(before, **changes)
    assert after == evolve(before, **changes)
    assert before == Point(1, 3, "a")


def test_the_initialiser_still_checks() -> None:
    with pytest.raises(ValueError, match="negative"):
        changed(Point(1), x=-1)


def test_a_field_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        changed(Point(1), z=1)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    "value",
    [Single(1), ByName(1, y=2), Hidden(1, 2), Derived(1, 2)],
    ids=lambda v: type(v).__name__,
)
def test_classes_that_are_not_made_of_their_fields_in_sequence_are_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="is not made of its fields"):
        changed(value, x=1)


@frozen(slots=False)
class Plain:
    x: int
    y: int = 2


def test_a_class_without_slots_is_changed_in_the_same_way() -> None:
    before = Plain(1)
    assert changed(before, y=5) == evolve(before, y=5)
    assert before == Plain(1)
    assert hash(changed(before, y=5)) == hash(Plain(1, 5))
    with pytest.raises(KeyError, match="z"):
        changed(before, z=1)  # type: ignore[call-arg]


def test_a_class_without_slots_that_checks_its_fields_still_does() -> None:
    @frozen(slots=False)
    class Checked:
        x: int = field(validator=_not_negative)
        y: int = 0

    with pytest.raises(ValueError, match="negative"):
        changed(Checked(1), x=-1)


def test_what_was_derived_of_a_value_is_derived_anew() -> None:
    @frozen(slots=False)
    class Sum:
        x: int
        y: int

        @cached_property
        def total(self) -> int:
            return self.x + self.y

    before = Sum(1, 2)
    assert before.total == 3
    assert changed(before, x=5).total == 7
