"""The simulated exchange: one cash account that takes orders as a broker does."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from attrs import define
from returns.result import Failure, Result, Success

from alchemiser_core.domain.account import Account, Activity, HeldPosition
from alchemiser_core.domain.instrument import Instruments
from alchemiser_core.domain.money import ZERO, Usd
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.order import OrderRequest, OrderType
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.orders.submission import Rejected, RejectionKind
from alchemiser_core.domain.portfolio.cash import CashReason
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.simulation.exchange import activities
from alchemiser_core.simulation.exchange.behaviour import AT_ONCE
from alchemiser_core.simulation.exchange.engine import MatchingEngine
from alchemiser_core.simulation.exchange.entries import (
    Booked,
    CancelTaken,
    CashChange,
    Execution,
    Opened,
    Received,
)
from alchemiser_core.simulation.exchange.matching import far_side, scheduled
from alchemiser_core.simulation.exchange.refusals import (
    Pricing,
    in_the_way,
    too_small,
    unacceptable,
    uncovered,
)

_ONE = Decimal(1)


@define
class SimulatedExchange(MatchingEngine):
    """An account, its orders and its ledger. Every call that needs the time is told it."""

    is_live: bool = False
    is_blocked: bool = False
    """The account takes no orders."""

    @property
    def cash(self) -> Usd:
        """Cash as it really is, without any lag."""
        return self.state.cash

    @property
    def held(self) -> dict[Symbol, Decimal]:
        """Shares as they really are, without any lag."""
        return dict(self.state.held)

    @property
    def received(self) -> list[Received]:
        """Every request that reached the exchange, with its time and answer."""
        return self.state.received

    @property
    def executions(self) -> list[Execution]:
        """Every fill, in order."""
        return self.state.executions

    @property
    def cash_history(self) -> list[CashChange]:
        """Every movement of cash, in order."""
        return self.state.cash_history

    def submit(self, request: OrderRequest, at: datetime) -> Result[OrderReport, Rejected]:
        """Accept or refuse an order; where the latency is 0 the answer has what was filled."""
        self.advance(at)
        moment = self._moment(at)
        price = request.limit_price
        if price is None:
            price = far_side(request.side, self.market.quote(request.symbol, moment))
        pricing = Pricing(price, self._held_rate(request))
        day = moment.date() if self.session is None else self.session.day
        refusal = self._refusal(request, moment, pricing)
        if refusal is not None:
            self.state.apply(Received(request, moment, day, None, refusal))
            return Failure(refusal)
        identifier = f"{self.number}-o{len(self.state.orders) + 1}"
        self.state.apply(self._accepted(request, moment, day, identifier, pricing))
        self._run(moment)
        return Success(self.state.orders[identifier].report())

    def _accepted(
        self,
        request: OrderRequest,
        at: datetime,
        day: date,
        identifier: str,
        pricing: Pricing,
    ) -> Received:
        behaviour = self.behaviour
        parts = behaviour.fills.parts(request)
        first = at + behaviour.latency
        due = scheduled(request, self.listed[request.symbol], parts, first)
        held = pricing.price if request.side is Side.BUY else None
        return Received(request, at, day, identifier, None, due, held or ZERO, pricing.held_rate)

    def _held_rate(self, request: OrderRequest) -> Decimal:
        behaviour = self.behaviour
        rate = _ONE + behaviour.costs.rate
        return rate + behaviour.collar if request.order_type is OrderType.MARKET else rate

    def _refusal(self, request: OrderRequest, at: datetime, pricing: Pricing) -> Rejected | None:
        state, behaviour = self.state, self.behaviour
        known = state.by_client.get(request.client_order_id)
        if known is not None:
            words = "there is an order of this client order id"
            return Rejected(RejectionKind.DUPLICATE_ID, words, known.broker_order_id)
        if self.is_blocked:
            return Rejected(RejectionKind.OTHER, "the account is blocked")
        instrument = self.listed.get(request.symbol)
        found = unacceptable(request, instrument) or behaviour.refusing.get(request.symbol)
        if found is not None or instrument is None:
            return found
        if not behaviour.takes_orders_when_closed and not self.is_open(at):
            return Rejected(RejectionKind.MARKET_CLOSED, "the market is closed")
        return (
            too_small(request, instrument, pricing.price)
            or in_the_way(request, state)
            or uncovered(request, state, pricing)
        )

    def cancel(self, broker_order_id: str, at: datetime) -> OrderReport | None:
        """Take a cancel and say how the order stands now; `None` where there is no such order."""
        self.advance(at)
        order = self.state.orders.get(broker_order_id)
        if order is None:
            return None
        if order.status is OrderStatus.OPEN:
            moment, behaviour = self._moment(at), self.behaviour
            due = None if behaviour.cancels_hang else moment + behaviour.cancel_delay
            self.state.apply(CancelTaken(broker_order_id, due, moment))
            if due is not None and behaviour.cancel_delay == AT_ONCE:
                self._end(order, OrderStatus.CANCELLED, "", moment)
        return order.report()

    def reject(self, broker_order_id: str, reason: str, at: datetime) -> None:
        """Reject an accepted order that is open; what was filled stays."""
        self.advance(at)
        if broker_order_id in self.state.open:
            order = self.state.orders[broker_order_id]
            self._end(order, OrderStatus.REJECTED, reason, self._moment(at))

    def order(self, client_order_id: str) -> OrderReport | None:
        """The order of that id; `None` where there is none."""
        found = self.state.by_client.get(client_order_id)
        return None if found is None else found.report()

    def orders(self, since: date) -> tuple[OrderReport, ...]:
        """Open orders and those of sessions from `since` on, in the order of acceptance."""
        older = (order for order in self.state.open.values() if order.session < since)
        return tuple(order.report() for order in (*older, *self.state.accepted_since(since)))

    # The account

    def account(self) -> Account:
        """Number and cash, as old as the read lag has it."""
        cash = self.state.cash
        if self.behaviour.read_lag and self.now is not None:
            cash = self.state.cash_at(self.now - self.behaviour.read_lag)
        return Account(self.number, cash, self.is_live, self.is_blocked)

    def positions(self) -> tuple[HeldPosition, ...]:
        """What is held, as old as the read lag has it, sorted by symbol."""
        cutoff = None if self.now is None else self.now - self.behaviour.read_lag
        return self.state.positions_at(cutoff)

    def instruments(self, symbols: Collection[Symbol]) -> Instruments:
        """Those of the symbols that are known."""
        return {s: self.listed[s] for s in symbols if s in self.listed}

    def activities(self, since: date) -> tuple[Activity, ...]:
        """What happened beside the orders in sessions from `since` on, oldest first."""
        return tuple(a for a in self.state.activities if a.session >= since)

    def fund(self, cash: Decimal, at: datetime) -> None:
        """The cash that the account starts with, which is no deposit; before anything else."""
        if self.state.entries:
            raise ValueError("the account has already started")
        self.state.apply(Opened(Usd(cash), at))

    def deposit(self, amount: Decimal, session: date, at: datetime) -> Activity:
        """Cash comes in; `ValueError` where it is not above 0 and in whole cents."""
        return self._move(CashReason.DEPOSIT, _positive(amount), session, at)

    def withdraw(self, amount: Decimal, session: date, at: datetime) -> Result[Activity, Rejected]:
        """Cash goes out, as far as open orders do not hold it back."""
        free = self.state.cash - self.state.held_cash()
        if _positive(amount) > free:
            words = f"{free} US dollars are free"
            return Failure(Rejected(RejectionKind.INSUFFICIENT_CASH, words))
        return Success(self._move(CashReason.WITHDRAWAL, -amount, session, at))

    def interest(self, amount: Decimal, session: date, at: datetime) -> Activity:
        """Interest is paid to the account."""
        return self._move(CashReason.INTEREST, _positive(amount), session, at)

    def fee(self, amount: Decimal, session: date, at: datetime) -> Activity:
        """The broker takes a fee, whatever cash there is."""
        return self._move(CashReason.FEE, -_positive(amount), session, at)

    def dividend(
        self, symbol: Symbol, per_share: Decimal, session: date, at: datetime
    ) -> Activity | None:
        """Cash for every share that is held; `None` where that is less than a cent."""
        paid = activities.dividend_of(self.state.held.get(symbol, ZERO), per_share)
        if not paid:
            return None
        return self._move(CashReason.DIVIDEND, paid, session, at, symbol)

    def split(self, symbol: Symbol, ratio: Decimal, session: date, at: datetime) -> Activity | None:
        """`ratio` new shares for one at prices after the split; orders of the symbol are cancelled.

        `None` where none is held.
        """
        self._clear(symbol, "cancelled by a split", at)
        held = self.state.held.get(symbol, ZERO)
        if not held:
            return None
        moment = self._moment(at)
        price = far_side(Side.SELL, self.market.quote(symbol, moment)) or ZERO
        increment = self.listed[symbol].quantity_increment
        when = (session, moment)
        return self._book(
            activities.split(self._next(), (symbol, ratio), held, increment, price, when)
        )

    def remove(self, symbol: Symbol, cash: Decimal, session: date, at: datetime) -> Activity | None:
        """The position ends for an amount of cash; `None` where none is held."""
        self._clear(symbol, "cancelled by the end of the security", at)
        if symbol not in self.state.held:
            return None
        moment = self._moment(at)
        return self._book(activities.removal(self._next(), symbol, cash, session, moment))

    def _clear(self, symbol: Symbol, why: str, at: datetime) -> None:
        self.advance(at)
        for order in self.state.open_of(symbol):
            self._end(order, OrderStatus.CANCELLED, why, self._moment(at))

    def _next(self) -> str:
        return f"{self.number}-a{len(self.state.activities) + 1}"

    def _move(
        self,
        reason: CashReason,
        amount: Decimal,
        session: date,
        at: datetime,
        symbol: Symbol | None = None,
    ) -> Activity:
        self.advance(at)
        moment = self._moment(at)
        return self._book(activities.moved(self._next(), reason, amount, session, moment, symbol))

    def _book(self, entry: Booked) -> Activity:
        self.state.apply(entry)
        return entry.activity


def _positive(amount: Decimal) -> Decimal:
    if not (amount.is_finite() and amount > 0):
        raise ValueError(f"{amount} is not above 0")
    return amount
