"""Broker, stream, journal and switch with faults: each does what its kind says, and counts it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from attrs import define
from returns.result import Failure, Success

from alchemiser_core.domain.journal.events import Resumed
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.orders.submission import OutcomeUnknown, Rejected, Throttled
from alchemiser_core.domain.quote import QuoteLimits
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.broker import Unauthorised
from alchemiser_core.simulation.exchange import FixedMarket
from alchemiser_core.simulation.faults import (
    Fault,
    FaultKind,
    FaultPlan,
    FaultScript,
    FaultyBroker,
    FaultyJournal,
    FaultySwitch,
    FaultyUpdates,
    Levers,
    ProcessKilled,
    Tape,
)
from alchemiser_core.simulation.journal import MemoryJournal
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.broker import InMemoryBroker, in_memory_broker

NOON = datetime(2024, 3, 1, 17, tzinfo=UTC)
KEY = CycleKey("faults", "TEST-1", NOON.date())
A, B = Symbol("AAA"), Symbol("BBB")


@define
class Bench:
    """A broker with faults, and everything around it."""

    inner: InMemoryBroker
    broker: FaultyBroker
    script: FaultScript
    clock: VirtualClock

    @property
    def fired(self) -> dict[FaultKind, int]:
        return dict(self.script.tape.fired)

    def buy(self, number: int = 0, symbol: Symbol = A):
        identifier = KEY.order_id(symbol, Side.BUY, number)
        return self.broker.submit(OrderRequest(identifier, symbol, Side.BUY, Decimal(10)))

    def known(self, number: int = 0):
        return self.inner.exchange.order(KEY.order_id(A, Side.BUY, number))


def bench(*faults: Fault) -> Bench:
    clock = VirtualClock(NOON)
    inner = in_memory_broker(clock, {"AAA": 100, "BBB": 50})
    market = inner.exchange.market
    assert isinstance(market, FixedMarket)
    script = FaultScript(FaultPlan(faults), clock, Tape(clock))
    script.begin(0)
    broker = FaultyBroker(inner, Levers(inner.exchange, market, clock), script)
    return Bench(inner, broker, script, clock)


def test_without_faults_it_is_the_broker_behind():
    it = bench()
    assert it.buy().unwrap() == it.known()
    assert it.broker.order(KEY.order_id(A, Side.BUY)).unwrap() == it.known()
    assert it.broker.account() == it.inner.account()
    assert it.broker.positions() == it.inner.positions()
    assert it.broker.quotes((A, B)) == it.inner.quotes((A, B))
    assert it.fired == {}


@pytest.mark.parametrize(
    ("kind", "variant", "taken"),
    [
        (FaultKind.ANSWER_LOST, 0, True),
        (FaultKind.REQUEST_LOST, 0, False),
        (FaultKind.SERVER_ERROR, 0, True),
        (FaultKind.SERVER_ERROR, 1, False),
        (FaultKind.UNREADABLE_ANSWER, 0, True),
        (FaultKind.HANGS, 0, True),
        (FaultKind.HANGS, 1, False),
    ],
)
def test_an_unknown_outcome_is_of_an_order_that_was_taken_or_not(kind, variant, taken):
    it = bench(Fault(kind, variant=variant, seconds=30))
    assert isinstance(it.buy().failure(), OutcomeUnknown)
    assert (it.known() is not None) is taken
    assert it.fired == {kind: 1}
    assert isinstance(it.buy(1), Success)


def test_a_call_that_hangs_takes_its_time():
    it = bench(Fault(FaultKind.HANGS, seconds=600))
    assert isinstance(it.broker.positions(), Failure)
    assert it.clock.now() - NOON == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("variant", "wait"), [(0, None), (1, timedelta(seconds=-5)), (2, timedelta(hours=1))]
)
def test_a_storm_asks_to_wait_in_every_way(variant, wait):
    it = bench(Fault(FaultKind.THROTTLED_SUBMITS, seconds=60, variant=variant))
    assert it.buy().failure() == Throttled(wait)
    assert it.known() is None
    assert isinstance(it.broker.account(), Success)
    it.clock.advance(timedelta(seconds=60))
    assert isinstance(it.buy(), Success)


def test_a_refusal_is_in_the_ledger_of_the_exchange():
    it = bench(Fault(FaultKind.NO_CASH))
    refusal = it.buy().failure()
    assert isinstance(refusal, Rejected)
    assert it.inner.exchange.received[-1].refusal == refusal
    assert isinstance(it.buy(), Success)


def test_an_order_is_not_found_for_a_while():
    it = bench(Fault(FaultKind.LOOK_UP_LAGS, seconds=8))
    it.buy().unwrap()
    identifier = KEY.order_id(A, Side.BUY)
    assert it.broker.order(identifier).unwrap() is None
    assert it.broker.orders(NOON.date()).unwrap() == ()
    it.clock.advance(timedelta(seconds=8))
    assert it.broker.order(identifier).unwrap() is not None


def test_a_forgotten_order_can_be_given_again():
    it = bench(Fault(FaultKind.ORDERS_FORGOTTEN, seconds=5))
    it.buy().unwrap()
    assert isinstance(it.broker.order(KEY.order_id(A, Side.BUY)), Failure)
    it.clock.advance(timedelta(seconds=5))
    assert it.broker.order(KEY.order_id(A, Side.BUY)).unwrap() is None
    assert it.broker.orders(NOON.date()).unwrap() == ()
    assert isinstance(it.buy(), Success)


def test_a_key_that_is_revoked_is_revoked_for_everything():
    it = bench(Fault(FaultKind.UNAUTHORISED, call=2))
    assert isinstance(it.broker.account(), Success)
    assert isinstance(it.broker.account().failure(), Unauthorised)
    assert isinstance(it.buy().failure(), Rejected)
    assert it.fired == {FaultKind.UNAUTHORISED: 1}


@pytest.mark.parametrize("kind", [FaultKind.KILLED_BEFORE_CALL, FaultKind.KILLED_AFTER_CALL])
def test_a_process_is_killed_on_either_side_of_a_call(kind):
    it = bench(Fault(kind, call=1))
    with pytest.raises(ProcessKilled):
        it.buy()
    assert (it.known() is not None) is (kind is FaultKind.KILLED_AFTER_CALL)
    assert isinstance(it.buy(1), Success)


def test_nothing_but_a_harness_catches_a_kill():
    assert not issubclass(ProcessKilled, Exception)


@pytest.mark.parametrize("variant", [0, 1])
def test_a_write_that_fails_blocks_all_that_follow(variant):
    it = bench(Fault(FaultKind.WRITE_FAILS, call=1, variant=variant))
    storage = MemoryJournal()
    journal = FaultyJournal(storage, it.script)
    assert isinstance(journal.append([Resumed("one")], NOON), Failure)
    assert isinstance(journal.append([Resumed("two")], NOON), Failure)
    assert [entry.event for entry in storage.kept] == [Resumed("one")] * variant
    assert isinstance(FaultyJournal(storage, it.script).append([Resumed("x")], NOON), Success)


def test_the_switch_is_thrown_after_a_call_and_stays_so():
    it = bench(Fault(FaultKind.KILL_SWITCH, call=1))
    switch = FaultySwitch(it.script)
    assert switch.thrown() is None
    it.broker.account()
    assert switch.thrown() is not None
    it.script.begin(1)
    assert switch.thrown() is None


@pytest.mark.parametrize(
    "kind",
    [FaultKind.QUOTE_OLD, FaultKind.QUOTE_ZERO, FaultKind.QUOTE_CROSSED, FaultKind.QUOTE_WIDE],
)
def test_a_spoiled_quote_has_a_fault(kind):
    it = bench(Fault(kind, times=4))
    quotes = it.broker.quotes((A, B)).unwrap()
    assert quotes[A].faults(NOON, QuoteLimits())
    assert not quotes[B].faults(NOON, QuoteLimits())


class Told:
    """A stream that tells the same report at every wait."""

    def __init__(self, *reports) -> None:
        self.reports = reports

    def wait(self, until: datetime):
        return self.reports


def test_a_stream_repeats_shuffles_loses_and_delays():
    report = bench().buy().unwrap()
    heard = {}
    for kind in (
        FaultKind.UPDATE_REPEATED,
        FaultKind.UPDATES_OUT_OF_ORDER,
        FaultKind.UPDATES_LOST,
        FaultKind.UPDATES_MUTE,
        FaultKind.UPDATE_UNKNOWN,
    ):
        updates = FaultyUpdates(Told(report), bench(Fault(kind)).script)
        heard[kind] = (updates.wait(NOON), updates.wait(NOON))
    assert heard[FaultKind.UPDATE_REPEATED][0] == (report, report)
    assert heard[FaultKind.UPDATES_OUT_OF_ORDER][0][-1].status is OrderStatus.OPEN
    assert heard[FaultKind.UPDATES_LOST] == ((), (report,))
    assert heard[FaultKind.UPDATES_MUTE] == ((), (report, report))
    assert heard[FaultKind.UPDATE_UNKNOWN][0][-1].client_order_id == "somebody-else"


def test_a_hand_trades_and_leaves_orders_that_are_not_ours():
    it = bench(Fault(FaultKind.TRADED_BY_HAND), Fault(FaultKind.FOREIGN_ORDER, call=2))
    it.buy()
    it.buy(1)
    foreign = [r for r in it.inner.exchange.orders(NOON.date()) if not r.is_own]
    assert [r.status for r in foreign] == [OrderStatus.FILLED, OrderStatus.OPEN]


def test_a_split_changes_shares_and_price_alike():
    it = bench(Fault(FaultKind.SPLIT, call=2))
    it.buy()
    it.buy(1, B)
    assert it.inner.exchange.held[A] == 20
    assert it.inner.exchange.market.prices[A][0] == 50
    assert it.broker.levers.ratios == {A: 2}
