"""The corporate-actions port: splits and dividends, from a feed whose prices are raw."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, runtime_checkable

from attrs import Attribute, field, frozen
from returns.result import Result

from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import MarketDataUnavailable


def _positive(_: object, attribute: "Attribute[Any]", value: Decimal) -> None:
    if not (value.is_finite() and value > 0):
        raise ValueError(f"{attribute.name} must be positive, not {value}")


@frozen
class Split:
    """`ratio` new shares for one, before the open of the ex-date."""

    symbol: Symbol
    ratio: Decimal = field(validator=_positive)
    """2 for a 2:1 split, 0.1 for a reverse split of ten into one."""
    ex_date: date


@frozen
class Dividend:
    """Cash for every share that was held at the close before the ex-date."""

    symbol: Symbol
    per_share: Usd = field(validator=_positive)
    """US dollars for a share as it is counted on the ex-date."""
    ex_date: date


CorporateAction = Split | Dividend


@runtime_checkable
class CorporateActions(Protocol):
    """What a feed of raw prices knows beside the prices.

    A feed that has it says by that: its prices are not adjusted, and this is everything that
    happened.
    """

    def actions(
        self, symbols: Collection[Symbol], start: date, end: date
    ) -> Result[tuple[CorporateAction, ...], MarketDataUnavailable]:
        """The actions with an ex-date from `start` to `end`, both inclusive, oldest first; on one
        day splits come before dividends.
        """
        ...
