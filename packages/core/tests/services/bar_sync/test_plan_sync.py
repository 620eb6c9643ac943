"""What a source is asked for: what is missing, in few requests."""

from datetime import date, timedelta

from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.bar_sync import Known, Portion, plan_sync, portions_of
from alchemiser_core.services.bar_sync.plan import OVERLAP

SPY, QQQ, TLT, DEAD, NONE = (Symbol(name) for name in ("SPY", "QQQ", "TLT", "DEAD", "NONE"))
THROUGH = date(2026, 11, 27)
BEFORE = date(2026, 11, 25)


def test_a_store_with_every_session_asks_for_nothing():
    plan = plan_sync({SPY: Known(THROUGH), QQQ: Known(THROUGH, THROUGH)}, THROUGH, 100)
    assert plan.up_to_date == (QQQ, SPY)
    assert (plan.newer, plan.whole) == ((), ())


def test_symbols_that_end_on_one_day_are_asked_for_together_from_before_that_day():
    plan = plan_sync({SPY: Known(BEFORE), QQQ: Known(BEFORE)}, THROUGH, 100)
    assert plan.newer == (Portion((QQQ, SPY), BEFORE - OVERLAP),)


def test_no_request_has_more_symbols_than_the_source_takes_at_once():
    symbols = [Symbol(f"S{number:03}") for number in range(25)]
    plan = plan_sync({symbol: Known(BEFORE) for symbol in symbols}, THROUGH, 10)
    assert [len(portion.symbols) for portion in plan.newer] == [10, 10, 5]
    assert sorted(s for portion in plan.newer for s in portion.symbols) == symbols


def test_a_symbol_that_ended_long_ago_does_not_make_the_others_ask_for_years():
    known = {
        SPY: Known(BEFORE),
        QQQ: Known(BEFORE - timedelta(days=2)),
        DEAD: Known(date(2019, 5, 1)),
    }
    plan = plan_sync(known, THROUGH, 100)
    assert [portion.symbols for portion in plan.newer] == [(QQQ, SPY), (DEAD,)]
    assert plan.newer[0].start == BEFORE - timedelta(days=2) - OVERLAP


def test_a_symbol_that_is_not_traded_any_more_is_asked_for_once_a_session():
    asked = {DEAD: Known(date(2019, 5, 1), THROUGH)}
    assert plan_sync(asked, THROUGH, 100).up_to_date == (DEAD,)
    tomorrow = plan_sync({**asked, SPY: Known(THROUGH)}, THROUGH + timedelta(days=3), 100)
    assert tomorrow.newer == (Portion((DEAD, SPY), THROUGH - OVERLAP),)


def test_a_symbol_whose_newest_bar_is_only_late_is_asked_for_again():
    late = plan_sync({TLT: Known(BEFORE, THROUGH)}, THROUGH, 100)
    assert late.newer == (Portion((TLT,), BEFORE - OVERLAP),)


def test_a_bar_of_the_far_future_does_not_count_as_up_to_date():
    wrong = plan_sync({TLT: Known(date(2062, 1, 3)), DEAD: Known(None, date.max)}, THROUGH, 100)
    assert wrong.up_to_date == ()
    assert wrong.newer == (Portion((DEAD, TLT), THROUGH - timedelta(days=1) - OVERLAP),)
    tomorrow = THROUGH + timedelta(days=1)
    assert plan_sync({TLT: Known(tomorrow)}, THROUGH, 100).up_to_date == (TLT,)


def test_a_new_symbol_is_asked_for_whole_and_an_unknown_one_not_twice_a_session():
    plan = plan_sync({TLT: Known(), NONE: Known(None, THROUGH)}, THROUGH, 100)
    assert plan.whole == (TLT,)
    assert plan.up_to_date == (NONE,)


def test_a_full_synchronisation_asks_for_everything_anew():
    plan = plan_sync({SPY: Known(THROUGH), NONE: Known(None, THROUGH)}, THROUGH, 100, is_full=True)
    assert plan.whole == (NONE, SPY)
    assert portions_of(plan.whole, 1) == (Portion((NONE,), None), Portion((SPY,), None))
