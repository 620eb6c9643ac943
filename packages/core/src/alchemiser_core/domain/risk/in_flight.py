"""The guard in flight: no order may take what is bought or sold beyond what was planned."""

from decimal import Decimal, localcontext

from attrs import frozen

from alchemiser_core.domain.money import ARITHMETIC, ZERO, decimal_text
from alchemiser_core.domain.orders.intent import OrderIntent
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.problem import Problem


@frozen
class BeyondPlan:
    """An order that is not covered by the plan: a mistake of the program, caught before sending."""

    request: OrderRequest
    planned: Decimal
    """Shares that the plan has for the symbol and side; 0 where it has none."""
    committed: Decimal
    """Of these, shares that are filled or may still be filled by other orders."""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the order, and what the plan leaves for it."""
        request = self.request
        return (
            Problem(
                code="order-beyond-plan",
                what=f"an order to {request.side} {decimal_text(request.quantity)} "
                f"{request.symbol} goes beyond the plan",
                where=request.client_order_id,
                why=f"{decimal_text(self.planned)} are planned, "
                f"{decimal_text(self.committed)} of these filled or on their way",
                hint="nothing was sent; this is a mistake of the program, please report it",
            ),
        )


def exceeds_plan(
    request: OrderRequest, intent: OrderIntent, committed: Decimal
) -> BeyondPlan | None:
    """Whether an order would take a symbol beyond its planned quantity; `None` where it does not.

    `committed` is everything that is filled for the intent, and everything that open or unresolved
    orders for it may yet fill, without the request itself. Another symbol or side is not planned.
    """
    with localcontext(ARITHMETIC):
        is_planned = (request.symbol, request.side) == (intent.symbol, intent.side)
        planned = intent.quantity if is_planned else ZERO
        if committed + request.quantity <= planned:
            return None
        return BeyondPlan(request, planned, committed)
