"""What becomes of an order request: lost, refused, not answered, filled late or partly."""

from datetime import datetime, timedelta

from attrs import define, evolve, field
from returns.result import Failure, Result, Success

from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.orders.submission import (
    OutcomeUnknown,
    Rejected,
    RejectionKind,
    SubmissionFailure,
    Throttled,
)
from alchemiser_core.ports.broker import Broker
from alchemiser_core.simulation.faults.calls import Call, Calls
from alchemiser_core.simulation.faults.kinds import FaultKind
from alchemiser_core.simulation.faults.levers import Levers
from alchemiser_core.simulation.faults.plan import Fault
from alchemiser_core.simulation.faults.tape import ReachedBroker, ReachedOtherAccount

Answer = Result[OrderReport, SubmissionFailure]
Due = dict[FaultKind, Fault]

_NOT_TAKEN = 1
"""The variant of a lost answer in which the broker did not take the order either."""
_RETRY_AFTER = (None, timedelta(seconds=-5), timedelta(hours=1))
_FIRST_PART = 45
"""Percent of an order that is filled before it is cancelled."""
_CANCELLED_AFTER = (180, 20)
"""Seconds after which programs of the simulation give an order up: at their end, or at the end of
a limit's step.
"""

_REFUSALS = {
    FaultKind.NO_CASH: RejectionKind.INSUFFICIENT_CASH,
    FaultKind.NO_QUANTITY: RejectionKind.INSUFFICIENT_QUANTITY,
    FaultKind.WASH_TRADE: RejectionKind.WASH_TRADE,
    FaultKind.NOT_TRADABLE: RejectionKind.NOT_TRADABLE,
    FaultKind.NOT_FRACTIONABLE: RejectionKind.NOT_FRACTIONABLE,
    FaultKind.BAD_PRICE: RejectionKind.BAD_PRICE,
    FaultKind.BELOW_MINIMUM: RejectionKind.BELOW_MINIMUM,
    FaultKind.REFUSED_OTHERWISE: RejectionKind.OTHER,
}
_LOST_ANSWERS = {
    FaultKind.ANSWER_LOST: "the connection was reset",
    FaultKind.SERVER_ERROR: "503, and a page of HTML",
    FaultKind.UNREADABLE_ANSWER: "the answer ends in the middle",
}
_OF_THE_ORDER = frozenset(
    {
        FaultKind.LOOK_UP_LAGS,
        FaultKind.SLOW_FILLS,
        FaultKind.PARTIAL_FILL,
        FaultKind.LATE_REJECTION,
        FaultKind.STUCK_CANCEL,
        FaultKind.FILLED_WHILE_CANCELLING,
        FaultKind.SYMBOL_HALTED,
    }
)
"""What has taken effect when the order it is about was taken."""


@define
class Submissions:
    """The way of an order request to the exchange, and of the answer back."""

    broker: Broker
    levers: Levers
    calls: Calls
    hidden: dict[str, datetime] = field(factory=dict)
    """Orders that no look-up finds yet, by client order id."""

    def submit(self, request: OrderRequest, call: Call, due: Due) -> Answer:
        """Send it on, or not, and say what the program is told."""
        lost = self._on_the_way(call, due)
        if lost is not None:
            return Failure(lost)
        if self.calls.script.still(FaultKind.ACCOUNT_CHANGED):
            self.calls.script.tape.note(ReachedOtherAccount(request))
            return Success(_open(request))
        self._before(request, due)
        answer = self._at_the_broker(request, due)
        self._after(request, answer, due)
        return self._back(call, answer, due)

    def _on_the_way(self, call: Call, due: Due) -> SubmissionFailure | None:
        """What keeps the request from the broker."""
        calls = self.calls
        storm = calls.lasting(FaultKind.THROTTLED_ALL) or calls.lasting(FaultKind.THROTTLED_SUBMITS)
        if storm is not None:
            return Throttled(_RETRY_AFTER[storm.variant])
        if calls.lasting(FaultKind.BROKER_DOWN):
            return OutcomeUnknown("the connection was refused")
        if FaultKind.REQUEST_LOST in due:
            calls.script.tape.struck(FaultKind.REQUEST_LOST)
            return OutcomeUnknown("the connection was reset")
        if call.hangs is not None and call.hangs.variant == _NOT_TAKEN:
            calls.hang(call.hangs)
            return OutcomeUnknown("no answer in time")
        error = due.get(FaultKind.SERVER_ERROR)
        if error is not None and error.variant == _NOT_TAKEN:
            calls.script.tape.struck(error.kind, "not taken")
            return OutcomeUnknown(_LOST_ANSWERS[error.kind])
        return None

    def _before(self, request: OrderRequest, due: Due) -> None:
        """What happens at the broker just before the request is there."""
        struck, levers = self.calls.script.tape.struck, self.levers
        for kind in (FaultKind.FOREIGN_ORDER, FaultKind.TRADED_BY_HAND):
            if kind in due:
                fills = kind is FaultKind.TRADED_BY_HAND
                struck(kind, levers.order_by_hand(due[kind].variant, request, fills=fills))
        if FaultKind.SPLIT in due:
            done = levers.split(due[FaultKind.SPLIT].variant)
            if done is not None:
                struck(FaultKind.SPLIT, done)
        if FaultKind.READS_LAG in due:
            lags = due[FaultKind.READS_LAG]
            levers.exchange.behaviour.read_lag = timedelta(seconds=lags.seconds)
            self.calls.script.last(lags, seconds=0)
        for kind, fault in due.items():
            self._choose_fills(request, kind, fault)

    def _choose_fills(self, request: OrderRequest, kind: FaultKind, fault: Fault) -> None:
        levers, behaviour = self.levers, self.levers.exchange.behaviour
        match kind:
            case FaultKind.SLOW_FILLS | FaultKind.LATE_REJECTION:
                levers.fill_late(request, fault.seconds)
            case FaultKind.PARTIAL_FILL:
                levers.fill_partly(request, 10 * (fault.variant + 1), fault.seconds)
            case FaultKind.STUCK_CANCEL:
                levers.fill_partly(request, 10 * fault.variant, 1)
                behaviour.cancels_hang = True
            case FaultKind.FILLED_WHILE_CANCELLING:
                until = _CANCELLED_AFTER[fault.variant]
                levers.fill_late(request, until + fault.seconds, _FIRST_PART)
                behaviour.cancel_delay = timedelta(seconds=2 * fault.seconds)
            case FaultKind.ORDERS_FORGOTTEN | FaultKind.SYMBOL_HALTED:
                levers.fill_late(request, 1)
            case _:
                pass

    def _at_the_broker(self, request: OrderRequest, due: Due) -> Answer:
        """The exchange's own answer; a refusal that is due is the exchange's as well."""
        refusing = self.levers.exchange.behaviour.refusing
        refusal = self._refusal(due)
        if refusal is not None:
            refusing[request.symbol] = refusal
        self.calls.script.tape.note(ReachedBroker(request))
        answer = self.broker.submit(request)
        if refusal is not None:
            del refusing[request.symbol]
        return answer

    def _refusal(self, due: Due) -> Rejected | None:
        if self.calls.lasting(FaultKind.UNAUTHORISED):
            return Rejected(RejectionKind.UNAUTHORISED, "the key is not valid")
        if self.calls.lasting(FaultKind.CLOSED_EARLY):
            return Rejected(RejectionKind.MARKET_CLOSED, "the market is closed")
        for kind, refusal in _REFUSALS.items():
            if kind in due:
                self.calls.script.tape.struck(kind)
                return Rejected(refusal, "as the simulation has it")
        return None

    def _after(self, request: OrderRequest, answer: Answer, due: Due) -> None:
        """What happens at the broker just after it has taken the order."""
        if not isinstance(answer, Success):
            return
        script, behaviour = self.calls.script, self.levers.exchange.behaviour
        for kind, fault in due.items():
            match kind:
                case FaultKind.LOOK_UP_LAGS:
                    until = self.levers.clock.now() + timedelta(seconds=fault.seconds)
                    self.hidden[request.client_order_id] = until
                case FaultKind.ORDERS_FORGOTTEN:
                    self._forget(answer.unwrap(), fault)
                case FaultKind.SYMBOL_HALTED:
                    behaviour.halted.add(request.symbol)
                    script.last(fault)
                case FaultKind.LATE_REJECTION:
                    behaviour.rejecting[request.symbol] = "after all"
            if kind in _OF_THE_ORDER:
                script.tape.struck(kind, request.symbol)

    def _forget(self, report: OrderReport, fault: Fault) -> None:
        """The broker breaks down and starts again without the order."""
        if self.levers.forget(report.broker_order_id):
            script = self.calls.script
            script.tape.struck(fault.kind, report.symbol)
            script.last(evolve(fault, kind=FaultKind.BROKER_DOWN))

    def _back(self, call: Call, answer: Answer, due: Due) -> Answer:
        """What becomes of the answer."""
        if call.hangs is not None:
            self.calls.hang(call.hangs)
            return Failure(OutcomeUnknown("no answer in time"))
        for kind, why in _LOST_ANSWERS.items():
            if kind in due:
                self.calls.script.tape.struck(kind, "taken")
                return Failure(OutcomeUnknown(why))
        return answer


def _open(request: OrderRequest) -> OrderReport:
    return OrderReport(
        request.client_order_id,
        f"elsewhere-{request.client_order_id}",
        request.symbol,
        request.side,
        request.quantity,
        OrderStatus.OPEN,
    )
