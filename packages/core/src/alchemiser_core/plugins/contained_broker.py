"""A broker that somebody else wrote, kept apart: what it raises, or gives of the wrong kind, is no
answer; and what it says in words is plain.

A read without an answer teaches nothing. A submission without one may have reached the market, so
its outcome is unknown and the order is looked up.
"""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any, TypeVar

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.account import Account, Activity, BrokerTime, HeldPosition
from alchemiser_core.domain.instrument import Instruments
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.orders.submission import (
    OutcomeUnknown,
    Rejected,
    SubmissionFailure,
    Throttled,
)
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.plugins.broker_words import (
    plain_answer,
    plain_failure,
    plain_refusal,
    plain_report,
)
from alchemiser_core.plugins.containment import contained
from alchemiser_core.ports.broker import (
    Broker,
    BrokerCapabilities,
    BrokerFailure,
    BrokerUnavailable,
    Unauthorised,
)
from alchemiser_core.ports.broker_calendar import KeepsCalendar

Value = TypeVar("Value")
Check = Callable[[Any], bool]


@frozen(eq=False)
class ContainedBroker:
    """`Broker` over another one, which may raise whatever it likes."""

    inner: Broker
    name: str
    capabilities: BrokerCapabilities

    def time(self) -> Result[BrokerTime, BrokerFailure]:
        """As the broker answers."""
        return self.read("time", self.inner.time, _is(BrokerTime))

    def account(self) -> Result[Account, BrokerFailure]:
        """As the broker answers; cash that is no number is no answer."""
        return self.read("account", self.inner.account, _is_account)

    def positions(self) -> Result[tuple[HeldPosition, ...], BrokerFailure]:
        """As the broker answers."""
        return self.read("positions", self.inner.positions, _all_are(HeldPosition))

    def instruments(self, symbols: Collection[Symbol]) -> Result[Instruments, BrokerFailure]:
        """As the broker answers."""
        return self.read("instruments", lambda: self.inner.instruments(symbols), _is(dict))

    def order(self, client_order_id: str) -> Result[OrderReport | None, BrokerFailure]:
        """As the broker answers."""
        return self.read("order", lambda: self.inner.order(client_order_id), _is_order)

    def orders(self, since: date) -> Result[tuple[OrderReport, ...], BrokerFailure]:
        """As the broker answers."""
        return self.read("orders", lambda: self.inner.orders(since), _all_are(OrderReport))

    def cancel(self, broker_order_id: str) -> Result[None, BrokerFailure]:
        """As the broker answers."""
        return self.read("cancel", lambda: self.inner.cancel(broker_order_id), lambda _: True)

    def activities(self, since: date) -> Result[tuple[Activity, ...], BrokerFailure]:
        """As the broker answers."""
        return self.read("activities", lambda: self.inner.activities(since), _all_are(Activity))

    def submit(self, request: OrderRequest) -> Result[OrderReport, SubmissionFailure]:
        """As the broker answers; whatever is no answer leaves the outcome unknown."""
        outcome = contained(lambda: self.inner.submit(request))
        match outcome:
            case Success(Success(OrderReport() as report)):
                return Success(plain_report(report))
            case Success(Failure(Rejected() | Throttled() | OutcomeUnknown() as failure)):
                return Failure(plain_refusal(failure))
            case _:
                return Failure(OutcomeUnknown(self._words("submit", outcome)))

    def read(
        self, method: str, call: Callable[[], Result[Value, BrokerFailure]], fits: Check
    ) -> Result[Value, BrokerFailure]:
        """What a call of the broker answers; `fits` says whether that is of the right kind."""
        outcome = contained(call)
        match outcome:
            case Success(Success(value)) if fits(value):
                return Success(plain_answer(value))
            case Success(Failure(BrokerUnavailable() | Unauthorised() as failure)):
                return Failure(plain_failure(failure))
            case _:
                problem = Problem(
                    code="broker-failed",
                    what=f"the broker {self.name} gave no answer to {method}",
                    where=self.name,
                    why=self._words(method, outcome),
                    hint="report it to the author of the plugin",
                )
                return Failure(BrokerUnavailable((problem,)))

    def _words(self, method: str, outcome: Result[Any, Any]) -> str:
        if isinstance(outcome, Failure):
            return f"{method} raised {outcome.failure()}"
        found = outcome.unwrap()
        if isinstance(found, Success | Failure):
            found = found.unwrap() if isinstance(found, Success) else found.failure()
        return f"{method} gave a {type(found).__name__} that is none of the answers there are"


@frozen(eq=False)
class ContainedHours:
    """`KeepsCalendar` over the calendar of a broker, kept apart in the same way."""

    broker: ContainedBroker
    inner: KeepsCalendar

    def market_sessions(
        self, start: date, end: date
    ) -> Result[tuple[TradingSession, ...], BrokerFailure]:
        """As the broker answers."""
        return self.broker.read(
            "market_sessions",
            lambda: self.inner.market_sessions(start, end),
            _are_sessions,
        )


def contained_hours(broker: ContainedBroker) -> ContainedHours | None:
    """The calendar of a broker; `None` where it has none."""
    if not isinstance(broker.inner, KeepsCalendar):
        return None
    return ContainedHours(broker, broker.inner)


def contained_broker(broker: Broker) -> Result[ContainedBroker, BrokerUnavailable]:
    """The broker, kept apart. Failure: it cannot even say its name and what it can do."""
    said = contained(lambda: (broker.name, broker.capabilities))
    match said:
        case Success((str() as name, BrokerCapabilities() as capabilities)):
            return Success(ContainedBroker(broker, name, capabilities))
        case _:
            why = str(said.failure()) if isinstance(said, Failure) else "it gave something else"
            problem = Problem("broker-failed", "the broker does not say what it can do", "", why)
            return Failure(BrokerUnavailable((problem,)))


def _is(kind: type) -> Check:
    return lambda value: isinstance(value, kind)


def _all_are(kind: Any) -> Check:
    return lambda value: isinstance(value, tuple) and all(isinstance(v, kind) for v in value)


def _are_sessions(value: Any) -> bool:
    """A day that is a moment is no day: the two cannot be held against each other."""
    return _all_are(TradingSession)(value) and all(type(each.day) is date for each in value)


def _is_account(value: Any) -> bool:
    return isinstance(value, Account) and isinstance(value.number, str) and value.cash.is_finite()


def _is_order(value: Any) -> bool:
    return value is None or isinstance(value, OrderReport)
