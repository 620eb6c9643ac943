"""A small world: six securities with plain prices, New York's days around a Thanksgiving."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from attrs import define, evolve, field
from returns.result import Failure

from alchemiser_alpaca.simulator.exchange.assets import listed
from alchemiser_alpaca.simulator.exchange.exchange import Exchange, Terms, open_exchange
from alchemiser_alpaca.simulator.exchange.ledger import Ledger, open_ledger
from alchemiser_alpaca.simulator.exchange.market import SimulatedMarket, market_of
from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder
from alchemiser_alpaca.simulator.exchange.refusal import Refusal
from alchemiser_alpaca.simulator.exchange.sessions import Sessions
from alchemiser_alpaca.simulator.exchange.switches import Switches
from alchemiser_alpaca.simulator.exchange.ticket import Changes, OrderTicket
from alchemiser_alpaca.simulator.exchange.updates import TradeUpdate
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.testing.calendar import FixedCalendar, weekdays
from alchemiser_core.testing.market_data import InMemoryMarketData

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = date(2026, 11, 23)
THANKSGIVING = date(2026, 11, 26)
HALF_DAY = date(2026, 11, 27)

PRICES = {
    "UP": (100.0, 110.0),
    "DOWN": (50.0, 40.0),
    "FLAT": (20.0, 20.0),
    "PENNY": (0.5, 0.5),
    "WHOLE": (30.0, 30.0),
    "DEAD": (10.0, 10.0),
}
"""Open and close of every day."""


def days() -> FixedCalendar:
    sessions = weekdays(
        date(2026, 1, 1), date(2027, 12, 31), closed=[THANKSGIVING], half_days=[HALF_DAY]
    )
    return FixedCalendar(sessions)


def plain_history(prices=None) -> BarHistory:
    """Every session of November and December has the same bar."""
    prices = PRICES if prices is None else prices
    axis = [s.day for s in days().sessions(date(2026, 11, 2), date(2026, 12, 31)).unwrap()]
    opened = np.array([[p[0] for p in prices.values()]] * len(axis))
    close = np.array([[p[1] for p in prices.values()]] * len(axis))
    return BarHistory(
        np.array(axis, dtype="datetime64[D]"),
        tuple(Symbol(s) for s in prices),
        close,
        open=opened,
        high=np.maximum(opened, close) + 1,
        low=np.minimum(opened, close) - 0.25,
        volume=np.full_like(close, 39_000.0),
    )


def new_york(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, second), NEW_YORK).astimezone(UTC)


def market(spread_bps: str = "0", history: BarHistory | None = None) -> SimulatedMarket:
    feed = InMemoryMarketData(plain_history() if history is None else history)
    return market_of(feed, Sessions(days()), list(PRICES), Decimal(spread_bps)).unwrap()


@define
class World:
    """An exchange and the time; every request moves nothing but what it asks for."""

    exchange: Exchange
    at: datetime
    updates: list[TradeUpdate] = field(factory=list)

    def switch(self, **switches: object) -> None:
        self.exchange.switches = evolve(self.exchange.switches, **switches)

    def go(self, to: datetime | None = None, **passes: float) -> None:
        self.at = to or self.at + timedelta(**passes)
        self.exchange.advance(self.at)

    def ask(self, side: str, symbol: str, qty=None, **more):
        shares = None if qty is None else Decimal(str(qty))
        kind = "limit" if "limit_price" in more and "type" not in more else "market"
        numbers = ("notional", "limit_price", "stop_price", "trail_price", "trail_percent")
        exact = {n: Decimal(str(v)) if n in numbers else v for n, v in more.items()}
        ticket = OrderTicket(symbol=symbol, side=side, qty=shares, **{"type": kind, **exact})
        return self.exchange.submit(ticket, self.at)

    def send(self, side: str, symbol: str, qty=None, **more) -> SimulatedOrder:
        """The order as it stands after the request."""
        taken = self.ask(side, symbol, qty, **more)
        assert not isinstance(taken, Failure), taken.failure()
        return self.exchange.state.orders[taken.unwrap().id]

    def buy(self, symbol: str, qty=None, **more) -> SimulatedOrder:
        return self.send("buy", symbol, qty, **more)

    def sell(self, symbol: str, qty=None, **more) -> SimulatedOrder:
        return self.send("sell", symbol, qty, **more)

    def refused(self, side: str, symbol: str, qty=None, **more) -> Refusal:
        answer = self.ask(side, symbol, qty, **more)
        assert isinstance(answer, Failure), answer
        return answer.failure()

    def cancel(self, order: SimulatedOrder):
        return self.exchange.cancel(order.id, self.at)

    def replace(self, order: SimulatedOrder, **changes):
        words = ("time_in_force", "client_order_id")
        exact = {n: v if n in words else Decimal(str(v)) for n, v in changes.items()}
        return self.exchange.replace(order.id, Changes(**exact), self.at)

    @property
    def cash(self) -> Decimal:
        return self.exchange.account(self.at).cash

    def held(self, symbol: str) -> Decimal:
        found = self.exchange.position(symbol, self.at)
        return Decimal(0) if found is None else found.qty

    @property
    def told(self) -> list[str]:
        """The names of the updates since the last time, which are forgotten."""
        names = [update.event for update in self.updates]
        self.updates.clear()
        return names


Build = Callable[..., World]


@pytest.fixture
def build(tmp_path: Path):
    """Builds a world: by default Monday at ten in the morning, 100,000 dollars, no spread."""
    ledgers: dict[str, Ledger] = {}

    def build(at: datetime | None = None, file: str = "", spread_bps: str = "0", **more) -> World:
        history = more.pop("history", None)
        terms = Terms(**{n: more.pop(n) for n in ("cash", "multiplier", "seed") if n in more})
        if file in ledgers:
            # Whoever had it before is gone: a killed process lets go of its files.
            ledgers.pop(file).close()
        ledger = open_ledger(tmp_path / file).unwrap() if file else Ledger()
        if file:
            ledgers[file] = ledger
        begins = at or new_york(MONDAY, 10)
        exchange = open_exchange(
            market(spread_bps, history),
            listed(PRICES, not_fractionable=["WHOLE"], not_tradable=["DEAD"]),
            terms,
            Switches(**more),
            ledger,
            begins,
        ).unwrap()
        world = World(exchange, max(begins, exchange.now))
        exchange.listeners.append(world.updates.append)
        return world

    yield build
    for ledger in ledgers.values():
        ledger.close()


@pytest.fixture
def world(build: Build) -> World:
    return build()


@pytest.fixture
def holding(build: Build) -> World:
    """A world in which 10 shares of FLAT, 20 US dollars each, are held."""
    world = build()
    world.buy("FLAT", 10)
    world.updates.clear()
    return world


@pytest.fixture
def clock() -> Callable[..., datetime]:
    """Times of New York: `clock(MONDAY, 9, 30)`."""
    return new_york


@pytest.fixture
def monday() -> date:
    return MONDAY


@pytest.fixture
def half_day() -> date:
    return HALF_DAY


@pytest.fixture
def make_market() -> Callable[..., SimulatedMarket]:
    return market


@pytest.fixture
def make_history() -> Callable[..., BarHistory]:
    return plain_history


@pytest.fixture
def sessions() -> Sessions:
    return Sessions(days())
