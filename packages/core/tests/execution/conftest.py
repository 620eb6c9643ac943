"""A stage for executions: an exchange, a clock, a journal, and a plan made by hand."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from attrs import define, field, frozen

from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan
from alchemiser_core.domain.allocation.target_weights import ALL_CASH
from alchemiser_core.domain.instrument import fractional_shares
from alchemiser_core.domain.journal.events import JournalEvent, PlanCommitted
from alchemiser_core.domain.money import NO_MONEY, ZERO, Usd
from alchemiser_core.domain.orders.identifiers import ClientOrderId, CycleKey, Side
from alchemiser_core.domain.orders.intent import OrderIntent, OrderReason
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution import ExecutionRules, ExecutionState, begin, resume
from alchemiser_core.execution.state import OrderEvent
from alchemiser_core.ports.broker import Broker
from alchemiser_core.services.clocked_updates import ClockedUpdates
from alchemiser_core.services.desk import Desk
from alchemiser_core.services.execute import execute
from alchemiser_core.simulation.exchange import Behaviour, FixedMarket, SimulatedExchange
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.broker import InMemoryBroker
from alchemiser_core.testing.journal import InMemoryJournal

DAY = date(2024, 3, 1)
NOON = datetime(2024, 3, 1, 17, 0, tzinfo=UTC)
SYMBOLS = ("AAA", "BBB", "CCC", "DDD")


@frozen
class Switch:
    """A kill switch that is thrown from a time on."""

    clock: VirtualClock
    at: datetime | None = None

    def thrown(self) -> str | None:
        """Why, once it is time."""
        passed = self.at is not None and self.clock.now() >= self.at
        return "by hand" if passed else None


@define
class Stage:
    """Everything an execution needs, and what came of it."""

    prices: Mapping[str, str] = field(factory=lambda: dict.fromkeys(SYMBOLS, "100"))
    cash: Decimal = Decimal(10_000)
    holdings: Mapping[str, str] = field(factory=dict)
    rules: ExecutionRules = field(factory=ExecutionRules)
    behaviour: Behaviour = field(factory=Behaviour)
    switch_at: datetime | None = None
    clock: VirtualClock = field(init=False)
    market: FixedMarket = field(init=False)
    exchange: SimulatedExchange = field(init=False)
    broker: Broker = field(init=False)
    journal: InMemoryJournal = field(factory=InMemoryJournal)
    cycle: CycleKey = field(factory=lambda: CycleKey("test", "sim", DAY))

    def __attrs_post_init__(self) -> None:
        self.clock = VirtualClock(NOON)
        self.market = FixedMarket.of(self.prices)
        listed = fractional_shares(Symbol(s) for s in self.prices)
        self.exchange = SimulatedExchange("sim", self.market, listed)
        worth = sum(Decimal(q) * Decimal(self.prices[s]) for s, q in self.holdings.items())
        self.exchange.fund(self.cash + worth, NOON - timedelta(days=1))
        for symbol, quantity in self.holdings.items():
            bought = OrderRequest(
                ClientOrderId(f"before-{symbol}"), Symbol(symbol), Side.BUY, Decimal(quantity)
            )
            self.exchange.submit(bought, NOON - timedelta(days=1)).unwrap()
        self.exchange.behaviour = self.behaviour
        self.broker = InMemoryBroker(self.exchange, self.clock)

    @property
    def desk(self) -> Desk:
        """The ports."""
        return Desk(
            broker=self.broker,
            quotes=self.broker,
            updates=ClockedUpdates(self.clock),
            journal=self.journal,
            clock=self.clock,
            kill_switch=Switch(self.clock, self.switch_at),
        )

    def plan(self, wishes: Mapping[str, str], kept: str = "0") -> PlanCommitted:
        """A plan that trades these shares: negative to sell. Its marks are the market's."""
        orders = [self._intent(s, Decimal(q)) for s, q in wishes.items()]
        orders.sort(key=lambda order: (order.side is Side.BUY, order.symbol))
        plan = RebalancePlan(
            as_of=DAY,
            equity=Usd(self.cash),
            equity_after_costs=Usd(self.cash),
            investable=Usd(self.cash),
            target=ALL_CASH,
            orders=tuple(orders),
            skipped=(),
            adjusted=(),
            expected_cash=NO_MONEY,
            expected_costs=NO_MONEY,
        )
        each = {o.symbol: {"one": o.quantity} for o in orders}
        cash = Usd(self.exchange.cash)
        marks = {order.symbol: order.price for order in orders}
        return PlanCommitted(plan, each, cash, Usd(Decimal(kept)), cash, marks)

    def _intent(self, symbol: str, quantity: Decimal) -> OrderIntent:
        side = Side.BUY if quantity > 0 else Side.SELL
        price = self.market.prices[Symbol(symbol)][1]
        return OrderIntent(
            Symbol(symbol),
            side,
            abs(quantity),
            price,
            Usd(abs(quantity) * price),
            OrderReason.INCREASE if quantity > 0 else OrderReason.REDUCE,
            self.cycle.order_id(Symbol(symbol), side),
        )

    def execute(self, wishes: Mapping[str, str], kept: str = "0") -> ExecutionState:
        """Carry a plan out from its beginning."""
        return self.carry_out(self.plan(wishes, kept))

    def carry_out(self, plan: PlanCommitted) -> ExecutionState:
        """Carry a committed plan out."""
        now = self.clock.now()
        instruments = self.broker.instruments(tuple(map(Symbol, SYMBOLS))).unwrap()
        first = begin(self.cycle, plan, instruments, self.rules, now, now + self.rules.duration)
        return execute(self.desk, first).unwrap().state

    def take_up(self, plan: PlanCommitted, within: timedelta | None = None) -> ExecutionState:
        """Go on after a restart with what the journal has."""
        now = self.clock.now()
        instruments = self.broker.instruments(tuple(map(Symbol, SYMBOLS))).unwrap()
        self.journal = self.journal.reopened()
        deadline = now + (self.rules.duration if within is None else within)
        events = tuple(e for e in self.events if isinstance(e, OrderEvent))
        first = resume(self.cycle, plan, events, instruments, self.rules, now, deadline)
        return execute(self.desk, first).unwrap().state

    @property
    def events(self) -> tuple[JournalEvent, ...]:
        """Everything in the journal."""
        return tuple(entry.event for entry in self.journal.entries().unwrap())

    def of(self, kind: type) -> list[JournalEvent]:
        """The events of a kind."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def held(self) -> dict[str, Decimal]:
        """What the exchange holds for the account."""
        return {str(s): q for s, q in self.exchange.held.items() if q != ZERO}


@pytest.fixture
def staged() -> type[Stage]:
    """Makes an account with what a test says, and cash alone where it says nothing."""
    return Stage
