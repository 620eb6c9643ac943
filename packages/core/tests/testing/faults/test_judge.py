"""The judge sees what it is there for: programs that do each thing wrong are found out."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from attrs import define, evolve

from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.domain.journal.events import (
    AlertRaised,
    CycleClosed,
    CycleOpened,
    CycleOutcome,
    Halted,
    LineEnd,
    LineEnded,
    OrderAbsent,
    OrderIntended,
    OrderRefused,
)
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.submission import RejectionKind
from alchemiser_core.domain.portfolio.book import open_books
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.desk import Desk
from alchemiser_core.services.journalling import write
from alchemiser_core.services.ledger import Ledger
from alchemiser_core.simulation.faults import Fault, FaultKind, FaultPlan
from alchemiser_core.testing.faults import Invariant, Outcome, World, run
from alchemiser_core.testing.faults.bare import planned
from alchemiser_core.testing.faults.harness import Closing
from alchemiser_core.testing.faults.judge import GRACE
from alchemiser_core.testing.faults.world import ACCOUNT, PORTFOLIO

Misdeed = Callable[["Script"], None]


@define
class Script:
    """A program of one day that does what a test says."""

    world: World
    misdeed: Misdeed
    desk: Desk | None = None

    def process(self, day: int) -> str | None:
        self.desk = self.world.desk()
        self.misdeed(self)
        return "done"

    def operate(self, day: int) -> None:
        """Nobody looks."""

    def last_look(self, day: int) -> Closing | None:
        return None

    @property
    def key(self) -> CycleKey:
        return CycleKey(PORTFOLIO, ACCOUNT, self.world.session(0).day)

    def request(self, shares: str = "1", symbol: str = "S1", epoch: int = 0) -> OrderRequest:
        identifier = self.key.order_id(Symbol(symbol), Side.BUY, 0, epoch)
        return OrderRequest(identifier, Symbol(symbol), Side.BUY, Decimal(shares))

    def write(self, *events: object) -> None:
        write(self.desk, events)

    def open(self) -> None:
        """A cycle with a plan."""
        plan = planned(self.world, self.key, 0)
        self.write(CycleOpened(self.key, "previous-close", "market"), plan)

    def close(self, outcome: CycleOutcome = CycleOutcome.COMPLETE) -> None:
        self.write(CycleClosed(self.key, outcome, None))

    def send(self, request: OrderRequest) -> None:
        self.write(OrderIntended(request))
        self.desk.broker.submit(request)


def judged(misdeed: Misdeed, *faults: Fault) -> Outcome:
    return run(FaultPlan(faults, seed=3, days=1), lambda world: Script(world, misdeed))


def found(misdeed: Misdeed, *faults: Fault) -> set[Invariant]:
    return {violation.invariant for violation in judged(misdeed, *faults).violations}


def planned_quantity(script: Script) -> tuple[str, str]:
    """A buy of the plan."""
    buy = planned(script.world, script.key, 0).plan.buys[0]
    return str(buy.quantity), buy.symbol


def nothing_wrong(script: Script) -> None:
    script.open()
    script.send(script.request(*planned_quantity(script)))
    script.close()


def sends_before_it_writes(script: Script) -> None:
    script.open()
    request = script.request(*planned_quantity(script))
    script.desk.broker.submit(request)
    script.write(OrderIntended(request))
    script.close()


def sends_other_than_it_wrote(script: Script) -> None:
    script.open()
    quantity, symbol = planned_quantity(script)
    request = script.request(quantity, symbol)
    script.write(OrderIntended(evolve(request, quantity=request.quantity / 2)))
    script.desk.broker.submit(request)
    script.close()


def sends_twice_under_two_ids(script: Script) -> None:
    script.open()
    quantity, symbol = planned_quantity(script)
    half = str(Decimal(quantity) / 4)
    script.send(script.request(half, symbol, epoch=0))
    script.send(script.request(half, symbol, epoch=1))
    script.close()


def buys_more_than_planned(script: Script) -> None:
    script.open()
    quantity, symbol = planned_quantity(script)
    script.send(script.request(str(Decimal(quantity) + 2), symbol))
    script.close()


def calls_a_lost_order_refused(script: Script) -> None:
    script.open()
    request = script.request(*planned_quantity(script))
    script.send(request)
    script.write(OrderRefused(request.client_order_id, RejectionKind.OTHER, "surely"))
    script.close()


def calls_a_lost_order_absent_at_once(script: Script) -> None:
    script.open()
    request = script.request(*planned_quantity(script))
    script.send(request)
    script.desk.broker.order(request.client_order_id)
    script.write(OrderAbsent(request.client_order_id, resend=True))
    script.close()


def leaves_a_line_without_a_word(script: Script) -> None:
    script.open()
    script.write(LineEnded(Symbol("S1"), LineEnd.NO_CASH))
    script.close()


def ends_incomplete_without_a_word(script: Script) -> None:
    script.open()
    script.close(CycleOutcome.INCOMPLETE)


def halts_without_a_word(script: Script) -> None:
    script.write(Halted("why", "because"))


def goes_on_after_a_failed_write(script: Script) -> None:
    script.open()
    script.send(script.request(*planned_quantity(script)))


def does_not_ask_the_switch(script: Script) -> None:
    script.open()
    script.desk.broker.account()
    script.send(script.request(*planned_quantity(script)))


def does_not_look_whose_account_it_is(script: Script) -> None:
    script.open()
    script.desk.broker.account()
    script.send(script.request(*planned_quantity(script)))


def test_a_program_that_does_nothing_wrong_is_found_innocent():
    outcome = judged(nothing_wrong)
    assert outcome.violations == ()
    assert outcome.orders == 1


@pytest.mark.parametrize(
    ("misdeed", "invariant"),
    [
        (sends_before_it_writes, Invariant.WRITE_AHEAD),
        (sends_other_than_it_wrote, Invariant.WRITE_AHEAD),
        (sends_twice_under_two_ids, Invariant.NO_DUPLICATE),
        (buys_more_than_planned, Invariant.BOUNDED),
        (calls_a_lost_order_refused, Invariant.NO_GUESS),
        (calls_a_lost_order_absent_at_once, Invariant.NO_GUESS),
        (leaves_a_line_without_a_word, Invariant.NO_SILENCE),
        (ends_incomplete_without_a_word, Invariant.NO_SILENCE),
        (halts_without_a_word, Invariant.NO_SILENCE),
    ],
    ids=lambda it: getattr(it, "__name__", None),
)
def test_what_a_program_does_wrong_is_found(misdeed, invariant):
    assert found(misdeed) == {invariant}


@pytest.mark.parametrize(
    ("misdeed", "fault"),
    [
        (goes_on_after_a_failed_write, Fault(FaultKind.WRITE_FAILS, call=2, variant=1)),
        (does_not_ask_the_switch, Fault(FaultKind.KILL_SWITCH, call=1)),
        (does_not_look_whose_account_it_is, Fault(FaultKind.ACCOUNT_CHANGED, call=1)),
    ],
    ids=lambda it: getattr(it, "__name__", None),
)
def test_orders_after_a_stop_are_found(misdeed, fault):
    assert found(misdeed, fault) == {Invariant.STOPPED}


def test_a_word_about_it_is_enough():
    def told(script: Script) -> None:
        ends_incomplete_without_a_word(script)
        script.write(AlertRaised(Alert("incomplete", Severity.WARNING, "not all was filled")))

    assert found(told) == set()


def test_a_proven_absence_is_no_guess():
    def proven(script: Script) -> None:
        script.open()
        request = script.request(*planned_quantity(script))
        script.send(request)
        for _ in range(2):
            script.world.clock.advance(GRACE)
            assert script.desk.broker.order(request.client_order_id).unwrap() is None
        script.write(OrderAbsent(request.client_order_id, resend=False))
        script.close()

    lag = Fault(FaultKind.LOOK_UP_LAGS, call=1, seconds=60)
    assert found(proven, lag) == set()


def test_books_that_differ_from_the_exchange_are_found():
    @define
    class Unbooked(Script):
        def last_look(self, day: int) -> Closing | None:
            books = open_books(self.world.exchange.cash, {"all": Decimal(1)})
            return Closing(Ledger(books=books), written_again=0)

    outcome = run(FaultPlan((), 3, 1), lambda world: Unbooked(world, nothing_wrong))
    assert {v.invariant for v in outcome.violations} == {Invariant.CONVERGENCE}


def test_a_second_recovery_that_writes_is_found():
    @define
    class Restless(Script):
        def last_look(self, day: int) -> Closing | None:
            return Closing(Ledger(), written_again=1, problems=("still blocked",))

    outcome = run(FaultPlan((), 3, 1), lambda world: Restless(world, lambda script: None))
    assert [v.invariant for v in outcome.violations] == [Invariant.CONVERGENCE] * 2


def test_a_violation_tells_its_story():
    (violation,) = judged(calls_a_lost_order_refused).violations
    lines = "\n".join(violation.story)
    assert "reaches the broker" in lines
    assert "OrderRefused" in lines
    assert str(violation).startswith("G5 no guess")
