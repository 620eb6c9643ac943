"""What an account has traded on a trading day, told by its journal.

Limits of a day are facts of the account. Counted by an object they would begin anew with every run
of the program, so they are a fold over journal events like everything else.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, localcontext

from attrs import field, frozen

from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.journal.events import (
    CycleOpened,
    JournalEvent,
    OrderIntended,
    OrderReported,
)
from alchemiser_core.domain.money import ARITHMETIC, ZERO, Usd
from alchemiser_core.domain.orders.identifiers import ClientOrderId, CycleKey, Side
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.symbol import Symbol


@frozen
class DayTraded:
    """Orders and fills of the last trading day in a journal."""

    cycle: CycleKey | None = None
    """The last cycle of that day; `None` before there was any."""
    lines: frozenset[tuple[CycleKey, Symbol, Side]] = frozenset()
    """What orders were sent for: the limit orders that follow each other for a symbol are one."""
    sent: frozenset[ClientOrderId] = frozenset()
    filled: Mapping[ClientOrderId, Decimal] = field(factory=dict)
    """US dollars, of each order of which something was filled."""

    def fold(self, events: Iterable[JournalEvent]) -> "DayTraded":
        """What was traded when these events have happened as well."""
        traded = self
        for event in events:
            traded = traded.after(event)
        return traded

    def after(self, event: JournalEvent) -> "DayTraded":
        """What was traded after one more event. A cycle of a later day begins anew."""
        match event:
            case CycleOpened(cycle=cycle):
                same_day = self.cycle is not None and self.cycle.trading_day == cycle.trading_day
                return changed(self, cycle=cycle) if same_day else DayTraded(cycle)
            case OrderIntended(request=request) if self.cycle is not None:
                line = (self.cycle, request.symbol, request.side)
                sent = self.sent | {request.client_order_id}
                return changed(self, lines=self.lines | {line}, sent=sent)
            case OrderReported(report=report):
                return self._reported(report)
            case _:
                return self

    def _reported(self, report: OrderReport) -> "DayTraded":
        """Reports are cumulative and may come late: what was filled never becomes less."""
        identifier, value = ClientOrderId(report.client_order_id), report.filled_value
        if identifier not in self.sent or not value or value <= self.filled.get(identifier, ZERO):
            return self
        return changed(self, filled={**self.filled, identifier: value})

    def orders(self, day: date) -> int:
        """Orders that were sent on a trading day, each symbol and side of a cycle being one."""
        return len(self.lines) if self._is_of(day) else 0

    def value(self, day: date) -> Usd:
        """US dollars that were filled on a trading day, bought and sold."""
        with localcontext(ARITHMETIC):
            return Usd(sum(self.filled.values(), start=ZERO) if self._is_of(day) else ZERO)

    def _is_of(self, day: date) -> bool:
        return self.cycle is not None and self.cycle.trading_day == day
