"""Storms of 429: they are waited out, in bounded time, and nothing is sent twice."""

import pytest

from alchemiser_core.domain.journal.events import OrderRefused


@pytest.mark.parametrize("which", ["all", "reads", "posts"])
def test_case_08_a_storm_of_too_many_requests_is_waited_out_over_http(
    second_day, undisturbed, which
):
    with second_day() as at:
        at.fault("rate_limited", {"path": "/v2/*", "nth": 12}, seconds=3, which=which)
        with at.at_most(seconds=20):
            at.trade()
        assert not at.today(OrderRefused)
        assert len(at.taken()) == len(set(at.taken()))
        assert set(at.sent()) <= set(undisturbed.sent)
        assert sum(record.status == 429 for record in at.requests()) < 40
        at.settle()


@pytest.mark.parametrize("headers", ["none", "past", "hour_ahead"])
def test_case_09_headers_that_make_no_sense_make_no_endless_wait_over_http(
    second_day, undisturbed, headers
):
    with second_day() as at:
        storm = {"path": "/v2/orders", "nth": 2}
        at.fault("rate_limited", storm, seconds=2, headers=headers)
        with at.at_most(seconds=25):
            done = at.trade()
        if done.code:
            assert at.alerts()
        assert len(at.taken()) == len(set(at.taken()))
        assert set(at.sent()) <= set(undisturbed.sent)
        at.settle()
