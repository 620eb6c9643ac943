"""The rate limit refills all the time, and the headers say where it stands."""

import pytest

from alchemiser_alpaca.simulator.http.budget import Budget
from alchemiser_alpaca.simulator.http.limits import Limits


class Steady:
    seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def steady():
    return Steady()


def test_every_request_takes_one_and_time_puts_it_back(steady):
    budget = Budget(200, steady)
    assert [budget.take().remaining for _ in range(3)] == [199, 198, 197]
    steady.seconds += 0.6
    assert budget.take().remaining == 198


def test_what_is_used_up_is_refused_until_the_next_one_is_back(steady):
    budget = Budget(60, steady)
    assert all(budget.take().allowed for _ in range(60))
    refused = budget.take()
    assert not refused.allowed
    assert refused.next_in == pytest.approx(1.0)
    assert refused.full_in == pytest.approx(60.0)
    steady.seconds += 1.0
    assert budget.take().allowed


def test_the_headers_name_limit_remaining_and_the_second_at_which_it_is_full(steady):
    headers = Budget(200, steady).take().headers(now=1_000_000.5)
    assert headers == {
        "X-RateLimit-Limit": "200",
        "X-RateLimit-Remaining": "199",
        "X-RateLimit-Reset": "1000001",
    }


def test_trading_and_data_are_counted_apart(steady):
    limits = Limits(2, steady=steady)
    assert limits.take("/v2/orders").allowed
    assert limits.take("/v2/account").allowed
    assert not limits.take("/v2/orders").allowed
    assert limits.take("/v2/stocks/bars").allowed
    assert limits.take("/v1/corporate-actions").remaining == 0


def test_retry_after_is_said_only_where_it_is_switched_on(steady):
    for switched_on in (False, True):
        limits = Limits(1, switched_on, steady)
        limits.take("/v2/orders")
        told = limits.headers(limits.take("/v2/orders"), 0.0)
        assert ("Retry-After" in told) == switched_on


def test_no_limit_is_no_header(steady):
    limits = Limits(0, steady=steady)
    allowance = limits.take("/v2/orders")
    assert allowance.allowed
    assert limits.headers(allowance, 0.0) == {}
