"""What an answer means: the vendor's word, a key that is not accepted, or nobody's word."""

import json

import pytest
from returns.result import Failure, Success

from alchemiser_alpaca.connection.answer import Answer, understood
from alchemiser_alpaca.connection.failures import (
    NoAnswer,
    NotAllowed,
    Refused,
    TooMany,
    broker_failure,
)
from alchemiser_core.ports.broker import BrokerUnavailable, Unauthorised


def answer(status, body=None):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return understood(Answer(status, {}, data))


def test_what_was_asked_for():
    assert answer(200, {"a": "1.5"}) == Success({"a": "1.5"})
    assert answer(207, []) == Success([])
    assert answer(204, b"") == Success(None)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, {"message": "unauthorized."}),
        (401, b""),
        (401, b"<html>"),
        (403, {"code": 40110000, "message": "request is not authorized"}),
        (403, {"message": "forbidden."}),
        (403, {"message": "access key verification failed : access key not found"}),
    ],
)
def test_a_key_that_is_not_accepted(status, body):
    assert isinstance(answer(status, body).failure(), NotAllowed)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"message": "invalid start: x"}),
        (403, {"code": 40310000, "message": "insufficient buying power"}),
        (403, {"code": 40310000, "message": "account is not authorized to trade"}),
        (403, {"message": "subscription does not permit querying recent SIP data"}),
        (404, {"code": 40410000, "message": "order not found for x"}),
        (422, {"code": 40010001, "message": "client_order_id must be unique"}),
        (422, {"code": 42210000}),
    ],
)
def test_the_vendors_word_on_a_request(status, body):
    refused = answer(status, body).failure()
    assert isinstance(refused, Refused)
    assert refused.body == body
    assert (refused.code, refused.message) == (body.get("code"), body.get("message", ""))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b""),
        (200, b"{"),
        (200, b"<html>"),
        (302, b""),
        (403, b"<html>blocked</html>"),
        (404, b"404 page not found"),
        (404, b""),
        (404, []),
        (404, {}),
        (404, {"message": 3, "code": True}),
        (408, {"code": 40810000, "message": "timeout"}),
        (422, b"null"),
        (500, {"code": 50010000, "message": "internal server error occurred"}),
        (504, b""),
    ],
)
def test_nobodys_word(status, body):
    assert isinstance(answer(status, body).failure(), NoAnswer)


@pytest.mark.parametrize("body", [{"code": 42910000}, b"<html>", b""])
def test_too_many_whatever_the_body(body):
    assert answer(429, body) == Failure(TooMany())


def test_words_of_the_vendor_are_plain():
    refused = answer(422, {"code": 1, "message": "a\x1b[31m\nb" + "c" * 2000}).failure()
    assert refused.message.startswith("a [31m b")
    assert len(refused.message) <= 500


def test_a_failure_of_a_read_says_what_was_read_and_why():
    failure = broker_failure(Refused(403, 40310000, "no"), "the account was not told")
    assert isinstance(failure, BrokerUnavailable)
    (problem,) = failure.problems()
    assert problem.what == "the account was not told"
    assert problem.why == "no (status 403, code 40310000)"
    assert broker_failure(NotAllowed("unauthorized."), "x") == Unauthorised("unauthorized.")
    for other in (NoAnswer("gone"), TooMany()):
        assert broker_failure(other, "x").problems()[0].hint
