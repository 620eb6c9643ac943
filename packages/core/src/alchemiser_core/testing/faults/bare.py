"""The least program that executes plans: it plans from what the exchange holds, and keeps no books.

For sweeps and schedules over the execution alone; `trade` has everything else around it.
"""

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.domain.allocation.plan_rules import PlanRules
from alchemiser_core.domain.allocation.target_weights import target_weights
from alchemiser_core.domain.journal.events import (
    AlertRaised,
    CycleClosed,
    CycleOpened,
    CycleOutcome,
    JournalEvent,
    PlanCommitted,
)
from alchemiser_core.domain.money import NO_MONEY
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.portfolio.portfolio import holding
from alchemiser_core.domain.quote import Mark
from alchemiser_core.execution import begin, resume
from alchemiser_core.execution.state import OrderEvent
from alchemiser_core.ports.order_journal import JournalFailure
from alchemiser_core.services.desk import Desk
from alchemiser_core.services.execute import execute
from alchemiser_core.services.journalling import write
from alchemiser_core.services.plan_rebalance import plan_rebalance
from alchemiser_core.testing.faults.harness import Closing
from alchemiser_core.testing.faults.weights import random_weights
from alchemiser_core.testing.faults.world import ACCOUNT, PORTFOLIO, World

_STREAM = 3
Ended = Result[str, JournalFailure]


@frozen
class Bare:
    """The program: one process a day, and nobody who looks."""

    world: World

    def process(self, day: int) -> str | None:
        """One process on a day; in words how it ended, `None` where the journal failed."""
        return rebalance(self.world, day).value_or(None)

    def operate(self, day: int) -> None:
        """Nobody."""

    def last_look(self, day: int) -> Closing | None:
        """There are no books to compare."""
        return None


def rebalance(world: World, day: int) -> Ended:
    """One process: begin the cycle of the day, or go on with it, to its end."""
    desk = world.desk()
    account = desk.broker.account()
    if isinstance(account, Failure) or account.unwrap().number != ACCOUNT:
        return Success("refused")
    key = CycleKey(PORTFOLIO, ACCOUNT, world.session(day).day)
    events = [entry.event for entry in desk.journal.entries().unwrap()]
    opened = next((n for n, e in enumerate(events) if e == _opening(key)), None)
    if opened is None:
        return _begin(world, desk, key, day)
    own = events[opened:]
    if any(isinstance(event, CycleClosed) for event in own):
        return Success("nothing to do")
    plan = next(event for event in own if isinstance(event, PlanCommitted))
    orders = tuple(event for event in own if isinstance(event, OrderEvent))
    return _carry_out(world, desk, key, plan, orders)


def _opening(key: CycleKey) -> CycleOpened:
    return CycleOpened(key, "previous-close", "bare")


def _begin(world: World, desk: Desk, key: CycleKey, day: int) -> Ended:
    plan = planned(world, key, day)
    written = write(desk, (_opening(key), plan))
    return written if isinstance(written, Failure) else _carry_out(world, desk, key, plan, None)


def _carry_out(
    world: World,
    desk: Desk,
    key: CycleKey,
    plan: PlanCommitted,
    before: tuple[OrderEvent, ...] | None,
) -> Ended:
    now, rules, listed = world.clock.now(), world.rules, world.exchange.listed
    deadline = min(now + rules.duration, world.session(_day_of(world, key)).closes)
    if before is None:
        first = begin(key, plan, listed, rules, now, deadline)
    else:
        first = resume(key, plan, before, listed, rules, now, deadline)
    done = execute(desk, first)
    if isinstance(done, Failure):
        return Failure(done.failure())
    outcome = done.unwrap().state.outcome or CycleOutcome.INCOMPLETE
    closing: list[JournalEvent] = [CycleClosed(key, outcome, None)]
    if outcome is not CycleOutcome.COMPLETE:
        closing.append(AlertRaised(Alert("cycle", Severity.WARNING, str(outcome))))
    return write(desk, closing).map(lambda _: str(outcome))


def _day_of(world: World, key: CycleKey) -> int:
    days = [session.day for session in world.sessions]
    return days.index(key.trading_day) - days.index(world.session(0).day)


def planned(world: World, key: CycleKey, day: int) -> PlanCommitted:
    """A plan for random targets of the day, from the account as it really is."""
    marks = {
        s: Mark(s, (bid + ask) / 2, key.trading_day)
        for s, (bid, ask) in world.market.prices.items()
    }
    cash, held = world.exchange.cash, world.exchange.held
    rules = PlanRules(world.exchange.listed, costs=world.drawn.costs)
    weights = target_weights(random_weights(world, day, _STREAM)).unwrap()
    plan = plan_rebalance(holding(cash, held).unwrap(), weights, marks, rules, key).unwrap()
    wishes = {
        o.symbol: {"all": o.quantity if o.side is Side.BUY else -o.quantity} for o in plan.orders
    }
    prices = {order.symbol: order.price for order in plan.orders}
    return PlanCommitted(plan, wishes, cash, NO_MONEY, cash, prices)
