"""The story of a simulation in words: orders, faults, crashes and alerts, one line each."""

from collections.abc import Iterable

from alchemiser_core.domain.journal.account_events import DiscrepancyNoted
from alchemiser_core.domain.journal.events import (
    AlertRaised,
    CycleClosed,
    Halted,
    JournalEvent,
    LineEnded,
    OrderAbsent,
    OrderIntended,
    OrderRefused,
    OrderReported,
    OrderUnresolved,
    PlanCommitted,
)
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.simulation.faults.tape import (
    Asked,
    Began,
    CancelSent,
    Finished,
    Happening,
    Note,
    ReachedBroker,
    ReachedOtherAccount,
    Struck,
    Told,
    ToldOfOrder,
    Written,
)

_ID_SHOWN = 13


def story(notes: Iterable[Note], about: str = "") -> tuple[str, ...]:
    """Every note as a line; with `about`, only those that name that text, and where processes begin
    and end.
    """
    lines = []
    for note in notes:
        line = f"{note.at:%Y-%m-%d %H:%M:%S} {told(note.what)}"
        frame = isinstance(note.what, Began | Finished | Struck)
        if not about or frame or about[:_ID_SHOWN] in line:
            lines.append(line)
    return tuple(lines)


def told(what: Happening) -> str:
    """One happening in words."""
    match what:
        case Began():
            return f"-- day {what.day}: process {what.process} is started"
        case Finished():
            return f"-- ends: {what.how}"
        case Struck():
            return f"   FAULT {what.kind} {what.text}".rstrip()
        case ReachedBroker():
            return f"   order {_request(what.request)} reaches the broker"
        case ReachedOtherAccount():
            return f"   order {_request(what.request)} reaches ANOTHER ACCOUNT"
        case Told():
            return f"   told of {_short(what.client_order_id)}: {_answer(what.answer)}"
        case ToldOfOrder():
            said = "no such order" if what.report is None else _report(what.report)
            return f"   looked up {_short(what.client_order_id)}: {said}"
        case CancelSent():
            return f"   cancel of {what.broker_order_id} is sent"
        case Written():
            return f"   written {what.entry.record.number}: {_event(what.entry.event)}"
        case Asked():
            return f"   {what.operation}: {'answered' if what.answered else 'no answer'}"


def _event(event: JournalEvent) -> str:
    name = type(event).__name__
    match event:
        case OrderIntended():
            return f"{name} {_request(event.request)}"
        case OrderReported():
            return f"{name} {_report(event.report)}"
        case OrderRefused():
            return f"{name} {_short(event.client_order_id)} {event.kind}"
        case OrderUnresolved():
            return f"{name} {_short(event.client_order_id)} {event.why}"
        case OrderAbsent():
            return f"{name} {_short(event.client_order_id)} resend={event.resend}"
        case LineEnded():
            return f"{name} {event.symbol}: {event.end}"
        case AlertRaised():
            return f"ALERT {event.alert.code}: {event.alert.text}"
        case Halted():
            return f"{name} {event.code}: {event.why}"
        case DiscrepancyNoted():
            return f"{name} {event.code} {event.subject}: {event.text}"
        case CycleClosed():
            return f"{name} {event.outcome} {event.why}".rstrip()
        case PlanCommitted():
            orders = "; ".join(f"{o.side} {o.quantity} {o.symbol}" for o in event.plan.orders)
            return f"{name} {orders}"
        case _:
            return name


def _request(request: OrderRequest) -> str:
    limit = f" at {request.limit_price}" if request.limit_price is not None else ""
    return (
        f"{_short(request.client_order_id)} {request.side} {request.quantity} "
        f"{request.symbol}{limit}"
    )


def _answer(answer: object) -> str:
    return _report(answer) if isinstance(answer, OrderReport) else str(answer)


def _report(report: OrderReport) -> str:
    return (
        f"{_short(report.client_order_id)} {report.side} {report.symbol} {report.status} "
        f"{report.filled_quantity} of {report.quantity}"
    )


def _short(identifier: str) -> str:
    return identifier[:_ID_SHOWN]
