"""Equity at the end, on the way from the back-test to the account, cause by cause."""

from collections.abc import Callable, Mapping
from decimal import Decimal, localcontext

import numpy as np
from attrs import evolve, frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.instrument import whole_shares, without_increments
from alchemiser_core.domain.money import (
    ARITHMETIC,
    ZERO,
    Rounding,
    Usd,
    decimal_from_float,
    to_cents,
)
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.backtest import BacktestResult, UnpricedFills
from alchemiser_core.services.backtest.order_level import simulate_orders
from alchemiser_core.services.backtest.preparation import (
    PreparedBacktest,
    PreparedBook,
    unpriced_trades,
)
from alchemiser_core.services.backtest.schedule import TradingSchedule
from alchemiser_core.services.drift_report.record import Flow, LiveRecord

Prices = Callable[[Flow], Decimal]
Costs = Callable[[Flow], Decimal]


@frozen(eq=False)
class Counterpart:
    """The back-test beside which an account is held."""

    prepared: PreparedBacktest
    """From the decisions as they were made then."""
    result: BacktestResult

    @property
    def last(self) -> int:
        """The last row of the period."""
        return len(self.prepared.period) - 1

    def row_of(self, flow: Flow) -> int | None:
        """The row of a flow's session; `None` where the bars have no such session."""
        sessions = self.prepared.period.sessions
        row = int(np.searchsorted(sessions, np.datetime64(flow.session, "D")))
        return row if row <= self.last and sessions[row].item() == flow.session else None

    def fill_price(self, flow: Flow) -> Decimal:
        """What the back-test fills at on the flow's session; its own price where that is unknown,
        and where nobody chose it.
        """
        row, prices = self.row_of(flow), self.prepared.prices
        if row is None or not flow.is_trade or flow.symbol not in prices.place:
            return flow.price
        return decimal_from_float(float(prices.fill[row, prices.place[flow.symbol]]))

    def value(self, held: Mapping[Symbol, Decimal]) -> Decimal:
        """What holdings are worth at the last close; 0 for what the back-test does not know."""
        prices, whole = self.prepared.prices, ZERO
        for symbol, quantity in held.items():
            if symbol in prices.place:
                close = float(prices.value[self.last, prices.place[symbol]])
                whole += quantity * decimal_from_float(close)
        return whole


def on_live_sessions(counterpart: Counterpart, record: LiveRecord) -> Result[Usd, UnpricedFills]:
    """Equity had the back-test traded on the sessions on which the account did."""
    prepared = counterpart.prepared
    schedules = [_schedule(book, prepared, record) for book in prepared.books]
    fault = unpriced_trades(prepared, schedules)
    if fault is not None:
        return Failure(fault)
    sessions = prepared.period.sessions
    moved = np.flatnonzero(np.isin(sessions, np.array(record.moved, dtype="datetime64[D]")))
    make = whole_shares if prepared.settings.whole_shares else without_increments
    live = evolve(prepared, transfers=moved)
    path = simulate_orders(live, schedules, make(prepared.prices.symbols))
    return Success(in_cents(float(path.account.equity[-1])))


def _schedule(
    book: PreparedBook, prepared: PreparedBacktest, record: LiveRecord
) -> TradingSchedule:
    """The decisions of a strategy that were traded, and when."""
    sessions = prepared.period.sessions
    places = {sessions[row].item(): place for place, row in enumerate(book.decided.rows.tolist())}
    rows = {day.item(): row for row, day in enumerate(sessions)}
    traded = sorted(
        (rows[day], places[as_of])
        for as_of, day in record.traded.get(book.strategy.name, {}).items()
        if as_of in places and day in rows
    )
    return TradingSchedule(
        np.array([place for _, place in traded], dtype=np.intp),
        np.array([row for row, _ in traded], dtype=np.intp),
    )


def replayed(counterpart: Counterpart, record: LiveRecord, price: Prices, cost: Costs) -> Usd:
    """Equity of what was really bought and sold, at these prices and costs."""
    with localcontext(ARITHMETIC):
        cash, held = record.cash, dict(record.held)
        for flow in record.flows:
            cash -= flow.quantity * price(flow) + cost(flow)
            held[flow.symbol] = held.get(flow.symbol, ZERO) + flow.quantity
        return to_cents(cash + counterpart.value(held), Rounding.NEAREST)


def in_cents(amount: float) -> Usd:
    """A float as US dollars in whole cents."""
    return to_cents(decimal_from_float(amount), Rounding.NEAREST)


def charged(flow: Flow) -> Decimal:
    """What the broker charged."""
    return flow.cost


def paid(flow: Flow) -> Decimal:
    """The price that was really paid or got."""
    return flow.price


def assumed(counterpart: Counterpart, rate: Decimal) -> Costs:
    """What the back-test charges for the same shares at its own prices."""

    def cost(flow: Flow) -> Decimal:
        if not flow.is_trade:
            return ZERO
        return abs(flow.quantity) * counterpart.fill_price(flow) * rate

    return cost
