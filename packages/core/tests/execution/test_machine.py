"""The machine, event by event: what is believed, what is not, and what a restart finds again."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.domain.instrument import fractional_shares
from alchemiser_core.domain.journal.events import (
    CycleOutcome,
    LineEnd,
    OrderAbsent,
    OrderIntended,
    OrderRefused,
    OrderReported,
    OrderUnresolved,
)
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.orders.submission import (
    OutcomeUnknown,
    Rejected,
    RejectionKind,
    Throttled,
)
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution import (
    ExecutionRules,
    ExecutionState,
    Market,
    ProgressiveLimit,
    Step,
    begin,
    resume,
    step,
)
from alchemiser_core.execution.commands import LookUp, Submit
from alchemiser_core.execution.events import (
    Answered,
    Hinted,
    LookedUp,
    Polled,
    TimePassed,
)
from alchemiser_core.execution.state import OrderEvent
from alchemiser_core.services.execute import execute

A = Symbol("AAA")


@pytest.fixture
def selling(staged) -> Step:
    """The first step of a plan that sells ten shares."""
    stage = staged(holdings={"AAA": "10"})
    now = stage.clock.now()
    return begin(
        stage.cycle,
        stage.plan({"AAA": "-10"}),
        fractional_shares([A]),
        ExecutionRules(),
        now,
        now + timedelta(minutes=10),
    )


def identifier(state: ExecutionState) -> str:
    return next(iter(state.orders))


def at(state: ExecutionState, seconds: float):
    return state.deadline - timedelta(minutes=10) + timedelta(seconds=seconds)


def report(state: ExecutionState, filled: str, status: OrderStatus = OrderStatus.OPEN, **more):
    quantity = Decimal(filled)
    values = {"filled_value": Usd(quantity * 100), **more}
    name = identifier(state)
    side = state.orders[name].request.side
    return OrderReport(name, "b1", A, side, Decimal(10), status, quantity, **values)


def test_what_is_intended_is_written_down_in_the_step_that_sends_it(selling) -> None:
    assert [type(e) for e in selling.records] == [OrderIntended]
    (command,) = (c for c in selling.commands if isinstance(c, Submit))
    assert command.request == selling.records[0].request


def test_case_01_a_lost_answer_is_looked_up_and_not_sent_again(selling) -> None:
    name = identifier(selling.state)
    lost = step(selling.state, Answered(name, OutcomeUnknown("reset"), at(selling.state, 1)))
    assert [type(e) for e in lost.records] == [OrderUnresolved]
    assert lost.commands == (LookUp(name),)
    found = step(lost.state, LookedUp(name, report(lost.state, "0"), at(lost.state, 2)))
    assert not any(isinstance(c, Submit) for c in found.commands)


def test_case_02_an_order_that_never_arrived_is_sent_again_under_the_same_id(selling) -> None:
    name = identifier(selling.state)
    state = step(selling.state, Answered(name, OutcomeUnknown("reset"), at(selling.state, 1))).state
    once = step(state, LookedUp(name, None, at(state, 2)))
    assert not once.records
    early = step(once.state, LookedUp(name, None, at(state, 5)))
    assert not early.records
    proven = step(early.state, LookedUp(name, None, at(state, 11)))
    assert proven.records == (OrderAbsent(name, resend=True),)
    (again,) = proven.commands
    assert again == Submit(selling.records[0].request)


def test_no_such_order_is_not_believed_soon_after_an_answer_that_took_long(selling) -> None:
    name, start = identifier(selling.state), selling.state
    state = step(start, Answered(name, OutcomeUnknown("timeout"), at(start, 20))).state
    for seconds in (20, 22, 29):
        early = step(state, LookedUp(name, None, at(start, seconds)))
        assert early.records == ()
        state = early.state
    proven = step(state, LookedUp(name, None, at(start, 30)))
    assert proven.records == (OrderAbsent(name, resend=True),)


def test_a_request_that_was_turned_away_proves_nothing_of_one_that_was_not(selling) -> None:
    name, start = identifier(selling.state), selling.state
    state = step(start, Answered(name, Throttled(), at(start, 1))).state
    state = step(state, TimePassed(at(start, 5))).state
    state = step(state, Answered(name, OutcomeUnknown("timeout"), at(start, 20))).state
    assert step(state, LookedUp(name, None, at(start, 20))).records == ()


def test_it_is_not_sent_for_ever(selling) -> None:
    name, state = identifier(selling.state), selling.state
    sends, seconds = 1, 0.0
    while state.outcome is None:
        seconds += 6
        taken = step(state, LookedUp(name, None, at(state, seconds)))
        sends += sum(isinstance(c, Submit) for c in taken.commands)
        state = taken.state
        assert seconds < 600
    assert sends == state.rules.sends
    assert state.lines[A].end is LineEnd.UNRESOLVED


def test_case_03_a_duplicate_is_looked_up_because_it_is_there(selling) -> None:
    name = identifier(selling.state)
    refusal = Rejected(RejectionKind.DUPLICATE_ID)
    taken = step(selling.state, Answered(name, refusal, at(selling.state, 1)))
    assert not any(isinstance(e, OrderRefused) for e in taken.records)
    assert taken.commands == (LookUp(name),)


def test_case_08_a_request_that_was_turned_away_is_sent_later_under_the_same_id(selling) -> None:
    name, wait = identifier(selling.state), timedelta(seconds=7)
    turned = step(selling.state, Answered(name, Throttled(wait), at(selling.state, 1)))
    assert turned.records == ()
    early = step(turned.state, TimePassed(at(turned.state, 7.9)))
    assert not any(isinstance(c, Submit) for c in early.commands)
    later = step(early.state, TimePassed(at(turned.state, 8)))
    assert Submit(selling.records[0].request) in later.commands


def test_case_09_a_wait_of_an_hour_is_not_waited(selling) -> None:
    name = identifier(selling.state)
    asked = Throttled(timedelta(hours=1))
    turned = step(selling.state, Answered(name, asked, at(selling.state, 1)))
    assert turned.state.orders[name].look_at <= at(turned.state, 61)


def test_case_45_an_order_that_vanished_is_not_sent_again(selling) -> None:
    name, state = identifier(selling.state), selling.state
    state = step(state, Answered(name, report(state, "0"), at(state, 1))).state
    missed = step(state, Polled((), at(state, 100)))
    assert LookUp(name) in missed.commands
    first = step(missed.state, LookedUp(name, None, at(state, 101)))
    soon = step(first.state, LookedUp(name, None, at(state, 102)))
    assert soon.records == ()
    gone = step(soon.state, LookedUp(name, None, at(state, 112)))
    assert gone.state.lines[A].end is LineEnd.VANISHED
    assert not any(isinstance(c, Submit) for c in gone.commands)


def test_case_30_a_word_that_nobody_knows_does_not_end_an_order(selling) -> None:
    state = selling.state
    told = step(state, Hinted((report(state, "3", OrderStatus.UNRECOGNISED),), at(state, 1))).state
    assert told.lines[A].end is None
    assert told.filled(told.lines[A]) == 3


def test_filled_is_believed_when_all_of_it_is(selling) -> None:
    state = selling.state
    told = step(state, Hinted((report(state, "3", OrderStatus.FILLED),), at(state, 1))).state
    assert told.outcome is None


def test_lesson_a_missing_fill_price_is_asked_for_and_never_made_up(selling) -> None:
    state, name = selling.state, identifier(selling.state)
    silent = report(state, "10", OrderStatus.FILLED, filled_value=None)
    told = step(state, Answered(name, silent, at(state, 1)))
    assert told.state.outcome is None
    assert told.state.orders[name].filled_value is None
    asked = step(told.state, TimePassed(at(state, 4)))
    assert LookUp(name) in asked.commands
    known = step(asked.state, LookedUp(name, report(state, "10", OrderStatus.FILLED), at(state, 5)))
    assert known.state.outcome is CycleOutcome.COMPLETE


def test_an_answer_that_comes_after_a_report_knows_no_better(selling) -> None:
    state, name = selling.state, identifier(selling.state)
    told = step(state, Hinted((report(state, "4"),), at(state, 1))).state
    for late in (OutcomeUnknown("timeout"), Rejected(RejectionKind.OTHER)):
        after = step(told, Answered(name, late, at(state, 2)))
        assert after.records == ()


@st.composite
def stories(draw):
    """Reports of one order as a broker would tell them, in the order of time."""
    fills = sorted(draw(st.lists(st.integers(0, 10), max_size=5)))
    ends = draw(st.sampled_from([OrderStatus.CANCELLED, OrderStatus.EXPIRED, None]))
    told = [(filled, OrderStatus.OPEN) for filled in fills]
    last = fills[-1] if fills else 0
    if last == 10:
        told.append((10, OrderStatus.FILLED))
    elif ends is not None:
        told.append((last, ends))
    return told


@given(stories(), st.randoms(use_true_random=False), st.data())
def test_case_26_and_27_reports_in_any_sequence_end_in_the_same_state(story, random, data) -> None:
    selling = _selling()

    def folded(reports):
        state, highest = selling.state, Decimal(0)
        for filled, status in reports:
            told = report(state, str(filled), status)
            state = step(state, Hinted((told,), at(state, 1))).state
            now = state.filled(state.lines[A])
            assert now >= highest
            highest = now
        progress = state.orders[identifier(state)]
        return progress.filled_quantity, progress.filled_value, state.lines[A].end

    shuffled = [*story, *data.draw(st.lists(st.sampled_from(story), max_size=4))] if story else []
    random.shuffle(shuffled)
    assert folded(shuffled) == folded(story)


def _selling() -> Step:
    from datetime import UTC, date, datetime

    from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan
    from alchemiser_core.domain.allocation.target_weights import ALL_CASH
    from alchemiser_core.domain.journal.events import PlanCommitted
    from alchemiser_core.domain.money import NO_MONEY
    from alchemiser_core.domain.orders.identifiers import CycleKey, Side
    from alchemiser_core.domain.orders.intent import OrderIntent, OrderReason

    day, now = date(2024, 3, 1), datetime(2024, 3, 1, 17, tzinfo=UTC)
    key, value = CycleKey("test", "sim", day), Usd(Decimal(1000))
    order = OrderIntent(
        A,
        Side.SELL,
        Decimal(10),
        Decimal(100),
        value,
        OrderReason.REDUCE,
        key.order_id(A, Side.SELL),
    )
    plan = RebalancePlan(day, value, value, value, ALL_CASH, (order,), (), (), NO_MONEY, NO_MONEY)
    committed = PlanCommitted(
        plan, {A: {"one": Decimal(-10)}}, NO_MONEY, NO_MONEY, NO_MONEY, {A: Decimal(100)}
    )
    rules = ExecutionRules()
    return begin(key, committed, fractional_shares([A]), rules, now, now + timedelta(minutes=10))


def test_what_a_restart_finds_again_is_what_was_there(staged) -> None:
    stage = staged(holdings={"AAA": "10"}, cash=Decimal(500))
    plan = stage.plan({"AAA": "-10", "BBB": "12"})
    done = stage.carry_out(plan)
    now = stage.clock.now()
    events = [e for e in stage.events if isinstance(e, OrderEvent)]
    again = resume(
        stage.cycle, plan, events, fractional_shares([A, Symbol("BBB")]), done.rules, now, now
    )
    assert again.state.lines == done.lines
    assert again.state.part == done.part
    lasting = [(p.stage, p.filled_quantity, p.filled_value) for p in done.orders.values()]
    found = [(p.stage, p.filled_quantity, p.filled_value) for p in again.state.orders.values()]
    assert found == lasting
    assert again.state.outcome is done.outcome
    assert again.commands == ()


def test_case_16_and_17_a_restart_looks_up_what_was_written_down(staged) -> None:
    stage = staged(holdings={"AAA": "10"})
    plan = stage.plan({"AAA": "-10"})
    now = stage.clock.now()
    rules = ExecutionRules()
    intended = begin(
        stage.cycle, plan, fractional_shares([A]), rules, now, now + timedelta(minutes=10)
    )
    # Killed after the write: whether the order was sent or not, the next start is the same.
    stage.journal.append(intended.records, now).unwrap()
    for sent in (False, True):
        fresh = staged(holdings={"AAA": "10"}, journal=stage.journal.reopened())
        if sent:
            fresh.broker.submit(intended.records[0].request).unwrap()
        state = fresh.take_up(plan)
        assert state.outcome is CycleOutcome.COMPLETE
        received = [r for r in fresh.exchange.received if r.request.symbol == A]
        accepted = [r for r in received if r.refusal is None]
        assert len(accepted) == 2  # what was bought before, and the one sale
        assert fresh.held == {}


def test_a_price_that_was_missing_is_asked_for_after_a_restart_until_it_is_there(
    selling,
) -> None:
    state, name = selling.state, identifier(selling.state)
    silent = report(state, "10", OrderStatus.FILLED, filled_value=None)
    told = step(state, Answered(name, silent, at(state, 1)))
    events = [*selling.records, *told.records]
    again = resume(
        state.cycle,
        state.plan,
        events,
        state.instruments,
        state.rules,
        at(state, 5),
        state.deadline,
    )
    assert LookUp(name) in again.commands
    still = step(again.state, LookedUp(name, silent, at(state, 5)))
    assert LookUp(name) in step(still.state, TimePassed(at(state, 8))).commands


def test_case_16_a_restart_after_the_window_sends_nothing(staged) -> None:
    stage = staged(holdings={"AAA": "10"})
    plan = stage.plan({"AAA": "-10"})
    now = stage.clock.now()
    intended = begin(
        stage.cycle,
        plan,
        fractional_shares([A]),
        ExecutionRules(),
        now,
        now + timedelta(minutes=10),
    )
    stage.journal.append(intended.records, now).unwrap()
    state = stage.take_up(plan, within=timedelta(0))
    assert state.outcome is CycleOutcome.INCOMPLETE
    assert stage.held == {"AAA": Decimal(10)}
    assert len(stage.of(OrderAbsent)) == 1
    assert not stage.of(OrderReported)


@pytest.mark.parametrize("tactic", [Market(), ProgressiveLimit()])
@pytest.mark.parametrize("gone", ["AAA", "BBB"])
def test_a_symbol_that_the_broker_knows_no_more_after_a_restart_is_left_alone(
    staged, tactic, gone
) -> None:
    stage = staged(holdings={"AAA": "10"}, rules=ExecutionRules(tactic=tactic))
    plan = stage.plan({"AAA": "-10", "BBB": "5"})
    now, known = stage.clock.now(), fractional_shares({A, Symbol("BBB")} - {gone})
    deadline = now + timedelta(minutes=10)
    first = resume(stage.cycle, plan, (), known, stage.rules, now, deadline)
    state = execute(stage.desk, first).unwrap().state
    assert {s: line.end for s, line in state.lines.items() if s == gone} == {gone: LineEnd.REFUSED}
    assert state.outcome is CycleOutcome.INCOMPLETE
    assert stage.held == ({"BBB": 5, "AAA": 10} if gone == "AAA" else {})


def test_case_02_one_word_of_the_broker_is_no_proof_however_late_it_comes(selling) -> None:
    name, state = identifier(selling.state), selling.state
    state = step(state, Answered(name, OutcomeUnknown("reset"), at(state, 1))).state
    once = step(state, LookedUp(name, None, at(state, 60)))
    assert once.records == ()
    assert not any(isinstance(c, Submit) for c in once.commands)
