"""The judge: what must hold, checked against the exchange's own ledger and the journal's records.

It does not ask the program what happened: orders, fills, cash and positions are the exchange's, and
only what was written down is taken from the journal.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from alchemiser_core.domain.account import SplitActivity
from alchemiser_core.domain.journal.events import (
    OrderAbsent,
    OrderIntended,
    OrderRefused,
)
from alchemiser_core.domain.money import ZERO
from alchemiser_core.domain.orders.identifiers import CycleKey, Side, is_own
from alchemiser_core.domain.orders.submission import RejectionKind
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.simulation.exchange import Booked, Execution, SimulatedExchange
from alchemiser_core.simulation.exchange.resting import ExchangeOrder
from alchemiser_core.simulation.faults.kinds import FaultKind
from alchemiser_core.simulation.faults.tape import (
    Began,
    Note,
    ReachedBroker,
    ReachedOtherAccount,
    Struck,
    ToldOfOrder,
    Written,
)
from alchemiser_core.testing.faults.alerts import silences
from alchemiser_core.testing.faults.evidence import CycleFacts, Evidence, evidence
from alchemiser_core.testing.faults.story import story
from alchemiser_core.testing.faults.violation import Invariant, Violation

GRACE = timedelta(seconds=10)
"""How long "no such order" proves nothing after an order was sent."""
_PROOFS = 2


def judge(
    exchange: SimulatedExchange, notes: Sequence[Note], grace: timedelta = GRACE
) -> tuple[Violation, ...]:
    """Everything that did not hold."""
    facts = evidence(exchange, notes)
    return (
        *duplicates(facts),
        *excesses(facts),
        *unannounced(facts),
        *sent_after_a_stop(facts),
        *guesses(facts, grace),
        *silences(facts),
    )


# G1


def duplicates(facts: Evidence) -> Iterator[Violation]:
    """More than one order that was filled or is open for the same purpose, or under one id."""
    purposes: dict[tuple[CycleKey | None, str, Side, int], list[ExchangeOrder]] = defaultdict(list)
    by_id: dict[str, list[ExchangeOrder]] = defaultdict(list)
    for order in facts.own_orders:
        if not facts.is_forgotten(order):
            by_id[order.client_order_id].append(order)
        intent = facts.intents.get(order.client_order_id)
        if intent is not None and (order.filled_quantity or not order.status.is_terminal):
            request = intent.request
            purpose = (intent.cycle, request.symbol, request.side, request.slice_number)
            purposes[purpose].append(order)
    for identifier, orders in by_id.items():
        if len(orders) > 1:
            what = f"{len(orders)} orders under the id {identifier}"
            yield _violation(facts, Invariant.NO_DUPLICATE, what, identifier)
    for (cycle, symbol, side, number), orders in purposes.items():
        if len(orders) > 1:
            day = cycle.trading_day if cycle is not None else "no day"
            what = f"{len(orders)} orders of {day} to {side} {symbol}, slice {number}"
            yield _violation(facts, Invariant.NO_DUPLICATE, what, symbol)


# G2


def excesses(facts: Evidence) -> Iterator[Violation]:
    """More traded than planned, a position or the cash below zero at any time."""
    for cycle in facts.cycles:
        yield from _beyond_plan(facts, cycle)
    held: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for entry in facts.exchange.state.entries:
        match entry:
            case Execution():
                held[entry.symbol] += entry.quantity if entry.side is Side.BUY else -entry.quantity
                if held[entry.symbol] < 0:
                    what = f"{held[entry.symbol]} {entry.symbol} are held"
                    yield _violation(facts, Invariant.BOUNDED, what, entry.symbol)
            case Booked(activity=SplitActivity(symbol=symbol)):
                held[symbol] = entry.quantity or ZERO
            case _:
                pass
    for change in facts.exchange.cash_history:
        if change.balance < 0:
            yield _violation(facts, Invariant.BOUNDED, f"cash is {change.balance}", change.cause)


def _beyond_plan(facts: Evidence, cycle: CycleFacts) -> Iterator[Violation]:
    planned = {
        (o.symbol, o.side): o.quantity for o in (cycle.plan.plan.orders if cycle.plan else ())
    }
    filled: dict[tuple[Symbol, Side], Decimal] = defaultdict(lambda: ZERO)
    for order in facts.own_orders:
        intent = facts.intents.get(order.client_order_id)
        if intent is not None and intent.cycle == cycle.key:
            filled[order.symbol, order.side] += order.filled_quantity
    for (symbol, side), quantity in filled.items():
        allowed = planned.get((symbol, side), ZERO)
        listed = facts.exchange.listed.get(symbol)
        step = listed.quantity_increment if listed is not None else None
        if quantity > allowed + (step or ZERO):
            what = f"{side} {quantity} {symbol}, planned {allowed} ({cycle.key.trading_day})"
            yield _violation(facts, Invariant.BOUNDED, what, symbol)


# G3


def unannounced(facts: Evidence) -> Iterator[Violation]:
    """Orders that reached the broker before they were durably in the journal, or never were."""
    written: dict[str, OrderIntended] = {}
    reached = 0
    for note in facts.notes:
        match note.what:
            case Written(entry=entry) if isinstance(entry.event, OrderIntended):
                written[entry.event.request.client_order_id] = entry.event
            case ReachedBroker(request=request):
                reached += 1
                intended = written.get(request.client_order_id)
                if intended is None or intended.request != request:
                    why = "was not" if intended is None else "was otherwise"
                    what = f"{request.client_order_id} was sent and {why} in the journal"
                    yield _violation(facts, Invariant.WRITE_AHEAD, what, request.client_order_id)
            case _:
                pass
    received = sum(1 for r in facts.exchange.received if is_own(r.request.client_order_id))
    if received != reached:
        what = f"{received} own orders were received, {reached} were seen on the way"
        yield _violation(facts, Invariant.WRITE_AHEAD, what)


def sent_after_a_stop(facts: Evidence) -> Iterator[Violation]:
    """Orders sent after a failed write or a thrown kill switch, or to another account."""
    stop: FaultKind | None = None
    day = -1
    for note in facts.notes:
        match note.what:
            case Began():
                new_day, day = note.what.day != day, note.what.day
                if new_day or stop is FaultKind.WRITE_FAILS:
                    stop = None
            case Struck(kind=FaultKind.WRITE_FAILS | FaultKind.KILL_SWITCH):
                stop = note.what.kind
            case ReachedBroker() if stop is not None:
                what = f"{note.what.request.client_order_id} was sent after: {stop}"
                yield _violation(facts, Invariant.STOPPED, what)
            case ReachedOtherAccount():
                what = f"{note.what.request.client_order_id} was sent to another account"
                yield _violation(facts, Invariant.STOPPED, what)
            case _:
                pass


# G5


def guesses(facts: Evidence, grace: timedelta) -> Iterator[Violation]:
    """Orders that were called refused or absent without proof."""
    for position, event in facts.written:
        match event:
            case OrderRefused() if not _was_refused(facts, position, event):
                what = f"{event.client_order_id} is called refused ({event.kind})"
                yield _violation(facts, Invariant.NO_GUESS, what, event.client_order_id)
            case OrderAbsent() if not _was_absent(facts, position, event, grace):
                what = f"{event.client_order_id} is called absent"
                yield _violation(facts, Invariant.NO_GUESS, what, event.client_order_id)
            case _:
                pass


def _was_refused(facts: Evidence, position: int, event: OrderRefused) -> bool:
    """The exchange had refused it, of that kind, and not for having the order already."""
    at = facts.notes[position].at
    return event.kind is not RejectionKind.DUPLICATE_ID and any(
        received.refusal is not None and received.refusal.kind is event.kind and received.at <= at
        for received in facts.exchange.received
        if received.request.client_order_id == event.client_order_id
    )


def _was_absent(facts: Evidence, position: int, event: OrderAbsent, grace: timedelta) -> bool:
    """It really was not there, or the broker had said so twice, the last time after the grace."""
    at = facts.notes[position].at
    there = [
        order
        for order in facts.accepted(event.client_order_id)
        if order.accepted <= at and not facts.is_forgotten(order)
    ]
    if not there:
        return True
    sent: datetime | None = None
    denials: list[datetime] = []
    for note in facts.notes[:position]:
        match note.what:
            case ReachedBroker(request=request):
                if request.client_order_id == event.client_order_id:
                    sent, denials = note.at, []
            case ToldOfOrder(client_order_id=identifier, report=report):
                if identifier == event.client_order_id:
                    denials = [*denials, note.at] if report is None else []
            case _:
                pass
    enough = len(denials) >= _PROOFS
    return enough and (sent is None or denials[-1] - sent >= grace)


def _violation(facts: Evidence, invariant: Invariant, what: str, about: str = "") -> Violation:
    return Violation(invariant, what, story(facts.notes, about))
