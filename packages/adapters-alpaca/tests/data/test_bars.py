"""Bars are whole or not there; what is no price counts as missing, and is said."""

import json
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from attrs import evolve
from returns.result import Success

from alchemiser_alpaca.building import FOR_LONG_LISTS
from alchemiser_alpaca.connection.client import TimeLimits
from alchemiser_alpaca.connection.connection import connect
from alchemiser_alpaca.data.bar_pages import BarPages
from alchemiser_alpaca.data.bar_rows import Days, read_symbol
from alchemiser_alpaca.data.batches import batched
from alchemiser_alpaca.data.latest_quotes import PolledQuotes
from alchemiser_alpaca.feed import AlpacaFeed, AlpacaRawFeed
from alchemiser_alpaca.market_time import midnight, stamp
from alchemiser_alpaca.quotes import AlpacaQuotes
from alchemiser_alpaca.reading import UnreadableError
from alchemiser_alpaca.settings import Adjustment, Tape
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.corporate_actions import Dividend, Split
from alchemiser_core.ports.market_data import BarRequest

NEW_YORK = ZoneInfo("America/New_York")
SPY, TLT = Symbol("SPY"), Symbol("TLT")
MONDAY, TUESDAY, WEDNESDAY = (date(2026, 3, day) for day in (2, 3, 4))


def bar(day, close=20.25, **changes):
    row = {
        "t": stamp(midnight(day)),
        "o": 20.0,
        "h": 20.5,
        "l": 19.9,
        "c": close,
        "v": 120345,
        "n": 8,
    }
    return row | changes


def read(*rows, closes_only=True):
    return read_symbol(SPY, rows, Days(), closes_only)


# One symbol


def test_a_bar_is_of_the_day_whose_midnight_in_new_york_it_is_dated():
    assert stamp(midnight(date(2026, 3, 6))) == "2026-03-06T05:00:00Z"
    assert stamp(midnight(date(2026, 3, 9))) == "2026-03-09T04:00:00Z"
    found = read(bar(date(2026, 3, 6)), bar(date(2026, 3, 9)))
    assert found.days.tolist() == [date(2026, 3, 6), date(2026, 3, 9)]


ODD_TIMES = ("2026-03-02T14:30:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")


@pytest.mark.parametrize("stamp", [*ODD_TIMES, "2026-03-02", "soon", None, 3])
def test_a_bar_that_is_dated_otherwise_is_no_daily_bar(stamp):
    with pytest.raises(UnreadableError):
        read(bar(MONDAY, t=stamp))


def test_full_bars_have_everything():
    found = read(bar(MONDAY), closes_only=False)
    assert {name: values[0] for name, values in found.values.items()} == {
        "close": 20.25,
        "open": 20.0,
        "high": 20.5,
        "low": 19.9,
        "volume": 120345,
    }


@pytest.mark.parametrize("price", [0, -3.5, float("inf"), 1e13])
def test_a_price_that_cannot_be_one_is_missing_and_said(price):
    found = read(bar(MONDAY), bar(TUESDAY, price))
    assert np.isnan(found.values["close"][1])
    (bad,) = found.bad_prices
    assert (bad.symbol, bad.session, bad.value) == (SPY, TUESDAY, price)


@pytest.mark.parametrize("price", [None, float("nan")])
def test_a_price_that_is_absent_is_missing(price):
    found = read(bar(MONDAY, price))
    assert np.isnan(found.values["close"][0])
    assert found.bad_prices == ()


@pytest.mark.parametrize("price", ["20.25", True, [], {}, 10**400])
def test_a_price_that_is_no_number_cannot_be_read(price):
    with pytest.raises(UnreadableError):
        read(bar(MONDAY, price))


def test_rows_out_of_order_are_put_in_order():
    assert read(bar(TUESDAY), bar(MONDAY)).days.tolist() == [MONDAY, TUESDAY]


def test_a_bar_told_twice_is_one_and_said():
    found = read(bar(MONDAY), bar(MONDAY), bar(TUESDAY))
    assert len(found.days) == 2
    assert found.warnings == ("SPY: 1 identical duplicate bars dropped",)


def test_two_bars_of_one_day_that_differ_cannot_be_read():
    with pytest.raises(UnreadableError, match="differ"):
        read(bar(MONDAY), bar(MONDAY, 20.26))


# Pages


def test_symbols_are_cut_into_as_few_requests_as_their_length_allows():
    symbols = [Symbol(f"S{number:03}") for number in range(500)]
    assert len(list(batched(symbols))) == 1
    parts = list(batched(symbols, longest=100))
    assert [len(part) for part in parts] == [20] * 25
    assert [symbol for part in parts for symbol in part] == symbols
    assert list(batched([])) == []


class Vendor:
    """Answers by the path of the request, out of lists of pages."""

    def __init__(self, server, behave):
        self.server, self.behave = server, behave
        self.answers = {}
        server.script = [self]
        self.clock(datetime(2026, 3, 4, 12, tzinfo=NEW_YORK), is_open=True)

    def clock(self, at, is_open, next_open="2026-03-05T09:30:00-05:00"):
        self.answers["/v2/clock"] = [
            {"timestamp": at.isoformat(), "is_open": is_open, "next_open": next_open}
        ]

    def __call__(self, connection):
        path = urlsplit(self.server.received[-1].target).path
        pages = self.answers[path]
        page = pages.pop(0) if len(pages) > 1 else pages[0]
        if isinstance(page, int):
            return self.behave.reply(page, b"<html>")(connection)
        if isinstance(page, tuple):
            return self.behave.reply(*page)(connection)
        return self.behave.reply(200, json.dumps(page).encode())(connection)

    def bars(self, *pages):
        self.answers["/v2/stocks/bars"] = list(pages)

    def asked(self, path):
        targets = [urlsplit(request.target) for request in self.server.received]
        return [
            {name: values[0] for name, values in parse_qs(target.query).items()}
            for target in targets
            if target.path == path
        ]


@pytest.fixture
def vendor(server, behave):
    return Vendor(server, behave)


@pytest.fixture
def feed(server, keys, fake_time):
    made = []

    def make(adjustment=Adjustment.ALL, is_local=True, today=date(2026, 3, 4), a_minute=1000):
        patience = evolve(FOR_LONG_LISTS, tries=2)
        pace = fake_time.pace()
        connection = connect(server.url, keys, TimeLimits(), a_minute, patience, pace)
        kind = AlpacaRawFeed if adjustment is Adjustment.RAW else AlpacaFeed
        made.append(
            kind(
                trading=connection,
                data=connection,
                pages=BarPages(connection, Tape.SIP, adjustment),
                live_quotes=AlpacaQuotes(PolledQuotes(connection, Tape.SIP)),
                today=lambda: today,
                is_local=is_local,
            )
        )
        return made[-1]

    yield make
    for each in made:
        each.close()


def page(token=None, **bars):
    return {"bars": bars, "next_page_token": token}


def problem(outcome):
    (found,) = outcome.failure().problems()
    return found


def test_a_request_asks_for_everything_at_once_and_for_completed_sessions(vendor, feed):
    vendor.bars(page(SPY=[bar(MONDAY)]))
    feed().bars(BarRequest([SPY, TLT], MONDAY)).unwrap()
    (asked,) = vendor.asked("/v2/stocks/bars")
    assert asked == {
        "symbols": "SPY,TLT",
        "timeframe": "1Day",
        "start": "2026-03-02T05:00:00Z",
        "end": "2026-03-03T05:00:00Z",
        "limit": "10000",
        "adjustment": "all",
        "feed": "sip",
        "sort": "asc",
    }


def test_a_symbol_may_be_cut_by_a_page(vendor, feed):
    vendor.bars(
        page("a", SPY=[bar(MONDAY, 1.0)]),
        page("b", SPY=[bar(TUESDAY, 2.0)], TLT=[bar(MONDAY, 3.0)]),
        {"bars": None, "next_page_token": None},
    )
    history = feed().bars(BarRequest([SPY, TLT])).unwrap()
    assert history.close[:, 0].tolist() == [1.0, 2.0]
    assert np.array_equal(history.close[:, 1], [3.0, np.nan], equal_nan=True)
    tokens = [asked.get("page_token") for asked in vendor.asked("/v2/stocks/bars")]
    assert tokens == [None, "a", "b"]


def test_a_page_that_fails_fails_everything(vendor, feed):
    vendor.bars(page("a", SPY=[bar(MONDAY)]), 500)
    assert problem(feed().bars(BarRequest([SPY]))).code == "no-answer"


def test_pages_that_go_round_are_left_after_one_round(vendor, feed):
    vendor.bars(page("a", SPY=[bar(MONDAY)]))
    assert "circle" in problem(feed().bars(BarRequest([SPY]))).why
    assert len(vendor.asked("/v2/stocks/bars")) == 2


def test_pages_without_end_are_left_after_a_while(vendor, feed):
    vendor.bars(*(page(str(number), SPY=[]) for number in range(500)))
    asked = BarRequest([SPY], date(2026, 1, 5))
    assert "does not end" in problem(feed().bars(asked)).why
    assert len(vendor.asked("/v2/stocks/bars")) == 10


def test_more_pages_than_a_minute_allows_are_read_at_the_pace_that_it_does(vendor, feed, fake_time):
    days = [MONDAY + timedelta(days=number) for number in (0, 1, 2)]
    tokens = [str(number) for number in range(len(days) * 2)]
    empty = [page(token, SPY=[]) for token in tokens]
    vendor.bars(*empty, page(None, SPY=[bar(day) for day in days]))
    vendor.clock(datetime(2026, 3, 4, 20, tzinfo=NEW_YORK), is_open=False)
    found = feed(a_minute=2).bars(BarRequest([SPY])).unwrap()
    assert found.sessions.tolist() == days
    assert max(fake_time.slept) <= 60
    assert sum(fake_time.slept) >= 180


@pytest.mark.parametrize(
    "answer", [[], {}, {"bars": []}, {"bars": {"SPY": 3}}, {"bars": {"SPY": [3]}}, {"bars": "x"}]
)
def test_an_answer_of_another_shape_is_no_answer(vendor, feed, answer):
    vendor.bars(answer)
    assert problem(feed().bars(BarRequest([SPY]))).code == "no-answer"


def test_bars_of_a_running_session_are_never_there(vendor, feed):
    noon = datetime(2026, 3, 4, 12, tzinfo=NEW_YORK)
    vendor.clock(noon, is_open=True)
    vendor.bars(page(SPY=[bar(TUESDAY), bar(WEDNESDAY)]))
    history = feed().bars(BarRequest([SPY])).unwrap()
    assert history.session(len(history) - 1) == TUESDAY


@pytest.mark.parametrize(
    ("hour", "is_open", "next_open", "newest"),
    [
        (8, False, "2026-03-04T09:30:00-05:00", "2026-03-03T05:00:00Z"),
        (12, True, "2026-03-05T09:30:00-05:00", "2026-03-03T05:00:00Z"),
        (17, False, "2026-03-05T09:30:00-05:00", "2026-03-04T05:00:00Z"),
    ],
)
def test_the_clock_says_what_is_completed(vendor, feed, hour, is_open, next_open, newest):
    vendor.clock(datetime(2026, 3, 4, hour, tzinfo=NEW_YORK), is_open, next_open)
    vendor.bars(page(SPY=[bar(MONDAY)]))
    feed().bars(BarRequest([SPY])).unwrap()
    assert vendor.asked("/v2/stocks/bars")[0]["end"] == newest


def test_a_range_of_the_past_needs_no_clock_at_the_vendor(vendor, feed):
    vendor.bars(page(SPY=[bar(MONDAY)]))
    feed(is_local=False).bars(BarRequest([SPY], end=TUESDAY)).unwrap()
    assert vendor.asked("/v2/clock") == []
    feed(is_local=False).bars(BarRequest([SPY], end=WEDNESDAY)).unwrap()
    assert len(vendor.asked("/v2/clock")) == 1


def test_without_the_clock_there_are_no_bars(vendor, feed):
    for odd in ({}, {"timestamp": "0001-01-01T00:00:00+14:00"}, {"timestamp": "9999-12-31"}):
        vendor.answers["/v2/clock"] = [{"is_open": True, "next_open": "2026-03-05", **odd}]
        assert problem(feed().bars(BarRequest([SPY]))).code == "unreadable-answer"


def test_keys_of_the_other_kind_of_account_say_what_to_set(vendor, feed):
    vendor.answers["/v2/clock"] = [(401, {"message": "unauthorized."})]
    found = problem(feed().bars(BarRequest([SPY])))
    assert found.code == "unauthorised"
    assert "data.settings.trading_url" in found.hint


def test_spys_days_are_the_sessions_where_it_was_asked_for(vendor, feed):
    sunday = date(2026, 3, 1)
    vendor.bars(page(SPY=[bar(MONDAY), bar(TUESDAY)], TLT=[bar(MONDAY), bar(sunday)]))
    assert len(feed().bars(BarRequest([TLT, SPY])).unwrap()) == 2
    vendor.bars(page(TLT=[bar(MONDAY), bar(sunday)]))
    assert len(feed().bars(BarRequest([TLT])).unwrap()) == 2


def test_bars_on_no_session_are_said(vendor, feed):
    vendor.bars(page(SPY=[bar(MONDAY)], TLT=[bar(MONDAY), bar(TUESDAY)]))
    history = feed().bars(BarRequest([TLT, SPY])).unwrap()
    assert history.warnings == ("TLT: 1 bars dropped that are on no session",)


def test_the_basis_is_that_of_the_adjustment(vendor, feed):
    for adjustment in Adjustment:
        vendor.bars(page(SPY=[bar(MONDAY)]))
        history = feed(adjustment).bars(BarRequest([SPY])).unwrap()
        known = {Adjustment.ALL: PriceBasis.ADJUSTED, Adjustment.RAW: PriceBasis.RAW}
        assert history.basis is known.get(adjustment, PriceBasis.AS_GIVEN)
        assert f"adjustment {adjustment}" in history.source


def test_a_plan_without_the_prices_says_what_to_set(vendor, feed):
    message = "subscription does not permit querying recent SIP data"
    vendor.bars((403, {"message": message}))
    found = problem(feed().bars(BarRequest([SPY])))
    assert found.code == "not-in-data-plan"
    assert 'feed = "iex"' in found.hint
    assert message in found.why


# Splits and dividends


def test_splits_come_before_dividends_oldest_first(vendor, feed):
    lists = {
        "cash_dividends": [
            {"symbol": "SPY", "rate": 0.25, "special": False, "ex_date": "2026-03-03"},
            {"symbol": "SPY", "rate": 1.5, "special": True, "ex_date": "2026-03-03"},
            {"symbol": "TLT", "rate": 0.1, "ex_date": "2026-03-02"},
        ],
        "forward_splits": [
            {"symbol": "SPY", "new_rate": 3, "old_rate": 2, "ex_date": "2026-03-03"}
        ],
        "stock_dividends": [{"symbol": "TLT", "rate": 0.05, "ex_date": "2026-03-04"}],
        "spin_offs": [{"source_symbol": "SPY"}],
    }
    more = {
        "reverse_splits": [
            {"symbol": "TLT", "new_rate": 1, "old_rate": 10, "ex_date": "2026-03-02"},
            {"symbol": "TLT", "new_rate": 1, "old_rate": 10, "ex_date": "2027-03-02"},
        ]
    }
    vendor.answers["/v1/corporate-actions"] = [
        {"corporate_actions": lists, "next_page_token": "a"},
        {"corporate_actions": more, "next_page_token": None},
    ]
    found = feed(Adjustment.RAW).actions([SPY, TLT], MONDAY, WEDNESDAY).unwrap()
    assert [(type(each), each.symbol, each.ex_date) for each in found] == [
        (Split, "TLT", MONDAY),
        (Dividend, "TLT", MONDAY),
        (Split, "SPY", TUESDAY),
        (Dividend, "SPY", TUESDAY),
        (Split, "TLT", WEDNESDAY),
    ]
    numbers = [str(getattr(each, "ratio", getattr(each, "per_share", None))) for each in found]
    assert numbers == ["0.1", "0.1", "1.5", "1.75", "1.05"]


@pytest.mark.parametrize(
    "row",
    [
        {"symbol": "SPY", "new_rate": 0, "old_rate": 1, "ex_date": "2026-03-03"},
        {"symbol": "SPY", "new_rate": 2, "old_rate": None, "ex_date": "2026-03-03"},
        {"symbol": "SPY", "new_rate": 2, "old_rate": 1, "ex_date": "soon"},
        {"symbol": None, "new_rate": 2, "old_rate": 1, "ex_date": "2026-03-03"},
    ],
)
def test_a_split_that_cannot_be_read_is_a_failure(vendor, feed, row):
    answer = {"corporate_actions": {"forward_splits": [row]}, "next_page_token": None}
    vendor.answers["/v1/corporate-actions"] = [answer]
    outcome = feed(Adjustment.RAW).actions([SPY], MONDAY, WEDNESDAY)
    assert problem(outcome).code == "no-answer"


# Quotes


def test_a_side_that_nobody_quotes_has_the_price_zero(vendor, feed):
    stamp = "2026-03-02T14:31:00.123456789Z"
    told = {"SPY": {"t": stamp, "ap": 0, "bp": 20.2}, "TLT": {"t": "?", "ap": 1, "bp": 1}}
    vendor.answers["/v2/stocks/quotes/latest"] = [{"quotes": {**told, "XXX": {}}}]
    found = feed().quotes([SPY, TLT, Symbol("GLD")]).unwrap()
    assert list(found) == [SPY]
    assert (str(found[SPY].bid), found[SPY].ask) == ("20.2", 0)
    assert found[SPY].at.microsecond == 123456
    assert vendor.asked("/v2/stocks/quotes/latest")[0] == {"symbols": "SPY,TLT,GLD", "feed": "sip"}


def test_no_quotes_at_all_are_a_failure(vendor, feed):
    vendor.answers["/v2/stocks/quotes/latest"] = [{"quotes": 3}]
    assert problem(feed().quotes([SPY])).code == "no-answer"
    assert feed().quotes([]) == Success({})
