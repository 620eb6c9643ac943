"""The account at the simulated exchange as a fold over its ledger."""

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

from attrs import define, field, frozen

from alchemiser_alpaca.simulator.exchange import activities, holdings, order_fold
from alchemiser_alpaca.simulator.exchange.account import AccountFlags, Activity
from alchemiser_alpaca.simulator.exchange.entries import (
    CancelRefused,
    CashMoved,
    Entry,
    Executed,
    FlagsSet,
    MarketClosed,
    Opened,
    OrderForgotten,
    OrderRefused,
    OrderTaken,
    PositionRemoved,
    Replaced,
    ReplaceRefused,
    SessionClosed,
    SplitBooked,
    StatusChanged,
    StopReached,
    TrailMoved,
)
from alchemiser_alpaca.simulator.exchange.holdings import Holding
from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder
from alchemiser_core.domain.money import CENT, ZERO
from alchemiser_core.simulation.exchange.exact import EXACT, exact_value


@frozen
class Undo:
    """Cash, and the shares of a symbol, as they were before a change."""

    at: datetime
    cash: Decimal
    symbol: str | None
    held: Holding | None


@define
class AccountState:
    """Cash, holdings, orders and history; changed by `apply` alone."""

    opened: Opened | None = None
    cash: Decimal = ZERO
    flags: AccountFlags = field(factory=AccountFlags)
    held: dict[str, Holding] = field(factory=dict)
    orders: dict[str, SimulatedOrder] = field(factory=dict)
    """By id, in the order in which they were taken."""
    by_client: dict[str, SimulatedOrder] = field(factory=dict)
    sequence: list[SimulatedOrder] = field(factory=list)
    """The same as `orders`, by position."""
    open: dict[str, SimulatedOrder] = field(factory=dict)
    open_of: dict[str, dict[str, SimulatedOrder]] = field(factory=dict)
    """Open orders by symbol and id, oldest first."""
    taken: int = 0
    """How many orders there were, those that the broker forgot as well."""
    held_cash: Decimal = ZERO
    """What open buys hold back together."""
    activities: list[Activity] = field(factory=list)
    activity_places: dict[str, int] = field(factory=dict)
    closed: list[SessionClosed] = field(factory=list)
    splits: list[SplitBooked] = field(factory=list)
    closures: list[MarketClosed] = field(factory=list)
    at: datetime | None = None
    """The time of the last entry."""
    _held_by: dict[str, Decimal] = field(factory=dict)
    _undo: list[Undo] = field(factory=list)

    def apply(self, entry: Entry) -> None:
        """Take in what happened."""
        self.at = entry.at
        match entry:
            case Opened():
                self.opened, self.cash = entry, entry.cash
            case OrderTaken():
                self._take(entry)
            case StatusChanged() | StopReached() | TrailMoved() | Executed() | Replaced():
                self._change(entry)
            case OrderForgotten():
                self._forget(entry)
            case CashMoved() | SplitBooked() | PositionRemoved():
                self._book(entry)
            case FlagsSet():
                self.flags = entry.flags
            case MarketClosed():
                self.closures.append(entry)
            case SessionClosed():
                self.closed.append(entry)
            case OrderRefused() | ReplaceRefused() | CancelRefused():
                pass  # It is in the ledger to be read, and changes nothing.

    def apply_all(self, entries: Iterable[Entry]) -> None:
        """Take in entries in their order."""
        for entry in entries:
            self.apply(entry)

    # Orders

    def _take(self, entry: OrderTaken) -> None:
        self.taken += 1
        order = order_fold.taken(entry, self.taken)
        self.orders[order.id] = self.by_client[order.client_order_id] = order
        self.sequence.append(order)
        self.open[order.id] = order
        self.open_of.setdefault(order.symbol, {})[order.id] = order
        if entry.replaces is not None:
            order_fold.ask_replacement(self.orders[entry.replaces], entry)
        self._weigh(order)

    def _change(
        self, entry: StatusChanged | StopReached | TrailMoved | Executed | Replaced
    ) -> None:
        order = self.orders[entry.order_id]
        match entry:
            case StatusChanged():
                order_fold.change_status(order, entry)
                self._let_go_of_predecessor(order)
            case StopReached():
                order.triggered_at, order.updated_at = entry.at, entry.at
            case TrailMoved():
                order_fold.move_trail(order, entry)
            case Executed():
                order_fold.execute(order, entry)
                self._settle(entry, order)
            case Replaced():
                order_fold.replace(order, self.orders[entry.successor], entry)
        self._weigh(order)

    def _let_go_of_predecessor(self, order: SimulatedOrder) -> None:
        """A successor that is over before its time has no predecessor any more."""
        waits_for = self.orders.get(order.replaces or "")
        if waits_for is not None and waits_for.successor == order.id and not order.is_open:
            waits_for.successor = None

    def _weigh(self, order: SimulatedOrder) -> None:
        """Keep in step what the order, and the one it belongs to, hold back, and what is open."""
        chain = (order.id, order.successor, order.replaced_by, order.replaces)
        for identifier in (i for i in chain if i in self.orders):
            each = self.orders[identifier]
            self._hold(each.id, self._holds(each))
            if not each.is_open:
                self._drop(each)

    def _drop(self, order: SimulatedOrder) -> None:
        if self.open.pop(order.id, None) is not None:
            others = self.open_of[order.symbol]
            del others[order.id]
            if not others:
                del self.open_of[order.symbol]

    def _hold(self, identifier: str, amount: Decimal) -> None:
        before = self._held_by.pop(identifier, ZERO)
        self.held_cash = EXACT.add(self.held_cash, EXACT.subtract(amount, before))
        if amount:
            self._held_by[identifier] = amount

    def _holds(self, order: SimulatedOrder) -> Decimal:
        """Of an order and its successor together the larger amount, told of the older one."""
        if self.waits(order):
            return ZERO
        successor = self.orders.get(order.successor or "")
        return max(_held_cash(order), ZERO if successor is None else _held_cash(successor))

    def waits(self, order: SimulatedOrder) -> bool:
        """Whether the order is to replace one that has not made way yet."""
        older = self.orders.get(order.replaces or "")
        return older is not None and older.successor == order.id and older.is_open

    def _forget(self, entry: OrderForgotten) -> None:
        order = self.orders[entry.order_id]
        self._hold(order.id, ZERO)
        self._drop(order)
        older = self.orders.get(order.replaces or "")
        if older is not None and older.successor == order.id:
            older.successor = None
        del self.orders[order.id]
        del self.by_client[order.client_order_id]
        self.sequence.remove(order)
        successor = self.orders.get(order.successor or "")
        if successor is not None:
            self._weigh(successor)

    # Cash and shares

    def _settle(self, entry: Executed, order: SimulatedOrder) -> None:
        before = self.held.get(entry.symbol)
        value = exact_value(entry.qty, entry.price)
        after = (
            holdings.bought(before, entry.qty, value)
            if order.is_buy
            else holdings.sold(before, entry.qty)
        )
        self._move(entry.at, entry.cash, entry.symbol, after)
        self._tell(activities.fill_of(entry, order))

    def _book(self, entry: CashMoved | SplitBooked | PositionRemoved) -> None:
        match entry:
            case CashMoved():
                self._move(entry.at, entry.amount)
                self._tell(activities.cash_of(entry))
            case SplitBooked():
                self.splits.append(entry)
                held = self.held.get(entry.symbol)
                after = None if held is None else holdings.split(held, entry.came)
                self._move(entry.at, entry.cash, entry.symbol, after)
                if held is not None:
                    self._tell(activities.split_of(entry))
            case PositionRemoved():
                self._move(entry.at, entry.cash, entry.symbol)
                self._tell(activities.removal_of(entry))

    def _move(
        self, at: datetime, cash: Decimal, symbol: str | None = None, after: Holding | None = None
    ) -> None:
        before = None if symbol is None else self.held.get(symbol)
        self._undo.append(Undo(at, self.cash, symbol, before))
        self.cash = EXACT.add(self.cash, cash).quantize(CENT, context=EXACT)
        if symbol is not None:
            self.held.pop(symbol, None)
            if after is not None:
                self.held[symbol] = after

    def _tell(self, activity: Activity) -> None:
        self.activity_places[activity.id] = len(self.activities)
        self.activities.append(activity)

    def as_of(self, at: datetime) -> tuple[Decimal, dict[str, Holding]]:
        """Cash and holdings as they were at a time that has passed."""
        cash, held = self.cash, dict(self.held)
        for undo in reversed(self._undo):
            if undo.at <= at:
                break
            cash = undo.cash
            if undo.symbol is not None:
                held.pop(undo.symbol, None)
                if undo.held is not None:
                    held[undo.symbol] = undo.held
        return cash, held

    def held_by(self, order_id: str) -> Decimal:
        """Cash that an open order holds back."""
        return self._held_by.get(order_id, ZERO)

    def reserved(self, symbol: str) -> Decimal:
        """Shares that open sells hold back, of a pair of replaced and successor the larger."""
        total = ZERO
        for order in self.open_of.get(symbol, {}).values():
            if not order.is_buy and not self.waits(order):
                successor = self.orders.get(order.successor or "")
                larger = ZERO if successor is None else _held_shares(successor)
                total = EXACT.add(total, max(_held_shares(order), larger))
        return total


def _held_shares(order: SimulatedOrder) -> Decimal:
    if order.notional is not None:
        return EXACT.subtract(order.held_qty, order.filled_qty)
    return order.remaining


def _held_cash(order: SimulatedOrder) -> Decimal:
    """What is left of the largest amount that the order can cost, in whole cents."""
    if not order.is_buy or not order.is_open:
        return ZERO
    most = order.notional
    if most is None:
        rest = EXACT.multiply(order.remaining, order.held_price)
        most = EXACT.add(order.filled_value, rest).quantize(CENT, ROUND_CEILING, EXACT)
    return EXACT.subtract(most, order.moved_cash)
