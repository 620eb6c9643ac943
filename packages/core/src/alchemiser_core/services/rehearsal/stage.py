"""The stage of a rehearsal: exchange, clock and desk, moved from session to session."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from attrs import define, field, frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.alert import Alert
from alchemiser_core.domain.instrument import Instruments, fractional_shares, whole_shares
from alchemiser_core.domain.journal.events import AlertRaised, JournalEvent
from alchemiser_core.domain.schedule import TradingWindow
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.ports.notifier import NotDelivered
from alchemiser_core.ports.order_journal import (
    JournalEntry,
    JournalFailure,
    JournalIdentity,
    OrderJournal,
)
from alchemiser_core.services.backtest.preparation import PreparedBacktest
from alchemiser_core.services.clocked_updates import ClockedUpdates
from alchemiser_core.services.cycle import DecidingBars, Terms
from alchemiser_core.services.desk import Desk
from alchemiser_core.services.reconciliation import ReconcilePolicy
from alchemiser_core.services.rehearsal.broker import NAME, FillPrices, RehearsalBroker
from alchemiser_core.services.rehearsal.settings import RehearsalSettings
from alchemiser_core.services.trading import Mandate
from alchemiser_core.simulation.exchange import Behaviour, SimulatedExchange
from alchemiser_core.simulation.virtual_clock import VirtualClock

ACCOUNT = "rehearsal"
_OPENS, _CLOSES = time(14, 30, tzinfo=UTC), time(21, 0, tzinfo=UTC)


@define
class Witness:
    """Keeps what is to be told of a rehearsal; nothing depends on it."""

    alerts: list[tuple[date, Alert]] = field(factory=list)
    day: date = date.min

    def written(self, events: Sequence[JournalEvent]) -> None:
        """Keep the alerts."""
        self.alerts.extend((self.day, e.alert) for e in events if isinstance(e, AlertRaised))

    def undelivered(self, failure: NotDelivered) -> None:
        """Nothing is delivered in a rehearsal."""


@define
class CountedJournal:
    """A journal, the number of the last entry written to it, and how it failed."""

    journal: OrderJournal
    last: int = 0
    failure: JournalFailure | None = None

    def append(
        self, events: Sequence[JournalEvent], at: datetime
    ) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """As the journal."""
        written = self.journal.append(events, at)
        if isinstance(written, Failure):
            self.failure = written.failure()
        else:
            self.last = written.unwrap()[-1].record.number
        return written

    def entries(self, after: int = 0) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """As the journal."""
        found = self.journal.entries(after)
        self.failure = found.failure() if isinstance(found, Failure) else self.failure
        return found


@frozen
class NeverThrown:
    """A kill switch that nobody throws."""

    def thrown(self) -> str | None:
        """All is well."""
        return None


@frozen(eq=False)
class Stage:
    """Everything a cycle of the rehearsal is run with."""

    prepared: PreparedBacktest
    market: FillPrices
    exchange: SimulatedExchange
    clock: VirtualClock
    desk: Desk
    journal: CountedJournal
    witness: Witness
    mandate: Mandate
    settings: RehearsalSettings
    bars: DecidingBars

    def terms(self, row: int) -> Terms:
        """Go to the slot of a session of the period; the terms of its cycle."""
        day: date = self.prepared.period.sessions[row].item()
        session = session_of(day)
        self.market.stand_at(row)
        self.clock.wait_until(session.opens)
        self.exchange.open_session(session)
        self.witness.day = day
        return Terms(
            identity=JournalIdentity(self.mandate.portfolio, ACCOUNT, NAME, is_live=False),
            mandate=self.mandate,
            day=day,
            session=session,
            window=TradingWindow(session.opens, session.closes - timedelta(minutes=1)),
            read_bars=lambda _: Success(self.bars),
            reconciling=ReconcilePolicy(self.mandate.shares),
            execution=self.settings.execution,
            limits=self.settings.limits,
        )


def session_of(day: date) -> TradingSession:
    """A session with hours that no price depends on."""
    opens, closes = (datetime.combine(day, at) for at in (_OPENS, _CLOSES))
    return TradingSession(day, opens, closes)


def stage(
    prepared: PreparedBacktest,
    mandate: Mandate,
    settings: RehearsalSettings,
    bars: DecidingBars,
    journal: OrderJournal,
) -> Stage:
    """A new account with its cash, before the first session."""
    market = FillPrices(prepared.prices)
    first: date = prepared.period.sessions[0].item()
    clock = VirtualClock(session_of(first).opens)
    behaviour = Behaviour(costs=mandate.costs.trading_costs())
    listed = _instruments(prepared, mandate)
    exchange = SimulatedExchange(ACCOUNT, market, listed, behaviour)
    exchange.fund(settings.cash, clock.now())
    broker, witness, counted = RehearsalBroker(exchange, clock), Witness(), CountedJournal(journal)
    desk = Desk(
        broker=broker,
        quotes=broker,
        updates=ClockedUpdates(clock),
        journal=counted,
        clock=clock,
        kill_switch=NeverThrown(),
        observer=witness,
    )
    return Stage(prepared, market, exchange, clock, desk, counted, witness, mandate, settings, bars)


def _instruments(prepared: PreparedBacktest, mandate: Mandate) -> Instruments:
    make = whole_shares if mandate.planning.whole_shares else fractional_shares
    return make(prepared.prices.symbols)
