"""Whatever bytes come as an answer: the feed fails in its own words, or keeps its promises."""

import json
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pytest
from attrs import define
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from returns.result import Failure, Success

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.measure import IndicatorKind
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.indicator_source import IndicatorQuestion
from alchemiser_core.ports.market_data import BarRequest, MarketDataUnavailable
from alchemiser_twelvedata.connection.answer import Answer
from alchemiser_twelvedata.connection.connection import Connection, Patience
from alchemiser_twelvedata.connection.credits import Credits
from alchemiser_twelvedata.connection.pace import Pace
from alchemiser_twelvedata.data.bar_source import BarSource
from alchemiser_twelvedata.data.indicators import Indicators
from alchemiser_twelvedata.feed import TwelveDataFeed
from alchemiser_twelvedata.market_time import Completed
from alchemiser_twelvedata.settings import Adjust

NOW = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
SYMBOLS = (Symbol("SPY"), Symbol("TLT"))
BOUNDED = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@define
class Answers:
    """A client that gives one answer again and again."""

    answer: Answer

    def get(self, path, parameters):
        return self.answer

    def close(self):
        pass


@define
class Passing:
    """Time that passes where somebody sleeps."""

    now: float = NOW.timestamp()

    def sleep(self, seconds):
        assert 0 <= seconds < 100
        self.now += seconds


def feed_of(answer):
    passing = Passing()
    pace = Pace(lambda: passing.now, lambda: passing.now, passing.sleep, lambda: 0.5)
    credits = Credits(8, 800, pace)
    connection = Connection(Answers(answer), credits, Patience(), pace, lambda line: None)
    return TwelveDataFeed(
        connection,
        BarSource(connection, Adjust.ALL),
        Indicators(connection, None),
        Completed(lambda: NOW, time(16, 30)),
        is_local=True,
    )


def keeps_its_word(result, symbols):
    """A failure with something to say, or a history that is what histories are."""
    if isinstance(result, Failure):
        assert isinstance(result.failure(), MarketDataUnavailable)
        assert result.failure().problems()
        return
    history = result.unwrap()
    assert isinstance(history, BarHistory)
    assert history.symbols == symbols
    assert len(history) > 0
    assert history.session(len(history) - 1) <= NOW.date()
    for name in ("close", "open", "high", "low"):
        there = getattr(history, name)
        there = there[~np.isnan(there)]
        assert ((there > 0) & np.isfinite(there)).all()
    assert not (history.volume < 0).any()


def check(status, headers, body, symbols=SYMBOLS):
    feed = feed_of(Answer(status, headers, body))
    keeps_its_word(feed.bars(BarRequest(symbols, closes_only=False)), symbols)
    question = IndicatorQuestion(IndicatorKind.RSI, 14, symbols[0], date(2026, 3, 3))
    match feed.indicator(question):
        case Success(value):
            assert 0 <= value <= 100
        case Failure(error):
            assert error.problems()
    assert all(finding.found for finding in feed.check())


def member(symbol):
    days = [date(2026, 3, 2) + timedelta(days=number) for number in range(3)]
    names = ("open", "high", "low", "close", "volume", "rsi")
    rows = [{"datetime": day.isoformat(), **dict.fromkeys(names, "20.5")} for day in days]
    meta = {
        "symbol": symbol,
        "interval": "1day",
        "currency": "USD",
        "exchange_timezone": "America/New_York",
        "indicator": {"series_type": "close", "time_period": 14},
    }
    return {"meta": meta, "values": rows[::-1], "status": "ok"}


WHOLE = json.dumps({symbol: member(symbol) for symbol in SYMBOLS}).encode()
HEADERS = st.dictionaries(
    st.sampled_from(["date", "api-credits-left", "api-credits-used", "retry-after"]),
    st.text(max_size=40) | st.integers().map(str),
)
STATUSES = st.sampled_from([200, 200, 200, 204, 301, 400, 401, 403, 404, 429, 500, 503])


def test_the_answer_that_is_mutated_below_passes_as_it_is():
    history = feed_of(Answer(200, {}, WHOLE)).bars(BarRequest(SYMBOLS)).unwrap()
    assert history.close.tolist() == [[20.5, 20.5]] * 3


@BOUNDED
@given(STATUSES, HEADERS, st.binary(max_size=300))
def test_arbitrary_bytes(status, headers, body):
    check(status, headers, body)


@BOUNDED
@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 8), st.binary(max_size=8)),
             min_size=1, max_size=4)
)  # fmt: skip
def test_bytes_that_are_changed_cut_and_put_in(changes):
    body = WHOLE
    for place, length, put in changes:
        body = body[:place] + put + body[place + length :]
    check(200, {}, body)


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=12),
    st.sampled_from(["-1", "0", "1e9", "nan", "2026-03-05", "2026-03-02", "9" * 18, "ok", "error"]),
    st.just([]), st.just({}), st.just([{}]), st.just({"status": "error", "code": 429}),
)  # fmt: skip


def places(json_value, path=()):
    """Every place of a JSON value."""
    yield path
    children = json_value.items() if isinstance(json_value, dict) else (
        enumerate(json_value) if isinstance(json_value, list) else ()
    )  # fmt: skip
    for key, child in children:
        yield from places(child, (*path, key))


PLACES = [path for path in places(json.loads(WHOLE)) if path]


@BOUNDED
@given(st.lists(st.tuples(st.sampled_from(PLACES), ODD), min_size=1, max_size=3), st.booleans())
def test_values_that_are_put_in_the_place_of_others(changes, single):
    whole = json.loads(WHOLE)
    for path, value in changes:
        holder = whole
        for key in path[:-1]:
            holder = holder[key] if isinstance(holder, dict | list) and _has(holder, key) else None
        if isinstance(holder, dict | list) and _has(holder, path[-1]):
            holder[path[-1]] = value
    symbols = SYMBOLS[:1] if single else SYMBOLS
    body = whole.get("SPY") if single else whole
    check(200, {}, json.dumps(body).encode(), symbols)


def _has(holder, key):
    return key in holder if isinstance(holder, dict) else isinstance(key, int) and key < len(holder)


@pytest.mark.parametrize(
    "body", [b"[" * 200_000, b"9" * 10_000, b'{"a":' * 50_000, b"-" * 9, b"{}"]
)
def test_bodies_that_are_hard_on_readers(body):
    check(200, {}, body)
