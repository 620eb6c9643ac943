"""The trading state: whether an account may trade, may only sell, or may do nothing."""

from decimal import localcontext
from enum import StrEnum

from attrs import evolve, frozen

from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan
from alchemiser_core.domain.money import ARITHMETIC, ZERO, Usd
from alchemiser_core.domain.orders.intent import OrderIntent


class TradingState(StrEnum):
    """What orders an account takes."""

    ACTIVE = "active"
    REDUCING = "reducing"
    """Only orders that lower a position."""
    HALTED = "halted"
    """None at all."""


@frozen
class ReducedPlan:
    """A plan of nothing but sells, and what it leaves out."""

    plan: RebalancePlan
    left_out: tuple[OrderIntent, ...]
    """The buys, in the order of the plan."""


def reduced(plan: RebalancePlan) -> ReducedPlan:
    """The plan as an account that is `REDUCING` may carry it out.

    The sells stay as they are; the cash and the costs that are expected are those of the sells
    alone. A short position is never planned, so a sell always lowers a position.
    """
    with localcontext(ARITHMETIC):
        bought = sum((order.value for order in plan.buys), start=ZERO)
        traded = sum((order.value for order in plan.sells), start=bought)
        saved = plan.expected_costs * bought / traded if bought else ZERO
        kept = evolve(
            plan,
            orders=plan.sells,
            expected_cash=Usd(plan.expected_cash + bought + saved),
            expected_costs=Usd(plan.expected_costs - saved),
        )
    return ReducedPlan(kept, plan.buys)
