"""The cycles of an account, for a person and as objects."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date
from typing import Any

from alchemiser_app.reports.alerts import alert_json, alert_lines
from alchemiser_app.reports.cycle_summaries import CycleHistory, CycleSummary
from alchemiser_app.reports.events import event_line
from alchemiser_app.reports.journal import of_cycle
from alchemiser_app.reports.money import money
from alchemiser_app.reports.orders import order_json, order_table
from alchemiser_app.reports.wrapping import wrapped
from alchemiser_core.domain.money import decimal_text
from alchemiser_core.ports.order_journal import JournalEntry


def last_of(history: CycleHistory, count: int) -> CycleHistory:
    """The last so many cycles, and the alerts since the first of them began."""
    cycles = history.cycles[-count:]
    since = cycles[0].number if len(history.cycles) > count else 0
    return CycleHistory(cycles, tuple(each for each in history.between if each.number > since))


def history_lines(history: CycleHistory, *, orders: bool = False) -> Iterator[str]:
    """A line a cycle, the oldest first; with its orders below where they are asked for."""
    yield f"{'session':<12}{'outcome':<15}{'equity':>16}{'orders':>9}{'traded':>16}{'costs':>11}"
    for cycle in history.cycles:
        yield _cycle_line(cycle)
        if orders:
            yield from order_table(cycle.orders)
        yield from alert_lines(cycle.alerts)
    if history.between:
        yield "outside of any cycle"
        yield from alert_lines(history.between)


def _cycle_line(cycle: CycleSummary) -> str:
    outcome = cycle.outcome.value if cycle.outcome is not None else "OPEN"
    equity = money(cycle.equity) if cycle.equity is not None else "-"
    traded = money(cycle.value_traded) if cycle.value_traded is not None else "not known"
    filled = f"{cycle.filled}/{len(cycle.orders)}"
    return (
        f"{cycle.key.trading_day.isoformat():<12}{outcome:<15}{equity:>16}{filled:>9}{traded:>16}"
        f"{money(cycle.costs):>11}"
    )


def history_json(history: CycleHistory) -> dict[str, Any]:
    """`history --json`; quantities and money are strings."""
    return {
        "cycles": [_cycle_json(cycle) for cycle in history.cycles],
        "alerts": [alert_json(each) for each in history.between],
    }


def _cycle_json(cycle: CycleSummary) -> dict[str, Any]:
    traded = cycle.value_traded
    return {
        "session": cycle.key.trading_day.isoformat(),
        "opened": cycle.opened.isoformat(),
        "closed": cycle.closed.isoformat() if cycle.closed else None,
        "outcome": cycle.outcome.value if cycle.outcome else None,
        "equity": decimal_text(cycle.equity) if cycle.equity is not None else None,
        "sent": len(cycle.orders),
        "filled": cycle.filled,
        "value_traded": decimal_text(traded) if traded is not None else None,
        "costs": decimal_text(cycle.costs),
        "orders": [order_json(order) for order in cycle.orders],
        "alerts": [alert_json(each) for each in cycle.alerts],
    }


def story_lines(entries: Sequence[JournalEntry], day: date) -> Iterator[str]:
    """Everything about a trading day's cycle, each with the time of day in UTC."""
    for entry in of_cycle(entries, day):
        line = event_line(entry.event)
        if line is not None:
            at = entry.record.at.astimezone(UTC).strftime("%H:%M:%S")
            yield from wrapped(f"{at}  {line}", len(at) + 6)
