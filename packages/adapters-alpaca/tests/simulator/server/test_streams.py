"""The vendor's own stream clients, unmodified, hear what happens to orders and to the market."""

import asyncio
import json
import logging
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal

import msgpack
import pytest
from alpaca.data.live import StockDataStream
from alpaca.trading.stream import TradingStream
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from alchemiser_alpaca.simulator.exchange.ticket import OrderTicket

KEYS = ("simulated-key-id", "simulated-secret")
PATIENCE = 5.0


async def until(condition):
    for _ in range(int(PATIENCE / 0.005)):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it did not happen")


@asynccontextmanager
async def listening(stream, joined):
    task = asyncio.create_task(stream._run_forever())
    try:
        await until(joined)
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await stream.close()


def buy(served, symbol="AAA", qty=10):
    with served.desk.work() as at:
        ticket = OrderTicket(symbol=symbol, side="buy", qty=Decimal(qty))
        served.exchange.submit(ticket, at).unwrap()
    served.clock.advance(timedelta(seconds=1))


def run(scenario):
    asyncio.run(asyncio.wait_for(scenario, 20))


# Trade updates


def test_the_trading_stream_tells_a_fill_from_pending_new_to_fill(served):
    async def scenario():
        heard = []

        async def hear(update):
            heard.append(update)

        stream = TradingStream(*KEYS, url_override=served.stream_url)
        stream.subscribe_trade_updates(hear)
        async with listening(stream, lambda: served.trading_listeners):
            await asyncio.to_thread(buy, served)
            await until(lambda: heard and heard[-1].event == "fill")
        assert [update.event for update in heard] == ["pending_new", "new", "fill"]
        assert heard[0].execution_id is None
        assert heard[-1].execution_id is not None
        assert (heard[-1].qty, heard[-1].position_qty) == (10.0, 10.0)
        assert heard[-1].order.filled_qty == "10"
        assert heard[-1].price > 0

    run(scenario())


def test_fills_are_told_without_any_request_where_time_passes_by_itself(serve):
    async def scenario(served):
        heard = []

        async def hear(update):
            heard.append(update["data"]["event"])

        stream = TradingStream(*KEYS, url_override=served.stream_url, raw_data=True)
        stream.subscribe_trade_updates(hear)
        async with listening(stream, lambda: served.trading_listeners):
            with served.desk.work() as at:
                ticket = OrderTicket(symbol="AAA", side="buy", qty=Decimal(1))
                served.exchange.submit(ticket, at).unwrap()
            await until(lambda: heard[-1:] == ["fill"])

    with serve(speed=Decimal(60), switches={"pending_new_ms": 500, "fill_ms": 2000}) as served:
        run(scenario(served))


def test_wrong_keys_are_told_so_and_hear_nothing(served):
    async def scenario():
        async with connect(served.stream_url) as socket:
            wrong = {"key_id": KEYS[0], "secret_key": "wrong"}
            await socket.send(json.dumps({"action": "authenticate", "data": wrong}))
            frame = await socket.recv()
            assert isinstance(frame, bytes)
            assert json.loads(frame) == {
                "stream": "authorization",
                "data": {"status": "unauthorized", "action": "authenticate"},
            }
            listen = {"action": "listen", "data": {"streams": ["trade_updates"]}}
            await socket.send(json.dumps(listen))
            assert json.loads(await socket.recv())["data"]["status"] == "unauthorized"
            assert served.trading_listeners == 0

    run(scenario())


@asynccontextmanager
async def trade_updates(served):
    async with connect(served.stream_url) as socket:
        keys = {"key_id": KEYS[0], "secret_key": KEYS[1]}
        await socket.send(json.dumps({"action": "authenticate", "data": keys}))
        assert json.loads(await socket.recv())["data"]["status"] == "authorized"
        listen = {"action": "listen", "data": {"streams": ["trade_updates"]}}
        await socket.send(json.dumps(listen))
        assert json.loads(await socket.recv())["data"] == {"streams": ["trade_updates"]}
        yield socket


async def events(socket, count):
    frames = [await asyncio.wait_for(socket.recv(), PATIENCE) for _ in range(count)]
    return [json.loads(frame)["data"]["event"] for frame in frames]


def test_the_shorter_form_of_showing_the_keys_is_understood_and_nonsense_is_answered(served):
    async def scenario():
        async with connect(served.stream_url) as socket:
            await socket.send("nonsense")
            assert json.loads(await socket.recv())["stream"] == "error"
            await socket.send(json.dumps({"action": "auth", "key": KEYS[0], "secret": KEYS[1]}))
            assert json.loads(await socket.recv())["data"]["status"] == "authorized"
            await socket.send(json.dumps({"action": "listen", "data": {"streams": []}}))
            assert json.loads(await socket.recv())["data"] == {"streams": []}
            assert served.trading_listeners == 0

    run(scenario())


def test_a_second_connection_of_the_account_is_one_too_many(served):
    async def scenario():
        async with trade_updates(served):
            with pytest.raises(InvalidStatus) as refused:
                await connect(served.stream_url)
            assert refused.value.response.status_code == 429
        await until(lambda: served.trading_listeners == 0)
        async with trade_updates(served):
            assert served.trading_listeners == 1

    run(scenario())


def test_a_second_connection_may_be_allowed(serve):
    async def scenario(served):
        async with trade_updates(served) as one, trade_updates(served) as two:
            await asyncio.to_thread(buy, served)
            assert await events(one, 3) == await events(two, 3)

    with serve(one_stream=False) as served:
        run(scenario(served))


@pytest.mark.parametrize(
    ("fault", "wanted"),
    [
        ({"kind": "stream_duplicate"}, ["pending_new", "pending_new", "new", "new", "fill"]),
        ({"kind": "stream_reorder", "size": 3}, ["fill", "new", "pending_new"]),
        ({"kind": "stream_unknown_event", "at": {"nth": 2}}, ["pending_new", "under_review"]),
    ],
)
def test_events_are_repeated_mixed_up_and_made_up(served, fault, wanted):
    async def scenario():
        async with trade_updates(served) as socket:
            await asyncio.to_thread(buy, served)
            assert await events(socket, len(wanted)) == wanted

    served.put_faults(fault)
    run(scenario())


def test_duplicates_may_have_execution_ids_of_their_own(served):
    async def scenario():
        async with trade_updates(served) as socket:
            await asyncio.to_thread(buy, served)
            frames = [json.loads(await socket.recv())["data"] for _ in range(6)]
            fills = {frame["execution_id"] for frame in frames if frame["event"] == "fill"}
            assert len(fills) == 2

    served.put_faults({"kind": "stream_duplicate", "other_execution_id": True})
    run(scenario())


def test_a_stream_breaks_at_the_fill_and_works_again_afterwards(served):
    async def scenario():
        async with trade_updates(served) as socket:
            await asyncio.to_thread(buy, served)
            assert await events(socket, 2) == ["pending_new", "new"]
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(socket.recv(), PATIENCE)
        async with trade_updates(served) as socket:
            await asyncio.to_thread(buy, served)
            assert await events(socket, 3) == ["pending_new", "new", "fill"]

    served.put_faults({"kind": "stream_drop", "at": {"order_state": "filled"}})
    run(scenario())


def test_a_mute_stream_stays_connected_and_says_nothing(served):
    async def scenario():
        async with trade_updates(served) as socket:
            await asyncio.to_thread(buy, served)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(socket.recv(), 0.2)
            await socket.ping()

    served.put_faults({"kind": "stream_mute"})
    run(scenario())


def test_bytes_that_nobody_can_read_do_not_end_the_vendors_client(served, caplog):
    async def scenario():
        heard = []

        async def hear(update):
            heard.append(update.event)

        stream = TradingStream(*KEYS, url_override=served.stream_url)
        stream.subscribe_trade_updates(hear)
        async with listening(stream, lambda: served.trading_listeners):
            await asyncio.to_thread(buy, served)
            await until(lambda: "fill" in heard)
        assert "new" not in heard

    served.put_faults({"kind": "stream_malformed", "at": {"nth": 2}})
    with caplog.at_level(logging.CRITICAL):
        run(scenario())


# Market data


def test_the_data_stream_tells_quotes_trades_bars_and_halts(served):
    async def scenario():
        heard = {"quotes": [], "trades": [], "bars": [], "daily": [], "statuses": []}

        def hearing(name):
            async def hear(message):
                heard[name].append(message)

            return hear

        stream = StockDataStream(*KEYS, url_override=served.data_stream_url)
        stream.subscribe_quotes(hearing("quotes"), "AAA", "BBB")
        stream.subscribe_trades(hearing("trades"), "AAA")
        stream.subscribe_bars(hearing("bars"), "*")
        stream.subscribe_daily_bars(hearing("daily"), "AAA")
        stream.subscribe_trading_statuses(hearing("statuses"), "AAA")
        async with listening(stream, lambda: served.data_listeners):
            await until(lambda: heard["quotes"])
            await asyncio.to_thread(served.clock.advance, timedelta(minutes=3))
            await until(lambda: len(heard["bars"]) >= 12)
            with served.desk.work() as at:
                served.exchange.halt("AAA", at)
            await asyncio.to_thread(served.clock.advance, timedelta(seconds=1))
            await until(lambda: heard["statuses"])
        assert {quote.symbol for quote in heard["quotes"]} == {"AAA", "BBB"}
        assert all(0 < quote.bid_price < quote.ask_price for quote in heard["quotes"])
        assert heard["trades"][0].symbol == "AAA"
        assert {bar.symbol for bar in heard["bars"]} == {"AAA", "BBB", "CCC", "SPY"}
        assert heard["daily"]
        assert heard["statuses"][0].status_code == "H"

    run(scenario())


PACKED = {"Content-Type": "application/msgpack"}


def test_the_data_stream_speaks_msgpack_where_it_is_asked_for_it(served):
    async def scenario():
        async with connect(served.data_stream_url, additional_headers=PACKED) as socket:

            async def said():
                return msgpack.unpackb(await asyncio.wait_for(socket.recv(), PATIENCE))

            assert await said() == [{"T": "success", "msg": "connected"}]
            await socket.send(msgpack.packb({"action": "subscribe", "quotes": ["AAA"]}))
            assert (await said())[0]["code"] == 401
            await socket.send(msgpack.packb({"action": "auth", "key": "x", "secret": "y"}))
            assert await said() == [{"T": "error", "code": 402, "msg": "auth failed"}]
            await socket.send(b"\xc1")
            assert (await said())[0]["code"] == 400
            keys = {"action": "auth", "key": KEYS[0], "secret": KEYS[1]}
            await socket.send(msgpack.packb(keys))
            assert await said() == [{"T": "success", "msg": "authenticated"}]
            asked = msgpack.packb({"action": "subscribe", "quotes": ["AAA", "BBB"]})
            await socket.send([asked[:10], asked[10:]])
            (told,) = await said()
            assert (told["T"], told["quotes"], told["bars"]) == ("subscription", ["AAA", "BBB"], [])
            await socket.send(msgpack.packb({"action": "unsubscribe", "quotes": ["BBB"]}))
            messages = [await said() for _ in range(2)]
            subscribed = [m for (m,) in messages if m["T"] == "subscription"]
            assert [m["quotes"] for m in subscribed] in ([["AAA"]], [])
            await asyncio.to_thread(served.clock.advance, timedelta(seconds=1))
            (quote,) = await said()
            while quote["T"] != "q" or quote["S"] != "AAA":
                (quote,) = await said()
            assert isinstance(quote["t"], msgpack.Timestamp)

    run(scenario())


def test_the_data_stream_speaks_json_otherwise_and_refuses_a_second_connection(served):
    async def scenario():
        keys = json.dumps({"action": "auth", "key": KEYS[0], "secret": KEYS[1]})
        async with connect(served.data_stream_url) as one, connect(served.data_stream_url) as two:
            for socket in (one, two):
                assert json.loads(await socket.recv())[0]["msg"] == "connected"
                await socket.send(keys)
            assert json.loads(await one.recv()) == [{"T": "success", "msg": "authenticated"}]
            (refused,) = json.loads(await two.recv())
            assert (refused["code"], refused["msg"]) == (406, "connection limit exceeded")
            await one.send(keys)
            assert json.loads(await one.recv())[0]["code"] == 403

    run(scenario())
