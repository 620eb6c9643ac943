"""Orders: what the broker says of those in the journal, and those that the journal lacks."""

from collections.abc import Iterable

from alchemiser_core.domain.journal.account_events import LateFillsSettled, OrderAdopted
from alchemiser_core.domain.journal.events import OrderIntended, OrderReported
from alchemiser_core.domain.money import ZERO
from alchemiser_core.domain.orders.identifiers import ClientOrderId
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.execution.progress import OrderProgress
from alchemiser_core.services.closed_cycles import ClosedCycle, progress_of
from alchemiser_core.services.ledger import OpenCycle
from alchemiser_core.services.reconciliation.discrepancies import (
    Discrepancy,
    DiscrepancyKind,
    of_order,
)
from alchemiser_core.services.reconciliation.findings import Findings
from alchemiser_core.services.reconciliation.late_fills import late_fills

_SLICES, _EPOCHS = 64, 4
"""How far ids of a cycle are tried to find the one of an order that the journal lacks."""


def reconcile_orders(found: Findings) -> None:
    """Take in everything that the broker says of orders, own and foreign."""
    closed = {i for cycle in found.ledger.closed for i in cycle.orders}
    own: list[OrderReport] = []
    for report in found.seen.orders:
        if not report.is_own:
            _foreign(found, report)
        elif report.client_order_id not in closed:
            own.append(report)
    for report in _not_of_open_cycle(found, own):
        _unknown(found, report)
    for cycle in found.ledger.closed:
        _closed(found, cycle)


def _foreign(found: Findings, report: OrderReport) -> None:
    if not report.status.is_terminal:
        found.left_alone.add(report.symbol)
        found.differ(of_order(DiscrepancyKind.FOREIGN_ORDER, report, "not of Alchemiser's"))


def _not_of_open_cycle(found: Findings, reports: Iterable[OrderReport]) -> list[OrderReport]:
    """Reports of other orders than the open cycle's; what is new of these is put down."""
    cycle = found.ledger.cycle
    if cycle is None:
        return list(reports)
    known = progress_of(cycle.orders)
    lost: list[tuple[OrderRequest, OrderReport]] = []
    others: list[OrderReport] = []
    for report in reports:
        progress = known.get(ClientOrderId(report.client_order_id))
        request = None if progress is not None else _request(cycle, report)
        if progress is not None and progress.told(report) != progress:
            known[progress.request.client_order_id] = progress.told(report)
            found.record(OrderReported(report))
        elif request is not None:
            lost.append((request, report))
        elif progress is None:
            others.append(report)
    for request, report in sorted(lost, key=lambda pair: pair[0].slice_number):
        found.record(OrderIntended(request), OrderReported(report))
        text = f"{request.side} {request.symbol} was not in the journal and is of this cycle"
        found.tell("order-recovered", text, request.client_order_id)
    return others


def _request(cycle: OpenCycle, report: OrderReport) -> OrderRequest | None:
    """The request that must have made an order, where it can only be of the cycle's plan."""
    if cycle.plan is None:
        return None
    if not any((o.symbol, o.side) == (report.symbol, report.side) for o in cycle.plan.plan.orders):
        return None
    for place in range(_SLICES):
        for epoch in range(_EPOCHS):
            identifier = cycle.key.order_id(report.symbol, report.side, place, epoch)
            if identifier == report.client_order_id:
                return OrderRequest(
                    identifier,
                    report.symbol,
                    report.side,
                    report.quantity,
                    slice_number=place,
                )
    return None


def _unknown(found: Findings, report: OrderReport) -> None:
    """An order with our prefix that the journal does not have: another journal's, or a lost one's.

    One that ended without any fill has done nothing.
    """
    is_open = not report.status.is_terminal
    if not is_open and not report.filled_quantity:
        return
    accepted = found.ledger.adopted.get(report.client_order_id)
    if accepted is None or accepted.filled_quantity != report.filled_quantity:
        if not found.policy.adopts:
            found.differ(of_order(DiscrepancyKind.UNKNOWN_ORDER, report, "not known"))
            return
        found.record(OrderAdopted(report, "the journal did not know it"))
        text = f"{report.side} {report.filled_quantity} {report.symbol} of an unknown order"
        found.tell("order-adopted", text, report.client_order_id)
    if is_open:
        _stale(found, report)


def _stale(found: Findings, report: OrderReport) -> None:
    found.stale.append(report)
    found.left_alone.add(report.symbol)
    found.differ(of_order(DiscrepancyKind.STALE_ORDER, report, "its cycle is closed"))


def _closed(found: Findings, cycle: ClosedCycle) -> None:
    """What became of the orders of a closed cycle."""
    heard = {r.client_order_id: r for r in found.seen.orders if r.client_order_id in cycle.orders}
    if all(_is_done(cycle, p, heard.get(i)) for i, p in cycle.orders.items()):
        return
    symbols = sorted({progress.request.symbol for progress in cycle.orders.values()})
    for symbol in symbols:
        own = {i: p for i, p in cycle.orders.items() if p.request.symbol == symbol}
        news = {i: heard[i] for i in own if i in heard and own[i].told(heard[i]) != own[i]}
        now = {i: p.told(news[i]) if i in news else p for i, p in own.items()}
        fills = late_fills(found, cycle, symbol, now)
        if news or fills:
            found.record(LateFillsSettled(cycle.key, symbol, tuple(news.values()), fills))
        if fills:
            text = f"{symbol} was filled after its cycle was closed"
            found.tell("late-fill", text, symbol)
        for identifier, progress in now.items():
            _unended(found, progress, heard.get(identifier))


def _is_done(cycle: ClosedCycle, progress: OrderProgress, report: OrderReport | None) -> bool:
    """Whether an order is over and in the books, and nothing else is said of it."""
    news = report is not None and (not progress.knows(report) or _is_open(progress, report))
    if news or not progress.is_over:
        return False
    booked = cycle.booked.get(progress.request.client_order_id)
    return progress.filled_quantity <= (ZERO if booked is None else booked.quantity)


def _unended(found: Findings, progress: OrderProgress, report: OrderReport | None) -> None:
    """Name an order of a closed cycle that is open, or is not over and cannot be found."""
    if report is not None:
        if _is_open(progress, report):
            _stale(found, report)
        return
    if progress.is_over:
        return
    request = progress.request
    said = f"{request.side} {request.quantity} {request.symbol} {progress.stage}"
    kind = DiscrepancyKind.VANISHED_ORDER
    found.differ(Discrepancy(kind, request.client_order_id, said, "no such order"))


def _is_open(progress: OrderProgress, report: OrderReport) -> bool:
    """Whether the broker has an order open and has never said that it was over.

    One that was given up because the broker did not show it may turn up later.
    """
    ended = progress.status is not None and progress.status.is_terminal
    whole = progress.filled_quantity >= progress.request.quantity
    return not (report.status.is_terminal or ended or whole)
