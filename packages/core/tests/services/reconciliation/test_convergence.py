"""After one reconciliation the journal and the broker tell the same, and a second does nothing."""

from decimal import Decimal
from functools import cache

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from reconciliation_stage import (
    PRICES,
    SHARES,
    TODAY,
    TOMORROW,
    Desk,
    closing,
    cycle_of,
    report,
    request,
    settled,
)

from alchemiser_core.domain.account import (
    Account,
    CashActivity,
    HeldPosition,
    RemovalActivity,
    SplitActivity,
)
from alchemiser_core.domain.journal.events import CycleOutcome, JournalOpened
from alchemiser_core.domain.money import usd
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.portfolio.cash import CashReason
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.ledger import Ledger
from alchemiser_core.services.reconciliation import BrokerState, ReconcilePolicy, adopt, reconcile

SYMBOLS = st.sampled_from([Symbol(s) for s in (*PRICES, "ZZZ")])
QUANTITIES = st.decimals(0, 50, places=3)
CENTS = st.decimals(-200, 20_000, places=2)
DAYS = st.sampled_from([TODAY, TOMORROW])


@st.composite
def positions(draw):
    held = draw(st.dictionaries(SYMBOLS, st.decimals(-3, 50, places=3), max_size=4))
    return tuple(HeldPosition(s, q, q) for s, q in sorted(held.items()))


@st.composite
def reports(draw):
    side, symbol = draw(st.sampled_from(Side)), draw(SYMBOLS)
    quantity = draw(st.decimals("0.001", 30, places=3))
    filled = draw(st.one_of(st.just(Decimal(0)), st.just(quantity), st.just(quantity / 2)))
    value = usd((filled * 97).quantize(Decimal("0.0001")))
    own = request(symbol, side, quantity, draw(DAYS), draw(st.integers(0, 1))).client_order_id
    return OrderReport(
        draw(st.sampled_from([own, "by-hand"])),
        "B",
        symbol,
        side,
        quantity,
        draw(st.sampled_from(OrderStatus)),
        filled,
        draw(st.sampled_from([value, value, None])) if filled else usd(0),
        usd(draw(st.decimals(0, 1, places=2))) if filled else usd(0),
    )


@st.composite
def activities(draw):
    identifier = draw(st.sampled_from("pqrst"))
    symbol, cash = draw(SYMBOLS), usd(draw(st.decimals(-50, 500, places=2)))
    return draw(
        st.sampled_from(
            [
                CashActivity(identifier, CashReason.DIVIDEND, cash, TODAY, symbol),
                CashActivity(identifier, CashReason.DEPOSIT, cash, TODAY),
                CashActivity(identifier, CashReason.FEE, cash, TODAY),
                SplitActivity(identifier, symbol, Decimal(3), TODAY, usd("0.07")),
                SplitActivity(identifier, symbol, 1 / Decimal(3), TODAY),
                RemovalActivity(identifier, symbol, abs(cash), TODAY),
            ]
        )
    )


STATES = st.builds(
    BrokerState,
    st.just("sim"),
    st.builds(Account, st.sampled_from(["A1", "A1", "A1", "A2"]), CENTS),
    positions(),
    st.lists(reports(), max_size=4, unique_by=lambda r: r.client_order_id).map(tuple),
    st.lists(activities(), max_size=3).map(tuple),
    st.frozensets(SYMBOLS, max_size=1),
)
POLICIES = st.builds(
    ReconcilePolicy,
    st.sampled_from([SHARES, {"a": Decimal(1)}, {"b": Decimal("0.5"), "c": Decimal("0.5")}]),
    st.booleans(),
    st.sampled_from([usd(0), usd(1), usd(50)]),
    st.frozensets(SYMBOLS, max_size=1),
)


@cache
def ledger_at(stage: int) -> Ledger:
    """A ledger at one of several points: new, opened, in a cycle, after it."""
    desk = Desk()
    desk.write(JournalOpened("main", "A1", "sim", is_live=False))
    if stage == 0:
        return desk.ledger
    desk.reconcile()
    order = request("AAA", Side.BUY, 10)
    wishes = {"a": 6, "b": 4}
    told = report(order, OrderStatus.CANCELLING, 4, "400.40", "0.10")
    events = cycle_of([order], [told], {"AAA": wishes})
    if stage > 2:
        events += [settled(told, wishes), closing(CycleOutcome.INCOMPLETE)]
    if stage > 1:
        desk.write(*events)
    return desk.ledger


def begun(stage: int) -> Desk:
    return Desk(ledger_at(stage))


@given(st.integers(0, 3), STATES, POLICIES, DAYS, st.booleans())
def test_a_second_reconciliation_finds_nothing_to_write(stage, seen, policy, session, by_hand):
    desk = begun(stage)
    how = adopt if by_hand else reconcile
    found = how(desk.ledger, seen, policy, desk.marks, session)
    after = desk.ledger.fold(found.events)
    again = how(after, seen, policy, desk.marks, session)
    assert again.events == ()
    assert again.discrepancies == found.discrepancies


@given(st.integers(0, 3), STATES, POLICIES, DAYS, st.booleans())
def test_what_does_not_block_is_the_same_at_the_broker(stage, seen, policy, session, by_hand):
    """Or is in the hands of the open cycle, or nobody's."""
    desk = begun(stage)
    found = (adopt if by_hand else reconcile)(desk.ledger, seen, policy, desk.marks, session)
    after = desk.ledger.fold(found.events)
    if found.blocking:
        return
    whole = after.opened_books.combined()
    moving = {"AAA"} if after.cycle is not None else set()
    shorts = {p.symbol for p in seen.positions if p.quantity < 0}
    ignored = policy.unmanaged | moving | shorts
    held = {p.symbol: p.quantity for p in seen.positions if p.quantity}
    books = {s: p.quantity for s, p in whole.positions.items()}
    assert {s: q for s, q in books.items() if s not in ignored} == {
        s: q for s, q in held.items() if s not in ignored
    }
    if not moving:
        assert abs(whole.cash - seen.account.cash) < Decimal("1E-9")


@given(st.integers(1, 3), STATES, POLICIES, DAYS)
def test_whoever_refuses_changes_no_book_by_guesswork(stage, seen, policy, session):
    """Without adoption nothing but activities, late fills and small cash reach the books."""
    desk = begun(stage)
    found = reconcile(
        desk.ledger, seen, evolve(policy, adopt=False, cash_tolerance=usd(0)), desk.marks, session
    )
    kinds = {type(event).__name__ for event in found.events}
    assert "BooksOpened" not in kinds
    fractions = [e for e in found.events if type(e).__name__ == "DifferenceAccepted"]
    assert all(abs(sum(e.amounts.values())) < 1 for e in fractions)
