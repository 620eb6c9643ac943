"""Calls are bounded, repeated where no answer came, paid for, and never show the key."""

import logging
import time
from threading import Thread

import httpcore2
import pytest
from attrs import evolve

from alchemiser_core.domain.secret import Secret
from alchemiser_twelvedata.connection import client as client_module
from alchemiser_twelvedata.connection.client import Client, TimeLimits
from alchemiser_twelvedata.connection.connection import Patience, connect
from alchemiser_twelvedata.connection.credits import Credits
from alchemiser_twelvedata.connection.deadline import Deadline
from alchemiser_twelvedata.connection.failures import NoAnswer, OutOfCredits, TooMany
from alchemiser_twelvedata.connection.pace import THIS_HOST

CANARY = "key-canary-1234"
QUICK = TimeLimits(connect=2, read=0.2, whole=0.4)


@pytest.fixture
def connection_to(fake_time):
    made = []

    def build(url, a_minute=8, a_day=0, limits=QUICK, steady=None):
        pace = fake_time.pace()
        pace = evolve(pace, steady=steady or pace.steady)
        credits = Credits(a_minute, a_day, pace)
        said = []
        connection = connect(url, Secret(CANARY), limits, credits, said.append, pace=pace)
        made.append(connection)
        return connection, said

    yield build
    for each in made:
        each.close()


def test_the_key_is_in_a_header_and_nowhere_else(server, connection_to, caplog):
    caplog.set_level(logging.DEBUG)
    connection, _ = connection_to(server.url)
    assert connection.get("/price", {"symbol": "BRK.B,SPY"}).unwrap() == {}
    (request,) = server.received
    assert request.headers["authorization"] == f"apikey {CANARY}"
    assert request.target == "/price?symbol=BRK.B%2CSPY"
    assert caplog.records
    assert CANARY not in caplog.text


@pytest.mark.parametrize("name", ["reset", "hang_up", "silence"])
def test_errors_name_the_place_and_never_the_key_or_the_request(
    server, behave, connection_to, name, caplog
):
    caplog.set_level(logging.DEBUG)
    server.script = [getattr(behave, name)]
    connection, _ = connection_to(server.url)
    failure = connection.get("/price", {"symbol": "SPY"}).failure()
    assert isinstance(failure, NoAnswer)
    assert server.url.removeprefix("http://") in failure.why
    assert CANARY not in failure.why + caplog.text
    assert "SPY" not in failure.why


@pytest.mark.parametrize("code", [400, 401, 403, 404, 429, 500])
@pytest.mark.parametrize("status", [200, 401])
def test_a_key_that_the_server_says_again_is_masked(
    server, behave, connection_to, caplog, code, status
):
    caplog.set_level(logging.DEBUG)
    words = f"apikey {CANARY} for the day: symbol {CANARY} not found"
    body = {"code": code, "message": words, "status": "error", CANARY: CANARY}
    server.script = [behave.reply(status, body, Location=CANARY)]
    connection, said = connection_to(server.url)
    failure = connection.get("/price", {"symbol": "SPY"}).failure()
    told = [repr(failure), str(failure.problem("what")), repr(connection), *said]
    assert [each for each in told if CANARY in each] == []


def test_a_key_that_is_short_is_not_cut_out_of_prices(server, behave, feed_of):
    server.script = [behave.reply(200, {"current_usage": 12, "plan_limit": 12})]
    _, credits = feed_of(server.url, key="12").check()
    assert credits.found == "12 of 12 used in this minute"


def test_what_has_no_answer_is_repeated_a_few_times_and_paid_each_time(
    server, behave, connection_to, fake_time
):
    server.script = [behave.reply(502, b"<html>"), behave.reset, behave.reply(200, {"a": 1})]
    connection, _ = connection_to(server.url)
    assert connection.get("/price", {}).unwrap() == {"a": 1}
    assert fake_time.slept == [0.5, 1.0]
    assert connection.credits.free() == 5
    server.script = [behave.reply(500, b"")]
    server.received.clear()
    assert isinstance(connection.get("/price", {}).failure(), NoAnswer)
    assert len(server.received) == Patience().tries


@pytest.mark.parametrize(
    "body",
    [
        {"code": 401, "message": "no", "status": "error"},
        {"code": 400, "message": "Invalid **interval**", "status": "error"},
        {"code": 403, "message": "no", "status": "error"},
        {"code": 429, "message": "for the day", "status": "error"},
    ],
)
def test_the_vendors_word_is_not_asked_for_twice(server, behave, connection_to, body):
    server.script = [behave.reply(200, body)]
    connection, _ = connection_to(server.url)
    connection.paid("/price", {}).failure()
    assert len(server.received) == 1


def test_a_repeated_read_waits_for_the_credits_that_it_costs(server, behave, connection_to):
    server.script = [behave.reset, behave.reply(200, {})]
    connection, said = connection_to(server.url, a_minute=3)
    connection.get("/time_series", {}, cost=2).unwrap()
    assert len(said) == 1
    assert "3 credits a minute are used" in said[0]


def test_a_throttled_read_is_waited_for_within_patience(server, behave, connection_to, fake_time):
    server.script = [behave.reply(429, b""), behave.reply(429, b""), behave.reply(200, {"a": 1})]
    connection, said = connection_to(server.url)
    assert connection.paid("/rsi", {}).unwrap() == {"a": 1}
    assert len(said) == 2
    assert sum(fake_time.slept) == pytest.approx(121, abs=2)
    server.script = [behave.reply(429, b"")]
    server.received.clear()
    assert isinstance(connection.paid("/rsi", {}).failure(), TooMany)
    assert len(server.received) == Patience().minutes


def test_threads_ask_one_after_the_other(server, behave, connection_to):
    under_way, most = [], []

    def counted(connection):
        under_way.append(1)
        most.append(len(under_way))
        time.sleep(0.06)  # six of them last longer than one may wait for a connection
        under_way.pop()
        return behave.reply(200, {})(connection)

    server.script = [counted]
    connection, said = connection_to(server.url)
    threads = [Thread(target=connection.paid, args=("/rsi", {})) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (len(server.received), max(most), said) == (6, 1, [])
    assert connection.credits.free() == 2


def test_a_day_without_credits_is_a_failure_before_anything_is_sent(server, connection_to):
    connection, said = connection_to(server.url, a_day=2)
    connection.paid("/rsi", {}).unwrap()
    connection.paid("/rsi", {}).unwrap()
    failure = connection.paid("/rsi", {}).failure()
    assert isinstance(failure, OutOfCredits)
    assert len(server.received) == 2
    assert said == []


def test_an_answer_that_drips_ends_in_time(server, behave, connection_to):
    connection, _ = connection_to(server.url, steady=time.monotonic)
    head = behave.drip(0.05, b"HTTP/1.1 200 OK\r\n", b"a: b\r\n")
    for behaviour in (behave.drip(0.05), head):
        server.script = [behaviour]
        begun = time.monotonic()
        assert isinstance(connection.client.get("/price", {}), NoAnswer)
        assert time.monotonic() - begun < 2


def test_no_byte_is_waited_for_beyond_the_deadline(fake_time):
    deadline = Deadline(10, fake_time.pace().steady)
    deadline.begin()
    assert (deadline.cut(3), deadline.cut(None)) == (3, 10)
    fake_time.sleep(8)
    assert deadline.cut(3) == 2
    fake_time.sleep(2)
    with pytest.raises(httpcore2.ReadTimeout):
        deadline.cut(3)


def test_an_answer_that_is_too_long_is_given_up(server, behave, connection_to, monkeypatch):
    monkeypatch.setattr(client_module, "LARGEST_ANSWER", 1_000)
    server.script = [behave.reply(200, b" " * 1_001)]
    connection, _ = connection_to(server.url)
    assert connection.client.get("/price", {}) == NoAnswer("the answer is too long")


@pytest.mark.parametrize(
    "answer",
    [
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    ],
)
def test_what_is_no_http_is_no_answer(server, behave, connection_to, answer):
    server.script = [behave.raw(answer)]
    connection, _ = connection_to(server.url)
    assert isinstance(connection.client.get("/price", {}), NoAnswer)


def test_the_key_goes_nowhere_else_on_a_redirect(server, behave, connection_to):
    elsewhere = f"{server.url}/elsewhere"
    server.script = [behave.reply(302, b"", Location=elsewhere), behave.reply(200, {})]
    connection, _ = connection_to(server.url)
    answer = connection.client.get("/price", {})
    assert answer.status == 302
    assert len(server.received) == 1


def test_neither_proxies_nor_cookies_are_taken(server, behave, connection_to, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.script = [behave.reply(200, {}, Set_Cookie="a=b; Path=/")]
    connection, _ = connection_to(server.url)
    connection.get("/price", {}).unwrap()
    connection.get("/price", {}).unwrap()
    assert [each for each in server.received if "cookie" in each.headers] == []


def test_a_place_where_nobody_listens_is_no_answer(server, connection_to):
    url = server.url
    server.close()
    client = Client(url, Secret(CANARY), QUICK, THIS_HOST)
    answer = client.get("/price", {})
    client.close()
    assert isinstance(answer, NoAnswer)
    assert "refused" in answer.why.lower()
