"""What can be traded, and in which steps."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from attrs import Attribute, field, frozen

from alchemiser_core.domain.money import CENT, NO_MONEY, ZERO, Usd, not_negative
from alchemiser_core.domain.symbol import Symbol

ONE_SHARE = Decimal(1)
NINE_DECIMALS = Decimal("1E-9")


def _positive(_: object, attribute: "Attribute[Any]", value: Decimal | None) -> None:
    if value is not None and not (value.is_finite() and value > 0):
        raise ValueError(f"{attribute.name} must be positive, not {value}")


@frozen
class Instrument:
    """A security as a broker trades it.

    `quantity_increment` is the smallest step of a quantity in shares; `None` switches increments
    off, for comparison with arithmetic that knows none.
    """

    symbol: Symbol
    quantity_increment: Decimal | None = field(default=ONE_SHARE, validator=_positive)
    price_increment: Decimal = field(default=CENT, validator=_positive)
    fractionable: bool = False
    tradable: bool = True
    minimum_order_value: Usd = field(default=NO_MONEY, validator=not_negative)
    """The broker takes no order below it, not even one that closes a position."""

    def __attrs_post_init__(self) -> None:
        step = self.quantity_increment
        if not self.fractionable and (step is None or step % ONE_SHARE != ZERO):
            raise ValueError(f"{self.symbol} is not fractionable but its increment is {step}")


Instruments = dict[Symbol, Instrument]


def whole_shares(symbols: Iterable[Symbol]) -> Instruments:
    """Instruments that trade in whole shares."""
    return {s: Instrument(s) for s in symbols}


def fractional_shares(
    symbols: Iterable[Symbol],
    increment: Decimal = NINE_DECIMALS,
    minimum_order_value: Usd = NO_MONEY,
) -> Instruments:
    """Instruments that trade in fractions of a share."""
    return {
        s: Instrument(
            s,
            quantity_increment=increment,
            fractionable=True,
            minimum_order_value=minimum_order_value,
        )
        for s in symbols
    }


def without_increments(symbols: Iterable[Symbol]) -> Instruments:
    """Instruments whose quantities are not rounded at all."""
    return {s: Instrument(s, quantity_increment=None, fractionable=True) for s in symbols}
