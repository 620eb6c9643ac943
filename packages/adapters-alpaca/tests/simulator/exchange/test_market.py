"""The prices of the simulated market."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from attrs import evolve
from returns.result import Failure

from alchemiser_alpaca.simulator.exchange.market import market_of
from alchemiser_alpaca.simulator.exchange.sessions import Sessions
from alchemiser_alpaca.simulator.exchange.tape import around
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.market_data import MarketDataUnavailable
from alchemiser_core.testing.calendar import FixedCalendar, weekdays
from alchemiser_core.testing.market_data import InMemoryMarketData

TUESDAY = date(2026, 11, 24)


def price(market, symbol, at):
    return market.last_trade(symbol, at).price


def test_a_price_goes_from_the_open_to_the_close_in_a_straight_line(make_market, clock, monday):
    market = make_market()
    assert price(market, "UP", clock(monday, 9, 30)) == 100
    middle = clock(monday, 9, 30) + timedelta(minutes=389) / 2
    assert price(market, "UP", middle) == 105
    assert price(market, "UP", clock(monday, 15, 58, 59)) == Decimal("110.00")
    assert price(market, "UP", clock(monday, 15, 50)) == Decimal("109.77")


def test_the_last_minute_and_everything_after_it_have_the_close(make_market, clock, monday):
    market = make_market()
    for at in (clock(monday, 15, 59), clock(monday, 16), clock(monday, 23), clock(TUESDAY, 9, 29)):
        assert price(market, "UP", at) == 110


def test_a_half_day_has_its_close_a_minute_before_one(make_market, clock, half_day):
    market = make_market()
    assert price(market, "UP", clock(half_day, 12, 59)) == 110
    assert price(market, "UP", clock(half_day, 12, 50)) < 110


def test_prices_are_whole_ticks(make_market, clock, monday):
    market = make_market("7")
    for second in range(0, 3600, 97):
        quote = market.quote("UP", clock(monday, 10) + timedelta(seconds=second))
        assert quote.bid == quote.bid.quantize(Decimal("0.01"))
        assert quote.bid < price(market, "UP", quote.at) < quote.ask


def test_the_spread_is_half_on_each_side_and_a_tick_at_least():
    assert around(Decimal(100), Decimal(2)) == (Decimal("99.99"), Decimal("100.01"))
    assert around(Decimal(100), Decimal(20)) == (Decimal("99.90"), Decimal("100.10"))
    assert around(Decimal(20), Decimal("0.1")) == (Decimal("19.99"), Decimal("20.01"))
    assert around(Decimal(20), Decimal(0)) == (20, 20)
    assert around(Decimal("0.5"), Decimal(2)) == (Decimal("0.4999"), Decimal("0.5001"))
    assert around(Decimal("1.00"), Decimal(2)) == (Decimal("0.9999"), Decimal("1.01"))


def test_without_an_open_the_path_begins_at_the_close_before(
    make_market, make_history, clock, monday
):
    history = evolve(make_history({"UP": (100.0, 110.0)}), open=None, high=None, low=None)
    market = market_of(InMemoryMarketData(history), make_market().sessions, ["UP"]).unwrap()
    assert price(market, "UP", clock(monday, 9, 30)) == 110


def test_before_its_first_bar_and_long_after_its_last_a_symbol_has_no_price(
    make_market, make_history, clock, monday
):
    history = make_history({"OLD": (10.0, 10.0), "NEW": (5.0, 5.0)})
    close = history.close.copy()
    close[3:, 0] = np.nan  # the last bar of OLD is of the 4th of November
    close[:15, 1] = np.nan  # the first bar of NEW is of the 23rd
    feed = InMemoryMarketData(evolve(history, close=close, open=None))
    market = market_of(feed, make_market().sessions, ["OLD", "NEW", "NONE"]).unwrap()
    assert price(market, "OLD", clock(date(2026, 11, 18), 10)) == 10
    assert market.last_trade("OLD", clock(date(2026, 11, 19), 10)) is None
    assert market.quote("NEW", clock(monday, 9)) is None
    assert price(market, "NEW", clock(monday, 9, 30)) == 5
    assert market.quote("NONE", clock(monday, 10)) is None
    assert sorted(market.known()) == ["NEW", "OLD"]


def test_a_quote_of_a_symbol_that_did_not_trade_today_is_old(
    make_market, make_history, clock, monday
):
    history = make_history({"OLD": (10.0, 10.0), "NEW": (5.0, 5.0)})
    close = history.close.copy()
    close[10:, 0] = np.nan
    feed = InMemoryMarketData(evolve(history, close=close))
    market = market_of(feed, make_market().sessions, ["OLD", "NEW"]).unwrap()
    at = clock(date(2026, 11, 17), 11)
    assert market.quote("NEW", at).at == at
    assert market.quote("OLD", at).at == clock(date(2026, 11, 13), 16)


def test_after_the_last_bar_of_all_the_closes_go_on(make_market, clock):
    market = make_market()
    at = clock(date(2027, 1, 4), 11)
    assert market.quote("UP", at).at == at
    assert price(market, "UP", at) == 110
    assert market.last_trade("UP", clock(date(2027, 1, 18), 11)) is None


def test_quotes_go_on_around_the_session_and_trades_do_not(make_market, clock, monday):
    market = make_market()
    evening = clock(monday, 18)
    assert market.quote("UP", evening).at == evening
    assert market.last_trade("UP", evening).at == clock(monday, 16)
    assert market.quote("UP", clock(monday, 21)).at == clock(monday, 16)
    early = clock(TUESDAY, 5)
    assert market.quote("UP", early).at == early
    assert market.quote("UP", clock(TUESDAY, 3)).at == clock(monday, 16)


def test_the_previous_close_is_of_a_day_before(make_market, clock, monday):
    market = make_market()
    assert market.previous_close("DOWN", clock(monday, 18)) == 40
    assert market.previous_close("DOWN", clock(date(2026, 11, 2), 18)) is None


def test_a_price_that_was_put_stays_until_it_is_put_back(make_market, clock, monday):
    market = make_market()
    at = clock(monday, 10)
    market.put("UP", Decimal(5), at)
    assert price(market, "UP", at + timedelta(hours=2)) == 5
    assert price(market, "UP", at - timedelta(seconds=1)) > 100
    assert market.quote("UP", clock(TUESDAY, 12)).bid == 5
    market.put_back("UP")
    assert price(market, "UP", at) > 100


def test_a_symbol_can_lose_its_quote_and_keep_its_last_trade(make_market, clock, monday):
    market = make_market()
    market.drop("UP")
    assert market.quote("UP", clock(monday, 10)) is None
    assert market.last_trade("UP", clock(monday, 10)) is not None
    market.drop("UP", dropped=False)
    assert market.quote("UP", clock(monday, 10)) is not None


def test_after_a_split_prices_are_divided_and_bars_follow(make_market, clock, monday):
    market = make_market()
    at = clock(TUESDAY, 10)
    before = price(market, "FLAT", at)
    market.split("FLAT", Decimal(4), at)
    assert price(market, "FLAT", at) == before / 4
    assert price(market, "FLAT", at - timedelta(seconds=1)) == before
    assert market.previous_close("FLAT", at) == 5
    within = (clock(monday, 0), clock(TUESDAY, 0))
    adjusted = market.daily_bars("FLAT", *within, at)
    raw = market.daily_bars("FLAT", *within, at, raw=True)
    assert [bar.close for bar in adjusted] == [5, 5]
    assert [bar.close for bar in raw] == [20, 5]
    assert adjusted[0].volume == 4 * raw[0].volume


def test_daily_bars_are_those_of_the_feed_and_none_is_of_the_future(make_market, clock, monday):
    market = make_market()
    start, end = clock(date(2026, 11, 19), 0), clock(date(2027, 1, 1), 0)
    found = market.daily_bars("UP", start, end, clock(monday, 17))
    assert [bar.at for bar in found] == [clock(date(2026, 11, d), 0) for d in (19, 20, 23)]
    last = found[-1]
    assert (last.open, last.high, last.low, last.close) == (100.0, 111.0, 99.75, 110.0)
    assert market.daily_bars("NONE", start, end, clock(monday, 17)) == ()
    inclusive = market.daily_bars("UP", start, start, clock(monday, 17))
    assert [bar.at for bar in inclusive] == [start]


def test_the_bar_of_the_running_session_is_as_far_as_the_session(make_market, clock, monday):
    market = make_market()
    within = (clock(monday, 0), clock(monday, 0))
    assert market.daily_bars("UP", *within, clock(monday, 9, 29)) == ()
    (bar,) = market.daily_bars("UP", *within, clock(monday, 12, 45))
    assert (bar.open, bar.low) == (100.0, 100.0)
    assert bar.close == bar.high == pytest.approx(105.01)
    assert bar.volume == 39_000 / 2


def test_minute_bars_follow_the_path_and_are_over(make_market, clock, monday):
    market = make_market()
    whole_day = (clock(monday, 4), clock(monday, 20))
    bars = market.minute_bars("DOWN", *whole_day, clock(monday, 20))
    assert len(bars) == 390
    assert (bars[0].open, bars[-1].close) == (50.0, 40.0)
    assert all(a.close == b.open for a, b in pairwise(bars))
    assert sum(bar.volume for bar in bars) == pytest.approx(39_000, rel=0.01)
    now = clock(monday, 10, 7)
    fives = market.minute_bars("DOWN", *whole_day, now, minutes=5)
    assert fives[-1].at == clock(monday, 10)
    later = (clock(monday, 10), clock(monday, 10, 2))
    assert len(market.minute_bars("DOWN", *later, now)) == 3
    assert market.minute_bars("NONE", *whole_day, now) == ()


def test_a_feed_that_fails_makes_no_market(make_history):
    unavailable = MarketDataUnavailable((Problem("gone", "the feed is gone"),))
    feed = InMemoryMarketData(make_history(), failures=[unavailable])
    calendar = FixedCalendar(weekdays(date(2026, 11, 23), date(2026, 11, 24)))
    made = market_of(feed, Sessions(calendar), ["UP"])
    assert isinstance(made, Failure)
    assert made.failure() == unavailable


def test_the_bars_are_read_once(make_history, clock, monday):
    feed = InMemoryMarketData(make_history())
    calendar = FixedCalendar(weekdays(date(2026, 1, 1), date(2026, 12, 31)))
    market = market_of(feed, Sessions(calendar), ["UP", "DOWN"]).unwrap()
    for hour in range(8, 20):
        market.quote("UP", clock(monday, hour))
    (request,) = feed.requests
    assert not request.closes_only
