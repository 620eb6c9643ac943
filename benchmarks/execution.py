"""How many events a second the state machine of an execution takes in.

    python benchmarks/execution.py [--repeats N]

The events are those of whole executions against the simulated exchange, with latency, fills in
parts and a stream that says half of it twice and the rest never; they are recorded once and fed to
the machine again. A call tells of one event, but a poll tells of every order of the account: both
calls and reports are counted.
Days are whole cycles, from the reading of the journal to the valuation after it. Times are medians
of processor seconds on one core; everything runs in one process, in memory, without a disk.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
from attrs import define, field

from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan
from alchemiser_core.domain.allocation.target_weights import ALL_CASH
from alchemiser_core.domain.instrument import fractional_shares
from alchemiser_core.domain.journal.events import OrderReported, PlanCommitted
from alchemiser_core.domain.money import NO_MONEY, Usd
from alchemiser_core.domain.orders.identifiers import ClientOrderId, CycleKey, Side
from alchemiser_core.domain.orders.intent import OrderIntent, OrderReason
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution import ExecutionRules, ExecutionState, Step, begin, step
from alchemiser_core.execution.commands import Cancel, Command, LookUp, Poll, ReadCash, Submit
from alchemiser_core.execution.events import (
    Answered,
    CashRead,
    ExecutionEvent,
    Hinted,
    LookedUp,
    Polled,
    TimePassed,
)
from alchemiser_core.simulation.exchange import (
    Behaviour,
    FixedMarket,
    RandomParts,
    SimulatedExchange,
)
from alchemiser_core.simulation.virtual_clock import VirtualClock

DAY = date(2024, 3, 1)
NOON = datetime(2024, 3, 1, 17, 0, tzinfo=UTC)
CASH = 1_000_000
GOAL = 100_000
"""Events a second, an order that is reported being one."""


# --- an execution, event by event ----------------------------------------------------------------


def names(count: int) -> tuple[Symbol, ...]:
    return tuple(Symbol(f"S{number:03d}") for number in range(count))


def exchange_of(symbols: Iterable[Symbol], behaviour: Behaviour, at: datetime) -> SimulatedExchange:
    market = FixedMarket.of({symbol: 40 + 3 * n for n, symbol in enumerate(symbols)})
    exchange = SimulatedExchange("sim", market, fractional_shares(symbols), behaviour)
    exchange.fund(CASH, at)
    return exchange


@define
class Rehearser:
    """Performs what the machine wants and keeps every event, as a driver with a stream would."""

    exchange: SimulatedExchange
    clock: VirtualClock
    state: ExecutionState
    told: list[tuple[ExecutionState, ExecutionEvent]] = field(factory=list)
    seen: int = 0

    def run(self, first: Step) -> None:
        """To the end of the execution."""
        commands = list(first.commands)
        while self.state.outcome is None:
            events = [e for c in commands for e in self.done(c)] if commands else self.waited()
            commands = [command for event in events for command in self.feed(event)]

    def feed(self, event: ExecutionEvent) -> tuple[Command, ...]:
        self.told.append((self.state, event))
        taken = step(self.state, event)
        self.state = taken.state
        return taken.commands

    def done(self, command: Command) -> list[ExecutionEvent]:
        at = self.clock.now()
        match command:
            case Submit(request):
                answer = self.exchange.submit(request, at).unwrap()
                return [Answered(request.client_order_id, answer, at)]
            case Poll():
                return [Polled(self.exchange.orders(DAY), at)]
            case LookUp(identifier):
                return [LookedUp(identifier, self.exchange.order(identifier), at)]
            case ReadCash():
                return [CashRead(self.exchange.account().cash, at)]
            case Cancel(identifier):
                self.exchange.cancel(identifier, at)
        return []

    def waited(self) -> list[ExecutionEvent]:
        """Time passes; every other fill is heard of from the stream, twice."""
        at = min(self.state.wake_at() or self.clock.now(), self.clock.now() + timedelta(seconds=2))
        self.clock.wait_until(at)
        self.exchange.advance(at)
        new = self.exchange.executions[self.seen :]
        self.seen += len(new)
        found = (self.exchange.order(execution.client_order_id) for execution in new[::2])
        reports = [copied(report) for report in found if report is not None]
        hints: list[ExecutionEvent] = [Hinted((report,), at) for report in (*reports, *reports)]
        return [*hints, TimePassed(at)]


def copied(report: OrderReport) -> OrderReport:
    """An equal report that is another object, as a broker's answers are."""
    return OrderReport(
        "".join(report.client_order_id),
        report.broker_order_id,
        report.symbol,
        report.side,
        Decimal(str(report.quantity)),
        report.status,
        Decimal(str(report.filled_quantity)),
        None if report.filled_value is None else Usd(Decimal(str(report.filled_value))),
        Usd(Decimal(str(report.costs))),
        report.reason,
    )


def recorded(orders: int, seed: int) -> tuple[Step, list[tuple[ExecutionState, ExecutionEvent]]]:
    """A plan of half sells, half buys: its first step, and every state and the event it met."""
    symbols = names(orders)
    exchange = exchange_of(symbols, Behaviour(), NOON - timedelta(days=1))
    for symbol in symbols[: orders // 2]:
        before = OrderRequest(ClientOrderId(f"before-{symbol}"), symbol, Side.BUY, Decimal(150))
        exchange.submit(before, NOON - timedelta(days=1)).unwrap()
    generator = np.random.Generator(np.random.PCG64(seed))
    exchange.behaviour = Behaviour(
        latency=timedelta(seconds=1), fills=RandomParts(generator, 0.8, timedelta(seconds=20))
    )
    cycle = CycleKey("benchmark", "sim", DAY)
    plan = plan_of(exchange, cycle, symbols)
    rules, clock = ExecutionRules(), VirtualClock(NOON)
    first = begin(cycle, plan, exchange.listed, rules, NOON, NOON + rules.duration)
    rehearser = Rehearser(exchange, clock, first.state)
    rehearser.run(first)
    assert str(rehearser.state.outcome) == "complete", rehearser.state.outcome
    told = [(state, fresh(event)) for state, event in rehearser.told]
    return first, told


def fresh(event: ExecutionEvent) -> ExecutionEvent:
    """The event with reports of its own, so that no identity makes a comparison cheap."""
    if isinstance(event, Polled):
        return Polled(tuple(copied(report) for report in event.reports), event.at)
    return event


def plan_of(exchange: SimulatedExchange, key: CycleKey, symbols: Sequence[Symbol]) -> PlanCommitted:
    half = len(symbols) // 2
    wishes = [(s, Side.SELL if n < half else Side.BUY) for n, s in enumerate(symbols)]
    orders = tuple(intent(exchange, key, symbol, side) for symbol, side in wishes)
    cash = Usd(exchange.cash)
    plan = RebalancePlan(
        as_of=DAY,
        equity=cash,
        equity_after_costs=cash,
        investable=cash,
        target=ALL_CASH,
        orders=orders,
        skipped=(),
        adjusted=(),
        expected_cash=NO_MONEY,
        expected_costs=NO_MONEY,
    )
    each = {order.symbol: {"one": order.quantity} for order in orders}
    return PlanCommitted(plan, each, cash, NO_MONEY, cash, {o.symbol: o.price for o in orders})


def intent(exchange: SimulatedExchange, key: CycleKey, symbol: Symbol, side: Side) -> OrderIntent:
    quantity, price = Decimal("100.123456789"), exchange.market.prices[symbol][1]
    reason = OrderReason.INCREASE if side is Side.BUY else OrderReason.REDUCE
    value = Usd(quantity * price)
    return OrderIntent(symbol, side, quantity, price, value, reason, key.order_id(symbol, side))


# --- events a second -----------------------------------------------------------------------------


def squares() -> int:
    """Work that has nothing to do with us: its time says how quick the machine is just now."""
    return sum(number * number for number in range(20_000))


def kind_of(state: ExecutionState, event: ExecutionEvent) -> str:
    news = any(isinstance(record, OrderReported) for record in step(state, event).records)
    match event:
        case Answered():
            return "answers"
        case Polled():
            return "polls with news" if news else "polls without news"
        case Hinted():
            return "hints with news" if news else "hints repeated"
        case TimePassed():
            return "wakes, with the next"
        case _:
            return "others"


def facts_in(event: ExecutionEvent) -> int:
    return len(event.reports) if isinstance(event, Polled | Hinted) else 1


def taken(pairs: Sequence[tuple[ExecutionState, ExecutionEvent]]) -> None:
    """Every event to the state that met it; after a wake, when the next is."""
    for state, event in pairs:
        after = step(state, event).state
        if isinstance(event, TimePassed):
            after.wake_at()


def lived(first: Step, events: Sequence[ExecutionEvent]) -> ExecutionState:
    """The whole execution once more, state after state."""
    state = first.state
    for event in events:
        state = step(state, event).state
        if isinstance(event, TimePassed):
            state.wake_at()
    return state


def seconds(work: Callable[[], object], repeats: int) -> float:
    """Median processor seconds of one call; short work is called many times in a row."""
    start = time.process_time()
    work()
    calls = max(1, int(0.02 / max(time.process_time() - start, 1e-6)))
    times = []
    for _ in range(repeats):
        start = time.process_time()
        for _ in range(calls):
            work()
        times.append((time.process_time() - start) / calls)
    return statistics.median(times)


def events_of(orders: int, repeats: int) -> None:
    """A line for each kind of event, and one for a whole execution."""
    first, told = recorded(orders, seed=orders)
    events = [event for _, event in told]
    assert lived(first, events).outcome is not None
    kinds: dict[str, list[tuple[ExecutionState, ExecutionEvent]]] = {}
    for state, event in told:
        kinds.setdefault(kind_of(state, event), []).append((state, event))
    print(f"events of the machine, a plan of {orders} orders")
    print(f"  {'':22}{'calls':>7}{'reports':>8}{'us a call':>11}{'calls/s':>10}{'reports/s':>12}")
    for kind, pairs in sorted(kinds.items()):
        line(kind, pairs, seconds(lambda pairs=pairs: taken(pairs), repeats))
    line("the whole execution", told, seconds(lambda: lived(first, events), repeats))


def line(kind: str, pairs: Sequence[tuple[ExecutionState, ExecutionEvent]], cost: float) -> None:
    facts = sum(facts_in(event) for _, event in pairs)
    goal = f"   goal {GOAL:,}" if kind.startswith("the whole") else ""
    each = cost / len(pairs) * 1e6
    rates = f"{len(pairs) / cost:10,.0f}{facts / cost:12,.0f}"
    print(f"  {kind:22}{len(pairs):7}{facts:8}{each:11.1f}{rates}{goal}")


def main() -> None:
    """A table for each size of a plan."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=15)
    asked = parser.parse_args()
    print(f"20,000 squares and their sum: {seconds(squares, asked.repeats) * 1e3:.2f} ms")
    for orders in (10, 50):
        events_of(orders, asked.repeats)


if __name__ == "__main__":
    main()
