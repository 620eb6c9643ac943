"""The machine: one event in, the next state, records and commands out."""

from datetime import datetime

from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.instrument import Instruments
from alchemiser_core.domain.journal.events import LineEnded, PlanCommitted
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.execution.buying import buy_when_ready, read_cash, with_cash
from alchemiser_core.execution.closing import cancel, close, finish_if_over, give_up_waiting, stop
from alchemiser_core.execution.commands import LookUp, Poll
from alchemiser_core.execution.events import (
    Answered,
    CashRead,
    CashUnread,
    ExecutionEvent,
    Hinted,
    LookedUp,
    LookUpFailed,
    Polled,
    PollFailed,
    QuoteRead,
    Stopped,
    TimePassed,
    Withheld,
)
from alchemiser_core.execution.learning import (
    answered,
    learn,
    learn_all,
    look_soon,
    look_up_failed,
    not_there,
    polled,
    resend,
    withheld,
)
from alchemiser_core.execution.progress import OrderProgress, Stage
from alchemiser_core.execution.pursuit import pursue, with_quote
from alchemiser_core.execution.rules import ExecutionRules
from alchemiser_core.execution.state import ExecutionState, initial_lines
from alchemiser_core.execution.turn import Step, Turn

_FACTS = (Answered, Withheld, LookedUp, Polled, Hinted)
"""Events that tell of orders."""

_TIMED = (TimePassed, CashRead, Stopped)
"""Events after which buys may go on or the execution end, whatever has become of the orders."""


def begin(
    cycle: CycleKey,
    plan: PlanCommitted,
    instruments: Instruments,
    rules: ExecutionRules,
    now: datetime,
    deadline: datetime,
) -> Step:
    """The first step of a plan of which nothing was sent: all its sells, or the buys at once."""
    lines = initial_lines(plan)
    state = ExecutionState(cycle, plan, instruments, rules, deadline, lines)
    turn = Turn(state, now)
    turn.state = changed(turn.state, sells_until=min(now + rules.sell_patience, deadline))
    return go_on(turn)


def go_on(turn: Turn) -> Step:
    """Pursue every line on which something can be done now."""
    if turn.now >= turn.state.deadline:
        close(turn)
    for line in turn.unended():
        if line.intent.side is Side.SELL or turn.state.part:
            pursue(turn, line.intent.symbol)
    look_soon(turn)
    buy_when_ready(turn)
    finish_if_over(turn)
    return turn.step()


def step(state: ExecutionState, event: ExecutionEvent) -> Step:
    """What an event brings about. One that is over still learns of its orders, and does nothing."""
    turn = Turn(state, event.at)
    if state.outcome is not None and not isinstance(event, _FACTS):
        return turn.step()
    _handle(turn, event)
    if isinstance(event, _TIMED) or any(isinstance(record, LineEnded) for record in turn.records):
        buy_when_ready(turn)
        finish_if_over(turn)
    return turn.step()


def _handle(turn: Turn, event: ExecutionEvent) -> None:
    match event:
        case Answered():
            answered(turn, event.client_order_id, event.answer)
        case Polled():
            polled(turn, event.reports)
        case Hinted():
            learn_all(turn, event.reports)
        case LookedUp(report=OrderReport() as report):
            learn(turn, report)
            look_soon(turn)
        case LookedUp():
            not_there(turn, event.client_order_id)
        case LookUpFailed():
            look_up_failed(turn, event.client_order_id)
        case PollFailed():
            look_soon(turn)
        case CashRead():
            with_cash(turn, event.cash)
        case QuoteRead():
            with_quote(turn, event.symbol, event.quote)
        case TimePassed():
            _time_passed(turn)
        case Withheld():
            withheld(turn, event.client_order_id)
        case Stopped():
            stop(turn, event.code, event.why, lasting=event.lasting)
        case CashUnread():
            pass  # it is asked for again when it is due


def _time_passed(turn: Turn) -> None:
    """Everything that has come due."""
    now, state = turn.now, turn.state
    if now >= state.deadline:
        close(turn)
    if state.close_until is not None and now >= state.close_until:
        give_up_waiting(turn)
        return
    if state.poll_at is not None and state.poll_at <= now:
        turn.command(Poll())
        turn.state = changed(turn.state, poll_at=now + state.rules.poll)
    if turn.state.cash_at is not None and turn.state.cash_at <= now:
        read_cash(turn)
    for progress in [p for p in turn.state.orders.values() if p.is_due(now)]:
        _order_due(turn, progress)
    for line in [each for each in turn.state.lines.values() if each.due and each.due <= now]:
        pursue(turn, line.intent.symbol)


def _order_due(turn: Turn, progress: OrderProgress) -> None:
    identifier = progress.request.client_order_id
    if progress.look_at is not None and progress.look_at <= turn.now and not progress.is_over:
        if progress.sent_at is None and not turn.state.closing:
            resend(turn, identifier)
        else:
            turn.command(LookUp(identifier))
    if (
        progress.cancel_at is not None
        and progress.cancel_at <= turn.now
        and progress.stage is Stage.WORKING
    ):
        cancel(turn, progress)
