"""What is learned of an order: answers to submissions, look-ups, polls and hints.

Only the broker's own word moves an order. A failed read teaches nothing, and "no such order" is
believed when it was said twice and the grace period since the order was sent has passed.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from alchemiser_core.domain.alert import Severity
from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.journal.events import (
    LineEnd,
    OrderAbsent,
    OrderRefused,
    OrderReported,
    OrderUnresolved,
)
from alchemiser_core.domain.orders.identifiers import ClientOrderId
from alchemiser_core.domain.orders.order import OrderType
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.orders.submission import (
    OutcomeUnknown,
    Rejected,
    RejectionKind,
    SubmissionFailure,
    Throttled,
)
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution.closing import stop
from alchemiser_core.execution.commands import LookUp, Submit
from alchemiser_core.execution.ending import end_line
from alchemiser_core.execution.progress import OrderProgress, Stage
from alchemiser_core.execution.pursuit import pursue
from alchemiser_core.execution.rules import ProgressiveLimit
from alchemiser_core.execution.turn import Turn

_PROOFS = 2
"""How often the broker has to say that it has no such order."""

_FIRST_BACKOFF = timedelta(seconds=1)


def answered(
    turn: Turn, identifier: ClientOrderId, answer: OrderReport | SubmissionFailure
) -> None:
    """The answer to a submission, or what came instead of one."""
    match answer:
        case OrderReport():
            learn(turn, answer)
            look_soon(turn)
        case _ if turn.order(identifier).broker_order_id:
            return  # a report was faster than the answer, and knows better
        case Rejected(kind=RejectionKind.DUPLICATE_ID):
            _unresolved(turn, identifier, "the broker has an order of this id")
        case Rejected():
            turn.record(OrderRefused(identifier, answer.kind, answer.message))
            if answer.kind is RejectionKind.UNAUTHORISED:
                stop(turn, "unauthorised", answer.message, lasting=True)
            pursue(turn, turn.order(identifier).request.symbol)
        case Throttled():
            _try_later(turn, turn.order(identifier), answer.retry_after)
        case OutcomeUnknown():
            _unresolved(turn, identifier, answer.why)


def _unresolved(turn: Turn, identifier: ClientOrderId, why: str) -> None:
    if turn.order(identifier).stage in (Stage.WORKING, Stage.OVER):
        return  # a hint was faster than the answer
    turn.record(OrderUnresolved(identifier, why))
    # Until now the broker may have been taking it in: only from here on does its word count.
    unknown = changed(turn.order(identifier), sent_at=turn.now, missing=0)
    turn.put_order(changed(unknown, look_at=_later(turn, turn.now)))
    turn.command(LookUp(identifier))


def _try_later(turn: Turn, progress: OrderProgress, asked: timedelta | None) -> None:
    """A request that was turned away unread was never sent; it waits, longer each time."""
    rules = turn.state.rules
    backoff = _FIRST_BACKOFF * 2 ** min(progress.missing, 6)
    # The same order always waits the same; different orders do not all come back at once.
    spread = int(progress.request.client_order_id[-2:], 16) / 255
    wait = max(asked or timedelta(0), backoff * (1 + spread))
    look_at = turn.now + min(wait, rules.longest_wait)
    waiting = changed(progress, sent_at=None, look_at=look_at, missing=progress.missing + 1)
    turn.put_order(waiting)


def withheld(turn: Turn, identifier: ClientOrderId) -> None:
    """An order that was written down and, as is known for certain, never sent."""
    give_up(turn, identifier, LineEnd.HALTED if turn.state.stopped else LineEnd.EXPIRED)


def give_up(turn: Turn, identifier: ClientOrderId, end: LineEnd, why: str = "") -> None:
    """Record that an order is not at the broker and will not be sent again."""
    turn.record(OrderAbsent(identifier, resend=False))
    symbol = turn.order(identifier).request.symbol
    if turn.line(symbol).end is None:
        end_line(turn, symbol, end, why)


def learn_all(turn: Turn, reports: Iterable[OrderReport]) -> None:
    """Reports of this cycle's orders; those of others are not for the execution."""
    for report in reports:
        known = turn.state.orders.get(ClientOrderId(report.client_order_id))
        if known is not None:
            _take_in(turn, known, report)


def learn(turn: Turn, report: OrderReport) -> None:
    """What a report says that is new; nothing where it is old or repeated."""
    _take_in(turn, turn.order(ClientOrderId(report.client_order_id)), report)


def _take_in(turn: Turn, before: OrderProgress, report: OrderReport) -> None:
    if before.knows(report):
        if before.stage is not Stage.OVER:
            _settle_down(turn, before)
        return
    turn.record(OrderReported(report))
    after = turn.order(before.request.client_order_id)
    if turn.state.quiet_polls:
        turn.state = changed(turn.state, quiet_polls=0)
    if before.stage is Stage.OVER and not _grew(before, after):
        return
    _settle_down(turn, after)
    if after.is_over:
        pursue(turn, after.request.symbol)


def _grew(before: OrderProgress, after: OrderProgress) -> bool:
    return (before.filled_quantity, before.filled_value) != (
        after.filled_quantity,
        after.filled_value,
    )


def _settle_down(turn: Turn, progress: OrderProgress) -> None:
    """An order that was found is not looked for any more; one at rest gets the end of its step."""
    look_at, cancel_at = None, progress.cancel_at
    if progress.stage is Stage.OVER:
        cancel_at = None
        if progress.filled_value is None:
            look_at = turn.now + turn.state.rules.poll
    elif turn.state.closing and not progress.cancel_asked:
        cancel_at = turn.now
    elif cancel_at is None and progress.request.order_type is OrderType.LIMIT:
        cancel_at = (progress.sent_at or turn.now) + _step_wait(turn)
    if (progress.missing, progress.look_at, progress.cancel_at) != (0, look_at, cancel_at):
        turn.put_order(changed(progress, missing=0, look_at=look_at, cancel_at=cancel_at))


def _step_wait(turn: Turn) -> timedelta:
    tactic = turn.state.rules.tactic
    return tactic.wait if isinstance(tactic, ProgressiveLimit) else timedelta(0)


def polled(turn: Turn, reports: tuple[OrderReport, ...]) -> None:
    """All orders of the day. An order that should be among them and is not is looked up."""
    learn_all(turn, reports)
    orders = turn.state.orders
    named = {report.client_order_id for report in reports}
    for identifier, progress in orders.items():
        if progress.stage is Stage.WORKING and identifier not in named:
            turn.command(LookUp(identifier))
    strays = _strays(report for report in reports if report.client_order_id not in orders)
    quiet_polls = turn.state.quiet_polls + 1
    turn.state = changed(turn.state, strays=strays, quiet_polls=quiet_polls)
    look_soon(turn)


def _strays(foreign: Iterable[OrderReport]) -> dict[Symbol, tuple[str, ...]]:
    """Broker order ids of Alchemiser's open orders that are not this cycle's, by symbol."""
    strays: dict[Symbol, tuple[str, ...]] = {}
    for report in foreign:
        if report.is_own and not report.status.is_terminal:
            known = strays.get(report.symbol, ())
            strays[report.symbol] = (*known, report.broker_order_id)
    return strays


def look_soon(turn: Turn) -> None:
    """Poll again while something is open: soon after news, then less and less often."""
    state, poll_at = turn.state, None
    if any(progress.stage is not Stage.OVER for progress in state.orders.values()):
        poll = state.rules.poll
        poll_at = turn.now + (poll if state.quiet_polls >= 3 else poll / 8 * 2**state.quiet_polls)
    if poll_at != state.poll_at:
        turn.state = changed(state, poll_at=poll_at)


def not_there(turn: Turn, identifier: ClientOrderId) -> None:
    """The broker said that it has no such order."""
    progress = turn.order(identifier)
    if progress.stage is Stage.OVER:
        return
    missing, since = progress.missing + 1, progress.sent_at or turn.now
    if progress.stage is Stage.WORKING and missing == 1:
        since = turn.now  # it was there a moment ago: the grace period is from here on
    if missing < _PROOFS or turn.now - since < turn.state.rules.grace:
        look_at = _later(turn, since)
        turn.put_order(changed(progress, missing=missing, sent_at=since, look_at=look_at))
    elif progress.stage is Stage.WORKING:
        give_up(turn, identifier, LineEnd.VANISHED, "it had been accepted before")
    elif turn.state.closing:
        end = LineEnd.HALTED if turn.state.stopped else LineEnd.EXPIRED
        give_up(turn, identifier, end)
    elif progress.sends >= turn.state.rules.sends:
        give_up(turn, identifier, LineEnd.UNRESOLVED, f"sent {progress.sends} times, never there")
    else:
        turn.record(OrderAbsent(identifier, resend=True))
        resend(turn, identifier)


def resend(turn: Turn, identifier: ClientOrderId) -> None:
    """Send an order that is proven not to be at the broker, under the same id."""
    progress = turn.order(identifier)
    again = changed(progress, sent_at=turn.now, sends=progress.sends + 1, look_at=None)
    turn.put_order(again)
    turn.command(Submit(progress.request))


def look_up_failed(turn: Turn, identifier: ClientOrderId) -> None:
    """Nothing was learned; ask again."""
    progress = turn.order(identifier)
    if progress.stage is not Stage.OVER or progress.filled_value is None:
        turn.put_order(changed(progress, look_at=turn.now + turn.state.rules.poll))
    if progress.look_at is None and progress.stage is Stage.UNRESOLVED:
        text = f"{progress.request.symbol}: {identifier} cannot be looked up"
        turn.alert("look-up-failed", Severity.WARNING, text, identifier)


def _later(turn: Turn, since: datetime) -> datetime:
    """When to look again: soon, and certainly once the grace period is over."""
    rules = turn.state.rules
    after_grace = since + rules.grace
    return after_grace if after_grace > turn.now else turn.now + rules.poll
