"""The ledger of the Alpaca simulator as that of core's simulated exchange, which the judge reads.

The two were written apart, and the fold of core has to end with the same cash and shares.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from alchemiser_alpaca.simulator.exchange import entries as alpaca
from alchemiser_alpaca.simulator.exchange.exchange import Exchange
from alchemiser_alpaca.simulator.exchange.order import Status
from alchemiser_alpaca.simulator.exchange.ticket import OrderTicket
from alchemiser_core.domain.account import CashActivity, RemovalActivity, SplitActivity
from alchemiser_core.domain.instrument import fractional_shares
from alchemiser_core.domain.money import ZERO, Usd
from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.orders.order import OrderRequest, OrderType
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.orders.submission import Rejected, RejectionKind
from alchemiser_core.domain.portfolio.cash import CashReason
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.simulation.exchange import (
    Booked,
    Execution,
    FixedMarket,
    SimulatedExchange,
)
from alchemiser_core.simulation.exchange.entries import CancelTaken, Ended, Entry, Opened, Received
from alchemiser_core.simulation.exchange.exact import EXACT, costs_in, exact_value

_ENDS = {
    Status.CANCELED: OrderStatus.CANCELLED,
    Status.EXPIRED: OrderStatus.EXPIRED,
    Status.REJECTED: OrderStatus.REJECTED,
    Status.REPLACED: OrderStatus.REPLACED,
}
_REASONS = {
    "CSD": CashReason.DEPOSIT,
    "CSW": CashReason.WITHDRAWAL,
    "DIV": CashReason.DIVIDEND,
    "INT": CashReason.INTEREST,
    "FEE": CashReason.FEE,
}
_KINDS = (
    (403, "insufficient buying power", RejectionKind.INSUFFICIENT_CASH),
    (403, "insufficient qty available", RejectionKind.INSUFFICIENT_QUANTITY),
    (403, "not allowed to short", RejectionKind.INSUFFICIENT_QUANTITY),
    (403, "wash trade", RejectionKind.WASH_TRADE),
    (422, "wash trade", RejectionKind.WASH_TRADE),
    (422, "client_order_id must be unique", RejectionKind.DUPLICATE_ID),
    (403, "is not fractionable", RejectionKind.NOT_FRACTIONABLE),
    (422, "is not tradable", RejectionKind.NOT_TRADABLE),
    (422, 'asset ".*" not found', RejectionKind.NOT_TRADABLE),
    (422, "sub-penny increment", RejectionKind.BAD_PRICE),
    (403, "minimal amount of order", RejectionKind.BELOW_MINIMUM),
)
"""What the vendor's words mean, written down here a second time: the adapter's table is tried."""


def kind_of(status: int, message: str) -> RejectionKind:
    """The kind of a refusal."""
    found = (k for code, words, k in _KINDS if code == status and re.search(words, message))
    return next(found, RejectionKind.OTHER)


def request_of(ticket: OrderTicket, shares: Decimal) -> OrderRequest:
    """A ticket as a request of core; `shares` stand in for the quantity of an order by value."""
    limit = ticket.limit_price
    return OrderRequest(
        ClientOrderId(ticket.client_order_id or "none"),
        Symbol(ticket.symbol),
        Side(ticket.side),
        ticket.qty or shares,
        OrderType.MARKET if limit is None else OrderType.LIMIT,
        limit,
    )


class _Reading:
    """Goes through the entries; keeps what a later entry needs of an earlier one."""

    def __init__(self, entries: Iterable[alpaca.Entry]) -> None:
        self.ledger = list(entries)
        self.held: dict[str, Decimal] = defaultdict(lambda: ZERO)
        self.day = date.min
        self.filled: dict[str, Decimal] = defaultdict(lambda: Decimal("1e-9"))
        for entry in self.ledger:
            if isinstance(entry, alpaca.Executed):
                self.filled[entry.order_id] += entry.qty

    def converted(self, entry: alpaca.Entry) -> Entry | None:
        """The entry in core's words; `None` for one that core has no need of."""
        match entry:
            case alpaca.Opened():
                return Opened(Usd(entry.cash), entry.at)
            case alpaca.OrderTaken():
                return self._taken(entry)
            case alpaca.OrderRefused():
                return self._refused(entry)
            case alpaca.Executed():
                return self._executed(entry)
            case alpaca.StatusChanged():
                return _changed(entry)
            case alpaca.Replaced():
                return Ended(entry.order_id, OrderStatus.REPLACED, "replaced", entry.at)
            case alpaca.CashMoved() | alpaca.SplitBooked() | alpaca.PositionRemoved():
                return self._booked(entry)
            case _:
                return None

    def _taken(self, entry: alpaca.OrderTaken) -> Received:
        self.day = entry.session
        request = request_of(entry.ticket, self.filled[entry.order_id])
        return Received(request, entry.at, entry.session, entry.order_id)

    def _refused(self, entry: alpaca.OrderRefused) -> Received:
        refusal = Rejected(kind_of(entry.status, entry.message), entry.message)
        request = request_of(entry.ticket, Decimal(1))
        return Received(request, entry.at, entry.at.date(), None, refusal)

    def _executed(self, entry: alpaca.Executed) -> Execution:
        side, value = Side(entry.side), exact_value(entry.qty, entry.price)
        self.held[entry.symbol] += entry.qty if side is Side.BUY else -entry.qty
        return Execution(
            entry.execution_id,
            entry.order_id,
            entry.client_order_id,
            Symbol(entry.symbol),
            side,
            entry.qty,
            entry.price,
            costs_in(side, value, entry.cash),
            entry.at,
        )

    def _booked(
        self, entry: alpaca.CashMoved | alpaca.SplitBooked | alpaca.PositionRemoved
    ) -> Booked:
        name = entry.activity_id
        match entry:
            case alpaca.CashMoved():
                symbol = None if entry.symbol is None else Symbol(entry.symbol)
                moved = CashActivity(
                    name, _REASONS[entry.kind], Usd(entry.amount), entry.day, symbol
                )
                return Booked(moved, entry.at)
            case alpaca.SplitBooked():
                self.held[entry.symbol] += entry.came
                split = SplitActivity(
                    name, Symbol(entry.symbol), entry.ratio, entry.day, Usd(entry.cash)
                )
                return Booked(split, entry.at, self.held[entry.symbol])
            case alpaca.PositionRemoved():
                del self.held[entry.symbol]
                gone = RemovalActivity(name, Symbol(entry.symbol), Usd(entry.cash), entry.day)
                return Booked(gone, entry.at)


def _changed(entry: alpaca.StatusChanged) -> Entry | None:
    if entry.status is Status.PENDING_CANCEL:
        return CancelTaken(entry.order_id, None, entry.at)
    if entry.status in _ENDS:
        return Ended(entry.order_id, _ENDS[entry.status], entry.reason, entry.at)
    return None


def core_exchange(exchange: Exchange) -> SimulatedExchange:
    """The account as core's exchange has it after the same entries."""
    symbols = tuple(Symbol(asset.symbol) for asset in exchange.assets)
    made = SimulatedExchange(
        exchange.terms.account_number, FixedMarket(), fractional_shares(symbols)
    )
    reading = _Reading(exchange.ledger.entries)
    for entry in reading.ledger:
        if isinstance(entry, alpaca.OrderForgotten):
            _forget(made, entry)
            continue
        converted = reading.converted(entry)
        if converted is not None:
            made.state.apply(converted)
        made.now = entry.at
    _compare(made, exchange.ledger.entries)
    return made


def _forget(made: SimulatedExchange, entry: alpaca.OrderForgotten) -> None:
    """As core's own simulation forgets: the order is in no list and under no id any more."""
    order = made.state.orders[entry.order_id]
    if entry.order_id in made.state.open:
        lost = Ended(entry.order_id, OrderStatus.CANCELLED, "forgotten", entry.at)
        made.state.apply(lost)
    made.state.by_client.pop(order.client_order_id, None)
    order.session = date.min


def _compare(made: SimulatedExchange, ledger: Iterable[alpaca.Entry]) -> None:
    """Cash and shares have to be the sums of what the entries themselves say."""
    cash, held = sums(ledger)
    assert made.cash == cash, f"core's exchange has {made.cash}, the entries say {cash}"
    assert made.held == held, f"core's exchange holds {made.held}, the entries say {held}"


def sums(ledger: Iterable[alpaca.Entry]) -> tuple[Decimal, Mapping[str, Decimal]]:
    """Cash and shares as the entries add up to, without any rule of an exchange."""
    cash = ZERO
    held: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for entry in ledger:
        match entry:
            case alpaca.Opened() | alpaca.SplitBooked() | alpaca.PositionRemoved():
                cash = EXACT.add(cash, entry.cash)
            case alpaca.Executed():
                cash = EXACT.add(cash, entry.cash)
                signed = entry.qty if entry.side == "buy" else -entry.qty
                held[entry.symbol] = EXACT.add(held[entry.symbol], signed)
            case alpaca.CashMoved():
                cash = EXACT.add(cash, entry.amount)
            case _:
                pass
        match entry:
            case alpaca.SplitBooked():
                held[entry.symbol] = EXACT.add(held[entry.symbol], entry.came)
            case alpaca.PositionRemoved():
                held[entry.symbol] = ZERO
            case _:
                pass
    return cash, {symbol: quantity for symbol, quantity in held.items() if quantity}
