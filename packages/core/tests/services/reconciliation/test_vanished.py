"""Orders that the broker had taken and then did not show: their fills may be seen all the same."""

from attrs import evolve
from reconciliation_stage import TOMORROW, closing, codes, cycle_of, report, request

from alchemiser_core.domain.journal.account_events import DifferenceAccepted
from alchemiser_core.domain.journal.events import OrderAbsent, OrderRefused
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.orders.submission import RejectionKind

WISHES = {"AAA": {"a": -6, "b": -4}}


def given_up(invested):
    """A sell of tomorrow that was accepted, then not found any more, and given up."""
    invested.session = TOMORROW
    sell = request("AAA", Side.SELL, 10, TOMORROW)
    taken = report(sell, OrderStatus.OPEN)
    absent = OrderAbsent(sell.client_order_id, resend=False)
    cycle = cycle_of([sell], [taken], WISHES, TOMORROW)
    invested.write(*cycle, absent, closing(day=TOMORROW))
    return sell


def test_what_a_vanished_order_may_have_filled_is_not_accepted_as_a_difference(invested):
    invested.policy = evolve(invested.policy, adopt=True)
    sell = given_up(invested)
    invested.broker(cash="8999.80", BBB=20)
    found = invested.reconcile()
    assert set(codes(found)) == {"lagging"}
    assert not [e for e in found.events if isinstance(e, DifferenceAccepted)]
    invested.shows(report(sell, OrderStatus.FILLED, 10, 1000))
    assert not invested.reconcile().discrepancies
    assert invested.agrees()


def test_a_vanished_order_explains_no_more_than_it_can_have_filled(invested):
    given_up(invested)
    invested.broker(cash="7999.80", AAA=11, BBB=20)
    assert codes(invested.reconcile()) == ["quantity-differs"]


def test_an_order_that_ended_by_the_brokers_word_explains_nothing(invested):
    invested.session = TOMORROW
    sell = request("AAA", Side.SELL, 10, TOMORROW)
    over = report(sell, OrderStatus.CANCELLED)
    invested.write(*cycle_of([sell], [over], WISHES, TOMORROW), closing(day=TOMORROW))
    invested.broker(cash="8999.80", BBB=20)
    assert "quantity-differs" in codes(invested.reconcile())


def test_an_order_that_was_refused_explains_nothing(invested):
    invested.session = TOMORROW
    sell = request("AAA", Side.SELL, 10, TOMORROW)
    refused = OrderRefused(sell.client_order_id, RejectionKind.OTHER, "no")
    invested.write(*cycle_of([sell], [], WISHES, TOMORROW), refused, closing(day=TOMORROW))
    invested.broker(cash="8999.80", BBB=20)
    assert "quantity-differs" in codes(invested.reconcile())
