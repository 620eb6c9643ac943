"""What servers ask to wait is honoured within bounds; requests are counted."""

from datetime import timedelta

import pytest

from alchemiser_alpaca.connection.budget import Budget
from alchemiser_alpaca.connection.failures import NoAnswer, NotAllowed, Refused, TooMany
from alchemiser_alpaca.connection.waiting import Patience, asked_to_wait

NOON = 1_767_268_800.0  # Thu, 01 Jan 2026 12:00:00 GMT
DATE = "Thu, 01 Jan 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "5"}, 5),
        ({"retry-after": "0"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "9" * 30}, None),
        ({"retry-after": "Thu, 01 Jan 2026 12:00:30 GMT"}, 30),
        ({"x-ratelimit-reset": str(int(NOON) + 40)}, 40),
        ({"x-ratelimit-reset": str(int(NOON) - 40)}, None),
        ({"x-ratelimit-reset": str(int(NOON) + 3600)}, 3600),
        ({"x-ratelimit-reset": ""}, None),
        ({"retry-after": "2", "x-ratelimit-reset": str(int(NOON) + 40)}, 2),
        ({"retry-after": "?", "x-ratelimit-reset": str(int(NOON) + 40)}, 40),
    ],
)
def test_what_a_server_asks_for(headers, seconds):
    assert asked_to_wait(headers, NOON) == seconds


def test_the_servers_clock_counts_where_it_says_its_time():
    headers = {"date": DATE, "x-ratelimit-reset": str(int(NOON) + 40)}
    assert asked_to_wait(headers, wall=NOON + 86_400) == 40


def test_waits_double_are_spread_and_bounded():
    patience = Patience(tries=20, first_wait=0.25, longest_wait=10)
    waits = [patience.wait(n, NoAnswer(""), 1.0) for n in range(1, 20)]
    assert waits[:3] == [0.5, 1.0, 2.0]
    assert max(waits) == 10
    assert patience.wait(20, NoAnswer(""), 1.0) is None
    assert patience.wait(3, NoAnswer(""), 0.0) == 0


def test_what_is_asked_for_is_waited_for_and_a_little_more():
    patience = Patience(first_wait=0.25, longest_wait=10)
    assert patience.wait(1, TooMany(timedelta(seconds=3)), 1.0) == 3.25
    assert patience.wait(1, TooMany(timedelta(hours=1)), 1.0) == 10.25
    assert patience.wait(1, TooMany(), 1.0) == 0.5


@pytest.mark.parametrize("failure", [Refused(422, 1, "no"), NotAllowed("no")])
def test_a_definite_answer_is_not_waited_for(failure):
    assert Patience().wait(1, failure, 1.0) is None


def test_no_minute_has_more_requests_than_the_budget(fake_time):
    budget, sent = Budget(5, 10.0, fake_time.pace()), []
    for _ in range(25):
        fake_time.sleep(budget.wait())
        budget.sent()
        sent.append(fake_time.now)
        fake_time.now += 1
    for begin in sent:
        assert sum(begin <= at < begin + 60 for at in sent) <= 5


def test_a_server_that_allows_less_is_believed(fake_time):
    budget = Budget(200, 10.0, fake_time.pace())
    budget.told(200, {"x-ratelimit-limit": "1", "x-ratelimit-remaining": "1"})
    budget.sent()
    assert budget.wait() == 60


def test_a_budget_that_others_have_used_up_blocks_for_a_while(fake_time):
    budget = Budget(200, 10.0, fake_time.pace())
    reset = str(int(fake_time.now) + 4)
    budget.told(200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset})
    assert budget.wait() == 4
    budget.told(429, {"retry-after": "3600"})
    assert budget.wait() == 10
    fake_time.now += 10
    assert budget.wait() == 0


def test_too_many_without_a_word_blocks_for_the_time_of_one_request(fake_time):
    budget = Budget(200, 10.0, fake_time.pace())
    budget.told(429, {})
    assert budget.wait() == pytest.approx(0.3)
