"""What becomes of an order whose request or answer is lost, late, or cannot be read: one order."""

import pytest

from alchemiser_core.domain.journal.events import OrderAbsent, OrderRefused, OrderUnresolved

POST = {"method": "POST", "path": "/v2/orders"}


def nth(number: int) -> dict[str, object]:
    """The n-th order of the day."""
    return {**POST, "nth": number}


def test_case_01_an_answer_lost_after_the_broker_took_the_order_over_http(second_day, undisturbed):
    with second_day() as at:
        at.fault("reset_after", nth(2))
        assert at.trade().code == 0
        assert at.account() == undisturbed.account
        assert sorted(at.sent()) == sorted(undisturbed.sent)
        assert len(at.today(OrderUnresolved)) == 1
        assert not at.today(OrderAbsent)
        at.settle()


def test_case_02_a_request_that_never_arrived_is_sent_again_under_its_id_over_http(
    second_day, undisturbed
):
    with second_day() as at:
        at.fault("reset_before", nth(3))
        assert at.trade().code == 0
        assert at.account() == undisturbed.account
        lost = undisturbed.sent[2]
        assert at.sent().count(lost) == 2
        assert set(at.sent()) == set(undisturbed.sent)
        absent = at.today(OrderAbsent)
        assert [(e.client_order_id, e.resend) for e in absent] == [(lost, True)]
        assert at.looked_up(lost) >= 2
        at.settle()


def test_case_03_a_look_up_that_lags_sends_no_second_order_over_http(second_day, undisturbed):
    with second_day() as at:
        at.fault("reset_after", nth(1))
        at.fault("lookup_lag", seconds=5)
        assert at.trade().code == 0
        assert at.account() == undisturbed.account
        assert sorted(at.sent()) == sorted(undisturbed.sent)
        assert at.looked_up(undisturbed.sent[0]) >= 1
        at.settle()


def test_case_03_a_look_up_that_lags_beyond_the_grace_meets_the_first_order_over_http(
    second_day, undisturbed
):
    with second_day() as at:
        at.fault("reset_after", nth(1))
        at.fault("lookup_lag", seconds=25)
        at.trade()
        # Whether the others are taken for vanished hangs on how soon the stream tells of them.
        first = undisturbed.sent[0]
        assert 1 <= at.sent().count(first) <= 3
        assert at.taken().count(first) == 1
        assert len(at.taken()) == len(set(at.taken()))
        assert at.order_of("S1").status.name == "FILLED"
        assert not at.today(OrderRefused)
        at.settle()


@pytest.mark.parametrize("taken", [True, False], ids=["taken", "not taken"])
def test_case_04_a_server_that_hangs_for_ten_minutes_holds_up_nothing_over_http(
    second_day, undisturbed, taken
):
    with second_day() as at:
        at.fault("hang", nth(2), seconds=600, taken=taken)
        with at.at_most(seconds=10):
            assert at.trade().code == 0
        assert at.account() == undisturbed.account
        assert at.sent().count(undisturbed.sent[1]) == (1 if taken else 2)
        at.settle()


def test_case_04_a_read_that_hangs_is_given_up_over_http(second_day, undisturbed):
    with second_day() as at:
        at.fault("hang", {"method": "GET", "path": "/v2/positions"}, seconds=600)
        with at.at_most(seconds=10):
            assert at.trade().code == 0
        assert at.account() == undisturbed.account
        at.settle()


@pytest.mark.parametrize("taken", [True, False], ids=["taken", "not taken"])
def test_case_05_four_timeouts_of_a_gateway_leave_one_order_of_each_id_over_http(
    second_day, undisturbed, taken
):
    with second_day() as at:
        at.fault("status", nth(1), code=504, times=4, body="html", taken=taken)
        assert at.trade().code == 0
        assert at.account() == undisturbed.account
        assert set(at.sent()) == set(undisturbed.sent)
        at.settle()


@pytest.mark.parametrize("code", [500, 503])
def test_case_06_a_page_of_a_server_is_no_refusal_over_http(second_day, undisturbed, code):
    with second_day() as at:
        at.fault("status", nth(2), code=code, body="html", taken=code == 500)
        assert at.trade().code == 0
        assert not at.today(OrderRefused)
        assert len(at.today(OrderUnresolved)) == 1
        assert at.account() == undisturbed.account
        at.settle()


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "truncated_body", "at": nth(1)},
        {"kind": "truncated_body", "at": nth(1), "where": "connection"},
        {"kind": "unknown_status", "at": nth(1), "times": 3},
        {"kind": "unknown_status", "at": {"method": "GET", "path": "/v2/orders*"}, "times": 3},
        {"kind": "null_submitted_at", "at": {"path": "/v2/orders*"}, "times": 0},
        {"kind": "omit_field", "field": "filled_avg_price", "at": nth(1), "times": 2},
        {"kind": "omit_field", "field": "status", "at": nth(1)},
    ],
    ids=lambda fault: f"{fault['kind']} {fault.get('where', fault.get('field', ''))}",
)
def test_case_07_an_answer_that_cannot_be_understood_is_asked_for_again_over_http(
    second_day, undisturbed, fault
):
    with second_day() as at:
        at.served.put_faults(fault)
        assert at.trade().code == 0
        assert at.account() == undisturbed.account
        assert sorted(at.sent()) == sorted(undisturbed.sent)
        at.settle()
