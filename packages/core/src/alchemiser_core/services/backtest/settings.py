"""What a back-test is asked: range, cash, costs and when a decision is filled."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from attrs import Attribute, field, frozen

from alchemiser_core.domain.allocation.policy import BookRebalance
from alchemiser_core.domain.decision import Decisions
from alchemiser_core.domain.rebalance_policy import RebalancePolicy
from alchemiser_core.domain.symbol import Symbol

_BPS = Decimal(10_000)
_HIGHEST_COST = Decimal("0.1")


class FillTiming(StrEnum):
    """At which price the weights decided at the close of a session are traded."""

    CLOSE = "close"
    """The close that decided: idealised, nobody knows a close before it is over."""
    NEXT_OPEN = "next-open"
    NEXT_CLOSE = "next-close"


class MissingOpen(StrEnum):
    """What a missing open price means with `FillTiming.NEXT_OPEN`."""

    ERROR = "error"
    CLOSE = "close"
    """The close of the same session stands in."""


def _not_negative(_: object, attribute: "Attribute[Decimal]", value: Decimal) -> None:
    if not value.is_finite() or value < 0:
        raise ValueError(f"{attribute.name} is {value}, it must not be negative")


def _positive(_: object, attribute: "Attribute[Decimal]", value: Decimal) -> None:
    if not value.is_finite() or value <= 0:
        raise ValueError(f"{attribute.name} is {value}, it must be positive")


@frozen
class BacktestSettings:
    """How decisions become trades; the defaults are those of the command line.

    Making one raises `ValueError` where cash is not positive, a cost is negative, or cost and
    slippage together are more than a tenth of the traded value (the equations of the simulations
    are solved by iterations that need a small cost).
    """

    start: date | None = None
    """First session wanted; `None` for the first after the last undecidable one."""
    end: date | None = None
    """Last session wanted, inclusive; `None` for all there is."""
    cash: Decimal = field(default=Decimal(100_000), validator=_positive)
    """US dollars before the first trade."""
    cost_bps: Decimal = field(default=Decimal(1), validator=_not_negative)
    """Hundredths of a percent of traded value."""
    slippage_bps: Decimal = field(default=Decimal(0), validator=_not_negative)
    """The same, for the price getting worse; a charge on value in both simulations."""
    fill: FillTiming = FillTiming.CLOSE
    missing_open: MissingOpen = MissingOpen.ERROR
    whole_shares: bool = False
    """Trade whole shares only, through the order-level simulation."""
    rebalance_books: BookRebalance = BookRebalance.QUARTERLY
    benchmark: Symbol | None = None

    def __attrs_post_init__(self) -> None:
        if self.cost_fraction > _HIGHEST_COST:
            raise ValueError("cost and slippage together are more than a tenth of the traded value")

    @property
    def cost_fraction(self) -> Decimal:
        """Cost and slippage as a fraction of traded value."""
        return (self.cost_bps + self.slippage_bps) / _BPS

    @property
    def fill_delay(self) -> int:
        """Sessions from a decision to its fill."""
        return 0 if self.fill is FillTiming.CLOSE else 1


@frozen(eq=False)
class StrategyDecisions:
    """One strategy of a back-test: what it decided, when it trades and its part of the capital."""

    name: str
    decisions: Decisions
    policy: RebalancePolicy = field(factory=RebalancePolicy)
    share: Decimal = Decimal(1)
    """Capital share, a fraction; the shares of a blend add up to 1."""
