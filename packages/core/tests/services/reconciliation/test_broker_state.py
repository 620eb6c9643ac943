"""Reading the broker as a whole."""

from datetime import timedelta

import pytest
from attrs import define, field
from reconciliation_stage import TODAY, TOMORROW, cycle_of, report, request
from returns.result import Failure, Success

from alchemiser_core.domain.account import Account
from alchemiser_core.domain.money import usd
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.ports.broker import BrokerUnavailable
from alchemiser_core.services.reconciliation import ReadSince, read_broker, read_since

SINCE = ReadSince(TODAY, TODAY - timedelta(days=30))
ORDER = request("AAA", Side.BUY, 10)


@define
class Answers:
    """A broker that answers reads as it is told, one list of orders after the other."""

    orders_told: list = field(factory=lambda: [()])
    failing: str = ""
    name: str = "told"
    asked: list = field(factory=list)

    def _answer(self, method, value):
        self.asked.append(method)
        return Failure(BrokerUnavailable(())) if method == self.failing else Success(value)

    def account(self):
        return self._answer("account", Account("A1", usd(5)))

    def positions(self):
        return self._answer("positions", ())

    def activities(self, since):
        assert since == SINCE.activities
        return self._answer("activities", ())

    def orders(self, since):
        assert since == SINCE.orders
        told = self.orders_told
        return self._answer("orders", told.pop(0) if len(told) > 1 else told[0])


@pytest.mark.parametrize("method", ["account", "positions", "activities", "orders"])
def test_case_35_a_read_that_fails_is_a_failure_and_never_empty(method):
    assert isinstance(read_broker(Answers(failing=method), SINCE), Failure)


def test_a_quiet_account_is_read_once():
    broker = Answers()
    state = read_broker(broker, SINCE).unwrap()
    assert (state.broker, state.account.cash, state.moving) == ("told", 5, frozenset())
    assert broker.asked == ["orders", "account", "positions", "activities", "orders"]


def test_an_account_that_moves_meanwhile_is_read_again():
    part, whole = report(ORDER, OrderStatus.OPEN, 4, 400), report(ORDER, OrderStatus.FILLED, 10, 1)
    state = read_broker(Answers([(part,), (whole,), (whole,)]), SINCE).unwrap()
    assert state.moving == frozenset()
    assert state.orders == (whole,)


def test_what_does_not_come_to_rest_is_named():
    moves = [(report(ORDER, OrderStatus.OPEN, n, n),) for n in range(9)]
    assert read_broker(Answers(moves), SINCE).unwrap().moving == {"AAA"}


def test_orders_are_read_from_the_first_cycle_that_is_remembered(desk):
    assert read_since(desk.ledger, TOMORROW) == ReadSince(TOMORROW, TOMORROW - timedelta(days=30))
    order = request("AAA", Side.BUY, 1)
    desk.write(*cycle_of([order], [], {"AAA": {"a": 1}}))
    assert read_since(desk.ledger, TOMORROW).orders == TODAY


def test_orders_of_closed_cycles_are_read_too(invested):
    assert read_since(invested.ledger, TOMORROW).orders == TODAY


def test_nothing_that_happened_in_a_long_pause_is_missed(invested):
    later = TODAY + timedelta(days=90)
    assert read_since(invested.ledger, later).activities == TODAY - timedelta(days=30)
