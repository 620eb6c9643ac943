"""The rules of planning: instruments, costs, limits, and how small a trade may be."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from attrs import Attribute, field, frozen

from alchemiser_core.domain.allocation.constraints import Constraints
from alchemiser_core.domain.instrument import Instrument
from alchemiser_core.domain.money import NO_MONEY, ZERO, Usd, not_negative
from alchemiser_core.domain.symbol import Symbol

BASIS_POINTS = Decimal(10_000)


def _basis_points(_: object, attribute: "Attribute[Any]", value: Decimal) -> None:
    if not (value.is_finite() and 0 <= value < BASIS_POINTS / 2):
        raise ValueError(f"{attribute.name} lies between 0 and 5000, not at {value}")


@frozen
class TradingCosts:
    """Costs as basis points of traded value (1 bp is 0.01 %)."""

    cost_bps: Decimal = field(default=ZERO, validator=_basis_points)
    slippage_bps: Decimal = field(default=ZERO, validator=_basis_points)
    """A charge on value, not a worse price."""

    @property
    def rate(self) -> Decimal:
        """Both together as a fraction of traded value, under 1."""
        return (self.cost_bps + self.slippage_bps) / BASIS_POINTS


class MarkPolicy(StrEnum):
    """What happens to a symbol in the target that has no usable price in this session."""

    SKIP = "skip"
    """It is not traded, the rest is."""
    REFUSE = "refuse"
    """Nothing is planned."""


@frozen
class PlanRules:
    """How the difference between holdings and target becomes orders."""

    instruments: Mapping[Symbol, Instrument]
    """A symbol that is not in it is not traded."""
    costs: TradingCosts = field(factory=TradingCosts)
    constraints: Constraints = field(factory=Constraints)
    minimum_trade: Usd = field(default=NO_MONEY, validator=not_negative)
    """Smaller trades are skipped; full exits are not."""
    drift_band: Decimal = field(default=ZERO, validator=not_negative)
    """Differences up to this fraction of equity are left alone; full exits are not."""
    bad_marks: MarkPolicy = MarkPolicy.SKIP
    exit_at_last_price: bool = False
    """Sell what left the target at its last price when it has none today, as a back-test does."""
