"""What a trading day has traded, from its journal alone."""

from datetime import date
from decimal import Decimal

import pytest
from attrs import evolve

from alchemiser_core.domain.journal.events import (
    CycleOpened,
    OrderIntended,
    OrderReported,
    Resumed,
)
from alchemiser_core.domain.money import usd
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.risk.day_traded import DayTraded
from alchemiser_core.domain.symbol import Symbol

DAY, NEXT = date(2026, 3, 2), date(2026, 3, 3)
FIRST = CycleKey("main", "account", DAY, "1")
SPY = Symbol("SPY")


def opened(key):
    return CycleOpened(key, "previous-close", "market")


def intended(key, symbol=SPY, side=Side.BUY, slice_number=0):
    identifier = key.order_id(symbol, side, slice_number)
    return OrderIntended(
        OrderRequest(identifier, symbol, side, Decimal(10), slice_number=slice_number)
    )


def reported(order, value):
    request = order.request
    filled = OrderReport(
        request.client_order_id, "b", request.symbol, request.side, Decimal(10), OrderStatus.OPEN
    )
    return OrderReported(evolve(filled, filled_value=value))


def test_nothing_was_traded_on_a_day_that_is_not_in_the_journal():
    traded = DayTraded().fold([opened(FIRST), intended(FIRST), reported(intended(FIRST), usd(5))])
    assert (traded.orders(DAY), traded.value(DAY)) == (1, 5)
    assert (traded.orders(NEXT), traded.value(NEXT)) == (0, 0)
    assert (DayTraded().orders(DAY), DayTraded().value(DAY)) == (0, 0)


def test_cycles_of_a_day_add_up_and_a_later_day_begins_anew():
    second = CycleKey("main", "account", DAY, "2")
    events = [opened(FIRST), intended(FIRST), reported(intended(FIRST), usd(500))]
    events += [opened(second), intended(second), reported(intended(second), usd(300))]
    traded = DayTraded().fold(events)
    assert (traded.orders(DAY), traded.value(DAY)) == (2, 800)
    later = traded.fold([opened(CycleKey("main", "account", NEXT, "1"))])
    assert (later.orders(DAY), later.orders(NEXT), later.value(NEXT)) == (0, 0, 0)


def test_limit_orders_that_follow_each_other_are_one_order_with_all_their_fills():
    first, second = intended(FIRST, slice_number=0), intended(FIRST, slice_number=1)
    sell = intended(FIRST, side=Side.SELL)
    traded = DayTraded().fold(
        [opened(FIRST), first, reported(first, usd(200)), second, reported(second, usd(300)), sell]
    )
    assert (traded.orders(DAY), traded.value(DAY)) == (2, 500)


@pytest.mark.parametrize("late", [200, 0, None])
def test_a_report_that_is_late_repeated_or_without_a_price_lowers_nothing(late):
    order = intended(FIRST)
    value = None if late is None else usd(late)
    traded = DayTraded().fold([opened(FIRST), order, reported(order, usd(500))])
    assert traded.fold([reported(order, value)]).value(DAY) == 500
    assert traded.fold([reported(order, usd(500))]).value(DAY) == 500
    assert traded.fold([reported(order, usd(600))]).value(DAY) == 600


def test_orders_of_earlier_days_and_of_others_are_not_counted():
    old, key = intended(FIRST), CycleKey("main", "account", NEXT, "1")
    traded = DayTraded().fold([opened(FIRST), old, opened(key), reported(old, usd(500))])
    assert traded.value(NEXT) == 0
    assert DayTraded().fold([reported(old, usd(500)), Resumed("")]) == DayTraded()
