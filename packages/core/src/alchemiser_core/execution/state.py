"""The state of an execution: the lines of the plan, their orders, and when to look again."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.instrument import Instruments
from alchemiser_core.domain.journal.events import (
    BuysSized,
    CancelAsked,
    CycleOutcome,
    LineEnd,
    LineEnded,
    OrderAbsent,
    OrderIntended,
    OrderRefused,
    OrderReported,
    OrderUnresolved,
    PlanCommitted,
)
from alchemiser_core.domain.money import ZERO
from alchemiser_core.domain.orders.identifiers import ClientOrderId, CycleKey, Side
from alchemiser_core.domain.orders.intent import OrderIntent
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution.progress import OrderProgress, Stage
from alchemiser_core.execution.rules import ExecutionRules

OneOrderEvent = (
    OrderIntended | OrderReported | OrderRefused | OrderUnresolved | OrderAbsent | CancelAsked
)
"""What the execution writes down about a single order."""

OrderEvent = OneOrderEvent | BuysSized | LineEnded
"""What the execution writes down, and is made of again after a restart."""


@frozen(slots=False)
class Line:
    """One symbol of the plan. The fields after `end` are forgotten by a restart."""

    intent: OrderIntent
    wanted: Decimal | None
    """Shares to be filled in all; `None` for a buy that is not sized yet."""
    orders: tuple[ClientOrderId, ...] = ()
    """Its orders, the oldest first; each is sent when the one before is over."""
    first: int = 0
    """Position of the first order of this part of the buys."""
    end: LineEnd | None = None

    due: datetime | None = None
    """When to go on with it: a quote to read again, an obstacle to try again."""
    bad_quotes: int = 0
    asking: bool = False
    """A quote was asked for and is not there yet."""

    @property
    def step(self) -> int:
        """How many orders this part of the line has had."""
        return len(self.orders) - self.first


@frozen(slots=False)
class ExecutionState:
    """Everything the machine knows. A value: the same state and event give the same step."""

    cycle: CycleKey
    plan: PlanCommitted
    instruments: Instruments
    rules: ExecutionRules
    deadline: datetime
    """Nothing new is sent from here on."""
    lines: Mapping[Symbol, Line]
    """In the sequence of the plan: sells, then buys."""
    orders: Mapping[ClientOrderId, OrderProgress] = field(factory=dict)
    part: int = 0
    """Of the buys: 0 while none is sized, then 1, then 2 for the rest that was cut short."""
    cut_short: frozenset[Symbol] = frozenset()
    """Buys that got less than planned because cash was short."""
    stopped: str | None = None
    """Code of the stop; nothing is sent any more."""
    closing: bool = False
    """The deadline has passed, or a stop came: what is open is to be cancelled."""
    outcome: CycleOutcome | None = None
    """`None` until the execution is over."""

    strays: Mapping[Symbol, tuple[str, ...]] = field(factory=dict)
    """Open orders of Alchemiser's that are not this cycle's: broker order ids by symbol."""
    sells_until: datetime | None = None
    cash_at: datetime | None = None
    """When to read the cash (again); `None` while it is not waited for."""
    cash_until: datetime | None = None
    poll_at: datetime | None = None
    quiet_polls: int = 0
    close_until: datetime | None = None
    """How long the end waits for cancels and look-ups."""

    def orders_of(self, line: Line) -> tuple[OrderProgress, ...]:
        """The orders of a line, the oldest first."""
        return tuple(self.orders[identifier] for identifier in line.orders)

    def filled(self, line: Line) -> Decimal:
        """Shares of a line that are filled."""
        return sum((self.orders[i].filled_quantity for i in line.orders), start=ZERO)

    def rest(self, line: Line) -> Decimal:
        """Shares of a sized line that are wanted and not filled; `ValueError` before the sizing."""
        if line.wanted is None:
            raise ValueError(f"the buy of {line.intent.symbol} is not sized yet")
        return line.wanted - self.filled(line)

    def wake_at(self) -> datetime | None:
        """When the machine wants to be woken at the latest; `None` where it is over."""
        if self.outcome is not None:
            return None
        times = [self.poll_at, self.cash_at, self.close_until if self.closing else self.deadline]
        times += [line.due for line in self.lines.values() if line.due and line.end is None]
        for progress in self.orders.values():
            if progress.look_at is not None and progress.stage is not Stage.OVER:
                times.append(progress.look_at)
            if progress.cancel_at is not None and progress.stage is Stage.WORKING:
                times.append(progress.cancel_at)
        if self.buys_wait:
            times.append(self.sells_until)
        return min((at for at in times if at is not None), default=None)

    @property
    def buys_wait(self) -> bool:
        """Whether there are buys that wait for the sells, and not for the cash already."""
        waits = self.part == 0 and self.cash_at is None and not self.closing
        return waits and any(
            line.wanted is None and line.end is None for line in self.lines.values()
        )


def with_event(state: ExecutionState, event: OrderEvent) -> ExecutionState:
    """The state after something was written down; live and after a restart the same."""
    match event:
        case LineEnded():
            return with_line(state, changed(state.lines[event.symbol], end=event.end, due=None))
        case BuysSized():
            return _sized(state, event)
        case OrderIntended():
            line = state.lines[event.request.symbol]
            line = changed(line, orders=(*line.orders, event.request.client_order_id))
            return with_line(with_order(state, order_after(state.orders, event)), line)
        case _:
            return with_order(state, order_after(state.orders, event))


def order_after(
    orders: Mapping[ClientOrderId, OrderProgress], event: OneOrderEvent
) -> OrderProgress:
    """The order that something was written down about, as it is after that."""
    match event:
        case OrderReported():
            return orders[ClientOrderId(event.report.client_order_id)].told(event.report)
        case OrderIntended():
            return OrderProgress(event.request)
        case OrderRefused():
            progress = orders[event.client_order_id]
            return changed(progress, stage=Stage.OVER, refused=event.kind, reason=event.message)
        case OrderUnresolved():
            return changed(orders[event.client_order_id], stage=Stage.UNRESOLVED)
        case OrderAbsent():
            stage = Stage.INTENDED if event.resend else Stage.OVER
            return changed(orders[event.client_order_id], stage=stage, missing=0)
        case CancelAsked():
            return changed(orders[event.client_order_id], cancel_asked=True)


def with_order(state: ExecutionState, progress: OrderProgress) -> ExecutionState:
    """The state with one order's progress replaced."""
    orders = {**state.orders, progress.request.client_order_id: progress}
    return changed(state, orders=orders)


def with_line(state: ExecutionState, line: Line) -> ExecutionState:
    """The state with one line replaced."""
    return changed(state, lines={**state.lines, line.intent.symbol: line})


def _sized(state: ExecutionState, event: BuysSized) -> ExecutionState:
    lines = dict(state.lines)
    short: set[Symbol] = set()
    for symbol, quantity in event.quantities.items():
        line = lines[symbol]
        lines[symbol] = changed(line, wanted=quantity, first=len(line.orders), end=None)
        if quantity < line.intent.quantity:
            short.add(symbol)
    return changed(state, lines=lines, part=event.part, cut_short=frozenset(short))


def initial_lines(plan: PlanCommitted) -> dict[Symbol, Line]:
    """The lines of a plan of which nothing was sent."""
    return {
        intent.symbol: Line(intent, intent.quantity if intent.side is Side.SELL else None)
        for intent in plan.plan.orders
    }
