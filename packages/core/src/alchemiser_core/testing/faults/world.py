"""The world of a simulation: a market, an account, a clock, a journal, and what goes wrong.

Everything in it is drawn from the seed of its fault plan, so that the same plan is the same world.
Processes of the program come and go; the world stays.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
from attrs import define, field, frozen
from numpy.random import PCG64, Generator, SeedSequence
from numpy.typing import NDArray

from alchemiser_core.domain.allocation.plan_rules import TradingCosts
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.instrument import Instruments, fractional_shares, whole_shares
from alchemiser_core.domain.money import CENT
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution import ExecutionRules, Market, ProgressiveLimit
from alchemiser_core.services.desk import Desk
from alchemiser_core.simulation.exchange import Behaviour, FixedMarket, SimulatedExchange
from alchemiser_core.simulation.faults import (
    FaultPlan,
    FaultScript,
    FaultyBroker,
    FaultyJournal,
    FaultySwitch,
    FaultyUpdates,
    Levers,
    Tape,
)
from alchemiser_core.simulation.journal import MemoryJournal
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.broker import InMemoryBroker
from alchemiser_core.testing.calendar import FixedCalendar, weekdays
from alchemiser_core.testing.faults.quiet import QuietJournal
from alchemiser_core.testing.faults.stream import ExchangeStream
from alchemiser_core.testing.kill_switch import SettableKillSwitch

FIRST_DAY = date(2024, 2, 26)
"""Of the bars; trading begins after the warm-up, and meets a change of the clocks."""
WARM_UP = 3
SLOT = timedelta(minutes=15)
"""How long before the close the cycle of a day is started."""
PATIENCE = timedelta(minutes=3)
"""How long an execution goes on in the simulation: shorter than in earnest, so that days are."""
_POLL = timedelta(seconds=5)
ACCOUNT = "SIM-1"
PORTFOLIO = "faults"
_STREAM = 2
_ONE = Decimal(1)
_MORE_DAYS = 5
"""Sessions after the last day, for recovery and for calendars that look ahead."""


@frozen(eq=False)
class Drawn:
    """What a seed makes of a world."""

    symbols: tuple[Symbol, ...]
    closes: NDArray[np.float64]
    """Shape (sessions, symbols), in whole cents."""
    half_spread: Decimal
    """As a fraction of the price."""
    whole: bool
    """Only whole shares are traded."""
    costs: TradingCosts
    latency: timedelta
    cash: Decimal
    progressive: bool
    """The tactic is progressive-limit; otherwise market."""


def sessions_of(days: int) -> int:
    """How many sessions the world of so many trading days has."""
    return WARM_UP + days + _MORE_DAYS


def drawn(seed: int, sessions: int, symbols: int | None = None) -> Drawn:
    """The market and the account of a seed, with three to eight symbols unless it is said."""
    chance = Generator(PCG64(SeedSequence((seed, _STREAM))))
    count = symbols or int(chance.integers(3, 9))
    first = np.exp(chance.uniform(np.log(5), np.log(300), count))
    moves = np.exp(chance.normal(0, 0.02, (sessions, count)))
    closes = np.maximum(np.round(first * np.cumprod(moves, axis=0), 2), 0.01)
    return Drawn(
        symbols=tuple(Symbol(f"S{n}") for n in range(1, count + 1)),
        closes=closes,
        half_spread=Decimal(("0", "0", "0.0002", "0.001")[int(chance.integers(4))]),
        whole=bool(chance.random() < 0.3),
        costs=TradingCosts(Decimal(int(chance.integers(0, 4)))),
        latency=timedelta(seconds=(0, 0, 1, 3)[int(chance.integers(4))]),
        cash=Decimal(int(chance.integers(5_000, 200_000))),
        progressive=bool(chance.random() < 0.3),
    )


@define
class World:
    """Made by `world`; trading day 0 is the first after the warm-up."""

    plan: FaultPlan
    drawn: Drawn
    sessions: tuple[TradingSession, ...]
    clock: VirtualClock
    market: FixedMarket
    exchange: SimulatedExchange
    levers: Levers
    tape: Tape
    script: FaultScript
    broker: FaultyBroker
    storage: MemoryJournal = field(factory=MemoryJournal)
    """The journal as the disk has it."""

    @property
    def rules(self) -> ExecutionRules:
        """The rules of execution."""
        tactic = ProgressiveLimit() if self.drawn.progressive else Market()
        return ExecutionRules(tactic=tactic, duration=PATIENCE, poll=_POLL)

    @property
    def calendar(self) -> FixedCalendar:
        """The exchange's sessions."""
        return FixedCalendar(self.sessions)

    def session(self, day: int) -> TradingSession:
        """The session of a trading day."""
        return self.sessions[WARM_UP + day]

    def bars(self, day: int) -> BarHistory:
        """Closes up to the session before a trading day, adjusted by the splits so far."""
        rows = WARM_UP + day
        axis = np.array([s.day for s in self.sessions[:rows]], dtype="datetime64[D]")
        ratios = [float(self.levers.ratios.get(s, _ONE)) for s in self.drawn.symbols]
        closes = self.drawn.closes[:rows] / np.array(ratios)
        return BarHistory(axis, self.drawn.symbols, closes, source="faults", synthetic=True)

    def begin_day(self, day: int) -> None:
        """The night passes: a new session with new prices, and everybody behaves again."""
        session = self.session(day)
        self.levers.calm()
        self.script.begin(day)
        self.clock.wait_until(session.opens)
        self.exchange.open_session(session)
        self.exchange.advance(self.clock.now())
        self._put_prices(WARM_UP + day)
        self.clock.wait_until(session.closes - SLOT)

    def _put_prices(self, row: int) -> None:
        half = self.drawn.half_spread
        for symbol, close in zip(self.drawn.symbols, self.drawn.closes[row].tolist(), strict=True):
            price = Decimal(repr(close)) / self.levers.ratios.get(symbol, _ONE)
            bid = max(CENT, (price * (1 - half)).quantize(CENT))
            self.market.put(symbol, bid, max(bid, (price * (1 + half)).quantize(CENT)))

    def desk(self) -> Desk:
        """The ports as a process that is started now has them."""
        stream = ExchangeStream(self.exchange, self.clock)
        return Desk(
            broker=self.broker,
            quotes=self.broker,
            updates=FaultyUpdates(stream, self.script),
            journal=FaultyJournal(self.storage, self.script),
            clock=self.clock,
            kill_switch=FaultySwitch(self.script),
        )

    def quiet_desk(self) -> Desk:
        """The ports while nothing goes wrong."""
        inner = self.broker.inner
        return Desk(
            broker=inner,
            quotes=inner,
            updates=ExchangeStream(self.exchange, self.clock),
            journal=QuietJournal(self.storage, self.tape),
            clock=self.clock,
            kill_switch=SettableKillSwitch(),
        )


def world(plan: FaultPlan, given: Drawn | None = None) -> World:
    """The world of a plan, on the evening before its first day; with the market of its seed unless
    another one is given, which has to have closes for every session.
    """
    count = sessions_of(plan.days)
    sessions = weekdays(FIRST_DAY, FIRST_DAY + timedelta(days=2 * count + 7))[:count]
    found = given or drawn(plan.seed, count)
    start = sessions[WARM_UP - 1].closes
    clock, market = VirtualClock(start), FixedMarket()
    behaviour = Behaviour(costs=found.costs, latency=found.latency)
    listed = _instruments(found)
    exchange = SimulatedExchange(ACCOUNT, market, listed, behaviour=behaviour)
    exchange.fund(found.cash, start)
    levers, tape = Levers(exchange, market, clock), Tape(clock)
    script = FaultScript(plan, clock, tape)
    broker = FaultyBroker(InMemoryBroker(exchange, clock), levers, script)
    return World(plan, found, sessions, clock, market, exchange, levers, tape, script, broker)


def _instruments(found: Drawn) -> Instruments:
    if found.whole:
        return whole_shares(found.symbols)
    return fractional_shares(found.symbols)


def time_of_slot(session: TradingSession) -> datetime:
    """When the cycle of a session is started."""
    return session.closes - SLOT
