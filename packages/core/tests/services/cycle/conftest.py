"""An account that is traded day after day on a made-up market, with every port a fake."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from attrs import define, evolve, field
from returns.result import Result, Success

from alchemiser_core.config.settings import DecideOn
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.journal.events import JournalEvent
from alchemiser_core.domain.money import Usd, decimal_from_float
from alchemiser_core.domain.problem import Explainable
from alchemiser_core.domain.schedule import TradingWindow
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.order_journal import JournalIdentity
from alchemiser_core.ports.strategy import Strategy
from alchemiser_core.services.clocked_updates import ClockedUpdates
from alchemiser_core.services.cycle import DecidingBars, Ended, Terms, trade
from alchemiser_core.services.desk import Desk
from alchemiser_core.services.ledger import Ledger
from alchemiser_core.services.reconciliation import ReconcilePolicy
from alchemiser_core.services.trading import Entrusted, LastCloses, LiveDecisions, Mandate
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.broker import InMemoryBroker, in_memory_broker
from alchemiser_core.testing.journal import InMemoryJournal
from alchemiser_core.testing.kill_switch import SettableKillSwitch
from alchemiser_core.testing.notifier import RecordingNotifier
from alchemiser_core.testing.strategies import FakeStrategy

SYMBOLS = ("AAA", "BBB", "CCC")


def session_of(day: date) -> TradingSession:
    """A session in summer time, as UTC."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return TradingSession(day, start + timedelta(hours=13.5), start + timedelta(hours=20))


@define
class Account:
    """Trades a history session by session; everything in it can be changed in between."""

    history: BarHistory
    strategies: tuple[Entrusted, ...]
    decide_on: DecideOn = DecideOn.PREVIOUS_CLOSE
    journal: InMemoryJournal = field(factory=InMemoryJournal)
    clock: VirtualClock = field(init=False)
    broker: InMemoryBroker = field(init=False)
    kill_switch: SettableKillSwitch = field(factory=SettableKillSwitch)
    notifier: RecordingNotifier = field(factory=RecordingNotifier)
    adopt: bool = False

    def __attrs_post_init__(self) -> None:
        self.clock = VirtualClock(session_of(self.day(0)).opens)
        self.broker = in_memory_broker(self.clock, dict.fromkeys(self.history.symbols, 50), 10_000)

    def day(self, row: int) -> date:
        """The session of a row."""
        return self.history.session(row)

    def stand_at(self, row: int) -> TradingSession:
        """Move time and prices to the slot of a session."""
        session = session_of(self.day(row))
        at = session.closes - timedelta(minutes=15)
        if self.clock.now() < at:
            self.clock.wait_until(at)
        for column, symbol in enumerate(self.history.symbols):
            price = decimal_from_float(round(float(self.history.close[row, column]), 4))
            self.broker.exchange.market.put(symbol, price)
        return session

    def terms(self, row: int) -> Terms:
        """The terms of the cycle of a row."""
        session = self.stand_at(row)
        mandate = Mandate("test", self.strategies, self.decide_on)
        return Terms(
            identity=JournalIdentity("test", "TEST-1", "in-memory", is_live=False),
            mandate=mandate,
            day=session.day,
            session=session,
            window=TradingWindow(
                session.closes - timedelta(minutes=15), session.closes - timedelta(minutes=1)
            ),
            read_bars=self._read(row),
            reconciling=ReconcilePolicy(mandate.shares, adopt=self.adopt),
        )

    def _read(self, row: int) -> Callable[[date], Result[DecidingBars, Explainable]]:
        known = self.history.rows(0, row + 1)
        bars = DecidingBars(known.sessions, LiveDecisions(known), LastCloses(known))
        return lambda _: Success(bars)

    @property
    def desk(self) -> Desk:
        """The ports."""
        return Desk(
            broker=self.broker,
            quotes=self.broker,
            updates=ClockedUpdates(self.clock),
            journal=self.journal,
            clock=self.clock,
            kill_switch=self.kill_switch,
            notifiers=(self.notifier,),
        )

    def trade(self, row: int, *, is_dry: bool = False, **changes: object) -> Ended:
        """The cycle of a row."""
        return trade(self.desk, evolve(self.terms(row), **changes), is_dry=is_dry)

    @property
    def events(self) -> tuple[JournalEvent, ...]:
        """Everything in the journal."""
        return tuple(entry.event for entry in self.journal.entries().unwrap())

    def of(self, kind: type) -> list[JournalEvent]:
        """The events of a kind."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def ledger(self) -> Ledger:
        """What the journal adds up to."""
        return Ledger().fold(self.events)

    @property
    def held(self) -> dict[str, Decimal]:
        """Shares at the broker."""
        return {str(s): q for s, q in self.broker.exchange.held.items() if q}

    @property
    def cash(self) -> Usd:
        """Cash at the broker."""
        return self.broker.exchange.cash

    def agrees(self) -> bool:
        """Whether the books add up to the broker's account, to the last digit."""
        whole = self.ledger.opened_books.combined()
        held = {str(s): p.quantity for s, p in whole.positions.items()}
        return held == self.held and whole.cash == self.cash


def _rotating(name: str, *symbols: str) -> Strategy:
    """Puts everything into one symbol, another one every session."""

    def rule(known: BarHistory) -> dict[Symbol, float]:
        return {Symbol(symbols[len(known) % len(symbols)]): 1.0}

    return FakeStrategy(traded=symbols, rule=rule, name=name)


@pytest.fixture
def account() -> Account:
    """One strategy that changes its one holding every day."""
    history = wandering_history(SYMBOLS, 40)
    return Account(history, (Entrusted(_rotating("one", "AAA", "BBB"), Decimal(1)),))


@pytest.fixture
def blend() -> Account:
    """Two strategies that share a symbol, so that wishes cross."""
    history = wandering_history(SYMBOLS, 40)
    return Account(
        history,
        (
            Entrusted(_rotating("one", "AAA", "BBB"), Decimal("0.6")),
            Entrusted(_rotating("two", "BBB", "AAA", "CCC"), Decimal("0.4")),
        ),
    )


@pytest.fixture
def account_of() -> type[Account]:
    """Makes an account of a history and its strategies."""
    return Account


@pytest.fixture
def rotating() -> Callable[..., Strategy]:
    """Makes a strategy that puts everything into one symbol, another one every session."""
    return _rotating
