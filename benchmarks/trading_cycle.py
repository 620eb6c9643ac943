"""How quick whole trading cycles are: 50 orders on their way, and simulated days a second.

    python benchmarks/trading_cycle.py [--repeats N]

A day is a whole cycle, from the reading of the journal over strategies, plan, risk gate, state
machine and exchange to the valuation after it. "goes on" is a program that trades day after day and
has the journal in mind, as rehearsals and the runs with faults do; "starts anew" reads all of it
every day. Times are medians of processor seconds on one core; everything runs in one process and in
memory, so that what a disk needs comes on top.
"""

import argparse
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from attrs import define, field, frozen
from execution import exchange_of, names, seconds, squares
from returns.result import Result, Success

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.money import decimal_from_float
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.orders.submission import SubmissionFailure
from alchemiser_core.domain.problem import Explainable
from alchemiser_core.domain.schedule import TradingWindow
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.order_journal import JournalIdentity
from alchemiser_core.ports.strategy import Strategy
from alchemiser_core.services.clocked_updates import ClockedUpdates
from alchemiser_core.services.cycle import DecidingBars, Ending, Known, Terms, trade
from alchemiser_core.services.desk import Desk
from alchemiser_core.services.reconciliation import ReconcilePolicy
from alchemiser_core.services.trading import Entrusted, LastCloses, LiveDecisions, Mandate
from alchemiser_core.simulation.exchange import Behaviour
from alchemiser_core.simulation.journal import MemoryJournal
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.broker import InMemoryBroker
from alchemiser_core.testing.kill_switch import SettableKillSwitch
from alchemiser_core.testing.strategies import FakeStrategy

ORDERS_GOAL = 50.0
"""Milliseconds for 50 orders."""
SESSIONS = 30
DAYS_GOAL = 500
"""Days a second of the small portfolio that goes on."""


@frozen(eq=False)
class TimedBroker:
    """The broker in memory, which notes the processor time at which the last order came in."""

    inner: InMemoryBroker
    heard: list[float]

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def submit(self, request: OrderRequest) -> Result[OrderReport, SubmissionFailure]:
        """The inner broker's answer."""
        self.heard.append(time.process_time())
        return self.inner.submit(request)


@define
class Account:
    """A portfolio that is traded session by session on a made-up market."""

    history: BarHistory
    strategies: tuple[Entrusted, ...]
    clock: VirtualClock = field(init=False)
    broker: InMemoryBroker = field(init=False)
    goes_on: bool = True
    journal: MemoryJournal = field(factory=MemoryJournal)
    known: Known = field(factory=Known)
    heard: list[float] = field(factory=list)
    read_at: float = 0.0

    def __attrs_post_init__(self) -> None:
        self.clock = VirtualClock(self.session(0).opens)
        exchange = exchange_of(self.history.symbols, Behaviour(), self.clock.now())
        self.broker = InMemoryBroker(exchange, self.clock)

    def session(self, row: int) -> TradingSession:
        start = datetime.combine(self.history.session(row), datetime.min.time(), UTC)
        return TradingSession(
            self.history.session(row), start + timedelta(hours=13.5), start + timedelta(hours=20)
        )

    def trade(self, row: int) -> None:
        """The cycle of a session, which has to end complete or with nothing to do."""
        session = self.session(row)
        slot = session.closes - timedelta(minutes=15)
        self.clock.wait_until(slot)
        self.broker.exchange.open_session(session)
        for column, symbol in enumerate(self.history.symbols):
            close = round(float(self.history.close[row, column]), 4)
            self.broker.exchange.market.put(symbol, decimal_from_float(close))
        known = self.history.rows(0, row)
        bars = DecidingBars(known.sessions, LiveDecisions(known), LastCloses(known))
        mandate = Mandate("benchmark", self.strategies)
        terms = Terms(
            identity=JournalIdentity("benchmark", "sim", "in-memory", is_live=False),
            mandate=mandate,
            day=session.day,
            session=session,
            window=TradingWindow(slot, session.closes - timedelta(minutes=1)),
            read_bars=lambda _: self.bars_there(bars),
            reconciling=ReconcilePolicy(mandate.shares),
        )
        ended = trade(self.desk, terms, known=self.known)
        assert ended.ending in (Ending.COMPLETE, Ending.NOTHING_TO_DO), ended.problems()
        if self.goes_on:
            self.known = Known(len(self.journal.kept), ended.run.ledger, ended.run.traded)

    def bars_there(self, bars: DecidingBars) -> Result[DecidingBars, Explainable]:
        self.heard.clear()
        self.read_at = time.process_time()
        return Success(bars)

    @property
    def desk(self) -> Desk:
        return Desk(
            broker=TimedBroker(self.broker, self.heard),
            quotes=self.broker,
            updates=ClockedUpdates(self.clock),
            journal=self.journal,
            clock=self.clock,
            kill_switch=SettableKillSwitch(),
        )


def shifting(name: str, symbols: Sequence[Symbol]) -> Strategy:
    """Other weights every session, so that every symbol is traded in every cycle."""

    def rule(known: BarHistory) -> dict[Symbol, float]:
        raw = [1.0 + (n * 7 + len(known) * (n % 3 + 1)) % 5 for n in range(len(symbols))]
        return {s: 0.95 * part / sum(raw) for s, part in zip(symbols, raw, strict=True)}

    return FakeStrategy(symbols, rule, name=name)


def orders_out(count: int, repeats: int) -> None:
    """From the bars to the last order at the broker."""
    symbols = names(count)
    found, sent = [], []
    for _ in range(repeats):
        share = Entrusted(shifting("wide", symbols), Decimal(1))
        account = Account(wandering_history(symbols, 8), (share,))
        for row in range(2, 5):
            account.trade(row)
            sent.append(len(account.heard))
            found.append((account.heard[-1] - account.read_at) * 1e3)
    print(
        f"from the bars to the last order at the broker, {statistics.median(sent):.0f} orders:"
        f" {statistics.median(found):.1f} ms   goal {ORDERS_GOAL:.0f}, without the disk"
    )


def days(repeats: int) -> None:
    """Cycles a second: small portfolios over 30 days, as a schedule of faults has them."""
    print(f"simulated trading days a second, 30 days each, goal {DAYS_GOAL} for the first line")
    for symbols, books, goes_on in ((4, 2, True), (4, 2, False), (10, 1, True), (10, 1, False)):
        rates, sent = [], 0
        for _ in range(repeats):
            account = many(symbols, books, goes_on)
            start = time.process_time()
            for row in range(2, SESSIONS + 2):
                account.trade(row)
            rates.append(SESSIONS / (time.process_time() - start))
            sent = len(account.broker.exchange.received)
        print(
            f"  {symbols:2} symbols, {books} strategies, {sent / SESSIONS:4.1f} orders a day,"
            f" {'goes on' if goes_on else 'starts anew':12}{statistics.median(rates):7,.0f}"
        )


def many(symbols: int, books: int, goes_on: bool) -> Account:
    traded = names(symbols)
    strategies = tuple(
        Entrusted(shifting(f"book-{n}", traded[n:]), Decimal(1) / books) for n in range(books)
    )
    return Account(wandering_history(traded, SESSIONS + 2), strategies, goes_on)


def main() -> None:
    """A line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=9)
    asked = parser.parse_args()
    print(f"20,000 squares and their sum: {seconds(squares, asked.repeats) * 1e3:.2f} ms")
    orders_out(50, asked.repeats)
    days(asked.repeats)


if __name__ == "__main__":
    main()
