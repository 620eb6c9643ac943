"""Taking an execution up again from what the journal says of it: after a crash, or a restart.

What was written down and may have been sent is looked up before anything else happens to its
symbol. How long ago it was sent is not known, so the grace period begins anew.
"""

from collections.abc import Iterable
from datetime import datetime

from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.instrument import Instruments
from alchemiser_core.domain.journal.events import LineEnd, PlanCommitted
from alchemiser_core.domain.orders.identifiers import CycleKey
from alchemiser_core.domain.orders.order import OrderType
from alchemiser_core.execution.commands import LookUp, Poll
from alchemiser_core.execution.ending import UNKNOWN_SYMBOL, end_line
from alchemiser_core.execution.machine import go_on
from alchemiser_core.execution.progress import OrderProgress, Stage
from alchemiser_core.execution.rules import ExecutionRules
from alchemiser_core.execution.state import (
    ExecutionState,
    OrderEvent,
    initial_lines,
    with_event,
    with_order,
)
from alchemiser_core.execution.turn import Step, Turn


def replay(state: ExecutionState, events: Iterable[OrderEvent]) -> ExecutionState:
    """The lasting part of the state after these events."""
    for event in events:
        state = with_event(state, event)
    return state


def resume(
    cycle: CycleKey,
    plan: PlanCommitted,
    events: Iterable[OrderEvent],
    instruments: Instruments,
    rules: ExecutionRules,
    now: datetime,
    deadline: datetime,
) -> Step:
    """The first step after a restart. A deadline that has passed sends nothing: what is open is
    looked up and cancelled, and the execution ends. Nor is anything sent for a symbol that is not
    among the instruments any more.
    """
    lines = initial_lines(plan)
    state = replay(ExecutionState(cycle, plan, instruments, rules, deadline, lines), events)
    state = changed(state, sells_until=min(now + rules.sell_patience, deadline))
    turn = Turn(state, now)
    for progress in state.orders.values():
        _take_up(turn, progress)
    if any(progress.stage is Stage.WORKING for progress in state.orders.values()):
        turn.command(Poll())
    for line in turn.unended():
        if line.wanted is None and line.intent.symbol not in instruments:
            end_line(turn, line.intent.symbol, LineEnd.REFUSED, UNKNOWN_SYMBOL)
    return go_on(turn)


def _take_up(turn: Turn, progress: OrderProgress) -> None:
    if progress.is_over:
        return
    maybe_sent = progress.stage in (Stage.INTENDED, Stage.UNRESOLVED)
    if maybe_sent or progress.stage is Stage.OVER:
        rules = turn.state.rules
        look_at = turn.now + (rules.grace if maybe_sent else rules.poll)
        taken = changed(progress, sent_at=turn.now, sends=1, look_at=look_at)
        turn.state = with_order(turn.state, taken)
        turn.command(LookUp(progress.request.client_order_id))
    elif progress.request.order_type is OrderType.LIMIT:
        turn.state = with_order(turn.state, changed(progress, cancel_at=turn.now))
