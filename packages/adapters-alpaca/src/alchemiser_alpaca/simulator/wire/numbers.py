"""How numbers are written: decimals as text for trading, JSON numbers for market data."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

CENT = Decimal("0.01")
RATIO = Decimal("0.0001")
_NOTHING = Decimal(0)


def plain(value: Decimal) -> str:
    """All digits, no exponent, no zeros at the end: `3.5`, `0`, `12.345678901`."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def plain_or_none(value: Decimal | None) -> str | None:
    """As `plain`; `None` stays."""
    return None if value is None else plain(value)


def dollars(value: Decimal) -> str:
    """US dollars with two decimals: `1000.00`."""
    return f"{value.quantize(CENT, ROUND_HALF_EVEN) + _NOTHING:f}"


def ratio(part: Decimal) -> str:
    """A fraction, with four decimals at most: `0.0119`."""
    return plain(part.quantize(RATIO, ROUND_HALF_EVEN))


def number(value: Any) -> float:
    """A price or a size as market data writes it."""
    return float(value)
