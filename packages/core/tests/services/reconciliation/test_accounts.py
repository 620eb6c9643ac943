"""Whose account it is, new journals, and what happens beside the orders."""

from decimal import Decimal

import pytest
from attrs import evolve
from reconciliation_stage import (
    SHARES,
    TODAY,
    TOMORROW,
    Desk,
    alerts,
    codes,
    foreign,
    noted,
    report,
    request,
)

from alchemiser_core.domain.account import (
    CashActivity,
    HeldPosition,
    RemovalActivity,
    SplitActivity,
)
from alchemiser_core.domain.journal.account_events import (
    ActivityBooked,
    BooksOpened,
    DifferenceAccepted,
)
from alchemiser_core.domain.journal.events import JournalOpened
from alchemiser_core.domain.money import usd
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.portfolio.cash import CashReason
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.reconciliation import ReconcilePolicy

AAA = Symbol("AAA")


def test_case_15_an_account_that_is_not_the_journals_is_looked_at_no_further(invested):
    account = evolve(invested.seen.account, number="A2", cash=usd(5))
    invested.seen = evolve(invested.seen, account=account, positions=())
    invested.policy = evolve(invested.policy, adopt=True)
    found = invested.reconcile()
    assert codes(found) == ["account-mismatch"]
    assert found.blocking
    assert not found.retry
    assert alerts(found.events) == ["account-mismatch"]
    assert found.discrepancies[0].problems()[0].code == "account-mismatch"


def test_case_15_nobody_can_confirm_another_account(invested):
    account = evolve(invested.seen.account, number="A2")
    invested.seen = evolve(invested.seen, account=account)
    assert invested.reconcile(by_hand=True).blocking


def test_the_journal_of_another_broker_is_refused(desk):
    desk.seen = evolve(desk.seen, broker="other")
    assert codes(desk.reconcile()) == ["account-mismatch"]


def test_real_money_and_paper_are_not_mixed(desk):
    desk.seen = evolve(desk.seen, account=evolve(desk.seen.account, is_live=True))
    found = desk.reconcile()
    assert codes(found) == ["mode-mismatch"]
    assert found.blocking


def test_a_blocked_account_blocks(desk):
    desk.seen = evolve(desk.seen, account=evolve(desk.seen.account, is_blocked=True))
    assert codes(desk.reconcile()) == ["account-blocked"]


def test_what_was_noted_stays_noted_while_another_account_is_in_the_way(invested):
    invested.shows(*invested.seen.orders, foreign("CCC"))
    invested.reconcile()
    before = invested.ledger.noted
    invested.seen = evolve(invested.seen, account=evolve(invested.seen.account, number="A2"))
    invested.reconcile()
    assert before.items() <= invested.ledger.noted.items()


def test_the_books_of_an_account_of_cash_are_opened_by_shares(fresh):
    fresh.broker(cash="10000.01")
    found = fresh.reconcile()
    assert not found.blocking
    assert fresh.agrees()
    assert fresh.book("a").cash == Decimal("6000.006")
    assert fresh.book("b").contributed == Decimal("4000.004")
    assert fresh.ledger.shares == SHARES


def test_cash_that_no_shares_divide_is_opened_to_the_last_digit(fresh):
    third = Decimal(1) / 3
    shares = {"a": third, "b": third, "c": 1 - 2 * third}
    fresh.policy = ReconcilePolicy(shares)
    fresh.reconcile()
    assert fresh.agrees()


def test_what_happened_before_the_books_were_opened_is_not_booked_again(fresh):
    deposit = CashActivity("d1", CashReason.DEPOSIT, usd(10_000), TODAY)
    fresh.seen = evolve(fresh.seen, activities=(deposit,))
    fresh.reconcile()
    assert fresh.agrees()
    assert fresh.ledger.activities == {"d1"}


@pytest.mark.parametrize("what", ["positions", "orders"])
def test_case_24_a_new_journal_and_an_account_that_is_not_empty_trade_nothing(fresh, what):
    if what == "positions":
        fresh.broker(AAA=7)
    else:
        fresh.shows(foreign("AAA"))
    found = fresh.reconcile()
    assert codes(found) == ["unknown-holdings"]
    assert found.blocking
    assert fresh.ledger.books is None


@pytest.mark.parametrize("by_hand", [True, False])
def test_case_24_holdings_are_adopted_by_policy_or_by_a_person(fresh, by_hand):
    fresh.policy = evolve(fresh.policy, adopt=not by_hand)
    fresh.broker(cash="100.01", AAA="7.000000001", BBB=3)
    found = fresh.reconcile(by_hand=by_hand)
    assert not found.blocking
    assert fresh.agrees()
    assert fresh.book("a").quantity(AAA) == Decimal("4.2000000006")
    whole = fresh.ledger.opened_books.combined()
    assert whole.contributed == Decimal("100.01") + Decimal("700.0000001") + 150
    assert whole.positions[AAA].lots[0].opened == TODAY
    assert alerts(found.events) == ["holdings-adopted"]


def test_case_24_orders_that_are_open_at_the_broker_are_adopted_and_left_alone(fresh):
    fresh.policy = evolve(fresh.policy, adopt=True)
    own = report(request("AAA", Side.BUY, 5), OrderStatus.OPEN, 2, 200)
    fresh.shows(own, foreign("BBB"))
    fresh.broker(cash=9800, AAA=2)
    found = fresh.reconcile()
    assert sorted(codes(found)) == ["foreign-order", "stale-order"]
    assert not found.blocking
    assert found.left_alone == {"AAA", "BBB"}
    assert found.stale == (own,)


def test_case_24_holdings_without_a_price_cannot_be_adopted(fresh):
    fresh.policy = evolve(fresh.policy, adopt=True)
    fresh.broker(ZZZ=1, AAA=1)
    found = fresh.reconcile()
    assert [(d.kind.value, d.subject) for d in found.discrepancies] == [
        ("unpriced-position", "ZZZ")
    ]
    assert found.blocking


def test_unmanaged_symbols_belong_to_no_book(fresh):
    fresh.policy = evolve(fresh.policy, unmanaged=frozenset({AAA}))
    fresh.broker(AAA=7)
    assert not fresh.reconcile().discrepancies
    fresh.broker(AAA=3)
    assert not fresh.reconcile().discrepancies
    assert not fresh.ledger.opened_books.combined().positions


def dividend(identifier="v1", amount="10.01", symbol=AAA):
    return CashActivity(identifier, CashReason.DIVIDEND, usd(amount), TOMORROW, symbol)


def test_a_dividend_goes_to_the_books_that_hold_the_symbol(invested):
    before = {n: invested.book(n).cash for n in "ab"}
    invested.seen = evolve(invested.seen, activities=(dividend(),))
    invested.broker(cash="8009.81", AAA=10, BBB=20)
    assert not invested.reconcile().discrepancies
    assert invested.agrees()
    assert invested.book("a").cash - before["a"] == Decimal("6.006")
    assert invested.book("b").income == Decimal("4.004")


def test_a_dividend_of_what_nobody_holds_any_more_goes_by_capital_shares(desk):
    desk.seen = evolve(desk.seen, activities=(dividend(amount="10"),))
    desk.broker(cash=10_010)
    desk.reconcile()
    assert desk.book("a").income == 6
    assert desk.agrees()


@pytest.mark.parametrize(
    ("reason", "amount"),
    [
        (CashReason.DEPOSIT, "1000.01"),
        (CashReason.WITHDRAWAL, "-500.03"),
        (CashReason.INTEREST, "0.07"),
        (CashReason.FEE, "-0.03"),
    ],
)
def test_cash_of_the_whole_account_goes_by_capital_shares(desk, reason, amount):
    activity = CashActivity("x", reason, usd(amount), TODAY)
    desk.seen = evolve(desk.seen, activities=(activity, activity))
    desk.broker(cash=Decimal(10_000) + Decimal(amount))
    found = desk.reconcile()
    assert [type(event) for event in found.events] == [ActivityBooked]
    assert desk.agrees()
    moved = Decimal(amount) * Decimal("0.6")
    assert desk.book("a").cash == 6000 + moved
    assert desk.book("a").contributed == 6000 + (moved if reason.is_contribution else 0)


def test_case_40_a_split_changes_what_every_book_holds(invested):
    split = SplitActivity("s1", AAA, Decimal(2), TOMORROW)
    invested.seen = evolve(invested.seen, activities=(split,))
    invested.broker(AAA=20, BBB=20)
    assert not invested.reconcile().discrepancies
    assert invested.agrees()
    assert invested.book("b").quantity(AAA) == 8


def test_case_40_what_a_reverse_split_leaves_of_a_share_is_paid_in_cash(invested):
    equity = invested.ledger.opened_books.combined()
    split = SplitActivity("s1", AAA, Decimal("0.25"), TOMORROW, usd("200.40"))
    invested.seen = evolve(invested.seen, activities=(split,))
    invested.broker(cash="8200.20", AAA=2, BBB=20)
    found = invested.reconcile()
    assert not found.discrepancies
    assert invested.agrees()
    whole = invested.ledger.opened_books.combined()
    gained = (whole.realised + whole.income) - (equity.realised + equity.income)
    sold = equity.positions[AAA].basis / 5
    assert abs(gained - (Decimal("200.40") - sold)) < Decimal("1E-6")
    accepted = [e for e in found.events if isinstance(e, DifferenceAccepted)]
    assert [e.is_contribution for e in accepted] == [False]


def test_case_40_a_position_that_a_reverse_split_ends_altogether(invested):
    split = SplitActivity("s1", AAA, Decimal("0.01"), TOMORROW, usd(1001))
    invested.seen = evolve(invested.seen, activities=(split,))
    invested.broker(cash="9000.80", BBB=20)
    assert not invested.reconcile().discrepancies
    assert invested.agrees()


@pytest.mark.parametrize(("quantity", "text"), [(20, "20"), (30, "30"), (5, "5"), (1, "1")])
def test_case_40_a_split_that_the_broker_has_not_booked_is_named(invested, quantity, text):
    invested.session = TOMORROW
    invested.policy = evolve(invested.policy, adopt=True)
    invested.broker(AAA=quantity, BBB=20)
    found = invested.reconcile()
    assert [(d.kind.value, d.journal, d.broker) for d in found.discrepancies] == [
        ("probable-split", "10", text)
    ]
    assert found.blocking


def test_case_40_twice_the_shares_for_less_cash_are_a_trade_and_no_split(invested):
    invested.session = TOMORROW
    invested.policy = evolve(invested.policy, adopt=True)
    invested.broker(cash="6999.80", AAA=20, BBB=20)
    assert not invested.reconcile().discrepancies
    assert invested.agrees()


@pytest.mark.parametrize("paid", ["0", "1234.57"])
def test_case_40_a_position_that_was_removed_leaves_every_book_with_its_part(invested, paid):
    removal = RemovalActivity("r1", AAA, usd(paid), TOMORROW)
    invested.seen = evolve(invested.seen, activities=(removal,))
    invested.broker(cash=Decimal("7999.80") + Decimal(paid), BBB=20)
    found = invested.reconcile()
    assert not found.discrepancies
    assert invested.agrees()
    assert alerts(found.events) == ["position-removed"]


def test_a_removal_of_what_no_book_holds_brings_cash_only(desk):
    removal = RemovalActivity("r1", AAA, usd("10.01"), TODAY)
    desk.seen = evolve(desk.seen, activities=(removal,))
    desk.broker(cash="10010.01")
    desk.reconcile()
    assert desk.agrees()


def test_activities_are_booked_in_their_order(invested):
    split = SplitActivity("s1", AAA, Decimal(2), TOMORROW)
    gone = RemovalActivity("r1", AAA, usd(500), TOMORROW)
    invested.seen = evolve(invested.seen, activities=(dividend(), split, gone))
    invested.broker(cash="8509.81", BBB=20)
    found = invested.reconcile()
    booked = [e.activity.identifier for e in found.events if isinstance(e, ActivityBooked)]
    assert booked == ["v1", "s1", "r1"]
    assert invested.agrees()


def test_a_discrepancy_is_told_once_while_it_lasts_and_again_when_it_changes(invested):
    invested.session = TOMORROW
    invested.broker(AAA=11, BBB=20)
    first = invested.reconcile()
    assert noted(first.events) == alerts(first.events) == ["quantity-differs"]
    invested.broker(AAA=13, BBB=20)
    assert alerts(invested.reconcile().events) == ["quantity-differs"]
    invested.broker(AAA=10, BBB=20)
    assert not invested.reconcile().discrepancies
    assert not invested.ledger.noted
    invested.broker(AAA=13, BBB=20)
    assert alerts(invested.reconcile().events) == ["quantity-differs"]


def test_an_opening_is_what_the_event_says():
    desk = Desk()
    desk.write(JournalOpened("main", "A1", "sim", is_live=False))
    found = desk.reconcile()
    assert [e.why for e in found.events if isinstance(e, BooksOpened)] == [
        "the account as the broker shows it"
    ]


def test_a_short_position_is_named_and_left_alone(desk):
    short = HeldPosition(Symbol("CCC"), Decimal(-3), Decimal(-3))
    desk.seen = evolve(desk.seen, positions=(short,))
    found = desk.reconcile()
    assert codes(found) == ["short-position"]
    assert not found.blocking
    assert found.left_alone == {"CCC"}
    assert not desk.ledger.opened_books.combined().positions


def test_a_short_position_in_what_the_books_hold_blocks(invested):
    short = HeldPosition(AAA, Decimal(-3), Decimal(-3))
    invested.broker(BBB=20)
    invested.seen = evolve(invested.seen, positions=(*invested.seen.positions, short))
    invested.session = TOMORROW
    assert sorted(codes(invested.reconcile())) == ["quantity-differs", "short-position"]


def test_a_new_strategy_gets_a_book_and_nothing_in_it(invested):
    invested.policy = evolve(invested.policy, shares={"a": Decimal("0.5"), "c": Decimal("0.5")})
    found = invested.reconcile()
    assert not found.discrepancies
    assert set(invested.ledger.opened_books.books) == {"a", "b", "c"}
    assert invested.book("c").cash == 0
    assert invested.ledger.shares == {**SHARES, "c": 0}
    assert invested.agrees()


def test_a_dividend_is_not_shared_with_books_that_do_not_hold_the_symbol(invested):
    paid = dividend(symbol=Symbol("BBB"))
    invested.seen = evolve(invested.seen, activities=(paid,))
    invested.broker(cash="8009.81", AAA=10, BBB=20)
    invested.reconcile()
    assert invested.book("a").income == Decimal("10.01")
    assert invested.book("b").income == 0


def test_what_no_price_divides_is_paid_for_a_removal_to_the_cent(invested):
    split = SplitActivity("s1", AAA, Decimal(3), TOMORROW)
    gone = RemovalActivity("r1", AAA, usd("1000.01"), TOMORROW)
    invested.seen = evolve(invested.seen, activities=(split, gone))
    invested.policy = evolve(invested.policy, cash_tolerance=usd(0))
    invested.broker(cash="8999.81", BBB=20)
    found = invested.reconcile()
    assert [type(e) for e in found.events if isinstance(e, DifferenceAccepted)] == []
    assert invested.agrees()


def test_a_short_position_keeps_nobody_from_opening_the_books(fresh):
    short = HeldPosition(Symbol("CCC"), Decimal(-3), Decimal(-3))
    fresh.seen = evolve(fresh.seen, positions=(short,))
    found = fresh.reconcile()
    assert codes(found) == ["short-position"]
    assert not found.blocking
    assert fresh.book("a").cash == 6000
