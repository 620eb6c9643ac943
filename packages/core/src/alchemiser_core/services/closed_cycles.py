"""What is remembered of cycles that are over, whose orders may still fill."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from attrs import frozen

from alchemiser_core.domain.journal.account_events import LateFillAccepted, LateFillsSettled
from alchemiser_core.domain.journal.events import BooksSettled, BuysSized, LineEnded
from alchemiser_core.domain.money import NO_MONEY, ZERO, Usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import ClientOrderId, CycleKey, Side
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution.progress import OrderProgress
from alchemiser_core.execution.state import OrderEvent, order_after

REMEMBERED_DAYS = 3
"""Trading days whose cycles are remembered whole: every order of theirs is known."""

LONGEST = timedelta(days=30)
"""How long an order that never ended is remembered."""


@frozen
class BookedOrder:
    """What of an order is in the books."""

    quantity: Decimal = ZERO
    value: Usd = NO_MONEY
    """Quantity times price of the fills as they were booked."""
    cash: Usd = NO_MONEY
    """What the fills did to cash."""

    def with_fill(self, fill: Fill) -> "BookedOrder":
        """The same and one fill more."""
        return BookedOrder(
            self.quantity + fill.quantity,
            Usd(self.value + fill.value),
            Usd(self.cash + fill.cash_change),
        )


Booked = Mapping[ClientOrderId, BookedOrder]


@frozen
class ClosedCycle:
    """A cycle that is over, with what its orders were and what of them is in the books."""

    key: CycleKey
    orders: Mapping[ClientOrderId, OrderProgress]
    booked: Booked
    wishes: Mapping[Symbol, Mapping[str, Decimal]]
    """What each book still wants of a symbol: its wish less what was booked to it."""

    @property
    def unfinished(self) -> bool:
        """Whether an order of it may still fill."""
        return any(not progress.is_over for progress in self.orders.values())

    def after(self, event: LateFillsSettled | LateFillAccepted) -> "ClosedCycle":
        """The cycle with late fills booked, or one counted as booked that is in no book."""
        if isinstance(event, LateFillAccepted):
            booked = booked_after(self.booked, {"": (event.fill,)})
            return ClosedCycle(self.key, self.orders, booked, self.wishes)
        orders = dict(self.orders)
        for report in event.reports:
            identifier = ClientOrderId(report.client_order_id)
            orders[identifier] = orders[identifier].told(report)
        left = wishes_after(self.wishes.get(event.symbol, {}), event.fills)
        return ClosedCycle(
            self.key,
            orders,
            booked_after(self.booked, event.fills),
            {**self.wishes, event.symbol: left},
        )


def wishes_after(
    wishes: Mapping[str, Decimal], fills: Mapping[str, tuple[Fill, ...]]
) -> dict[str, Decimal]:
    """Signed wishes less signed fills, by book."""
    left = dict(wishes)
    for name, booked in fills.items():
        for fill in booked:
            signed = fill.quantity if fill.side is Side.BUY else -fill.quantity
            left[name] = left.get(name, ZERO) - signed
    return left


def booked_after(before: Booked, fills: Mapping[str, tuple[Fill, ...]]) -> Booked:
    """What of each order is in the books, after fills; crossings belong to no order."""
    booked = dict(before)
    for fill in (each for own in fills.values() for each in own):
        if fill.client_order_id is not None:
            known = booked.get(fill.client_order_id, BookedOrder())
            booked[fill.client_order_id] = known.with_fill(fill)
    return booked


def progress_of(events: Iterable[OrderEvent]) -> dict[ClientOrderId, OrderProgress]:
    """How far the orders of a cycle have come, by what was written about them."""
    orders: dict[ClientOrderId, OrderProgress] = {}
    for event in events:
        if not isinstance(event, BuysSized | LineEnded):
            progress = order_after(orders, event)
            orders[progress.request.client_order_id] = progress
    return orders


def closed_cycle(
    key: CycleKey,
    events: Iterable[OrderEvent],
    wishes: Mapping[Symbol, Mapping[str, Decimal]],
    settled: Iterable[BooksSettled],
) -> ClosedCycle:
    """A cycle as it is remembered when it closes."""
    booked: Booked = {}
    left = {symbol: dict(wanted) for symbol, wanted in wishes.items()}
    for event in settled:
        booked = booked_after(booked, event.fills)
        left[event.symbol] = wishes_after(left.get(event.symbol, {}), event.fills)
    return ClosedCycle(key, progress_of(events), booked, left)


def remembered(cycles: Iterable[ClosedCycle]) -> tuple[ClosedCycle, ...]:
    """Cycles worth keeping: all of the last days, and all since the oldest with unfinished orders.

    The broker is asked for the orders since the first day that is kept, so that no day after it may
    be missing: an own order of it would be taken for one that the journal lacks.
    """
    known = tuple(cycles)
    days = sorted({cycle.key.trading_day for cycle in known}, reverse=True)
    kept = days[:REMEMBERED_DAYS]
    for cycle in known:
        if cycle.unfinished and days[0] - cycle.key.trading_day <= LONGEST:
            kept.append(cycle.key.trading_day)
    return tuple(cycle for cycle in known if cycle.key.trading_day >= min(kept))


def first_day(cycles: Iterable[ClosedCycle], otherwise: date) -> date:
    """The earliest trading day of cycles that are remembered."""
    return min((cycle.key.trading_day for cycle in cycles), default=otherwise)
