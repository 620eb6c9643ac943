"""What an answer means, whatever its status: the vendor's word, a wait, or nobody's word."""

import json

import pytest
from returns.result import Failure, Success

from alchemiser_twelvedata.connection.answer import Answer, understood
from alchemiser_twelvedata.connection.failures import (
    NoAnswer,
    NoData,
    NotAllowed,
    NotInPlan,
    OtherInstrument,
    OutOfCredits,
    Refused,
    TooMany,
    Unreadable,
    unavailable,
)

MINUTE = (
    "You have run out of API credits for the current minute. 12 API credits were used, with the "
    "current limit being 8. Wait for the next minute or consider switching to a higher tier plan."
)
DAY = MINUTE.replace("the current minute", "the day")


def answer(status, body=None):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return understood(Answer(status, {}, data))


def error(code, message):
    return {"code": code, "message": message, "status": "error"}


@pytest.mark.parametrize("as_200", [True, False])
@pytest.mark.parametrize(
    ("code", "message", "meaning"),
    [
        (401, "**apikey** parameter is incorrect or not specified.", NotAllowed),
        (403, "/time_series is available with the Pro plan", NotInPlan),
        (404, "SPX is available starting with the Grow plan. Upgrade now", NotInPlan),
        (404, "This **symbol** is not found with your subscription", NotInPlan),
        (404, "**symbol** SPX not found: it is available starting with Grow", NotInPlan),
        (404, "**symbol** not found for SPX, see https://twelvedata.com/pricing", NotInPlan),
        (404, "**symbol** not found: BAD. Please specify it correctly", NoData),
        (404, "symbol BAD not found", NoData),
        (404, "**symbol** with specified criteria not found: BAD.", NoData),
        (400, "**symbol** not found: BAD. …", NoData),
        (404, "**symbol** or **figi** parameter is missing or invalid.", NoData),
        (400, "No data is available on the specified dates. Try setting others.", NoData),
        (404, "Data not found", NoData),
        (404, "The requested endpoint does not exist", Refused),
        (400, "Invalid **interval** provided: 0.99min.", Refused),
        (400, "For **symbol** SPY the parameter **start_date** is invalid", Refused),
        (404, "Route /symbol/series not found", Refused),
        (414, "The parameter is too long", Refused),
        (429, MINUTE, TooMany),
        (429, DAY, OutOfCredits),
        (500, "Internal error", NoAnswer),
        (503, "", NoAnswer),
    ],
)
def test_an_error_means_the_same_under_200_and_under_its_status(as_200, code, message, meaning):
    failure = answer(200 if as_200 else code, error(code, message)).failure()
    assert type(failure) is meaning


def test_the_limit_of_the_plan_is_read_from_the_words_of_a_429():
    assert answer(200, error(429, MINUTE)) == Failure(TooMany(8))
    assert answer(429, error(429, "too many")) == Failure(TooMany())


@pytest.mark.parametrize("status", [429, 401])
@pytest.mark.parametrize("body", [b"", b"<html>", b"{}"])
def test_a_status_alone_says_enough(status, body):
    meaning = TooMany if status == 429 else NotAllowed
    assert type(answer(status, body).failure()) is meaning


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b""),
        (200, b'{"a": '),
        (200, b"<html>"),
        (200, b'{"a": NaN}'),
        (200, b'{"a": -Infinity}'),
        (200, b'{"a": 1, "a": 2}'),
        (200, b"[" * 100_000),
        (200, b"\xff\xfe"),
        (302, b""),
        (302, {"a": 1}),
        (404, b"404 page not found"),
        (404, {"message": "not ours"}),
        (502, b"<html>502 Bad Gateway</html>"),
        (504, b""),
    ],
)
def test_nobodys_word(status, body):
    assert isinstance(answer(status, body).failure(), NoAnswer)


@pytest.mark.parametrize("code", [None, True, "429", 200])
def test_an_error_without_a_code_of_its_own_goes_by_the_status(code):
    assert isinstance(answer(429, error(code, MINUTE)).failure(), TooMany | Refused)
    assert isinstance(answer(200, error(code, "what")).failure(), Refused)


def test_what_was_asked_for():
    assert answer(200, {"price": "20.25"}) == Success({"price": "20.25"})


FAILURES = [
    NotAllowed("no"),
    NotInPlan("no"),
    TooMany(8),
    OutOfCredits("no"),
    NoData("no"),
    Refused(400, "no"),
    NoAnswer("no"),
    Unreadable("no"),
    OtherInstrument("no"),
]


def test_every_failure_says_what_why_and_most_what_to_do():
    problems = unavailable(("the bars cannot be read", each) for each in FAILURES).problems()
    assert {each.what for each in problems} == {"the bars cannot be read"}
    assert all(each.where == "twelvedata" and each.why for each in problems)
    assert [each.code for each in problems if not each.hint] == ["refused"]
    assert len({each.code for each in problems}) == len(FAILURES)


def test_words_of_the_vendor_are_plain():
    (problem,) = unavailable([("x", Refused(400, "a\x1b[31m\nb" + "c" * 2000))]).problems()
    assert problem.why.startswith("a [31m b")
    assert len(problem.why) <= 500
