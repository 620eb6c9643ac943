"""Fills that come in parts, late, or not at all, and cancels that meet them."""

from decimal import Decimal

import pytest
from alpaca_market import AFTER, BEFORE
from alpaca_scene import INCOMPLETE

from alchemiser_alpaca.simulator.exchange.switches import Switches
from alchemiser_core.domain.journal.events import CycleClosed, CycleOutcome, LineEnd, LineEnded

SOLD, BOUGHT = BEFORE, AFTER[4:]
SHORT = {"execution": "deadline_seconds = 60\nsell_seconds = 30"}


def ends(at) -> dict[str, LineEnd]:
    return {event.symbol: event.end for event in at.today(LineEnded)}


def outcome(at) -> CycleOutcome:
    return at.today(CycleClosed)[-1].outcome


def test_case_31_a_part_that_is_filled_before_the_cancel_is_counted_over_http(second_day):
    with second_day(**SHORT) as at:
        at.fault("partial_fill", symbol="S7", fraction="0.4")
        assert at.trade().code == INCOMPLETE
        assert ends(at)["S7"] is LineEnd.NOT_FILLED
        order = at.order_of("S7")
        assert 0 < order.filled_quantity < order.quantity
        assert at.sent_for("S7") == 1
        at.settle()


def test_case_31_a_fill_that_wins_against_the_cancel_is_counted_over_http(second_day):
    race = Switches(cancel_ms=20_000, cancel_fill_race=True)
    with second_day(settings={"switches": race}, **SHORT) as at:
        at.fault("hold_fills", symbol="S8")
        at.release_at_cancel("S8")
        at.trade()
        assert at.sent_for("S8") == 1
        at.settle()


def test_case_31_a_cancel_of_what_is_filled_is_no_trouble_over_http(second_day):
    with second_day(**SHORT) as at:
        at.fault("hold_fills", symbol="S9")
        at.release_at_cancel("S9")
        at.trade()
        assert at.sent_for("S9") == 1
        assert at.order_of("S9").status.name == "FILLED"
        at.settle()


def test_case_31_a_lost_answer_to_a_cancel_is_asked_for_again_over_http(second_day):
    with second_day(**SHORT) as at:
        at.fault("hold_fills", symbol="S7")
        at.fault("reset_before", {"method": "DELETE", "path": "/v2/orders/*"})
        at.trade()
        assert at.order_of("S7").status.name == "CANCELLED"
        at.settle()


@pytest.mark.parametrize("symbol", ["S1", "S10"], ids=["a sell", "a buy"])
def test_case_32_an_order_that_is_rejected_after_it_was_taken_is_noticed_over_http(
    second_day, symbol
):
    with second_day() as at:
        at.fault("reject_async", symbol=symbol)
        assert at.trade().code == INCOMPLETE
        assert outcome(at) is CycleOutcome.INCOMPLETE
        assert ends(at)[symbol] is not LineEnd.FILLED
        assert at.sent_for(symbol) <= 3
        at.settle()


@pytest.mark.parametrize("stuck", ["stuck_cancel", "stuck_new"])
def test_case_33_an_order_that_is_stuck_over_the_close_is_settled_the_next_day_over_http(
    second_day, stuck
):
    with second_day(**SHORT) as at:
        at.fault(stuck)
        if stuck == "stuck_cancel":
            at.fault("hold_fills", symbol="S7")
        with at.at_most(seconds=15):
            assert at.trade().code == INCOMPLETE
        assert outcome(at) is CycleOutcome.INCOMPLETE
        at.settle()
        assert at.trade().code in (0, INCOMPLETE)
        at.assert_obedient()


def test_case_34_partial_fills_of_all_orders_are_reported_and_not_chased_over_http(second_day):
    half = {"kind": "partial_fill", "fraction": "0.5"}
    with second_day(**SHORT) as at:
        at.served.put_faults(*({**half, "symbol": symbol} for symbol in (*SOLD, *BOUGHT)))
        assert at.trade().code == INCOMPLETE
        assert set(ends(at).values()) <= {LineEnd.NOT_FILLED, LineEnd.NO_CASH, LineEnd.NOT_NEEDED}
        assert all(at.sent_for(symbol) <= 1 for symbol in (*SOLD, *BOUGHT))
        at.settle()


def test_case_34_random_parts_as_the_paper_account_fills_them_end_right_over_http(
    second_day, undisturbed
):
    parts = Switches(partial_fill_probability=Decimal("0.5"), next_part_ms=2000)
    with second_day(settings={"switches": parts, "seed": 7}) as at:
        assert at.trade().code == 0
        assert at.account()[1] == undisturbed.account[1]
        at.settle()


def test_case_41_a_halted_symbol_is_given_up_in_time_and_told_over_http(second_day):
    with second_day(**SHORT) as at:
        at.fault("halt", symbol="S7", seconds=0)
        assert at.trade().code == INCOMPLETE
        assert ends(at)["S7"] is LineEnd.NOT_FILLED
        assert at.order_of("S7").status.name == "CANCELLED"
        assert at.sent_for("S7") == 1
        assert at.alerts()
        at.settle()


def test_case_46_an_order_by_hand_is_left_alone_and_its_symbol_too_over_http(second_day):
    with second_day() as at:
        at.by_hand("S5", "buy", 3, "1.00")
        at.trade()
        assert at.sent_for("S5") == 0
        assert at.foreign().status.name == "OPEN"
        at.settle()


def test_case_46_a_trade_by_hand_in_mid_cycle_is_found_and_asked_about_over_http(second_day):
    with second_day() as at:
        taken = {"order_state": "filled", "symbol": "S1"}
        at.fault("foreign_order", taken, symbol="S12", qty="2")
        at.trade()
        assert len(at.taken()) == len(set(at.taken()))
        at.settle("--adopt")


def test_case_46_nothing_is_sent_beside_an_order_that_somebody_put_in_the_place_of_one_over_http(
    second_day,
):
    slow = 'tactic = "progressive-limit"\nstep_seconds = 10'
    with second_day(execution=slow) as at:
        at.fault("hold_fills", symbol="S7")
        at.replace_at_cancel("S7", "1.00")
        at.trade()
        assert len(at.foreign_successors()) == 1
        assert at.order_of("S7").status.name == "REPLACED"
        assert at.sent_for("S7") == 1
        assert at.alerts()
        at.settle("--adopt")
