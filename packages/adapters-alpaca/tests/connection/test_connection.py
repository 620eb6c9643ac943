"""Every call ends in bounded time, an order is sent once, and nothing is taken for an answer."""

import socket
import time
import traceback
from datetime import timedelta

import pytest
from returns.result import Failure, Success

from alchemiser_alpaca.connection import client as client_module
from alchemiser_alpaca.connection.client import Client, TimeLimits
from alchemiser_alpaca.connection.connection import connect
from alchemiser_alpaca.connection.failures import NoAnswer, NotAllowed, Refused, TooMany
from alchemiser_alpaca.connection.waiting import Patience

ORDER = {"symbol": "SPY", "qty": 3.5}
LIMITS = TimeLimits(connect=1, read=0.2, whole=0.4)


@pytest.fixture
def connection(server, keys, fake_time):
    made = connect(server.url, keys, LIMITS, 200, Patience(tries=3), fake_time.pace())
    yield made
    made.close()


def test_the_keys_go_in_headers_and_nowhere_else(server, connection):
    assert connection.get("/account", {"a": "b"}) == Success({})
    (request,) = server.received
    assert request.target == "/v2/account?a=b"
    assert request.headers["apca-api-key-id"] == "KEY-ID-canary"
    assert request.headers["apca-api-secret-key"] == "SECRET-canary"
    assert request.headers["user-agent"].startswith("APCA-PY/")
    assert "cookie" not in request.headers


def test_an_order_is_sent_as_json(server, connection, behave):
    server.script = [behave.reply(200, {"id": "1"})]
    assert connection.post("/orders", ORDER) == Success({"id": "1"})
    (request,) = server.received
    assert (request.method, request.target, request.json) == ("POST", "/v2/orders", ORDER)


def test_a_list_of_symbols_stays_short(server, connection):
    connection.get("/stocks/bars", {"symbols": "SPY,BRK.B", "start": "2026-01-02T05:00:00Z"})
    target = server.received[0].target
    assert target == "/v2/stocks/bars?symbols=SPY,BRK.B&start=2026-01-02T05:00:00Z"


def test_connections_are_kept(server, connection):
    for _ in range(3):
        connection.get("/clock")
    assert {request.connection for request in server.received} == {1}


def test_nothing_that_the_server_sets_comes_back_to_it(server, connection, behave):
    server.script = [behave.reply(200, {}, Set_Cookie="a=b")]
    connection.get("/clock")
    connection.get("/clock")
    assert "cookie" not in server.received[1].headers


@pytest.mark.parametrize("name", ["reset", "hang_up", "silence"])
def test_an_order_without_an_answer_is_sent_once(server, connection, behave, name):
    server.script = [getattr(behave, name)]
    assert isinstance(connection.post("/orders", ORDER).failure(), NoAnswer)
    assert len(server.received) == 1


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_an_order_that_met_a_failing_server_is_sent_once(server, connection, behave, status):
    server.script = [behave.reply(status, b"<html>no</html>")]
    assert isinstance(connection.post("/orders", ORDER).failure(), NoAnswer)
    assert len(server.received) == 1


def test_an_order_that_was_turned_away_is_not_sent_again(server, connection, behave, fake_time):
    server.script = [behave.reply(429, {"message": "too many requests."}, Retry_After="7")]
    assert connection.post("/orders", ORDER) == Failure(TooMany(timedelta(seconds=7)))
    assert len(server.received) == 1
    assert fake_time.slept == []


def test_an_order_on_a_connection_that_was_closed_meanwhile_is_sent_once(
    server, connection, behave
):
    server.script = [behave.reply(200, {}), behave.hang_up]
    connection.get("/clock")
    assert isinstance(connection.post("/orders", ORDER).failure(), NoAnswer)
    assert [request.method for request in server.received] == ["GET", "POST"]


@pytest.mark.parametrize("name", ["reset", "hang_up", "silence"])
def test_a_read_is_repeated(server, connection, behave, name):
    server.script = [getattr(behave, name), behave.reply(503), behave.reply(200, {"is_open": True})]
    assert connection.get("/clock") == Success({"is_open": True})
    assert len(server.received) == 3


def test_a_cancel_is_repeated(server, connection, behave):
    server.script = [behave.reset, behave.reply(204)]
    assert connection.delete("/orders/1") == Success(None)
    assert [request.method for request in server.received] == ["DELETE", "DELETE"]


def test_a_read_is_given_up_after_some_tries(server, connection, behave, fake_time):
    server.script = [behave.reply(502, b"<html>")]
    assert isinstance(connection.get("/clock").failure(), NoAnswer)
    assert len(server.received) == 3
    assert fake_time.slept == [0.25, 0.5]  # half of 0.5 and of 1 second: the jitter


def test_a_definite_answer_is_not_asked_for_again(server, connection, behave):
    server.script = [behave.reply(404, {"code": 40410000, "message": "order not found for x"})]
    refused = connection.get("/orders:by_client_order_id").failure()
    assert isinstance(refused, Refused)
    assert (refused.status, refused.code) == (404, 40410000)
    assert len(server.received) == 1


def test_a_key_that_is_not_accepted_is_not_tried_again(server, connection, behave):
    server.script = [behave.reply(401, {"message": "unauthorized."})]
    assert connection.get("/account") == Failure(NotAllowed("unauthorized."))
    assert len(server.received) == 1


def test_a_silent_server_holds_nobody_up(server, keys, behave):
    server.script = [behave.silence]
    connection = connect(server.url, keys, LIMITS, 200, Patience(tries=1))
    begun = time.monotonic()
    failure = connection.get("/clock").failure()
    connection.close()
    assert time.monotonic() - begun < 2
    assert "Timeout" in failure.why


@pytest.mark.parametrize(
    "drips",
    [
        {},
        {"begins": b"HTTP/1.1 200 OK\r\nDate: ", "again": b"x"},
        {"begins": b"", "again": b"HTTP/1.1 100 Continue\r\n\r\n"},
        {"begins": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "again": b"0"},
    ],
    ids=["body", "head", "continue", "size of a chunk"],
)
def test_an_answer_that_never_ends_holds_nobody_up(server, keys, behave, drips):
    server.script = [behave.drip(0.02, **drips)]
    connection = connect(server.url, keys, LIMITS, 200, Patience(tries=1))
    begun = time.monotonic()
    for send in (lambda: connection.get("/clock"), lambda: connection.post("/orders", ORDER)):
        assert isinstance(send().failure(), NoAnswer)
    connection.close()
    assert time.monotonic() - begun < 3


def test_an_answer_is_read_up_to_a_bound(server, connection, behave, monkeypatch):
    monkeypatch.setattr(client_module, "LARGEST_ANSWER", 1000)
    server.script = [behave.reply(200, b"[" + b"1," * 1000 + b"1]")]
    assert connection.post("/orders", ORDER) == Failure(NoAnswer("the answer is too long"))


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{",
        b'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{ "id": 1',
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"id"\r\n',
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\xff\xfe\xfd",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"220 mail.example.com ESMTP\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"",
    ],
)
def test_an_answer_that_cannot_be_read_is_none(server, connection, behave, data):
    server.script = [behave.raw(data)]
    assert isinstance(connection.post("/orders", ORDER).failure(), NoAnswer)
    assert len(server.received) == 1


def test_an_answer_that_nests_without_end_is_none(server, connection, behave):
    server.script = [behave.reply(200, b"[" * 100_000)]
    assert isinstance(connection.post("/orders", ORDER).failure(), NoAnswer)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nobody_is_followed_elsewhere(server, connection, behave, status):
    server.script = [behave.reply(status, b"", Location=f"{server.url}/v2/elsewhere")]
    for outcome in (connection.post("/orders", ORDER), connection.get("/clock")):
        assert isinstance(outcome.failure(), NoAnswer)
    assert not any("elsewhere" in request.target for request in server.received)


def test_a_server_that_is_not_there_is_no_answer(keys, fake_time):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    connection = connect(f"http://127.0.0.1:{port}", keys, LIMITS, 200, pace=fake_time.pace())
    failure = connection.get("/clock").failure()
    connection.close()
    assert failure == NoAnswer(f"ConnectionError: Connection refused, at 127.0.0.1:{port}")


def test_the_environment_chooses_no_proxy_and_no_other_key(server, keys, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    connection = connect(server.url, keys, LIMITS, 200, Patience(tries=1))
    assert connection.get("/clock") == Success({})
    connection.close()
    assert "authorization" not in server.received[0].headers


@pytest.mark.parametrize("bundle", ["", "anybodys-certificates.pem"])
def test_certificates_are_checked_whatever_the_environment_says(
    keys, fake_time, monkeypatch, bundle
):
    for name in ("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.setenv(name, bundle)
    client = Client("https://127.0.0.1:9", keys, LIMITS, fake_time.pace())
    session = client._rest._session
    settings = session.merge_environment_settings("https://127.0.0.1:9", {}, None, None, None)
    client.close()
    assert settings["verify"] is True
    assert settings["proxies"] == {}


def test_a_full_budget_waits_and_a_long_wait_is_refused(server, keys, fake_time):
    connection = connect(server.url, keys, LIMITS, 2, Patience(tries=1), fake_time.pace())
    assert connection.get("/clock") == Success({})
    fake_time.now += 56
    assert connection.get("/clock") == Success({})
    assert connection.get("/clock") == Success({})
    assert fake_time.slept == [pytest.approx(4)]
    assert connection.post("/orders", ORDER) == Failure(TooMany(timedelta(seconds=56)))
    assert len(server.received) == 3
    connection.close()


def test_what_a_server_asks_for_is_waited_for_within_bounds(server, connection, behave, fake_time):
    server.script = [
        behave.reply(429, b"", Retry_After="3600"),
        behave.reply(429, b"", X_RateLimit_Reset="nonsense"),
        behave.reply(200, {}),
    ]
    assert connection.get("/clock") == Success({})
    assert max(fake_time.slept) <= 5.25
    assert sum(fake_time.slept) <= 15


def test_no_key_is_in_what_is_said_of_a_failure(server, connection, behave, keys):
    server.script = [behave.reset]
    assert "canary" not in repr(connection.post("/orders", ORDER))
    assert "canary" not in repr(vars(connection.client._rest))


def test_no_key_is_in_a_traceback_with_variables(server, connection, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("a mistake somewhere below")

    monkeypatch.setattr("urllib3.connectionpool.HTTPConnectionPool._make_request", broken)
    with pytest.raises(RuntimeError) as raised:
        connection.get("/clock")
    told = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    text = "".join(told.format())
    assert "APCA-API-SECRET-KEY" in text
    assert "canary" not in text
