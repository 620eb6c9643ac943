"""Money in US dollars: the currency is in the name of the type, rounding always says its direction.

Amounts are exact Decimals. They are rounded to cents where a person or a broker reads them, never
in the middle of a calculation.
"""

from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from enum import StrEnum
from typing import Any, NewType

from attrs import Attribute, frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.problem import Problem

Usd = NewType("Usd", Decimal)
"""An amount of US dollars."""

CENT = Decimal("0.01")
ZERO = Decimal(0)
NO_MONEY = Usd(ZERO)

ARITHMETIC = Context(
    prec=38, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow]
)
"""Decimal arithmetic of planning and books: 38 digits, whatever the embedding program has set."""


class Rounding(StrEnum):
    """Which way an amount that does not fit is rounded."""

    DOWN = ROUND_FLOOR
    """Towards minus infinity: money that is received, quantities."""
    UP = ROUND_CEILING
    """Towards plus infinity: money that is owed."""
    NEAREST = ROUND_HALF_EVEN
    """To the nearest, halves to even: money that is only shown."""


@frozen
class BadAmount:
    """A text that is not a finite decimal number."""

    text: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the text."""
        shown = self.text if len(self.text) <= 24 else self.text[:24] + "…"
        return (
            Problem(
                code="bad-amount",
                what=f"{shown!r} is not a number",
                why="a finite decimal number is expected",
                hint="write it like 1234.56, without currency signs or thousands separators",
            ),
        )


def parse_decimal(text: str) -> Result[Decimal, BadAmount]:
    """A finite Decimal from text; `BadAmount` where it is none."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return Failure(BadAmount(text))
    return Success(value) if value.is_finite() else Failure(BadAmount(text))


def usd(amount: str | int | Decimal) -> Usd:
    """An amount written in the program; raises `ValueError` where it is not a finite number."""
    value = Decimal(amount)
    if not value.is_finite():
        raise ValueError(f"{amount!r} is not an amount of money")
    return Usd(value)


def not_negative(_: object, attribute: "Attribute[Any]", value: Decimal) -> None:
    """An attrs validator: finite and 0 or more."""
    if not (value.is_finite() and value >= 0):
        raise ValueError(f"{attribute.name} cannot be {value}: 0 or more is expected")


def to_cents(amount: Decimal, rounding: Rounding) -> Usd:
    """The amount in whole cents, rounded in the direction that is named."""
    return Usd(amount.quantize(CENT, rounding=rounding.value, context=ARITHMETIC))


def decimal_from_float(value: float) -> Decimal:
    """The shortest decimal that reads back as the same float: 0.1 becomes 0.1."""
    return Decimal(float.__repr__(value))


def decimal_text(value: Decimal) -> str:
    """The exact value in plain notation for files and JSON: no exponent, no trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
