"""Drives the execution of a plan through the ports, from its first step to its end.

What the machine records is durable before anything it commands is performed; everything that comes
back is fed to it as an event. Nothing is decided here.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from attrs import define, field, frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.journal.events import JournalEvent
from alchemiser_core.domain.orders.submission import Rejected, RejectionKind
from alchemiser_core.execution import ExecutionState, Step, step
from alchemiser_core.execution.commands import (
    Cancel,
    Command,
    LookUp,
    Poll,
    ReadCash,
    ReadQuote,
    Submit,
)
from alchemiser_core.execution.events import (
    Answered,
    CashRead,
    CashUnread,
    ExecutionEvent,
    Hinted,
    LookedUp,
    LookUpFailed,
    Polled,
    PollFailed,
    QuoteRead,
    Stopped,
    TimePassed,
    Withheld,
)
from alchemiser_core.ports.broker import BrokerFailure, Unauthorised
from alchemiser_core.ports.order_journal import JournalFailure
from alchemiser_core.services.desk import Desk
from alchemiser_core.services.journalling import write

LONGEST_SLEEP = timedelta(seconds=2)
"""The kill switch is looked at no less often than this."""


@frozen
class Executed:
    """An execution that is over, and everything it wrote down."""

    state: ExecutionState
    events: tuple[JournalEvent, ...]


def execute(desk: Desk, first: Step) -> Result[Executed, JournalFailure]:
    """Carry a plan out. Failure: the journal could not be written, and nothing was sent after."""
    driver = _Driver(desk, first.state)
    records, commands = list(first.records), list(first.commands)
    everything: list[JournalEvent] = []
    while True:
        written = write(desk, records)
        if isinstance(written, Failure):
            return Failure(written.failure())
        everything.extend(records)
        if driver.state.outcome is not None and not commands:
            return Success(Executed(driver.state, tuple(everything)))
        events = driver.perform(commands) if commands else driver.wait()
        records, commands = driver.feed(events)


@define
class _Driver:
    """Performs commands and tells the machine what came of them."""

    desk: Desk
    state: ExecutionState
    _stopped: bool = field(default=False, init=False)

    def feed(self, events: Iterable[ExecutionEvent]) -> tuple[list[JournalEvent], list[Command]]:
        """Let the machine take all events in; what it records, and what it wants done."""
        records: list[JournalEvent] = []
        commands: list[Command] = []
        for event in events:
            taken = step(self.state, event)
            self.state = taken.state
            records.extend(taken.records)
            commands.extend(taken.commands)
        if self.state.outcome is not None:
            # What was to be sent is withheld, so that the journal knows that it never was.
            commands = [each for each in commands if isinstance(each, Cancel | Submit)]
        return records, commands

    def wait(self) -> list[ExecutionEvent]:
        """Sleep until the machine wants to be woken, a report comes or the switch is thrown."""
        now = self.desk.clock.now()
        wake = self.state.wake_at() or now
        hints = self.desk.updates.wait(min(wake, now + LONGEST_SLEEP))
        at = self.desk.clock.now()
        events: list[ExecutionEvent] = [Hinted(hints, at)] if hints else []
        events.extend(self._stop())
        return [*events, TimePassed(at)]

    def perform(self, commands: Sequence[Command]) -> list[ExecutionEvent]:
        """Do what is asked, in its order."""
        events: list[ExecutionEvent] = []
        for command in commands:
            if isinstance(command, Submit):
                events.extend(self._stop())
            events.extend(self._done(command))
        return events

    def _stop(self) -> list[ExecutionEvent]:
        """The event of a switch that was thrown, or of an interruption; once."""
        if self._stopped:
            return []
        thrown, at = self.desk.kill_switch.thrown(), self.desk.clock.now()
        if thrown is not None:
            self._stopped = True
            return [Stopped("kill-switch", thrown, at)]
        if self.desk.interrupted():
            self._stopped = True
            return [Stopped("interrupted", "the process was asked to end", at, lasting=False)]
        return []

    def _done(self, command: Command) -> list[ExecutionEvent]:
        match command:
            case Submit():
                return [self._submit(command)]
            case LookUp():
                return self._look_up(command)
            case Poll():
                return self._poll()
            case Cancel():
                return self._cancel(command)
            case ReadCash():
                return self._read_cash()
            case ReadQuote():
                return [self._read_quote(command)]

    def _submit(self, command: Submit) -> ExecutionEvent:
        identifier, now = command.request.client_order_id, self.desk.clock.now()
        # The orders before it may have taken the broker longer than there was time.
        if self._stopped or self.state.outcome is not None or now >= self.state.deadline:
            return Withheld(identifier, now)
        answer = self.desk.broker.submit(command.request)
        heard = answer.failure() if isinstance(answer, Failure) else answer.unwrap()
        if isinstance(heard, Rejected) and heard.kind is RejectionKind.UNAUTHORISED:
            # The machine halts when it hears of it; what it wanted sent before is withheld.
            self._stopped = True
        return Answered(identifier, heard, self.desk.clock.now())

    def _look_up(self, command: LookUp) -> list[ExecutionEvent]:
        identifier = command.client_order_id
        found = self.desk.broker.order(identifier)
        at = self.desk.clock.now()
        if isinstance(found, Failure):
            return [LookUpFailed(identifier, at), *self._refused(found.failure())]
        return [LookedUp(identifier, found.unwrap(), at)]

    def _poll(self) -> list[ExecutionEvent]:
        orders = self.desk.broker.orders(self.state.cycle.trading_day)
        at = self.desk.clock.now()
        if isinstance(orders, Failure):
            return [PollFailed(at), *self._refused(orders.failure())]
        return [Polled(orders.unwrap(), at)]

    def _cancel(self, command: Cancel) -> list[ExecutionEvent]:
        asked = self.desk.broker.cancel(command.broker_order_id)
        # A cancel that was not taken is asked for again when it stays unconfirmed.
        return self._refused(asked.failure()) if isinstance(asked, Failure) else []

    def _read_cash(self) -> list[ExecutionEvent]:
        account = self.desk.broker.account()
        at = self.desk.clock.now()
        if isinstance(account, Failure):
            return [CashUnread(at), *self._refused(account.failure())]
        found, wanted = account.unwrap(), self.state.cycle.account
        if found.number != wanted and not self._stopped:
            self._stopped = True
            why = f"the broker's account is {found.number} now, not {wanted}"
            return [CashUnread(at), Stopped("other-account", why, at)]
        return [CashRead(found.cash, at)]

    def _read_quote(self, command: ReadQuote) -> ExecutionEvent:
        quotes = self.desk.quotes.quotes((command.symbol,))
        quote = None if isinstance(quotes, Failure) else quotes.unwrap().get(command.symbol)
        return QuoteRead(command.symbol, quote, self.desk.clock.now())

    def _refused(self, failure: BrokerFailure) -> list[ExecutionEvent]:
        """A key that is not accepted any more stops everything."""
        if self._stopped or not isinstance(failure, Unauthorised):
            return []
        self._stopped = True
        return [Stopped("unauthorised", failure.message, self.desk.clock.now())]
