"""A rebalance plan as a page for a person and as an object for a program."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from alchemiser_app.reports.decision import admission_lines, admissions_json
from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decision
from alchemiser_core.domain.money import Rounding, to_cents
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy


def plan_json(
    target: str,
    plan: RebalancePlan,
    decision: Decision,
    policies: Mapping[str, RebalancePolicy],
    history: BarHistory,
    substitutions: Mapping[str, str],
) -> dict[str, Any]:
    """`plan --json`; quantities and money are strings, and `target` is what was planned for."""
    data = plan.as_data()
    return {
        "target": target,
        "as_of": data.pop("as_of"),
        "weights": data.pop("target"),
        **data,
        **admissions_json(decision),
        "policies": {
            name: {"frequency": policy.frequency.value, "threshold": policy.threshold}
            for name, policy in policies.items()
        },
        "substitutions": dict(substitutions),
        "synthetic": history.synthetic,
    }


def plan_lines(
    target: str,
    plan: RebalancePlan,
    decision: Decision,
    policies: Mapping[str, RebalancePolicy],
    source: str,
    substitutions: Mapping[str, str],
) -> Iterator[str]:
    """The page: orders in the sequence in which they would be sent."""
    yield f"{target}, planned at the closes of {plan.as_of} from {source}; nothing is sent"
    yield from (f"  {old} is replaced by {new}" for old, new in substitutions.items())
    yield f"equity {_money(plan.equity)}"
    yield ""
    yield from order_lines(plan)
    yield ""
    yield f"cash after {_money(plan.expected_cash)}, costs {_money(plan.expected_costs)}"
    for name, policy in policies.items():
        if policy != RebalancePolicy():
            yield f"{name} trades {_rhythm(policy)}; this plan does not ask whether that is due"
    yield from admission_lines(decision)


def order_lines(plan: RebalancePlan) -> Iterator[str]:
    """The orders of a plan in their sequence, what is left out of it, and what a limit lowered."""
    if not plan.orders:
        yield "no orders"
    for order in plan.orders:
        yield (
            f"  {order.side:<5}{_quantity(order.quantity):>18} {order.symbol:<8} at "
            f"{_price(order.price):>14} = {_money(order.value):>14}  {order.reason}"
        )
    for skipped in plan.skipped:
        yield f"  skip  {skipped.symbol}: {skipped.reason} ({_money(skipped.value)})"
    for cut in plan.adjusted:
        yield f"  limit {cut.symbol}: {cut.wanted:.2%} lowered to {cut.allowed:.2%} ({cut.limit})"


def _rhythm(policy: RebalancePolicy) -> str:
    if policy.threshold is not None:
        return f"at more than {policy.threshold:.2%} of drift or when its path changes"
    if policy.frequency is Frequency.NONE:
        return "only when its path changes"
    return f"{policy.frequency}, on the first session that it can decide"


def _money(amount: Decimal) -> str:
    return f"{to_cents(amount, Rounding.NEAREST):,} USD"


def _price(price: Decimal) -> str:
    """Four decimals; a price under a dollar as it is."""
    return f"{price:,.4f}" if price >= 1 else _quantity(price)


def _quantity(value: Decimal) -> str:
    return f"{value.normalize():f}"
