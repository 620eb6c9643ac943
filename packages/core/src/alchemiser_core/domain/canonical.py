"""Values as canonical JSON and back: the same value is always the same bytes.

Keys are sorted, there is no white space, decimals and times are strings. Each value is of a class
of its own, and kept under that class's name.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from attrs import frozen
from cattrs import BaseValidationError, Converter, StructureHandlerNotFoundError
from cattrs.errors import ForbiddenExtraKeysError
from cattrs.strategies import configure_tagged_union
from returns.result import Failure, Result, Success

_WORD = re.compile(r"(?<!^)(?=[A-Z])")
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)

_UNREADABLE = (
    AttributeError,
    BaseValidationError,
    ForbiddenExtraKeysError,
    InvalidOperation,
    KeyError,
    RecursionError,
    StructureHandlerNotFoundError,
    TypeError,
    ValueError,
)
"""What converting data of any other shape raises."""


def kind_of_class(named: type) -> str:
    """The name under which values of a class are kept: `PlanCommitted` is `plan-committed`."""
    return _WORD.sub("-", named.__name__).lower()


@frozen
class CanonicalCodec:
    """Writes and reads the values of some classes; made by `canonical_codec`."""

    kinds: Mapping[str, type]
    """The classes by name."""
    names: Mapping[type, str]
    converter: Converter

    def kind_of(self, value: object) -> str:
        """The name under which a value is kept."""
        return self.names[type(value)]

    def encode(self, value: object) -> str:
        """The value as canonical JSON."""
        return _JSON.encode(self.converter.unstructure(value))

    def decode(self, kind: str, body: str) -> Result[Any, str]:
        """The value of a name and its JSON; the failure says what is wrong with it."""
        found = self.kinds.get(kind)
        if found is None:
            return Failure("no such kind")
        try:
            value: Any = self.converter.structure(json.loads(body), found)
        except _UNREADABLE as error:
            return Failure(f"{type(error).__name__}: {error}")
        return Success(value)


def canonical_codec(classes: Iterable[type], tagged: Iterable[Any] = ()) -> CanonicalCodec:
    """The codec of some classes; `tagged` are unions that stand inside of their values."""
    names = {each: kind_of_class(each) for each in classes}
    converter = exact_converter()
    for union in tagged:
        configure_tagged_union(union, converter, tag_generator=kind_of_class, tag_name="kind")
    return CanonicalCodec({name: each for each, name in names.items()}, names, converter)


def exact_converter() -> Converter:
    """A converter that takes nothing for something else."""
    converter = Converter(forbid_extra_keys=True, detailed_validation=False)
    converter.register_unstructure_hook(Decimal, _decimal_text)
    converter.register_structure_hook(Decimal, _decimal)
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_structure_hook(datetime, _datetime)
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, _date)
    converter.register_structure_hook(str, _text)
    # Nearer to such an enumeration than the hook for text, of which its members are as well.
    converter.register_structure_hook(StrEnum, _word)
    converter.register_structure_hook(bool, _truth)
    converter.register_structure_hook(int, _whole)
    return converter


def _decimal_text(value: Any) -> str:
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a float, where a decimal belongs")
    return str(value)


def _decimal(value: Any, _: object) -> Decimal:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a decimal written as text")
    return Decimal(value)


def _datetime(value: Any, _: object) -> datetime:
    return datetime.fromisoformat(value)


def _date(value: Any, _: object) -> date:
    return date.fromisoformat(value)


def _text(value: Any, _: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _word(value: Any, kind: type[StrEnum]) -> StrEnum:
    return kind(_text(value, kind))


def _truth(value: Any, _: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _whole(value: Any, _: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value
