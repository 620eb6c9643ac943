"""A broker with faults: a real one of the simulation behind a network and a process that fail."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from typing import Protocol, TypeVar

from attrs import define, evolve, field
from returns.result import Failure, Result, Success

from alchemiser_core.domain.account import Account, Activity, BrokerTime, HeldPosition
from alchemiser_core.domain.instrument import Instruments
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.orders.submission import SubmissionFailure
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.broker import Broker, BrokerCapabilities, BrokerFailure
from alchemiser_core.ports.quotes import Quotes, QuotesUnavailable
from alchemiser_core.simulation.faults.calls import Calls, unavailable
from alchemiser_core.simulation.faults.kinds import FaultKind, Operation
from alchemiser_core.simulation.faults.levers import Levers
from alchemiser_core.simulation.faults.plan import Fault
from alchemiser_core.simulation.faults.quotes import spoiled
from alchemiser_core.simulation.faults.script import FaultScript
from alchemiser_core.simulation.faults.submissions import Submissions
from alchemiser_core.simulation.faults.tape import Asked, CancelSent, Told, ToldOfOrder

T = TypeVar("T")
_NOT_TAKEN = 1
_EARLIER, _CLOSED = 1, 2
"""Variants of clocks that disagree: the broker's is behind, or says that the market is closed."""


class BrokerWithQuotes(Broker, Quotes, Protocol):
    """What stands behind the faults."""


@define
class FaultyBroker:
    """`Broker` and `Quotes`, over one of the simulation. Processes come and go; it stays."""

    inner: BrokerWithQuotes
    levers: Levers
    script: FaultScript
    calls: Calls = field(init=False)
    submissions: Submissions = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.calls = Calls(self.script, self.levers.clock)
        self.submissions = Submissions(self.inner, self.levers, self.calls)

    @property
    def name(self) -> str:
        """The name of the broker behind."""
        return self.inner.name

    @property
    def capabilities(self) -> BrokerCapabilities:
        """Those of the broker behind."""
        return self.inner.capabilities

    def time(self) -> Result[BrokerTime, BrokerFailure]:
        """The broker's clock, or another one."""
        found, due = self._read(Operation.TIME, self.inner.time)
        for fault in due:
            self.script.last(fault, seconds=0)
        told = found.map(self._disagreeing)
        if self.calls.script.still(FaultKind.CLOSED_EARLY) and isinstance(found, Success):
            self.calls.lasting(FaultKind.CLOSED_EARLY)
            told = told.map(_closed)
        return told

    def _disagreeing(self, time: BrokerTime) -> BrokerTime:
        fault = self.calls.lasting(FaultKind.CLOCKS_DISAGREE)
        if fault is None:
            return time
        if fault.variant == _CLOSED:
            return _closed(time)
        off = timedelta(seconds=-fault.seconds if fault.variant == _EARLIER else fault.seconds)
        return evolve(time, at=time.at + off)

    def account(self) -> Result[Account, BrokerFailure]:
        """The account, that of another time, or another one."""
        found, due = self._read(Operation.ACCOUNT, self.inner.account)
        for fault in due:
            if fault.kind is FaultKind.ACCOUNT_CHANGED:
                self.script.last(fault, seconds=0)
        return found.map(self._other_account)

    def _other_account(self, account: Account) -> Account:
        if account.cash != self.levers.exchange.cash:
            self.calls.lasting(FaultKind.READS_LAG)
        if self.calls.lasting(FaultKind.ACCOUNT_CHANGED):
            return evolve(account, number=f"{account.number}-other")
        return account

    def positions(self) -> Result[tuple[HeldPosition, ...], BrokerFailure]:
        """What is held, now or some time ago."""
        found, _ = self._read(Operation.POSITIONS, self.inner.positions)
        told = {held.symbol: held.quantity for held in found.value_or(())}
        if isinstance(found, Success) and told != self.levers.exchange.held:
            self.calls.lasting(FaultKind.READS_LAG)
        return found

    def instruments(self, symbols: Collection[Symbol]) -> Result[Instruments, BrokerFailure]:
        """How symbols are traded."""
        return self._read(Operation.INSTRUMENTS, lambda: self.inner.instruments(symbols))[0]

    def activities(self, since: date) -> Result[tuple[Activity, ...], BrokerFailure]:
        """What happened beside the orders."""
        return self._read(Operation.ACTIVITIES, lambda: self.inner.activities(since))[0]

    def order(self, client_order_id: str) -> Result[OrderReport | None, BrokerFailure]:
        """The order, or "no such order" while it is not found yet."""
        faults = self.script.due(Operation.REPORT)
        found, _ = self._read(Operation.REPORT, lambda: self.inner.order(client_order_id))
        if isinstance(found, Failure):
            return found
        report = found.unwrap()
        if report is not None:
            kept = self._as_told((report,), faults)
            report = kept[0] if kept else None
        self.script.tape.note(ToldOfOrder(client_order_id, report))
        return Success(report)

    def orders(self, since: date) -> Result[tuple[OrderReport, ...], BrokerFailure]:
        """The orders, without those that are not found yet."""
        faults = self.script.due(Operation.REPORT)
        found, _ = self._read(Operation.LIST, lambda: self.inner.orders(since))
        return found.map(lambda reports: self._as_told(reports, faults))

    def _as_told(
        self, reports: tuple[OrderReport, ...], faults: tuple[Fault, ...]
    ) -> tuple[OrderReport, ...]:
        now, hidden = self.levers.clock.now(), self.submissions.hidden
        seen = tuple(
            r
            for r in reports
            if r.client_order_id not in hidden or hidden[r.client_order_id] <= now
        )
        for fault in faults:
            bad = tuple(_unclear(fault.kind, report) for report in seen)
            if bad != seen:
                self.script.tape.struck(fault.kind)
                seen = bad
        return seen

    def submit(self, request: OrderRequest) -> Result[OrderReport, SubmissionFailure]:
        """Send an order through whatever is due."""
        call = self.calls.begin(Operation.SUBMIT)
        self._end_of_halts()
        due = {fault.kind: fault for fault in self.script.due(Operation.SUBMIT)}
        if FaultKind.THROTTLED_SUBMITS in due:
            self.script.last(due[FaultKind.THROTTLED_SUBMITS])
        answer = self.submissions.submit(request, call, due)
        self.calls.end(call)
        told = answer.failure() if isinstance(answer, Failure) else answer.unwrap()
        self.script.tape.note(Told(request.client_order_id, told))
        return answer

    def cancel(self, broker_order_id: str) -> Result[None, BrokerFailure]:
        """Ask for a cancel; the answer may be lost, the cancel with it or not."""
        call = self.calls.begin(Operation.CANCEL)
        self._end_of_halts()
        due = {fault.kind: fault for fault in self.script.due(Operation.CANCEL)}
        self.script.tape.note(CancelSent(broker_order_id))
        lost = due.get(FaultKind.CANCEL_LOST)
        hangs = call.hangs
        reaches = not any(f is not None and f.variant == _NOT_TAKEN for f in (lost, hangs))
        failure = self.calls.read_failure(call, ())
        if failure is not None and hangs is None:
            reaches = False
        answer: Result[None, BrokerFailure] = Failure(unavailable("the connection was reset"))
        if reaches:
            answer = self.inner.cancel(broker_order_id)
        if lost is not None:
            self.script.tape.struck(FaultKind.CANCEL_LOST, "taken" if reaches else "not taken")
            answer = Failure(unavailable("the connection was reset"))
        self.calls.end(call)
        return answer if failure is None else Failure(failure)

    def quotes(
        self, symbols: Collection[Symbol]
    ) -> Result[Mapping[Symbol, Quote], QuotesUnavailable]:
        """The quotes, spoiled where that is due."""
        faults = self.script.due(Operation.QUOTES)
        found = self.inner.quotes(symbols)
        for fault in faults:
            if fault.kind is FaultKind.QUOTES_FAIL:
                self.script.tape.struck(fault.kind)
                return Failure(QuotesUnavailable(unavailable("an error of the server").found))
            good = found.unwrap()
            bad = spoiled(fault, good)
            if bad != good:
                self.script.tape.struck(fault.kind)
                found = Success(bad)
        return found

    def _read(
        self, operation: Operation, read: Callable[[], Result[T, BrokerFailure]]
    ) -> tuple[Result[T, BrokerFailure], tuple[Fault, ...]]:
        call = self.calls.begin(operation)
        self._end_of_halts()
        due = self.script.due(operation) if operation is not Operation.REPORT else ()
        failure = self.calls.read_failure(call, due)
        found: Result[T, BrokerFailure] = Failure(failure) if failure is not None else read()
        self.calls.end(call)
        if failure is not None:
            self.script.tape.note(Asked(operation, answered=False))
        return found, due

    def _end_of_halts(self) -> None:
        halted = self.levers.exchange.behaviour.halted
        if halted and not self.script.still(FaultKind.SYMBOL_HALTED):
            halted.clear()


def _closed(time: BrokerTime) -> BrokerTime:
    return evolve(time, is_open=False)


def _unclear(kind: FaultKind, report: OrderReport) -> OrderReport:
    if kind is FaultKind.VALUE_MISSING:
        return evolve(report, filled_value=None) if report.filled_quantity else report
    return evolve(report, status=OrderStatus.UNRECOGNISED)
