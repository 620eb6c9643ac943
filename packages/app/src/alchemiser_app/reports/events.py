"""Journal events in words: the lines that a cycle prints while it runs, and that history repeats.

Events that tell a person nothing, as a cancel that was asked for between two steps, have no line.
"""

from collections.abc import Mapping
from decimal import Decimal

from alchemiser_app.reports.money import money, percent, price, quantity
from alchemiser_core.domain.account import CashActivity, RemovalActivity, SplitActivity
from alchemiser_core.domain.journal.account_events import (
    ActivityBooked,
    BooksOpened,
    CashMovedBetweenBooks,
    DifferenceAccepted,
    DiscrepancyEnded,
    LateFillAccepted,
    LateFillsSettled,
    OrderAdopted,
)
from alchemiser_core.domain.journal.events import (
    AlertRaised,
    BooksSettled,
    BuysSized,
    CycleClosed,
    CycleOpened,
    Halted,
    JournalEvent,
    LineEnd,
    LineEnded,
    OrderAbsent,
    OrderIntended,
    OrderRefused,
    OrderReported,
    OrderUnresolved,
    Resumed,
    StrategyDecided,
    StrategyHeld,
)
from alchemiser_core.domain.orders.order import OrderType
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus

_EXPECTED = (LineEnd.FILLED, LineEnd.NOT_NEEDED)
"""Ends of a symbol's orders that need no word of their own."""


def event_line(event: JournalEvent) -> str | None:
    """One line about an event; `None` where there is nothing to say."""
    match event:
        case CycleOpened():
            return f"cycle of {event.cycle.trading_day} ({event.decide_on}, {event.tactic})"
        case StrategyDecided():
            return _decided(event)
        case StrategyHeld():
            return f"  {event.strategy} cannot decide and keeps what it holds: {event.why}"
        case CycleClosed():
            value = f", equity {money(event.equity)}" if event.equity is not None else ""
            return f"cycle of {event.cycle.trading_day} {event.outcome}{value}"
        case Halted():
            return f"HALTED: {event.why or event.code}"
        case Resumed():
            return f"resumed: {event.why}"
        case AlertRaised():
            return f"  {event.alert.severity}: {event.alert.text}"
        case _:
            return _order_line(event) or _account_line(event)


def _decided(event: StrategyDecided) -> str:
    wanted = ", ".join(f"{symbol} {percent(w)}" for symbol, w in event.weights.items())
    trades = f"trades: {event.reason}" if event.reason is not None else "its policy does not trade"
    return f"  {event.strategy} decides by {event.as_of}: {wanted or 'cash'}; {trades}"


def _order_line(event: JournalEvent) -> str | None:
    match event:
        case OrderIntended():
            request = event.request
            limit = request.limit_price
            how = f"limit {price(limit)}" if limit is not None else OrderType.MARKET.value
            return f"  {request.side:<4} {quantity(request.quantity)} {request.symbol}, {how}"
        case OrderReported():
            return _report_line(event.report)
        case OrderRefused():
            return f"       refused ({event.kind}): {event.message}"
        case OrderUnresolved():
            return f"       no answer, looked up: {event.why}"
        case OrderAbsent():
            return f"       not at the broker; {'sent again' if event.resend else 'given up'}"
        case BuysSized() if event.part == 1:
            return f"  cash for buys {money(event.cash)}"
        case BooksSettled():
            return _crossed(event)
        case LineEnded() if event.end not in _EXPECTED:
            why = f": {event.why}" if event.why else ""
            return f"  {event.symbol} ends without all that was planned: {event.end}{why}"
        case _:
            return None


def _report_line(report: OrderReport) -> str | None:
    ended = report.status.is_terminal and report.status is not OrderStatus.FILLED
    if report.filled_quantity and report.filled_value is not None:
        each = report.filled_value / report.filled_quantity
        part = (
            "" if report.filled_quantity == report.quantity else f" of {quantity(report.quantity)}"
        )
        costs = f", costs {money(report.costs)}" if report.costs else ""
        return (
            f"       {report.symbol}{f' {report.status},' if ended else ''} filled "
            f"{quantity(report.filled_quantity)}{part} at {price(each)} "
            f"= {money(report.filled_value)}{costs}"
        )
    if report.status is OrderStatus.OPEN:
        return None
    return f"       {report.symbol} {report.status} {report.reason}".rstrip()


def _crossed(event: BooksSettled) -> str | None:
    """What books have traded with each other; what came from the market was told already."""
    parts = ", ".join(
        f"{name} {fill.side}s {quantity(fill.quantity)}"
        for name, fills in event.fills.items()
        for fill in fills
        if fill.client_order_id is None and fill.quantity
    )
    return f"  {event.symbol} crossed between books: {parts}" if parts else None


def _account_line(event: JournalEvent) -> str | None:
    match event:
        case BooksOpened():
            return f"  books opened: {', '.join(event.books)} ({event.why})"
        case CashMovedBetweenBooks() if event.transfers:
            moved = (
                f"{money(t.amount)} from {t.source} to {t.destination}" for t in event.transfers
            )
            return f"  {', '.join(moved)}"
        case ActivityBooked():
            return _activity(event)
        case DifferenceAccepted():
            return f"  difference booked, {event.name}: {_amounts(event.amounts)} ({event.why})"
        case LateFillsSettled() if event.fills:
            fills = [fill for own in event.fills.values() for fill in own]
            shares = sum((fill.quantity for fill in fills), start=Decimal(0))
            day = event.cycle.trading_day
            return f"  {event.symbol} filled {quantity(shares)} more after the cycle of {day}"
        case LateFillAccepted(fill=fill):
            said = f"{fill.side} {quantity(fill.quantity)} {fill.symbol}"
            return f"  late fill accepted that no book could take: {said}"
        case OrderAdopted():
            report = event.report
            said = f"{report.side} {report.symbol} {report.status}"
            return f"  order accepted that the journal did not know: {said} ({event.why})"
        case DiscrepancyEnded():
            return f"  differs no more: {event.code.replace('-', ' ')}, {event.subject}"
        case _:
            return None


def _activity(event: ActivityBooked) -> str:
    match event.activity:
        case CashActivity() as cash:
            of = f" of {cash.symbol}" if cash.symbol else ""
            return f"  {cash.reason}{of} {money(cash.amount)} on {cash.session}"
        case SplitActivity() as split:
            return f"  {split.symbol} split, {quantity(split.ratio)} new for one"
        case RemovalActivity() as removal:
            return f"  {removal.symbol} ended for {money(removal.cash)}"


def _amounts(amounts: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{name} {quantity(amount)}" for name, amount in amounts.items())
