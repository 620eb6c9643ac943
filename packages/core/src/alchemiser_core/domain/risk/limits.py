"""Risk limits: what no plan of an account may exceed. A limit that is `None` is off."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from attrs import Attribute, field, frozen

from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.risk.leveraged_funds import LEVERAGED_FUNDS
from alchemiser_core.domain.symbol import Symbol

ONE = Decimal(1)


def _amount(_: object, attribute: "Attribute[Any]", value: Decimal | int | None) -> None:
    """Zero or more, or no limit at all."""
    if value is not None and not (Decimal(value).is_finite() and value >= 0):
        raise ValueError(f"{attribute.name} cannot be {value}: 0 or more is expected")


def _part(_: object, attribute: "Attribute[Any]", value: Decimal | None) -> None:
    """A part of a whole, or no limit at all."""
    if value is not None and not (value.is_finite() and 0 <= value <= ONE):
        raise ValueError(f"{attribute.name} lies between 0 and 1, not at {value}")


def _factors(_: object, attribute: "Attribute[Any]", value: Mapping[Symbol, Decimal]) -> None:
    for symbol, factor in value.items():
        if not (factor.is_finite() and factor >= ONE):
            raise ValueError(f"{attribute.name} of {symbol} is 1 or more, not {factor}")


@frozen(kw_only=True)
class RiskLimits:
    """Limits of an account. They are checked against the whole account and the whole trading day,
    never against one run of the program. Raises `ValueError` where a limit makes no sense.
    """

    max_turnover: Decimal | None = field(default=None, validator=_amount)
    """Value of all orders of the trading day as a multiple of the account's equity; selling and
    buying everything anew is 2."""
    max_order_value: Usd | None = field(default=None, validator=_amount)
    """Largest value of one order."""
    max_order_fraction: Decimal | None = field(default=None, validator=_amount)
    """Largest value of one order as a fraction of the account's equity."""
    max_day_value: Usd | None = field(default=None, validator=_amount)
    """Value of all orders of the trading day."""
    max_orders: int | None = field(default=None, validator=_amount)
    """Orders of the trading day, each symbol and side of a plan being one."""
    max_weight: Decimal | None = field(default=None, validator=_part)
    """Largest part of the account's equity in one symbol."""
    max_gross: Decimal = field(default=ONE, validator=_part)
    """Largest part of the account's equity that is invested; there is no margin."""
    max_leveraged_weight: Decimal | None = field(default=None, validator=_part)
    """Largest part of the account's equity in leveraged funds together."""
    max_exposure: Decimal | None = field(default=None, validator=_amount)
    """Σ weight times daily multiple, the multiple being 1 for what is not leveraged."""
    max_equity_drop: Decimal | None = field(default=None, validator=_part)
    """Largest loss since the last valuation of an earlier session, as a fraction."""
    max_spread: Decimal | None = field(default=None, validator=_amount)
    """Widest spread of a symbol that is to be traded, as a fraction of the mid."""
    allowed: frozenset[Symbol] | None = None
    """The only symbols that may be bought; `None` allows all."""
    denied: frozenset[Symbol] = frozenset()
    """Symbols that may not be bought. What is held of them can always be sold."""
    leveraged_funds: Mapping[Symbol, Decimal] = field(default=LEVERAGED_FUNDS, validator=_factors)
    """Daily multiple of each leveraged fund. What has a multiple of 1 is not leveraged."""

    def factor(self, symbol: Symbol) -> Decimal:
        """The daily multiple of a symbol; 1 where it is not known to be leveraged."""
        return self.leveraged_funds.get(symbol, ONE)

    def is_leveraged(self, symbol: Symbol) -> bool:
        """Whether a symbol moves more than its index."""
        return self.factor(symbol) > ONE
