"""Faults that happen to orders, to the account and to the market."""

from abc import abstractmethod
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from attrs import evolve, field, frozen

from alchemiser_alpaca.simulator.exchange.queries import OrderQuery
from alchemiser_alpaca.simulator.exchange.sessions import NEW_YORK
from alchemiser_alpaca.simulator.exchange.ticket import OrderTicket
from alchemiser_alpaca.simulator.faults.fault import ExchangeFault, Stage
from alchemiser_core.config import must_be

_EVERY_ORDER = 1_000_000
_LASTS = must_be("0, for ever, or a number of seconds", lambda value: value >= 0)
_SIDES = ("buy", "sell")
_PART = must_be("above 0 and below 1", lambda value: 0 < value < 1)


def _afterwards(
    stage: Stage, at: datetime, seconds: float, action: Callable[[datetime], None]
) -> None:
    if seconds:
        stage.later(at + timedelta(seconds=seconds), action)


@frozen(kw_only=True)
class ForgetOrders(ExchangeFault):
    """The broker comes back without the orders that were open."""

    kind: ClassVar[str] = "forget_orders"

    symbol: str = ""
    """Of that symbol alone, where it is given."""

    def strike(self, stage: Stage, at: datetime) -> None:
        """Forget them; what they filled stays."""
        symbols = frozenset({self.symbol} if self.symbol else ())
        query = OrderQuery(limit=_EVERY_ORDER, symbols=symbols)
        for order in list(stage.exchange.orders(query, at)):
            stage.exchange.forget(order.id, at)


@frozen(kw_only=True)
class RejectAsync(ExchangeFault):
    """Orders of a symbol are taken, and rejected a moment later."""

    kind: ClassVar[str] = "reject_async"

    symbol: str
    reason: str = "rejected by the exchange"

    def strike(self, stage: Stage, at: datetime) -> None:
        """From now on."""
        stage.exchange.reject_next(self.symbol, self.reason, at)


@frozen(kw_only=True)
class PartialFill(ExchangeFault):
    """The next execution of a symbol takes a part of its order."""

    kind: ClassVar[str] = "partial_fill"

    symbol: str
    fraction: Decimal = field(default=Decimal("0.5"), validator=_PART)
    then_hold: bool = True
    """Nothing more of the symbol is executed."""

    def strike(self, stage: Stage, at: datetime) -> None:
        """At the next execution."""
        stage.exchange.fill_part(self.symbol, self.fraction, self.then_hold, at)


@frozen(kw_only=True)
class HoldFills(ExchangeFault):
    """Orders of a symbol are taken and not executed."""

    kind: ClassVar[str] = "hold_fills"

    symbol: str
    seconds: float = field(default=0, validator=_LASTS)
    """Of the simulator's clock; 0 for ever."""

    def strike(self, stage: Stage, at: datetime) -> None:
        """From now on."""
        exchange = stage.exchange
        exchange.hold_fills(self.symbol, at)
        _afterwards(stage, at, self.seconds, lambda then: exchange.release_fills(self.symbol, then))


@frozen(kw_only=True)
class _Stuck(ExchangeFault):
    seconds: float = field(default=0, validator=_LASTS)
    """Of the simulator's clock; 0 for ever."""

    def strike(self, stage: Stage, at: datetime) -> None:
        """From now on."""
        self.stick(stage, True, at)
        _afterwards(stage, at, self.seconds, lambda then: self.stick(stage, False, then))

    @abstractmethod
    def stick(self, stage: Stage, stuck: bool, at: datetime) -> None:
        """Let orders stay, or go on."""


@frozen(kw_only=True)
class StuckNew(_Stuck):
    """Orders stay `pending_new`."""

    kind: ClassVar[str] = "stuck_new"

    def stick(self, stage: Stage, stuck: bool, at: datetime) -> None:
        """On their way to the exchange."""
        stage.exchange.stick(stuck, None, at)


@frozen(kw_only=True)
class StuckCancel(_Stuck):
    """Cancels stay `pending_cancel`."""

    kind: ClassVar[str] = "stuck_cancel"

    def stick(self, stage: Stage, stuck: bool, at: datetime) -> None:
        """On their way to the exchange."""
        stage.exchange.stick(None, stuck, at)


@frozen(kw_only=True)
class PositionsLag(ExchangeFault):
    """Positions and balances are behind the orders."""

    kind: ClassVar[str] = "positions_lag"

    seconds: Decimal = Decimal(10)
    """Of the simulator's clock."""

    def strike(self, stage: Stage, at: datetime) -> None:
        """From now on."""
        behind = int(self.seconds * 1000)
        stage.exchange.switches = evolve(stage.exchange.switches, positions_lag_ms=behind)


@frozen(kw_only=True)
class Halt(ExchangeFault):
    """Trading in a symbol is halted."""

    kind: ClassVar[str] = "halt"

    symbol: str
    seconds: float = field(default=300, validator=_LASTS)
    """Of the simulator's clock; 0 for ever."""

    def strike(self, stage: Stage, at: datetime) -> None:
        """From now on."""
        exchange = stage.exchange
        exchange.halt(self.symbol, at)
        _afterwards(stage, at, self.seconds, lambda then: exchange.resume(self.symbol, then))


@frozen(kw_only=True)
class Price(ExchangeFault):
    """A price is what nobody expected, from now on."""

    kind: ClassVar[str] = "price"

    symbol: str
    price: Decimal

    def strike(self, stage: Stage, at: datetime) -> None:
        """From now on."""
        stage.exchange.put_price(self.symbol, self.price, at)


@frozen(kw_only=True)
class Split(ExchangeFault):
    """A split is booked."""

    kind: ClassVar[str] = "split"

    symbol: str
    ratio: Decimal
    """New shares for one."""

    def strike(self, stage: Stage, at: datetime) -> None:
        """Shares and prices change, orders of the symbol are cancelled."""
        stage.exchange.split(self.symbol, self.ratio, at)


@frozen(kw_only=True)
class CloseMarketNow(ExchangeFault):
    """The exchange closes, unannounced."""

    kind: ClassVar[str] = "close_market_now"

    def strike(self, stage: Stage, at: datetime) -> None:
        """The session that is on ends."""
        stage.exchange.close_market(at.astimezone(NEW_YORK).date(), at)


@frozen(kw_only=True)
class ForeignOrder(ExchangeFault):
    """Somebody else places an order in the account."""

    kind: ClassVar[str] = "foreign_order"

    symbol: str
    qty: Decimal = Decimal(1)
    side: str = field(default="buy", validator=must_be("buy or sell", lambda v: v in _SIDES))
    limit_price: Decimal | None = None
    """At the market where it is not given."""

    def strike(self, stage: Stage, at: datetime) -> None:
        """Taken or refused as any other."""
        ticket = OrderTicket(
            symbol=self.symbol,
            side=self.side,
            qty=self.qty,
            type="market" if self.limit_price is None else "limit",
            limit_price=self.limit_price,
        )
        # A refusal is in the ledger, where those look who wonder what became of the order.
        _ = stage.exchange.submit(ticket, at)
