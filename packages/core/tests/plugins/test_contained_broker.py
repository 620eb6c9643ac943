"""A broker plugin that raises or answers nonsense does not end the program."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from attrs import evolve
from returns.result import Failure, Success

from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.orders.submission import (
    OutcomeUnknown,
    Rejected,
    RejectionKind,
    Throttled,
)
from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins.contained_broker import contained_broker, contained_hours
from alchemiser_core.ports.broker import BrokerUnavailable, Unauthorised
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.broker import in_memory_broker
from alchemiser_core.testing.calendar import new_york_session
from alchemiser_core.testing.conformance import BrokerConformance

NOON = datetime(2024, 3, 1, 17, tzinfo=UTC)
REQUEST = OrderRequest("alch-1", "AAA", Side.BUY, Decimal(1))
CALLS = {
    "time": (),
    "account": (),
    "positions": (),
    "instruments": (["AAA"],),
    "order": ("alch-1",),
    "orders": (date(2024, 3, 1),),
    "activities": (date(2024, 3, 1),),
}


def broken(method, behaviour):
    broker = in_memory_broker(VirtualClock(NOON), {"AAA": 100})
    kind = type("Broken", (type(broker),), {method: behaviour})
    return contained_broker(kind(broker.exchange, broker.clock)).unwrap()


def boom(self, *arguments):
    raise RuntimeError("boom")


class TestItKeepsEveryPromiseOfTheBrokerInside(BrokerConformance):
    known = ("AAA", "BBB")

    @pytest.fixture
    def broker(self):
        inner = in_memory_broker(VirtualClock(NOON), {"AAA": 100, "BBB": 50})
        contained = contained_broker(inner).unwrap()

        class WithQuotes(type(contained)):
            quotes = staticmethod(inner.quotes)

        return WithQuotes(inner, contained.name, contained.capabilities)


@pytest.mark.parametrize("method", CALLS)
def test_a_read_that_raises_is_no_answer(method) -> None:
    answer = getattr(broken(method, boom), method)(*CALLS[method])
    assert isinstance(answer, Failure)
    assert isinstance(answer.failure(), BrokerUnavailable)
    (problem,) = answer.failure().problems()
    assert "boom" in problem.why


@pytest.mark.parametrize("method", CALLS)
@pytest.mark.parametrize("nonsense", [None, 5, Success(5), Success([object()]), Failure("no")])
def test_a_read_of_the_wrong_kind_is_no_answer(method, nonsense) -> None:
    answer = getattr(broken(method, lambda *_: nonsense), method)(*CALLS[method])
    assert isinstance(answer.failure(), BrokerUnavailable)


def test_cash_that_is_no_number_is_no_answer() -> None:
    inner = in_memory_broker(VirtualClock(NOON), {"AAA": 100})
    bad = evolve(inner.account().unwrap(), cash=Decimal("NaN"))
    answer = broken("account", lambda self: Success(bad)).account()
    assert isinstance(answer.failure(), BrokerUnavailable)


@pytest.mark.parametrize("behaviour", [boom, lambda *_: None, lambda *_: Success("sent")])
def test_a_submission_without_an_answer_may_have_reached_the_market(behaviour) -> None:
    answer = broken("submit", behaviour).submit(REQUEST)
    assert isinstance(answer.failure(), OutcomeUnknown)


def test_answers_are_passed_on() -> None:
    inner = in_memory_broker(VirtualClock(NOON), {"AAA": 100})
    broker = contained_broker(inner).unwrap()
    assert broker.account() == inner.account()
    assert broker.submit(REQUEST).unwrap() == inner.order("alch-1").unwrap()
    assert isinstance(
        broker.submit(evolve(REQUEST, symbol="ZZZ", client_order_id="alch-2")).failure(), Rejected
    )


def test_a_broker_that_does_not_say_what_it_can_do_is_none() -> None:
    class Nameless:
        name = 7

    assert isinstance(contained_broker(Nameless()).failure(), BrokerUnavailable)


HOSTILE = "\x1b[2Jno\r\nERROR: cash\u202e\x00" + "x" * 1_000_000


def is_plain(text: str) -> bool:
    return text.isprintable() and 0 < len(text) <= 500


def test_security_s13_what_a_broker_says_of_a_refusal_is_plain() -> None:
    for failure in (Rejected(RejectionKind.OTHER, HOSTILE), OutcomeUnknown(HOSTILE)):
        told = broken("submit", lambda self, _, failure=failure: Failure(failure)).submit(REQUEST)
        assert type(told.failure()) is type(failure)
        assert is_plain(told.failure().problems()[0].why)
    slow_down = Throttled(timedelta(seconds=5))
    assert broken("submit", lambda self, _: Failure(slow_down)).submit(REQUEST) == Failure(
        slow_down
    )


def test_security_s13_what_a_broker_says_of_an_order_is_plain_and_its_ids_are_its_own() -> None:
    whole = OrderReport("their\x07id", "b\x07", "AAA", Side.BUY, Decimal(1), OrderStatus.REJECTED)
    hostile = evolve(whole, reason=HOSTILE)
    for broker, ask in (
        (broken("submit", lambda self, _: Success(hostile)), lambda b: b.submit(REQUEST).unwrap()),
        (broken("order", lambda self, _: Success(hostile)), lambda b: b.order("x").unwrap()),
        (
            broken("orders", lambda self, _: Success((whole, hostile))),
            lambda b: b.orders(date(2024, 3, 1)).unwrap()[1],
        ),
    ):
        told = ask(broker)
        assert is_plain(told.reason)
        assert evolve(told, reason="") == whole


def test_security_s13_what_a_broker_says_of_a_failed_read_is_plain() -> None:
    unavailable = BrokerUnavailable((Problem("busy", HOSTILE, HOSTILE, HOSTILE, HOSTILE),))
    for failure in (unavailable, Unauthorised(HOSTILE)):
        told = broken("account", lambda self, failure=failure: Failure(failure)).account()
        assert type(told.failure()) is type(failure)
        (problem,) = told.failure().problems()
        assert all(map(is_plain, (problem.what, problem.why, problem.hint)))


HOURS = (new_york_session(date(2024, 3, 1)),)


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        5,
        Success(5),
        Success(list(HOURS)),
        Success([object()]),
        Success((evolve(HOURS[0], day=HOURS[0].opens),)),
        Success((evolve(HOURS[0], day="2024-03-01"),)),
        Failure("no"),
    ],
)
def test_hours_of_the_wrong_kind_are_no_answer(nonsense) -> None:
    hours = contained_hours(broken("market_sessions", lambda *_: nonsense))
    assert hours is not None
    answer = hours.market_sessions(date(2024, 3, 1), date(2024, 3, 2))
    assert isinstance(answer.failure(), BrokerUnavailable)


def test_hours_that_raise_are_no_answer_and_others_are_as_the_broker_tells_them() -> None:
    raising, telling = (
        contained_hours(broken("market_sessions", behaviour))
        for behaviour in (boom, lambda *_: Success(HOURS))
    )
    day = date(2024, 3, 1)
    assert raising is not None
    assert telling is not None
    assert "boom" in raising.market_sessions(day, day).failure().problems()[0].why
    assert telling.market_sessions(day, day) == Success(HOURS)


def test_a_broker_without_a_calendar_has_no_hours() -> None:
    inner = in_memory_broker(VirtualClock(NOON), {"AAA": 100})
    assert contained_hours(contained_broker(inner).unwrap()) is None
