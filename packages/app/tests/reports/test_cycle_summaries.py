from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from alchemiser_app.reports.cycle_summaries import cycle_history
from alchemiser_app.reports.history import history_lines, last_of, story_lines
from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.domain.journal.account_events import LateFillsSettled
from alchemiser_core.domain.journal.chain import chained
from alchemiser_core.domain.journal.codec import encode, kind_of
from alchemiser_core.domain.journal.events import (
    AlertRaised,
    CycleClosed,
    CycleOpened,
    CycleOutcome,
    OrderIntended,
    OrderRefused,
    OrderReported,
    Valued,
)
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.orders.submission import RejectionKind
from alchemiser_core.ports.order_journal import JournalEntry

START = datetime(2025, 3, 3, 20, 45, tzinfo=UTC)


def key(day: int) -> CycleKey:
    return CycleKey("mine", "PA1", date(2025, 3, day))


def alert(text: str) -> AlertRaised:
    return AlertRaised(Alert("told", Severity.WARNING, text))


def request(day: int, symbol: str, quantity: str) -> OrderRequest:
    return OrderRequest(key(day).order_id(symbol, Side.BUY), symbol, Side.BUY, Decimal(quantity))


def report(of: OrderRequest, status: OrderStatus, filled: str, value: str | None) -> OrderReport:
    return OrderReport(
        of.client_order_id,
        "b1",
        of.symbol,
        of.side,
        of.quantity,
        status,
        Decimal(filled),
        None if value is None else Decimal(value),
        Decimal("0.25"),
    )


def valued(day: int) -> Valued:
    return Valued(date(2025, 3, day), START, Decimal(1000), {}, Decimal(1000))


def entries(*events) -> tuple[JournalEntry, ...]:
    """A journal of these events, a minute apart."""
    found = []
    for number, event in enumerate(events, start=1):
        at = START + timedelta(minutes=number)
        record = chained(number, at, kind_of(event), encode(event), "0" * 64)
        found.append(JournalEntry(record, event))
    return tuple(found)


SPY, TLT = request(3, "SPY", "10"), request(3, "TLT", "4")
ONE_CYCLE = (
    CycleOpened(key(3), "previous-close", "market"),
    OrderIntended(SPY),
    OrderIntended(TLT),
    OrderRefused(TLT.client_order_id, RejectionKind.OTHER, "no"),
    alert("inside"),
    OrderReported(report(SPY, OrderStatus.CANCELLED, "6", "600")),
    CycleClosed(key(3), CycleOutcome.INCOMPLETE, Decimal(1000)),
    valued(3),
)


def test_a_cycle_counts_what_it_sent_and_what_was_filled():
    (cycle,) = cycle_history(entries(*ONE_CYCLE)).cycles
    assert (len(cycle.orders), cycle.filled) == (2, 1)
    assert (cycle.value_traded, cycle.costs) == (600, Decimal("0.25"))
    assert cycle.outcome is CycleOutcome.INCOMPLETE
    assert [each.alert.text for each in cycle.alerts] == ["inside"]
    assert cycle.open_orders == ()


def test_alerts_belong_to_the_cycle_that_they_were_raised_in_and_the_others_to_none():
    known = cycle_history(
        entries(
            alert("before"),
            *ONE_CYCLE,
            alert("after"),
            CycleOpened(key(4), "previous-close", "market"),
            alert("second"),
        )
    )
    assert [each.alert.text for each in known.between] == ["before", "after"]
    first, second = known.cycles
    assert [each.alert.text for each in first.alerts] == ["inside"]
    assert [each.alert.text for each in second.alerts] == ["second"]
    assert (second.closed, second.outcome) == (None, None)


def test_what_was_filled_late_counts_for_its_own_cycle():
    late = report(SPY, OrderStatus.CANCELLED, "8", "800")
    later = (
        CycleOpened(key(4), "previous-close", "market"),
        CycleClosed(key(4), CycleOutcome.NOTHING_TO_DO, None),
        LateFillsSettled(key(3), "SPY", (late,), {}),
    )
    first, second = cycle_history(entries(*ONE_CYCLE, *later)).cycles
    assert first.value_traded == 800
    assert second.value_traded == 0


def test_a_value_is_not_known_while_the_price_of_a_fill_is_not():
    events = (*ONE_CYCLE[:3], OrderReported(report(SPY, OrderStatus.OPEN, "6", None)))
    known = cycle_history(entries(*events))
    (cycle,) = known.cycles
    assert cycle.value_traded is None
    assert [order.request.symbol for order in cycle.open_orders] == ["SPY", "TLT"]
    page = "\n".join(history_lines(known, orders=True))
    assert "not known" in page
    assert "OPEN" in page
    assert "at a price not known yet" in page


def test_of_the_last_cycles_the_alerts_since_the_first_of_them_are_told():
    more = (CycleOpened(key(4), "previous-close", "market"), alert("second"))
    closed = (CycleClosed(key(4), CycleOutcome.EXPIRED, None), alert("last"))
    known = cycle_history(entries(alert("before"), *ONE_CYCLE, alert("after"), *more, *closed))
    last = last_of(known, 1)
    assert [cycle.key.trading_day.day for cycle in last.cycles] == [4]
    assert [each.alert.text for each in last.between] == ["last"]
    assert last_of(known, 9) == known


def test_the_story_of_a_cycle_fits_on_a_terminal():
    long = alert("a word " * 40)
    lines = list(story_lines(entries(*ONE_CYCLE, long), date(2025, 3, 3)))
    assert max(map(len, lines)) <= 80
    assert lines[0] == "20:46:00  cycle of 2025-03-03 (previous-close, market)"
    assert any("refused (other): no" in line for line in lines)
