"""Positions and cash that differ: lags, trades by hand, fees, and empty answers."""

from decimal import Decimal

import pytest
from attrs import evolve
from reconciliation_stage import TOMORROW, alerts, codes, cycle_of, report, request

from alchemiser_core.domain.journal.account_events import DifferenceAccepted
from alchemiser_core.domain.money import usd
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.symbol import Symbol

AAA = Symbol("AAA")


@pytest.mark.parametrize("adopts", [True, False])
@pytest.mark.parametrize(
    ("cash", "held"),
    [
        ("7999.80", {}),
        ("7999.80", {"AAA": 10}),
        ("7999.80", {"AAA": 7, "BBB": 20}),
        ("9999.90", {"AAA": 10, "BBB": 20}),
        ("10000.00", {}),
        ("8999.90", {"BBB": 20}),
    ],
)
def test_case_35_positions_that_lag_behind_the_orders_are_never_taken_as_they_are(
    invested, adopts, cash, held
):
    invested.policy = evolve(invested.policy, adopt=adopts)
    before = invested.ledger.books
    invested.broker(cash=cash, **held)
    found = invested.reconcile()
    assert set(codes(found)) == {"lagging"}
    assert found.blocking
    assert found.retry
    assert invested.ledger.books == before
    invested.broker(cash="7999.80", AAA=10, BBB=20)
    assert not invested.reconcile().discrepancies


def test_case_35_more_than_what_was_filled_is_no_lag(invested):
    invested.broker(AAA=11, BBB=20)
    assert codes(invested.reconcile()) == ["quantity-differs"]


def test_case_35_cash_is_not_believed_while_positions_lag(invested):
    invested.broker(cash="7999.50", AAA=10)
    assert codes(invested.reconcile()) == ["lagging", "lagging"]


def test_case_35_an_account_without_any_positions_is_not_believed_the_next_day_either(invested):
    invested.session = TOMORROW
    invested.policy = evolve(invested.policy, adopt=True)
    invested.broker()
    found = invested.reconcile()
    assert codes(found) == ["positions-missing", "positions-missing", "lagging"][:2]
    assert found.blocking
    assert found.retry
    assert invested.book("a").quantity(AAA) == 6


def test_case_46_everything_sold_by_hand_shows_in_the_cash(invested):
    invested.session = TOMORROW
    invested.policy = evolve(invested.policy, adopt=True)
    invested.broker(cash="9990.00")
    found = invested.reconcile()
    assert not found.discrepancies
    assert invested.agrees()


def test_case_35_a_person_can_confirm_that_all_is_gone(invested):
    invested.broker()
    assert invested.reconcile().blocking
    assert not invested.reconcile(by_hand=True).discrepancies
    assert invested.agrees()


def test_case_35_symbols_that_moved_while_they_were_read_are_read_again(invested):
    invested.session = TOMORROW
    invested.seen = evolve(invested.seen, moving=frozenset({AAA}))
    invested.broker(AAA=3, BBB=20)
    found = invested.reconcile()
    assert codes(found) == ["lagging"]
    assert found.retry


@pytest.mark.parametrize(
    ("cash", "held"),
    [
        ("6999.80", {"AAA": 20, "BBB": 20}),
        ("8399.79", {"AAA": 6, "BBB": 20}),
        ("7899.80", {"AAA": 10, "BBB": 20, "CCC": 10}),
        ("7999.80", {"AAA": 10, "BBB": 20, "CCC": "0.000000001"}),
        ("5.00", {"AAA": 10, "BBB": 20}),
    ],
)
@pytest.mark.parametrize("how", ["refuse", "adopt", "by hand"])
def test_case_46_what_was_traded_by_hand_is_adopted_by_policy_or_blocks(invested, cash, held, how):
    invested.session = TOMORROW
    invested.policy = evolve(invested.policy, adopt=how == "adopt")
    contributed = invested.ledger.opened_books.combined().contributed
    invested.broker(cash=cash, **held)
    found = invested.reconcile(by_hand=how == "by hand")
    if how == "refuse":
        assert set(codes(found)) <= {"quantity-differs", "cash-differs"}
        assert found.blocking
        assert not found.retry
        assert {p.code for d in found.discrepancies for p in d.problems()} == set(codes(found))
        return
    assert not found.discrepancies
    assert invested.agrees()
    assert set(alerts(found.events)) == {"difference-accepted"}
    whole = invested.ledger.opened_books.combined()
    put_in = sum(
        (
            a * e.price
            for e in found.events
            if isinstance(e, DifferenceAccepted)
            for a in e.amounts.values()
        ),
        start=Decimal(0),
    )
    assert whole.contributed == contributed + put_in


def test_shares_that_went_come_out_of_the_books_that_hold_them(invested):
    invested.session = TOMORROW
    invested.policy = evolve(invested.policy, adopt=True)
    invested.broker(cash="8399.80", AAA=6, BBB=20)
    invested.reconcile()
    assert invested.book("a").quantity(AAA) == Decimal("3.6")
    assert invested.book("b").quantity(AAA) == Decimal("2.4")


def test_shares_that_came_go_by_capital_shares_and_nothing_is_earned_by_them(invested):
    invested.session = TOMORROW
    invested.policy = evolve(invested.policy, adopt=True)
    before = invested.ledger.opened_books.combined()
    invested.broker(AAA=10, BBB=20, CCC=7)
    invested.reconcile()
    after = invested.ledger.opened_books.combined()
    assert invested.book("a").quantity(Symbol("CCC")) == Decimal("4.2")
    assert after.contributed - before.contributed == 70
    assert (after.realised, after.income) == (before.realised, before.income)


def test_lesson_shares_without_a_price_are_not_given_one(invested):
    invested.session = TOMORROW
    invested.policy = evolve(invested.policy, adopt=True)
    invested.broker(AAA=10, BBB=20, ZZZ=1)
    found = invested.reconcile()
    assert codes(found) == ["unpriced-position"]
    assert found.blocking


@pytest.mark.parametrize(("cash", "income"), [("7999.17", "-0.63"), ("8000.80", "1.00")])
def test_a_little_cash_is_interest_or_a_fee(invested, cash, income):
    invested.session = TOMORROW
    before = invested.ledger.opened_books.combined()
    invested.broker(cash=cash, AAA=10, BBB=20)
    found = invested.reconcile()
    assert not found.discrepancies
    assert not alerts(found.events)
    after = invested.ledger.opened_books.combined()
    assert after.income - before.income == Decimal(income)
    assert after.contributed == before.contributed
    assert invested.agrees()


@pytest.mark.parametrize("cash", ["7998.79", "8000.81"])
def test_more_cash_than_the_tolerance_blocks(invested, cash):
    invested.session = TOMORROW
    invested.broker(cash=cash, AAA=10, BBB=20)
    found = invested.reconcile()
    assert [(d.kind.value, d.journal, d.broker) for d in found.discrepancies] == [
        ("cash-differs", "7999.8", cash)
    ]


def test_no_tolerance_is_none(invested):
    invested.session = TOMORROW
    invested.policy = evolve(invested.policy, cash_tolerance=usd(0))
    invested.broker(cash="7999.79", AAA=10, BBB=20)
    assert codes(invested.reconcile()) == ["cash-differs"]


@pytest.mark.parametrize("adopts", [True, False])
def test_what_the_open_cycle_is_trading_is_left_to_it(invested, adopts):
    invested.session = TOMORROW
    invested.policy = evolve(invested.policy, adopt=adopts)
    order = request("CCC", Side.BUY, 10, TOMORROW)
    told = report(order, OrderStatus.OPEN, 4, 40)
    invested.write(*cycle_of([order], [told], {"CCC": {"a": 10}}, TOMORROW))
    invested.shows(*invested.seen.orders, told)
    invested.broker(cash="7949.80", AAA=10, BBB=20, CCC=5)
    assert not invested.reconcile().events


def test_other_symbols_are_compared_while_a_cycle_is_open(invested):
    invested.session = TOMORROW
    order = request("CCC", Side.BUY, 10, TOMORROW)
    invested.write(*cycle_of([order], [], {"CCC": {"a": 10}}, TOMORROW))
    invested.broker(cash=1, AAA=11, BBB=20)
    assert codes(invested.reconcile()) == ["quantity-differs"]
