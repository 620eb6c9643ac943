"""The end of an execution: at the deadline, at a stop, or because every line has ended."""

from alchemiser_core.domain.alert import Severity
from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.journal.events import CancelAsked, Halted, LineEnd, OrderAbsent
from alchemiser_core.execution.commands import Cancel, Poll
from alchemiser_core.execution.ending import end_line, outcome_of
from alchemiser_core.execution.progress import OrderProgress, Stage
from alchemiser_core.execution.pursuit import pursue
from alchemiser_core.execution.rules import OnHalt
from alchemiser_core.execution.turn import Turn


def stop(turn: Turn, code: str, why: str, *, lasting: bool) -> None:
    """Send nothing any more; cancel what is open, or leave it, as the rules say."""
    if turn.state.stopped is not None:
        return
    turn.state = changed(turn.state, stopped=code)
    if lasting:
        turn.records.append(Halted(code, why))
    turn.alert(code, Severity.CRITICAL, f"the execution was stopped: {why}")
    if turn.state.rules.on_halt is OnHalt.LEAVE:
        turn.state = changed(turn.state, closing=True)
        for line in turn.unended():
            end_line(turn, line.intent.symbol, LineEnd.HALTED, why)
    else:
        close(turn)


def close(turn: Turn) -> None:
    """Nothing new is sent from here on; what is open is cancelled and looked after to its end."""
    if turn.state.closing:
        return
    patience = turn.state.rules.cancel_patience
    turn.state = changed(
        turn.state, closing=True, close_until=turn.now + 2 * patience, cash_at=None
    )
    for progress in turn.state.orders.values():
        if progress.stage is Stage.INTENDED and progress.sent_at is None:
            turn.record(OrderAbsent(progress.request.client_order_id, resend=False))
        elif progress.stage is Stage.WORKING:
            cancel(turn, progress)
    for line in turn.unended():
        if line.wanted is None:
            end = LineEnd.HALTED if turn.state.stopped is not None else LineEnd.EXPIRED
            end_line(turn, line.intent.symbol, end)
        else:
            pursue(turn, line.intent.symbol)


def cancel(turn: Turn, progress: OrderProgress) -> None:
    """Ask for a cancel, and ask again where it stays unconfirmed; only a report proves it."""
    if not progress.cancel_asked:
        why = "the end of the cycle" if turn.state.closing else "the next step"
        turn.record(CancelAsked(progress.request.client_order_id, why))
    again = turn.now + turn.state.rules.cancel_patience
    turn.put_order(changed(turn.order(progress.request.client_order_id), cancel_at=again))
    turn.command(Cancel(progress.broker_order_id), Poll())


def give_up_waiting(turn: Turn) -> None:
    """The end has waited long enough: what is still open is left to the next reconciliation."""
    for line in turn.unended():
        stages = {progress.stage for progress in turn.state.orders_of(line)}
        unknown = stages & {Stage.UNRESOLVED, Stage.INTENDED}
        end = LineEnd.UNRESOLVED if unknown else LineEnd.NOT_FILLED
        end_line(turn, line.intent.symbol, end, "still open at the broker")


def finish_if_over(turn: Turn) -> None:
    """The execution is over when every line has ended."""
    waits_for_cash = turn.state.cash_at is not None and not turn.state.closing
    over = all(line.end is not None for line in turn.state.lines.values())
    if over and turn.state.outcome is None and not waits_for_cash:
        turn.state = changed(turn.state, outcome=outcome_of(turn.state), poll_at=None, cash_at=None)
