"""Strict conversion of configuration to settings: nothing is guessed, all problems are found.

cattrs by default turns "no" into True and 1.9 into 1. Here a value has the type of its setting or
is refused; only text from the environment or a flag (`Text`) is read as what the setting needs.
Money and shares are exact: Decimals come from TOML numbers, whole numbers or text.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

import attrs
from cattrs import (
    BaseValidationError,
    Converter,
    IterableValidationError,
    StructureHandlerNotFoundError,
)
from cattrs.errors import IterableValidationNote
from cattrs.gen import make_dict_structure_fn, override
from returns.result import Failure, Result

from alchemiser_core.config.capital import Capital, read_capital
from alchemiser_core.config.checks import Check, SettingError, shown
from alchemiser_core.config.layers import Text
from alchemiser_core.config.strategy_parameters import StrategyParameters, read_parameters
from alchemiser_core.domain.schedule.slot import BadSlot, Slot, parse_slot
from alchemiser_core.domain.suggestion import did_you_mean
from alchemiser_core.domain.symbol import BadSymbol, Symbol, parse_symbol

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_TRUTH = {"true": True, "false": False}
_SEQUENCES: Mapping[Any, Callable[[list[Any]], Any]] = {
    tuple: tuple,
    frozenset: frozenset,
    list: list,
}

S = TypeVar("S")

SINGLE_VALUES = (Capital, Slot, StrategyParameters)
"""Classes that are written as one value, and are no tables of settings."""


def is_table(kind: Any) -> bool:
    """Whether a type is a table of settings."""
    return isinstance(kind, type) and attrs.has(kind) and kind not in SINGLE_VALUES


def _refused(value: object, expected: str, hint: str = "") -> SettingError:
    return SettingError(f"{shown(value)} is {_kind(value)}", f"expected {expected}", hint)


def _kind(value: object) -> str:
    """What a value is, in the words of the file's format."""
    match value:
        case bool():
            return "true or false"
        case int():
            return "a whole number"
        case float() | Decimal():
            return "a decimal number"
        case str():
            return "text"
        case date():
            return "a date"
        case list():
            return "a list"
        case Mapping():
            return "a table"
        case _:
            return f"of type {type(value).__name__}"


# --- single values -----------------------------------------------------------------------------


def _bool(value: object, _: object = None) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, Text) and value.lower() in _TRUTH:
        return _TRUTH[value.lower()]
    raise _refused(value, "true or false")


def _int(value: object, _: object = None) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, Text) and _WHOLE.fullmatch(value):
        return int(value)
    raise _refused(value, "a whole number")


def _decimal(value: object, _: object = None) -> Decimal:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Decimal(value)
    hint = "write it as text, to keep it exact" if isinstance(value, float) else ""
    raise _refused(value, "an exact decimal number", hint)


def _float(value: object, _: object = None) -> float:
    if isinstance(value, float) and value - value == 0:
        return value
    if isinstance(value, str) and not isinstance(value, Text):
        raise _refused(value, "a number")
    try:
        return float(_decimal(value))
    except SettingError:
        raise _refused(value, "a number") from None


def _str(value: object, _: object = None) -> str:
    if isinstance(value, str):
        return str(value)
    raise _refused(value, "text", "put it in quotes")


def _date(value: object, _: object = None) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, Text):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass  # refused below, like every other text
    raise _refused(value, "a date such as 2024-01-31")


def _symbol(value: object, _: object = None) -> Symbol:
    return _parsed(parse_symbol(_str(value)))


def _slot(value: object, _: object = None) -> Slot:
    return _parsed(parse_slot(_str(value)))


def _parsed(found: Result[S, BadSymbol] | Result[S, BadSlot]) -> S:
    """The value of a text that the domain reads; raises `SettingError` with its problem."""
    if isinstance(found, Failure):
        problem = found.failure().problems()[0]
        raise SettingError(problem.what, problem.why, problem.hint)
    return found.unwrap()


def _enum(value: object, kind: type[Enum]) -> Enum:
    members = {str(member.value): member for member in kind}
    if isinstance(value, str) and value in members:
        return members[value]
    raise SettingError(
        f"{shown(value)} is not one of the choices",
        "expected one of " + ", ".join(members),
        did_you_mean(str(value), members),
    )


# --- lists, tables and classes -----------------------------------------------------------------


def _sequence_hook(kind: Any, converter: Converter) -> Callable[[object, Any], Any]:
    """Lists to tuples and sets; text alone is no list of its letters."""
    element, gather = get_args(kind)[0], _SEQUENCES[get_origin(kind)]
    hook = converter.get_structure_hook(element)

    def structure(value: object, _: Any = None) -> Any:
        if isinstance(value, Text):
            words = [Text(word) for word in value.replace(",", " ").split()]
            return gather(_each(dict(enumerate(words)), hook, element))
        if not isinstance(value, list | tuple):
            raise _refused(value, "a list", "put it in square brackets")
        return gather(_each(dict(enumerate(value)), hook, element))

    return structure


def _mapping_hook(kind: Any, converter: Converter) -> Callable[[object, Any], Any]:
    key, element = get_args(kind)
    key_hook, hook = converter.get_structure_hook(key), converter.get_structure_hook(element)

    def structure(value: object, _: Any = None) -> dict[Any, Any]:
        if not isinstance(value, Mapping):
            raise _refused(value, "a table")
        keys = _each({name: name for name in value}, key_hook, key)
        return dict(zip(keys, _each(value, hook, element), strict=True))

    return structure


def _each(items: Mapping[Any, object], hook: Callable[[object, Any], Any], kind: Any) -> list[Any]:
    """Every item converted; what is wrong with each of them is raised together."""
    values, errors = [], []
    for index, item in items.items():
        try:
            values.append(hook(item, kind))
        except (SettingError, BaseValidationError) as error:
            error.add_note(IterableValidationNote("", index, kind))
            errors.append(error)
    if errors:
        raise IterableValidationError("while converting a list", errors, kind)
    return values


def _class_hook(kind: type, converter: Converter) -> Callable[[object, Any], Any]:
    """A settings class: no unknown names, and each value held to its own rule."""
    attrs.resolve_types(kind)
    fields: dict[str, Any] = {
        attribute.name: override(struct_hook=_checked(attribute, converter))
        for attribute in attrs.fields(kind)
        if attribute.init
    }
    make: Callable[..., Any] = make_dict_structure_fn(kind, converter, **fields)

    def structure(value: object, _: Any = None) -> Any:
        if not isinstance(value, Mapping):
            raise _refused(value, "a table")
        return make(value, kind)

    return structure


def _checked(
    attribute: "attrs.Attribute[Any]", converter: Converter
) -> Callable[[object, Any], Any]:
    hook = converter.get_structure_hook(attribute.type)
    check = attribute.validator if isinstance(attribute.validator, Check) else None

    def structure(value: object, kind: Any) -> Any:
        converted = hook(value, kind)
        if check is not None:
            check(None, attribute, converted)
        return converted

    return structure


@cache
def strict_converter() -> Converter:
    """The converter; made once, since making one takes a few milliseconds."""
    converter = Converter(forbid_extra_keys=True)
    converter.register_structure_hook_factory(attrs.has, _class_hook)
    converter.register_structure_hook_func(_is_enum, _enum)
    converter.register_structure_hook_factory(
        lambda kind: get_origin(kind) in _SEQUENCES, _sequence_hook
    )
    converter.register_structure_hook_factory(
        lambda kind: getattr(get_origin(kind), "__name__", "") in ("Mapping", "dict"),
        _mapping_hook,
    )
    simple: Mapping[Any, Callable[[Any, Any], Any]] = {
        bool: _bool,
        int: _int,
        float: _float,
        str: _str,
        date: _date,
        Decimal: _decimal,
        Symbol: _symbol,
        Slot: _slot,
        Capital: lambda value, _: read_capital(value),
        StrategyParameters: lambda value, _: read_parameters(value),
    }
    for kind, hook in simple.items():
        converter.register_structure_hook(kind, _exactly(kind, hook))
    return converter


def _exactly(registered: Any, hook: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """The hook for its own type alone: cattrs offers it all subclasses too, also enumerations."""

    def structure(value: object, kind: Any) -> Any:
        if kind is registered:
            return hook(value, kind)
        if _is_enum(kind):
            return _enum(value, kind)
        raise StructureHandlerNotFoundError(f"{kind} is not supported", kind)

    return structure


def _is_enum(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)
