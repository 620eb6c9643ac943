"""A rebalance plan as a page for a person and as an object for a program."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.money import Rounding, to_cents


def plan_json(
    target: str, plan: RebalancePlan, history: BarHistory, substitutions: Mapping[str, str]
) -> dict[str, Any]:
    """`plan --json`; quantities and money are strings, and `target` is what was planned for."""
    data = plan.as_data()
    return {
        "target": target,
        "as_of": data.pop("as_of"),
        "weights": data.pop("target"),
        **data,
        "substitutions": dict(substitutions),
        "synthetic": history.synthetic,
    }


def plan_lines(
    target: str, plan: RebalancePlan, source: str, substitutions: Mapping[str, str]
) -> Iterator[str]:
    """The page: orders in the sequence in which they would be sent."""
    yield f"{target}, planned at the closes of {plan.as_of} from {source}; nothing is sent"
    yield from (f"  {old} is replaced by {new}" for old, new in substitutions.items())
    yield f"equity {_money(plan.equity)}"
    yield ""
    if not plan.orders:
        yield "no orders"
    for order in plan.orders:
        yield (
            f"  {order.side:<5}{_quantity(order.quantity):>18} {order.symbol:<8} at "
            f"{_quantity(order.price):>14} = {_money(order.value):>14}  {order.reason}"
        )
    for skipped in plan.skipped:
        yield f"  skip  {skipped.symbol}: {skipped.reason} ({_money(skipped.value)})"
    for cut in plan.adjusted:
        yield f"  limit {cut.symbol}: {cut.wanted:.2%} lowered to {cut.allowed:.2%} ({cut.limit})"
    yield ""
    yield f"cash after {_money(plan.expected_cash)}, costs {_money(plan.expected_costs)}"


def _money(amount: Decimal) -> str:
    return f"{to_cents(amount, Rounding.NEAREST):,} USD"


def _quantity(value: Decimal) -> str:
    return f"{value.normalize():f}"
