"""The matching engine of the simulated exchange: what happens to accepted orders as time passes."""

from datetime import datetime
from decimal import Decimal

from attrs import define, field

from alchemiser_core.domain.instrument import Instruments
from alchemiser_core.domain.money import ZERO
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.simulation.exchange.behaviour import Behaviour
from alchemiser_core.simulation.exchange.entries import Ended, Execution
from alchemiser_core.simulation.exchange.exact import EXACT, cash_change, costs_in, exact_value
from alchemiser_core.simulation.exchange.market import Market
from alchemiser_core.simulation.exchange.matching import fill_price
from alchemiser_core.simulation.exchange.resting import ExchangeOrder
from alchemiser_core.simulation.exchange.state import ExchangeState

_NO_COVER = "the account no longer covers the rest of the order"


def _first(step: tuple[datetime, ExchangeOrder, bool]) -> datetime:
    return step[0]


@define
class MatchingEngine:
    """Time, sessions and fills of one account. Time that goes back counts as time that stands."""

    number: str
    market: Market
    listed: Instruments
    """What can be traded; other symbols are refused."""
    behaviour: Behaviour = field(factory=Behaviour)
    session: TradingSession | None = None
    """The session that is on, or was last; `None` for a market that is always open."""
    session_over: bool = False
    state: ExchangeState = field(factory=ExchangeState)
    now: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether orders are filled at that time."""
        return self.session is None or (not self.session_over and self.session.is_open(at))

    def open_session(self, session: TradingSession) -> None:
        """This session is next; what is still open of the one before expires."""
        if self.session is not None and not self.session_over:
            self.end_session(self.session.closes)
        self.session, self.session_over = session, False

    def end_session(self, at: datetime) -> None:
        """The session is over: what is due is filled, every other order of the day expires."""
        self._run(self._moment(at))
        for order in list(self.state.open.values()):
            hangs = order.status is OrderStatus.CANCELLING and order.cancel_due is None
            if not hangs:
                self._end(order, OrderStatus.EXPIRED, "the session is over", self._moment(at))
        self.session_over = self.session is not None

    def advance(self, at: datetime) -> None:
        """Do what is due until then: fills, cancels, the end of the session."""
        moment = self._moment(at)
        if self.session is not None and not self.session_over and moment >= self.session.closes:
            self.end_session(self.session.closes)
        self._run(moment)

    def _moment(self, at: datetime) -> datetime:
        return at if self.now is None or at > self.now else self.now

    def _run(self, until: datetime) -> None:
        if self.state.open:
            for moment, order, cancels in self._due(until):
                if not order.status.is_terminal:
                    self._step(order, moment, cancels)
            self._try_again(until)
        self.now = until

    def _due(self, until: datetime) -> list[tuple[datetime, ExchangeOrder, bool]]:
        """What happens until then, in order, as far as it is known now; true for cancels."""
        earliest = until if self.now is None else self.now
        opens = earliest if self.session is None else max(earliest, self.session.opens)
        due = []
        for order in self.state.open.values():
            for part in order.waiting:
                if part.due <= until and opens <= until:
                    due.append((max(part.due, opens), order, False))
            if order.cancel_due is not None and order.cancel_due <= until:
                due.append((max(order.cancel_due, earliest), order, True))
        due.sort(key=_first)
        return due

    def _try_again(self, at: datetime) -> None:
        """What could not be filled when it was due may be now."""
        for order in list(self.state.open.values()):
            while order.waiting and order.waiting[0].due < at and self._fill_next(order, at):
                pass

    def _step(self, order: ExchangeOrder, at: datetime, cancels: bool) -> None:
        if cancels:
            self._end(order, OrderStatus.CANCELLED, "", at)
        else:
            self._fill_next(order, at)

    def _fill_next(self, order: ExchangeOrder, at: datetime) -> bool:
        """Fill the next part where the market allows; whether it did."""
        behaviour = self.behaviour
        if order.symbol in behaviour.halted or not self.is_open(at):
            return False
        if order.symbol in behaviour.rejecting:
            self._end(order, OrderStatus.REJECTED, behaviour.rejecting[order.symbol], at)
            return False
        quote = self.market.quote(order.symbol, at)
        price = fill_price(order.side, order.limit_price, quote)
        return price is not None and self._fill(order, order.waiting[0].quantity, price, at)

    def _fill(self, order: ExchangeOrder, quantity: Decimal, price: Decimal, at: datetime) -> bool:
        value = exact_value(quantity, price)
        fees = EXACT.multiply(value, self.behaviour.costs.rate)
        change = cash_change(order.side, value, fees)
        sells = order.side is Side.SELL
        if self.state.cash + change < 0 or (
            sells and self.state.held.get(order.symbol, ZERO) < quantity
        ):
            filled = order.filled_quantity > 0
            status = OrderStatus.CANCELLED if filled else OrderStatus.REJECTED
            self._end(order, status, _NO_COVER, at)
            return False
        self.state.apply(
            Execution(
                f"{self.number}-x{len(self.state.executions) + 1}",
                order.broker_order_id,
                order.client_order_id,
                order.symbol,
                order.side,
                quantity,
                price,
                costs_in(order.side, value, change),
                at,
            )
        )
        return True

    def _end(self, order: ExchangeOrder, status: OrderStatus, reason: str, at: datetime) -> None:
        self.state.apply(Ended(order.broker_order_id, status, reason, at))
