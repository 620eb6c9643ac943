"""Quotes of the stream: the newest of each symbol, for as long as it is young."""

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgpack
import pytest
from returns.result import Success

from alchemiser_alpaca.quotes import AlpacaQuotes
from alchemiser_alpaca.streams.link import Persistence
from alchemiser_alpaca.streams.quotes import YOUNG, QuoteBoard, QuoteTalk, quote_stream
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.symbol import Symbol

QUICK = Persistence(chance=lambda: 0.0, first=0.02, last=0.05, opening=0.5)
AT = datetime(2026, 3, 2, 14, 31, tzinfo=UTC)
SPY, TLT = Symbol("SPY"), Symbol("TLT")


def packed(*messages):
    return msgpack.packb(list(messages), datetime=True)


def told(symbol="SPY", bid=20.2, ask=20.3, at=AT, **more):
    return {"T": "q", "S": symbol, "bp": bid, "ap": ask, "t": at, **more}


def quote(symbol=SPY, bid="20.2", at=AT):
    return Quote(symbol, Decimal(bid), Decimal("20.3"), at)


@pytest.fixture
def heard(keys):
    quotes = []
    talk = QuoteTalk(keys, (SPY, TLT), quotes.append)
    return talk, quotes


def test_quotes_are_read_with_their_times(heard):
    talk, quotes = heard
    assert talk.heard(packed(told(), {"T": "t", "S": "SPY"}, told("TLT", bid=0)))
    assert quotes == [quote(), quote(TLT, "0")]


@pytest.mark.parametrize(
    "frame",
    [
        b"\xc1",
        b"",
        "text",
        packed(3),
        msgpack.packb({"T": "q"}),
        packed(told("GLD")),
        packed(told(at="soon")),
        packed(told(bid="many")),
        packed({"T": "error", "code": 406, "msg": "connection limit exceeded"}),
        packed(told())[:-3],
    ],
)
def test_anything_else_is_left_alone(heard, frame):
    talk, quotes = heard
    assert not talk.heard(frame)
    assert quotes == []


def test_a_quote_is_young_for_a_while_and_the_newest_counts(fake_time):
    board = QuoteBoard(lambda: fake_time.now)
    board.put(quote(at=AT + timedelta(seconds=1)))
    board.put(quote(bid="1", at=AT))
    assert board.young(SPY) == quote(at=AT + timedelta(seconds=1))
    assert board.young(TLT) is None
    fake_time.now += YOUNG + 0.1
    assert board.young(SPY) is None


class Polled:
    """Polls that are counted."""

    def __init__(self, at):
        self.at, self.asked = at, []

    def latest(self, symbols):
        self.asked.append(tuple(symbols))
        return Success({symbol: quote(symbol, "19", self.at) for symbol in symbols})


class NoLink:
    closed = False

    def close(self):
        self.closed = True


def test_a_streamed_quote_is_used_only_where_it_is_newer_than_the_last_poll(fake_time):
    board, polled, link = QuoteBoard(lambda: fake_time.now), Polled(AT), NoLink()
    quotes = AlpacaQuotes(polled, lambda: (link, board))
    assert quotes.quotes([SPY]).unwrap()[SPY].bid == 19
    board.put(quote(at=AT))
    assert quotes.quotes([SPY]).unwrap()[SPY].bid == 19
    board.put(quote(at=AT + timedelta(seconds=1)))
    found = quotes.quotes([SPY, TLT]).unwrap()
    assert (found[SPY].bid, found[TLT].bid) == (Decimal("20.2"), 19)
    assert polled.asked == [(SPY,), (SPY,), (TLT,)]
    fake_time.now += YOUNG + 1
    assert quotes.quotes([SPY]).unwrap()[SPY].bid == 19
    quotes.close()
    assert link.closed


def part(*words, then=()):
    async def play(connection):
        assert connection.request.headers["Content-Type"] == "application/msgpack"
        await connection.send(packed({"T": "success", "msg": words[0]}))
        hello = msgpack.unpackb(await connection.recv())
        assert hello == {"action": "auth", "key": "KEY-ID-canary", "secret": "SECRET-canary"}
        await connection.send(packed({"T": "success", "msg": words[1]}))
        asked = msgpack.unpackb(await connection.recv())
        assert asked == {"action": "subscribe", "quotes": ["SPY", "TLT"]}
        for message in then:
            await connection.send(packed(message))
        await connection.wait_closed()

    return play


def test_the_stream_is_spoken_in_msgpack(stream_server, keys):
    stream_server.parts = [part("connected", "authenticated", then=[told()])]
    url = stream_server.url("/v2/iex")
    link, board = quote_stream(url, keys, (SPY, Symbol("../x"), TLT), QUICK, time.monotonic)
    deadline = time.monotonic() + 5
    while board.young(SPY) is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert board.young(SPY) == quote()
    link.close()


@pytest.mark.parametrize("words", [("hello", "authenticated"), ("connected", "auth failed")])
def test_a_stream_that_does_not_take_the_key_is_silent(stream_server, keys, words):
    stream_server.parts = [part(*words)]
    link, board = quote_stream(stream_server.url(), keys, (SPY, TLT), QUICK, time.monotonic)
    deadline = time.monotonic() + 5
    while "does not say" not in link.trouble and time.monotonic() < deadline:
        time.sleep(0.01)
    link.close()
    assert board.young(SPY) is None
    assert "canary" not in link.trouble
