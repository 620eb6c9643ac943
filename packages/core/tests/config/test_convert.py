"""Strict conversion: a value has the type of its setting, or is refused."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Any

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.config.checks import SettingError, must_be
from alchemiser_core.config.configuration import structured
from alchemiser_core.config.convert import strict_converter
from alchemiser_core.config.layers import NOTHING_SET, Leaf, Text, file_layer
from alchemiser_core.config.origin import BY_DEFAULT
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.symbol import Symbol


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


class Plain(Enum):
    A = "a"


class Level(IntEnum):
    LOW = 1


def converted(value: object, kind: Any) -> Any:
    return strict_converter().structure(value, kind)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (True, bool, True),
        (Text("true"), bool, True),
        (Text("FALSE"), bool, False),
        (7, int, 7),
        (Text("-7"), int, -7),
        (7, float, 7.0),
        (Decimal("0.5"), float, 0.5),
        (0.25, float, 0.25),
        (Text("0.5"), float, 0.5),
        ("text", str, "text"),
        (Text("text"), str, "text"),
        ("0.10", Decimal, Decimal("0.10")),
        (Decimal("0.1"), Decimal, Decimal("0.1")),
        (3, Decimal, Decimal(3)),
        ("12.50", Usd, Decimal("12.50")),
        (date(2024, 1, 31), date, date(2024, 1, 31)),
        (Text("2024-01-31"), date, date(2024, 1, 31)),
        ("brk/b", Symbol, "BRK.B"),
        ("small", Size, Size.SMALL),
        ("a", Plain, Plain.A),
        (Text("1"), Level, Level.LOW),
        (["spy", "qqq"], tuple[Symbol, ...], ("SPY", "QQQ")),
        (Text("spy, qqq"), tuple[Symbol, ...], ("SPY", "QQQ")),
        (Text(""), tuple[Symbol, ...], ()),
        (["SPY", "spy"], frozenset[Symbol], frozenset({"SPY"})),
        ([1, 2], list[int], [1, 2]),
        ({"spy": "0.5"}, Mapping[Symbol, Decimal], {"SPY": Decimal("0.5")}),
        ({"a": 1}, dict[str, int], {"a": 1}),
        ({"a": [1]}, Mapping[str, Any], {"a": [1]}),
        (5, int | None, 5),
        (None, int | None, None),
    ],
)
def test_what_fits_is_taken(value, kind, expected):
    found = converted(value, kind)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("no", bool),
        ("true", bool),
        (1, bool),
        (0, bool),
        (Text("1"), bool),
        (Text("yes"), bool),
        (True, int),
        (1.0, int),
        ("1", int),
        (Decimal(1), int),
        (Text("1.0"), int),
        (Text("1e3"), int),
        (Text("١"), int),
        (True, float),
        ("0.5", float),
        (float("nan"), float),
        (float("inf"), float),
        (Text("nan"), float),
        (7, str),
        (None, str),
        (True, Decimal),
        (0.1, Decimal),
        ("1e3", Decimal),
        ("NaN", Decimal),
        (Decimal("NaN"), Decimal),
        (Decimal("Infinity"), Decimal),
        ("", Decimal),
        ("2024-01-31", date),
        (datetime(2024, 1, 31), date),  # noqa: DTZ001
        (Text("31.1.2024"), date),
        (7, Symbol),
        ("CASH", Symbol),
        ("two words", Symbol),
        ("SMALL", Size),
        (1, Size),
        (2, Level),
        ("SPY", tuple[Symbol, ...]),
        ({"a": 1}, tuple[int, ...]),
        (3, tuple[int, ...]),
        ([("a", 1)], Mapping[str, int]),
        ("a", Mapping[str, int]),
    ],
)
def test_lesson_nothing_is_coerced(value, kind):
    with pytest.raises(SettingError):
        converted(value, kind)


def test_a_binary_fraction_is_refused_with_the_way_to_write_it():
    with pytest.raises(SettingError) as raised:
        converted(0.1, Decimal)
    assert raised.value.hint == "write it as text, to keep it exact"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-1e9, max_value=1e9))
def test_a_decimal_survives_exactly(number):
    assert converted(f"{number:f}", Decimal) == number
    assert converted(number, Decimal) == number


@given(st.integers(-(10**17), 10**17))
def test_text_of_the_environment_is_read_as_the_number_it_shows(number):
    assert converted(Text(number), int) == number
    assert converted(Text(number), Decimal) == number


@given(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    st.sampled_from([bool, int, float, str, Decimal, date, Symbol, Size]),
)
def test_anything_is_either_taken_or_refused_in_a_few_words(value, kind):
    for raw in (value, Text(value) if isinstance(value, str) else value):
        try:
            converted(raw, kind)
        except SettingError as error:
            refusal = error.what
        else:
            refusal = "taken"
        assert 0 < len(refusal) < 200


@frozen
class Settings:
    name: str
    size: int = field(default=1, validator=must_be("above 0", lambda value: value > 0))
    parts: tuple[int, ...] = ()


def problems(kind: type[Any], **values: object) -> list[str]:
    tree = file_layer(values, lambda path: BY_DEFAULT)
    return [str(p) for p in structured(tree, kind, tree).failure().problems()]


def test_the_rule_of_each_value_is_checked_even_where_another_is_wrong():
    found = problems(Settings, size=0, parts=["a", 1, "b"], extra=1)
    assert len(found) == 5
    assert any("name is missing; add it" in text for text in found)
    assert any("there is no setting extra" in text for text in found)
    assert any("the value is 0 (it has to be above 0)" in text for text in found)
    assert any("parts[2]" in text for text in found)


def test_a_rule_over_the_whole_class_is_reported_in_its_own_words():
    @frozen
    class Range:
        low: int
        high: int

        def __attrs_post_init__(self) -> None:
            if self.low > self.high:
                raise ValueError("low is above high")

    assert problems(Range, low=2, high=1) == ["low is above high"]


def test_a_mistake_in_a_settings_class_is_not_taken_for_a_wrong_value():
    @frozen
    class Mistaken:
        low: int

        def __attrs_post_init__(self) -> None:
            self.low.no_such_thing  # noqa: B018

    with pytest.raises(AttributeError):
        problems(Mistaken, low=2)


@pytest.mark.parametrize("kind", [datetime, complex, int | str])
def test_a_setting_of_an_unsupported_type_is_the_plugins_fault(kind):
    @frozen
    class Odd:
        value: kind

    (problem,) = problems(Odd, value="2024-01-31")
    assert "the setting has a type that configuration cannot give" in problem
    assert "author of the plugin" in problem


def test_annotations_that_are_text_are_understood():
    namespace: dict[str, Any] = {}
    source = "from attrs import frozen\n@frozen\nclass Late:\n    a: 'int'\n"
    exec(compile(source, "late", "exec"), namespace)  # noqa: S102
    assert structured(Leaf({"a": 1}, BY_DEFAULT), namespace["Late"], NOTHING_SET).unwrap().a == 1


def test_values_that_toml_cannot_have_are_named_by_their_type():
    with pytest.raises(SettingError, match="of type bytes"):
        converted(b"x", int)
