"""What a fault does to the exchange itself, behind the back of the program."""

from datetime import date, timedelta
from decimal import Decimal

from attrs import define, field

from alchemiser_core.domain.money import CENT
from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.orders.order import OrderRequest, OrderType
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.simulation.exchange import FixedMarket, Part, SimulatedExchange
from alchemiser_core.simulation.exchange.entries import CancelTaken, Ended
from alchemiser_core.simulation.virtual_clock import VirtualClock

HAND = "hand-"
"""How client order ids of orders begin that somebody gives by hand."""

_RATIOS = tuple(map(Decimal, ("2", "3", "4", "1.5", "0.1", "0.2", "0.5", "10")))
_WHOLE = (Part(),)


@define
class FaultedFills:
    """A fill policy: parts by client order id, the next order, or whole."""

    by_order: dict[str, tuple[Part, ...]] = field(factory=dict)

    def parts(self, request: OrderRequest) -> tuple[Part, ...]:
        """The parts of an accepted order."""
        return self.by_order.get(request.client_order_id, _WHOLE)


@define
class Levers:
    """The exchange, its market and the time, for those who may move them."""

    exchange: SimulatedExchange
    market: FixedMarket
    clock: VirtualClock
    fills: FaultedFills = field(factory=FaultedFills)
    ratios: dict[Symbol, Decimal] = field(factory=dict)
    """New shares for one old, of symbols that were split: later prices are divided by it."""
    _by_hand: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self.exchange.behaviour.fills = self.fills

    def calm(self) -> None:
        """The exchange behaves again, and cancels that hung take effect; orders keep the parts with
        which they were taken.
        """
        behaviour = self.exchange.behaviour
        behaviour.halted.clear()
        behaviour.refusing.clear()
        behaviour.rejecting.clear()
        behaviour.cancels_hang = False
        behaviour.cancel_delay = timedelta(0)
        behaviour.read_lag = timedelta(0)
        now = self.clock.now()
        for order in self.exchange.state.open.values():
            if order.status is OrderStatus.CANCELLING and order.cancel_due is None:
                order.cancel_taken(CancelTaken(order.broker_order_id, now, now))

    def fill_late(self, request: OrderRequest, seconds: int, percent: int = 0) -> None:
        """The order is filled by so many percent at once and by the rest after some seconds."""
        rest = Part(Decimal(100 - percent) / 100, timedelta(seconds=seconds))
        first = (Part(Decimal(percent) / 100),) if percent else ()
        self.fills.by_order[request.client_order_id] = (*first, rest)

    def fill_partly(self, request: OrderRequest, percent: int, seconds: int) -> None:
        """The order is filled by so many percent after some seconds, and never by the rest."""
        part = Part(Decimal(percent) / 100, timedelta(seconds=seconds))
        self.fills.by_order[request.client_order_id] = (part,) if percent else ()

    def forget(self, broker_order_id: str) -> bool:
        """The exchange loses an open order of which nothing was filled; whether there was one.

        It is in no list and under no id any more, and its id can be used again.
        """
        order = self.exchange.state.open.get(broker_order_id)
        if order is None or order.filled_quantity:
            return False
        lost = Ended(broker_order_id, OrderStatus.CANCELLED, "forgotten", self.clock.now())
        self.exchange.state.apply(lost)
        del self.exchange.state.by_client[order.client_order_id]
        order.session = date.min  # no list reaches back that far
        return True

    def order_by_hand(self, variant: int, like: OrderRequest, *, fills: bool) -> str:
        """Somebody gives an order: a small buy, near the market or far from it.

        Says what came of it. Odd variants trade the symbol that the program is about to trade.
        """
        others = sorted(s for s in self.market.prices if s != like.symbol)
        symbol = like.symbol if variant % 2 or not others else others[variant % len(others)]
        self._by_hand += 1
        held = self.exchange.held.get(symbol, Decimal(0)) // 1
        sells = fills and variant % 4 == 0 and held >= 1
        request = OrderRequest(
            ClientOrderId(f"{HAND}{self._by_hand}"),
            symbol,
            Side.SELL if sells else Side.BUY,
            Decimal(1),
            OrderType.MARKET if fills else OrderType.LIMIT,
            None if fills else Decimal("0.01"),
        )
        outcome = self.exchange.submit(request, self.clock.now())
        said = outcome.map(lambda report: str(report.status)).value_or("refused")
        return f"{request.side} 1 {symbol}: {said}"

    def split(self, variant: int) -> str | None:
        """One of the held symbols is split, its price with it; what was done, if anything."""
        held = sorted(self.exchange.held)
        if not held:
            return None
        symbol, ratio = held[variant % len(held)], _RATIOS[variant % len(_RATIOS)]
        bid, ask = self.market.prices[symbol]
        self.market.put(symbol, _in_cents(bid / ratio), _in_cents(ask / ratio))
        self.ratios[symbol] = self.ratios.get(symbol, Decimal(1)) * ratio
        now = self.clock.now()
        self.exchange.split(symbol, ratio, now.date(), now)
        return f"{ratio} new shares of {symbol} for one"


def _in_cents(price: Decimal) -> Decimal:
    return max(CENT, price.quantize(CENT))
