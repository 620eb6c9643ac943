"""Reports come as they happen; a stream that is silent, broken or refused costs only the wait."""

import asyncio
import json
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from alchemiser_alpaca.streams.link import Link, Persistence
from alchemiser_alpaca.streams.trade_updates import (
    MOST_WAITING,
    Mailbox,
    TradeTalk,
    TradeUpdates,
    trade_updates,
)
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.simulation.virtual_clock import VirtualClock

QUICK = Persistence(chance=lambda: 0.0, first=0.02, last=0.05, opening=0.5)
ORDER = {
    "id": "11111111-1111-4111-8111-111111111111",
    "client_order_id": "alch-1",
    "symbol": "SPY",
    "side": "buy",
    "qty": "3.5",
    "filled_qty": "0",
    "filled_avg_price": None,
    "status": "new",
    "type": "market",
}


def update(**changes):
    event = {"event": "new", "timestamp": "2026-03-02T14:31:00Z", "order": ORDER | changes}
    return json.dumps({"stream": "trade_updates", "data": event})


async def greet(connection, status="authorized"):
    hello = json.loads(await connection.recv())
    assert hello["action"] == "authenticate"
    data = {"status": status, "action": "authenticate"}
    await connection.send(json.dumps({"stream": "authorization", "data": data}).encode())
    listen = json.loads(await connection.recv())
    assert listen == {"action": "listen", "data": {"streams": ["trade_updates"]}}
    listening = {"stream": "listening", "data": {"streams": ["trade_updates"]}}
    await connection.send(json.dumps(listening).encode())
    return hello


def telling(*frames, then=None):
    async def part(connection):
        await greet(connection)
        for frame in frames:
            await connection.send(frame)
        if then is not None:
            await then(connection)
        else:
            await connection.wait_closed()

    return part


async def end(connection):
    await connection.close()


async def break_off(connection):
    connection.transport.abort()


class Wall:
    """The computer's clock."""

    def now(self):
        return datetime.now(UTC)

    def wait_until(self, at):
        time.sleep(max(0.0, (at - self.now()).total_seconds()))


@pytest.fixture
def opened(stream_server, keys):
    made = []

    def make(clock=None, persistence=QUICK, url=None):
        stream = trade_updates(url or stream_server.url(), keys, clock or Wall(), persistence)
        made.append(stream)
        return stream

    yield make
    for stream in made:
        stream.close()


def soon(seconds=5.0):
    return datetime.now(UTC) + timedelta(seconds=seconds)


def heard(stream, count):
    reports = []
    while len(reports) < count and (more := stream.wait(soon())):
        reports += more
    return reports


def test_a_report_comes_as_soon_as_it_is_told(stream_server, opened):
    stream_server.parts = [telling(update().encode(), update(status="filled", filled_qty="3.5"))]
    begun = time.monotonic()
    first, second = heard(opened(), 2)
    assert time.monotonic() - begun < 2
    assert (first.client_order_id, first.status) == ("alch-1", OrderStatus.OPEN)
    assert (second.status, second.filled_value) == (OrderStatus.FILLED, None)


def test_what_cannot_be_understood_is_left_alone(stream_server, opened):
    nonsense = [b"\xff\x00", "{", "[]", "[" * 100_000, json.dumps({"stream": "trade_updates"})]
    nonsense += [update(side=None), update(filled_qty="many"), json.dumps({"stream": 3})]
    unknown = update(status="on_the_moon", colour="blue")
    stream_server.parts = [telling(*nonsense, unknown)]
    (report,) = heard(opened(), 1)
    assert report.status is OrderStatus.UNRECOGNISED


@pytest.mark.parametrize("how", [end, break_off])
def test_a_stream_that_ends_is_opened_again(stream_server, opened, how):
    stream_server.parts = [telling(update(), then=how), telling(update(client_order_id="alch-2"))]
    reports = heard(opened(), 2)
    assert [report.client_order_id for report in reports] == ["alch-1", "alch-2"]
    assert stream_server.connections == 2


def test_a_silent_stream_costs_nothing_but_the_wait(stream_server, opened):
    stream_server.parts = [telling()]
    stream = opened()
    begun = time.monotonic()
    assert stream.wait(soon(0.2)) == ()
    assert 0.15 < time.monotonic() - begun < 1


def test_a_wait_goes_by_the_clock_it_is_given(stream_server, opened):
    start = datetime.now(UTC)

    class Fast(Wall):
        def now(self):
            return start + 1000 * (datetime.now(UTC) - start)

    stream_server.parts = [telling()]
    stream = opened(Fast())
    begun = time.monotonic()
    assert stream.wait(Fast().now() + timedelta(seconds=300)) == ()
    assert time.monotonic() - begun < 2


def test_a_clock_that_only_waiting_moves_is_moved(stream_server, opened):
    stream_server.parts = [telling()]
    clock = VirtualClock(datetime(2026, 3, 2, tzinfo=UTC))
    until = clock.now() + timedelta(seconds=0.3)
    assert opened(clock).wait(until) == ()
    assert clock.now() == until


def test_a_clock_that_stands_gives_way(stream_server, opened):
    class Standing(Wall):
        def now(self):
            return datetime(2026, 3, 2, tzinfo=UTC)

        def wait_until(self, at):
            time.sleep(0.05)

    stream_server.parts = [telling()]
    begun = time.monotonic()
    assert opened(Standing()).wait(Standing().now() + timedelta(seconds=2)) == ()
    assert time.monotonic() - begun < 2


def test_a_refused_key_is_silence_and_not_a_storm(stream_server, opened):
    async def refuse(connection):
        await connection.recv()
        data = {"status": "unauthorized", "action": "authenticate"}
        await connection.send(json.dumps({"stream": "authorization", "data": data}))
        await connection.wait_closed()

    stream_server.parts = [refuse]
    stream = opened(persistence=Persistence(lambda: 1.0, first=0.2, last=30, opening=0.5))
    assert stream.wait(soon(0.5)) == ()
    assert stream_server.connections <= 2
    assert "does not accept the key" in stream.link.trouble
    assert "canary" not in stream.link.trouble


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_refuses_is_silence(stream_server, opened, status):
    stream_server.refuse = (status, {})
    assert opened().wait(soon(0.2)) == ()


def test_no_key_is_carried_to_another_server(stream_server, other_server, opened):
    stream_server.refuse = (302, {"Location": other_server.url()})
    stream = opened()
    assert stream.wait(soon(0.3)) == ()
    assert other_server.connections == 0
    assert stream_server.connections > 0
    assert "points somewhere else" in stream.link.trouble


def test_a_server_that_is_not_there_is_silence(opened):
    assert opened(url="ws://127.0.0.1:9/stream").wait(soon(0.1)) == ()


def test_a_server_that_never_greets_is_given_up(stream_server, opened):
    async def mute(connection):
        await connection.wait_closed()

    stream_server.parts = [mute, telling(update())]
    assert len(heard(opened(), 1)) == 1


@pytest.mark.parametrize("state", ["talking", "mute", "refused", "gone", "waiting", "at once"])
def test_it_closes_within_a_second_and_leaves_no_thread(stream_server, keys, state):
    async def mute(connection):
        connection.transport.pause_reading()
        await asyncio.sleep(1.2)

    stream_server.parts = [telling(update()) if state == "talking" else mute]
    stream_server.refuse = (429, {}) if state in ("refused", "waiting") else None
    slow = Persistence(lambda: 1.0, first=30, last=30, opening=30)
    url = "ws://127.0.0.1:9/stream" if state == "gone" else stream_server.url()
    before = threading.active_count()
    stream = trade_updates(url, keys, Wall(), slow)
    if state != "at once":
        stream.wait(soon(0.2))
    begun = time.monotonic()
    stream.close()
    assert time.monotonic() - begun < 1
    assert threading.active_count() == before
    stream.close()


def test_reports_that_nobody_fetches_are_bounded(keys):
    mailbox = Mailbox()
    talk = TradeTalk(keys, mailbox.put)
    for number in range(MOST_WAITING + 5):
        talk.heard(update(client_order_id=f"alch-{number}"))
    clock = VirtualClock(datetime(2026, 3, 2, tzinfo=UTC))
    updates = TradeUpdates(Link("ws://127.0.0.1:9", {}, talk, QUICK), mailbox, clock)
    reports = updates.wait(clock.now())
    assert len(reports) == MOST_WAITING
    assert reports[-1].client_order_id == f"alch-{MOST_WAITING + 4}"
    assert updates.wait(clock.now()) == ()


def test_waits_between_tries_grow_to_half_a_minute():
    waits = [Persistence(lambda: 1.0).wait(n) for n in range(1, 10)]
    assert waits[:3] == [1, 2, 4]
    assert max(waits) == 30
    assert Persistence(lambda: 0.0).wait(1) == 0.5
