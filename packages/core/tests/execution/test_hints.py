"""A report may be quicker than the answer to the submission, and the answer may never come."""

from decimal import Decimal

from alchemiser_core.domain.journal.events import (
    OrderIntended,
    OrderReported,
    OrderUnresolved,
    PlanCommitted,
)
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.orders.submission import OutcomeUnknown
from alchemiser_core.execution import begin, resume, step
from alchemiser_core.execution.commands import Submit
from alchemiser_core.execution.events import Answered, Hinted, LookedUp
from alchemiser_core.execution.progress import Stage as OrderStage

from .conftest import NOON, Stage


def _open(request: OrderRequest) -> OrderReport:
    return OrderReport(
        request.client_order_id,
        "broker-1",
        request.symbol,
        request.side,
        request.quantity,
        OrderStatus.OPEN,
    )


def _sell(stage: Stage) -> tuple[PlanCommitted, OrderRequest]:
    plan = stage.plan({"AAA": "-50"})
    intent = plan.plan.orders[0]
    return plan, OrderRequest(
        intent.client_order_id, intent.symbol, intent.side, Decimal(intent.quantity)
    )


def test_an_order_that_was_heard_of_is_not_unknown_because_its_answer_was_lost() -> None:
    stage = Stage(holdings={"AAA": "50"})
    plan, _ = _sell(stage)
    rules = stage.rules
    first = begin(stage.cycle, plan, stage.exchange.listed, rules, NOON, NOON + rules.duration)
    request = next(c.request for c in first.commands if isinstance(c, Submit))
    heard = step(first.state, Hinted((_open(request),), NOON))
    lost = step(heard.state, Answered(request.client_order_id, OutcomeUnknown("timeout"), NOON))
    assert lost.records == ()
    assert lost.state.orders[request.client_order_id].stage is OrderStage.WORKING


def test_an_unresolved_order_that_is_found_as_it_was_known_is_at_work_again() -> None:
    stage = Stage(holdings={"AAA": "50"})
    plan, request = _sell(stage)
    written = (
        OrderIntended(request),
        OrderReported(_open(request)),
        OrderUnresolved(request.client_order_id, "timeout"),
    )
    rules = stage.rules
    first = resume(
        stage.cycle, plan, written, stage.exchange.listed, rules, NOON, NOON + rules.duration
    )
    found = step(first.state, LookedUp(request.client_order_id, _open(request), NOON))
    assert found.state.orders[request.client_order_id].stage is OrderStage.WORKING
