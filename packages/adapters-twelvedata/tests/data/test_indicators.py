"""Indicators of the vendor: the value of one session, of what was asked for, or a failure."""

from datetime import date

import numpy as np
import pytest
from attrs import evolve

from alchemiser_core.domain.continuity import price_runs
from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.indicators.compute import compute
from alchemiser_core.ports.indicator_source import IndicatorQuestion
from alchemiser_core.ports.market_data import BarRequest
from alchemiser_twelvedata.settings import Adjust

SPY = Symbol("SPY")
DAY = date(2026, 3, 3)
RSI = IndicatorKind.RSI
SMA = IndicatorKind.MOVING_AVERAGE_PRICE
EMA = IndicatorKind.EXPONENTIAL_MOVING_AVERAGE_PRICE


def question(kind=RSI, window=10, symbol=SPY, as_of=DAY):
    return IndicatorQuestion(kind, window, symbol, as_of)


def answer(values=({"datetime": "2026-03-03", "rsi": "55.12345"},), period=10, **changes):
    meta = {
        "symbol": "SPY",
        "interval": "1day",
        "currency": "USD",
        "exchange_timezone": "America/New_York",
        "indicator": {"name": "RSI", "series_type": "close", "time_period": period},
        **changes,
    }
    return {"meta": meta, "values": list(values), "status": "ok"}


@pytest.fixture
def asked(server, behave, feed_of):
    def ask(body, **changes):
        server.script = [behave.reply(200, body)]
        return feed_of(server.url).indicator(question(**changes))

    return ask


@pytest.mark.parametrize("is_excluded", [True, False])
@pytest.mark.parametrize("kind", [RSI, SMA, EMA])
def test_the_value_is_that_of_the_session_for_one_credit(stand_in, url, feed_of, kind, is_excluded):
    stand_in.quirks = evolve(stand_in.quirks, end_is_excluded=is_excluded)
    feed = feed_of(url)
    assert kind in feed.kinds
    value = feed.indicator(question(kind)).unwrap()
    closes = np.array([bar.close for bar in stand_in.prices["SPY"] if bar.day <= DAY])
    if kind is SMA:
        assert value == pytest.approx(closes[-10:].mean(), abs=1e-9)
    if kind is RSI:
        assert 0 < value < 100
    assert stand_in.meter.used == 1
    (request,) = stand_in.asked
    assert request.parameters["series_type"] == "close"
    assert "adjust" not in request.parameters


def test_adjust_is_sent_where_it_is_set(stand_in, url, feed_of):
    feed = feed_of(url, adjust=Adjust.ALL, adjust_indicators=True)
    feed.indicator(question()).unwrap()
    assert stand_in.asked[0].parameters["adjust"] == "all"


def test_our_own_indicators_agree_with_the_other_sides(stand_in, url, feed_of):
    feed = feed_of(url)
    history = feed.bars(BarRequest([SPY], end=DAY)).unwrap()
    for kind in (RSI, SMA, EMA):
        measure = Measure(kind, (10,))
        ours = compute({measure: [0]}, price_runs(history.close))[measure][0][-1]
        # Exponential averages begin differently on the two sides, and meet.
        near = 1e-6 if kind is EMA else 1e-9
        assert feed.indicator(question(kind)).unwrap() == pytest.approx(ours, rel=near), kind


@pytest.mark.parametrize(
    "body",
    [
        answer(period=14),
        answer(period=True),
        answer(symbol="TLT"),
        answer(interval="1week"),
        answer(currency="EUR"),
        answer(indicator={"series_type": "open", "time_period": 10}),
        answer(indicator=None),
        answer([]),
        answer([{"datetime": "2026-03-02", "rsi": "55"}]),
        answer([{"datetime": "2026-03-03", "rsi": None}]),
        answer([{"datetime": "2026-03-03", "rsi": "nan"}]),
        answer([{"datetime": "2026-03-03", "rsi": "100.1"}]),
        answer([{"datetime": "2026-03-03", "rsi": "-1"}]),
        answer([{"datetime": "2026-03-03", "sma": "5"}]),
        answer([{"datetime": "2026-03-03", "rsi": "1"}, {"datetime": "2026-03-03", "rsi": "2"}]),
        {"status": "ok"},
        [],
        {"code": 404, "message": "**symbol** not found", "status": "error"},
        {"code": 403, "message": "a better plan", "status": "error"},
    ],
)
def test_what_is_not_the_value_asked_for_is_a_failure(asked, body):
    (problem,) = asked(body).failure().problems()
    assert problem.what == "rsi 10 of SPY cannot be had"


def test_a_value_may_stand_under_its_symbol(asked):
    assert asked({"SPY": answer()}).unwrap() == 55.12345


def test_what_nobody_can_answer_is_not_asked(stand_in, url, feed_of):
    feed = feed_of(url)
    for each in (
        question(IndicatorKind.STDEV_PRICE),
        question(symbol=Symbol("A,B")),
        question(as_of=date(2026, 3, 5)),
    ):
        (problem,) = feed.indicator(each).failure().problems()
        assert problem.code == "no-such-data"
    assert stand_in.asked == []


def test_a_minute_without_credits_is_waited_for(stand_in, url, feed_of):
    stand_in.meter.take(8, stand_in.clock.now())
    assert feed_of(url).indicator(question()).unwrap() > 0
    assert len(feed_of.told) == 1


def test_the_check_tells_of_key_and_credits(stand_in, url, feed_of):
    key, credits = feed_of(url).check()
    assert (key.ok, key.found, credits.ok) == (True, "accepted", True)
    assert credits.found == "1 of 8 used in this minute, 1 of 800 today"
    (refused,) = feed_of(url, key="another").check()
    assert refused.found == "not accepted"
    assert [each.code for each in refused.problems] == ["unauthorised"]


def test_the_check_does_not_wait_for_credits(stand_in, url, feed_of, fake_time):
    stand_in.meter.take(8, stand_in.clock.now())
    (key,) = feed_of(url).check()
    assert key.found == "not known"
    assert [each.code for each in key.problems] == ["throttled"]
    assert fake_time.slept == []


def test_the_check_tells_where_more_credits_are_set_than_there_are(stand_in, url, feed_of):
    _, credits = feed_of(url, credits_per_minute=55).check()
    (problem,) = credits.problems
    assert (problem.code, problem.hint) == ("fewer-credits", "set credits_per_minute = 8")


@pytest.mark.parametrize("body", [[], {}, {"current_usage": "x", "plan_limit": 8}])
def test_a_use_that_cannot_be_read_is_a_finding(server, behave, feed_of, body):
    server.script = [behave.reply(200, body)]
    _, credits = feed_of(server.url).check()
    assert [each.code for each in credits.problems] == ["unreadable-answer"]


def test_a_use_without_a_day_is_one(server, behave, feed_of):
    server.script = [behave.reply(200, {"current_usage": 3, "plan_limit": 55})]
    assert feed_of(server.url).check()[1].found == "3 of 55 used in this minute"
