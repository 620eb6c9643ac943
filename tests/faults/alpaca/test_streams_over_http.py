"""The stream of order updates is a hint: whatever it does, the cycle ends right, and in time."""

import pytest
from alpaca_scene import SLOW

from alchemiser_core.domain.journal.events import OrderReported


@pytest.fixture
def told(second_day, undisturbed_and_slow):
    """Trade the second day under faults of the stream, and compare the account."""

    def trade(*faults):
        with second_day(settings=SLOW) as at:
            at.served.put_faults(*faults)
            with at.at_most(seconds=15):
                done = at.trade()
            assert done.code == 0, done.output
            assert at.account() == undisturbed_and_slow.account
            assert sorted(at.sent()) == sorted(undisturbed_and_slow.sent)
            at.settle()
            return at

    return trade


@pytest.mark.parametrize("other", [False, True], ids=["the same", "other execution ids"])
def test_case_26_updates_that_are_repeated_change_nothing_over_http(told, other):
    told({"kind": "stream_duplicate", "copies": 4, "other_execution_id": other})


def test_case_27_updates_out_of_order_change_nothing_over_http(told):
    at = told({"kind": "stream_reorder", "size": 6})
    filled: dict[str, object] = {}
    for event in at.today(OrderReported):
        report = event.report
        assert report.filled_quantity >= filled.get(report.client_order_id, 0)
        filled[report.client_order_id] = report.filled_quantity


def test_case_28_a_stream_that_is_gone_through_all_fills_is_not_missed_over_http(told):
    told({"kind": "stream_drop", "times": 0})


def test_case_29_a_mute_stream_holds_up_nothing_over_http(told):
    told({"kind": "stream_mute"})


def test_case_29_a_stream_that_is_refused_holds_up_nothing_over_http(
    second_day, undisturbed_and_slow
):
    with second_day(settings=SLOW, broker={"trading_stream_url": "ws://127.0.0.1:9/stream"}) as at:
        with at.at_most(seconds=15):
            assert at.trade().code == 0
        assert at.account() == undisturbed_and_slow.account
        at.settle()


def test_case_30_words_and_statuses_that_nobody_knows_change_nothing_over_http(told):
    told(
        {"kind": "stream_unknown_event", "event": "reviewed", "status": "in_review", "times": 0},
        {"kind": "stream_malformed", "at": {"nth": 3}, "times": 3},
        {"kind": "extra_field", "at": {"path": "/v2/*"}, "times": 0},
        {"kind": "omit_field", "field": "easy_to_borrow", "at": {"path": "/v2/assets*"}},
    )


def test_case_30_an_order_in_a_state_that_nobody_knows_is_not_over_for_us_over_http(
    second_day, undisturbed_and_slow
):
    with second_day(settings=SLOW) as at:
        at.fault("unknown_status", {"method": "GET", "path": "/v2/orders*"}, times=6)
        assert at.trade().code == 0
        assert at.account() == undisturbed_and_slow.account
        assert sorted(at.sent()) == sorted(undisturbed_and_slow.sent)
        at.settle()
