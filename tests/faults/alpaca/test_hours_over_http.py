"""The market's hours, the broker's clock, and a broker that is gone for a while."""

from datetime import timedelta

import pytest
from alpaca_market import DAYS, session_of
from alpaca_scene import REFUSED, SLOW

from alchemiser_core.domain.journal.events import CycleClosed, CycleOutcome, LineEnded


def closes(day):
    return session_of(day).closes


def test_case_42_an_exchange_that_closes_in_mid_cycle_ends_it_over_http(second_day):
    with second_day(execution="deadline_seconds = 60") as at:
        at.fault("hold_fills", symbol="S7")
        at.fault("close_market_now", {"method": "POST", "path": "/v2/orders", "nth": 8})
        with at.at_most(seconds=15):
            at.trade()
        assert at.today(CycleClosed)[-1].outcome is not CycleOutcome.COMPLETE
        assert at.alerts()
        at.settle()


def test_case_42_a_clock_that_says_open_at_night_sends_nothing_over_http(second_day):
    with second_day() as at:
        at.move_to(DAYS[1], closes(DAYS[1]) + timedelta(hours=11))
        at.fault("clock_says_open")
        assert at.trade().code == REFUSED
        assert not at.sent()
        at.move_to(DAYS[2])
        at.settle()


def test_case_42_an_exchange_that_does_not_open_is_traded_by_nobody_over_http(second_day):
    with second_day() as at:
        at.fault("clock_says_open", is_open=False)
        assert at.trade().code == REFUSED
        assert not at.sent()
        at.settle()


def test_case_42_a_half_day_that_only_the_broker_knows_sends_nothing_until_it_is_known(
    second_day,
):
    with second_day() as at:
        early = closes(DAYS[1]) - timedelta(minutes=3)
        at.exchange.sessions.call_off(DAYS[1], early)
        done = at.trade()
        assert done.code == REFUSED
        assert "other hours of 2024-03-20" in done.output
        assert not at.sent()
        assert at.alerts()
        file = at.folder / "alchemiser.toml"
        known = f'[trading.calendar_settings]\ncloses_early = {{"{DAYS[1]}" = "15:57"}}\n'
        file.write_text(f"{known}{file.read_text()}")
        assert at.trade().code == 0
        assert at.sent()
        at.settle()


def test_case_42_a_calendar_that_cannot_be_read_is_told_and_stops_nothing_over_http(
    second_day, undisturbed
):
    with second_day() as at:
        at.fault("status", {"path": "/v2/calendar"}, code=503, body="html", times=20)
        assert at.trade().code == 0
        assert at.account() == undisturbed.account
        assert "broker-calendar-unread" in str(at.alerts())
        at.settle()


def test_case_42_what_is_not_sent_by_the_close_is_never_sent_over_http(second_day):
    with second_day() as at:
        late = closes(DAYS[1]) - timedelta(seconds=40)
        at.leap(3, late)
        at.fault("hold_fills", symbol="S1")
        with at.at_most(seconds=20):
            at.trade()
        assert all(record.at <= closes(DAYS[1]) for record in at.posts())
        assert {e.end.name for e in at.today(LineEnded)} - {"FILLED"}
        at.settle()


@pytest.mark.parametrize("seconds", [-300, 300])
def test_case_44_a_clock_that_is_five_minutes_off_stops_everything_over_http(
    second_day, undisturbed, seconds
):
    """The third reading is the one that is held against the program's own time."""
    with second_day() as at:
        at.fault("clock_skew", {"path": "/v2/clock", "nth": 3}, seconds=seconds, times=1)
        assert at.trade().code == REFUSED
        assert not at.sent()
        assert at.alerts()
        assert at.trade().code == 0
        assert at.account() == undisturbed.account
        at.settle()


def test_case_44_a_clock_that_goes_back_in_mid_cycle_holds_up_nothing_over_http(
    second_day, undisturbed_and_slow
):
    with second_day(settings=SLOW) as at:
        at.fault("clock_skew", {"path": "/v2/clock", "nth": 5}, seconds=-300)
        with at.at_most(seconds=8):
            assert at.trade().code == 0
        assert at.account() == undisturbed_and_slow.account
        at.settle()


@pytest.mark.parametrize("taken", [True, False], ids=["taken", "not taken"])
def test_case_45_a_broker_that_is_gone_for_minutes_is_waited_for_over_http(
    second_day, undisturbed, taken
):
    with second_day() as at:
        gone = {"method": "POST", "path": "/v2/orders", "nth": 4}
        at.fault("down", gone, seconds=2, taken=taken)
        with at.at_most(seconds=15):
            assert at.trade().code == 0
        assert at.account() == undisturbed.account
        assert set(at.sent()) == set(undisturbed.sent)
        at.settle()


@pytest.mark.parametrize("call", [9, 34])
def test_case_45_a_broker_that_answers_503_for_a_while_is_waited_for_over_http(
    second_day, undisturbed, call
):
    with second_day() as at:
        at.fault("status", {"path": "/v2/*", "nth": call}, code=503, body="html", times=3)
        assert at.trade().code == 0
        assert at.account() == undisturbed.account
        at.settle()


def test_case_45_a_broker_that_answers_503_for_long_is_asked_again_by_the_next_run_over_http(
    second_day, undisturbed
):
    with second_day() as at:
        at.fault("status", {"path": "/v2/assets/*"}, code=503, body="html", times=6)
        assert at.trade().code == REFUSED
        assert at.alerts()
        assert at.trade().code == 0
        assert at.account() == undisturbed.account
        at.settle()


def test_case_45_orders_that_the_broker_forgot_are_not_sent_under_other_ids_over_http(
    second_day, undisturbed
):
    with second_day(execution="deadline_seconds = 60") as at:
        at.fault("hold_fills", symbol="S7")
        at.fault("forget_orders", {"order_state": "new", "symbol": "S7"}, symbol="S7")
        at.trade()
        assert set(at.sent()) <= set(undisturbed.sent)
        assert at.alerts()
        at.settle()
