"""Desks at the beginning, with books, and after a cycle."""

import pytest
from reconciliation_stage import Desk, closing, cycle_of, report, request, settled

from alchemiser_core.domain.journal.events import JournalOpened
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.report import OrderStatus


@pytest.fixture
def fresh() -> Desk:
    """A new journal, and an account of nothing but cash."""
    desk = Desk()
    desk.write(JournalOpened("main", "A1", "sim", is_live=False))
    return desk


@pytest.fixture
def desk(fresh) -> Desk:
    """Books that were opened with cash and know the account."""
    assert fresh.reconcile().discrepancies == ()
    return fresh


@pytest.fixture
def invested(desk) -> Desk:
    """After a cycle of today in which both books bought AAA and one of them BBB."""
    aaa, bbb = request("AAA", Side.BUY, 10), request("BBB", Side.BUY, 20)
    wishes = {"AAA": {"a": 6, "b": 4}, "BBB": {"a": 20}}
    told = [
        report(aaa, OrderStatus.FILLED, 10, 1000, "0.10"),
        report(bbb, OrderStatus.FILLED, 20, 1000, "0.10"),
    ]
    desk.write(
        *cycle_of([aaa, bbb], told, wishes),
        *(settled(each, wishes[each.symbol]) for each in told),
        closing(),
    )
    desk.broker(cash="7999.80", AAA=10, BBB=20)
    desk.shows(*told)
    assert desk.reconcile().discrepancies == ()
    assert desk.agrees()
    return desk
