"""What these tests rest on: the ledger in core's words, the tape, and the search for keys."""

import base64
from decimal import Decimal

import pytest
from alpaca_ledger import kind_of, sums
from alpaca_secrets import KEY_ID, SECRET_KEY, leaks
from attrs import evolve

from alchemiser_alpaca.simulator.exchange.entries import Executed
from alchemiser_core.domain.orders.submission import RejectionKind
from alchemiser_core.simulation.faults.tape import ReachedBroker, Written
from alchemiser_core.testing.faults.judge import judge
from alchemiser_core.testing.faults.violation import Invariant


@pytest.fixture
def traded(second_day):
    with second_day() as at:
        assert at.trade().code == 0
        yield at


def test_the_account_in_core_s_words_is_the_simulator_s_own(traded):
    cash, held = traded.account()
    assert (cash, held) == (traded.exchange.state.cash, shares(traded))
    assert (cash, held) == sums(traded.exchange.ledger.entries)
    executed = [e for e in traded.exchange.ledger.entries if isinstance(e, Executed)]
    assert len(traded.core().executions) == len(executed)


def shares(at) -> dict[str, Decimal]:
    with at.served.desk.work() as now:
        return {each.asset.symbol: each.qty for each in at.exchange.positions(now)}


def test_an_order_that_was_sent_before_it_was_written_is_noticed(traded):
    notes = list(traded.tape.notes)
    first = next(n for n in notes[traded.tape.earlier :] if isinstance(n.what, ReachedBroker))
    notes.remove(first)
    notes.insert(0, first)
    found = judge(traded.core(), notes)
    assert {violation.invariant for violation in found} == {Invariant.WRITE_AHEAD}


def test_an_order_that_was_sent_otherwise_than_written_is_noticed(traded):
    notes = list(traded.tape.notes)
    place = next(n for n, note in enumerate(notes) if isinstance(note.what, ReachedBroker))
    more = evolve(notes[place].what.request, quantity=Decimal(1))
    notes[place] = evolve(notes[place], what=ReachedBroker(more))
    assert {v.invariant for v in judge(traded.core(), notes)} == {Invariant.WRITE_AHEAD}


def test_the_journal_is_read_as_each_request_arrives(traded):
    kinds = [type(note.what) for note in traded.tape.notes[traded.tape.earlier :]]
    assert kinds.index(Written) < kinds.index(ReachedBroker) < len(kinds) - 1
    assert Written in kinds[kinds.index(ReachedBroker) :]


@pytest.mark.parametrize(
    "text",
    [SECRET_KEY, base64.b64encode(f"{KEY_ID}:{SECRET_KEY}".encode()).decode(), "x" + KEY_ID + "x"],
    ids=["secret", "basic authorisation", "in the middle"],
)
def test_a_key_that_is_written_anywhere_is_found(traded, text):
    assert not leaks(traded.folder, traded.outputs, traded.served)
    (traded.folder / "left-behind").write_text(text)
    assert leaks(traded.folder, traded.outputs, traded.served) == ["left-behind"]
    (traded.folder / "left-behind").unlink()
    assert leaks(traded.folder, [*traded.outputs, text], traded.served) == ["output"]


def test_refusals_that_nobody_has_heard_of_are_of_no_kind():
    assert kind_of(403, "insufficient buying power") is RejectionKind.INSUFFICIENT_CASH
    assert kind_of(403, "the moon is in the wrong phase") is RejectionKind.OTHER
