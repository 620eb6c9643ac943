"""The vendor's own market-data client, unmodified, reads bars, quotes, trades and snapshots."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from alpaca.common.enums import Sort
from alpaca.common.exceptions import APIError
from alpaca.data.enums import Adjustment, DataFeed
from alpaca.data.requests import (
    CorporateActionsRequest,
    StockBarsRequest,
    StockLatestBarRequest,
    StockLatestQuoteRequest,
    StockLatestTradeRequest,
    StockQuotesRequest,
    StockSnapshotRequest,
    StockTradesRequest,
)
from alpaca.data.timeframe import TimeFrame, TimeFrameUnit
from attrs import evolve
from returns.result import Success

from alchemiser_alpaca.simulator.server import AlpacaSimulator, running
from alchemiser_alpaca.simulator.settings import DataPlan, SimulatorSettings
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.corporate_actions import Dividend, Split
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.market_data import InMemoryMarketData

HISTORY = wandering_history(("AAA", "BBB", "CCC", "SPY"), 120, seed=4, first=date(2026, 1, 5))
START = datetime(2026, 2, 2, tzinfo=UTC)
BEFORE_TODAY = datetime(2026, 3, 4, tzinfo=UTC)


def days_of(data, *symbols, **fields):
    usual = {"timeframe": TimeFrame.Day, "start": START, "end": BEFORE_TODAY}
    request = StockBarsRequest(symbol_or_symbols=list(symbols), **{**usual, **fields})
    return data.get_stock_bars(request).data


def test_daily_bars_are_those_of_the_feed(data):
    bars = days_of(data, "AAA", "SPY")
    first, stop = HISTORY.row_at(date(2026, 2, 2)), HISTORY.row_at(date(2026, 3, 3)) + 1
    for symbol in ("AAA", "SPY"):
        column = HISTORY.columns[symbol]
        assert [b.close for b in bars[symbol]] == HISTORY.close[first:stop, column].tolist()
        assert [b.open for b in bars[symbol]] == HISTORY.open[first:stop, column].tolist()
        assert [b.volume for b in bars[symbol]] == HISTORY.volume[first:stop, column].tolist()
    assert bars["AAA"][0].timestamp == datetime(2026, 2, 2, 5, tzinfo=UTC)
    assert bars["AAA"][0].vwap > 0
    assert bars["AAA"][0].trade_count > 0


def test_the_bar_of_the_running_session_is_partial_and_nothing_of_the_future_is_there(served, data):
    bars = days_of(data, "AAA", end=datetime(2026, 4, 1, tzinfo=UTC))["AAA"]
    row = HISTORY.row_at(date(2026, 3, 4))
    assert bars[-1].timestamp == datetime(2026, 3, 4, 5, tzinfo=UTC)
    assert bars[-1].close != HISTORY.close[row, HISTORY.columns["AAA"]]
    served.clock.advance(timedelta(hours=5))
    bars = days_of(data, "AAA", end=datetime(2026, 4, 1, tzinfo=UTC))["AAA"]
    assert bars[-1].close == pytest.approx(HISTORY.close[row, HISTORY.columns["AAA"]])


def test_unknown_symbols_are_silently_absent(data):
    assert days_of(data, "ZZZZ") == {}
    assert set(days_of(data, "AAA", "ZZZZ")) == {"AAA"}


def test_the_newest_bar_comes_first_where_that_is_asked(data):
    forward = days_of(data, "AAA")["AAA"]
    backward = days_of(data, "AAA", sort=Sort.DESC)["AAA"]
    assert backward == forward[::-1]
    assert days_of(data, "AAA", limit=2, sort=Sort.DESC)["AAA"] == forward[:-3:-1]


def test_weeks_months_and_minutes_are_made_of_the_same_prices(data):
    days = days_of(data, "AAA")["AAA"]
    (week, *_) = days_of(data, "AAA", timeframe=TimeFrame.Week)["AAA"]
    assert (week.open, week.close) == (days[0].open, days[4].close)
    assert week.high == max(day.high for day in days[:5])
    months = days_of(
        data, "AAA", timeframe=TimeFrame.Month, start=datetime(2026, 1, 1, tzinfo=UTC)
    )["AAA"]
    assert [month.timestamp.month for month in months] == [1, 2, 3]
    assert months[1].open == days[0].open
    minutes = days_of(
        data,
        "AAA",
        timeframe=TimeFrame(30, TimeFrameUnit.Minute),
        start=datetime(2026, 3, 3, 14, tzinfo=UTC),
        end=datetime(2026, 3, 3, 22, tzinfo=UTC),
    )["AAA"]
    assert len(minutes) == 13
    assert minutes[0].timestamp == datetime(2026, 3, 3, 14, 30, tzinfo=UTC)
    assert minutes[-1].close == pytest.approx(days[-1].close, abs=0.01)


def test_pages_join_to_the_same_bars_whatever_their_size(serve, data, open_api):
    whole = days_of(data, "AAA", "BBB", "SPY", adjustment=Adjustment.ALL, feed=DataFeed.SIP)
    with serve(page_bytes=1000) as small:
        api = open_api(small)
        joined, token, pages = {}, None, 0
        while token is not None or not pages:
            page = api.get(
                "/v2/stocks/bars",
                symbols="SPY,AAA,BBB",
                timeframe="1Day",
                start="2026-02-02",
                end="2026-03-04",
                limit=10000,
                page_token=token,
            ).json()
            for symbol, rows in page["bars"].items():
                joined.setdefault(symbol, []).extend(rows)
            token, pages = page["next_page_token"], pages + 1
    assert pages > 5
    assert {s: [b["c"] for b in rows] for s, rows in joined.items()} == {
        s: [b.close for b in bars] for s, bars in whole.items()
    }


def test_the_limit_counts_points_over_all_symbols(api):
    page = api.get(
        "/v2/stocks/bars",
        symbols="BBB,AAA",
        timeframe="1Day",
        start="2026-02-02",
        end="2026-03-04",
        limit=25,
    ).json()
    assert {symbol: len(rows) for symbol, rows in page["bars"].items()} == {"AAA": 22, "BBB": 3}
    assert page["next_page_token"]


def test_the_last_page_has_no_token_even_where_it_is_full(api):
    query = {"timeframe": "1Day", "start": "2026-02-02", "end": "2026-03-04", "limit": 22}
    assert api.get("/v2/stocks/bars", symbols="AAA", **query).json()["next_page_token"] is None


def test_latest_quotes_trades_and_bars_are_of_now(served, data):
    symbols = ["AAA", "BBB", "ZZZZ"]
    quotes = data.get_stock_latest_quote(StockLatestQuoteRequest(symbol_or_symbols=symbols))
    assert set(quotes) == {"AAA", "BBB"}
    assert quotes["AAA"].timestamp == datetime(2026, 3, 4, 17, tzinfo=UTC)
    assert 0 < quotes["AAA"].bid_price < quotes["AAA"].ask_price
    trades = data.get_stock_latest_trade(StockLatestTradeRequest(symbol_or_symbols=symbols))
    assert quotes["AAA"].bid_price <= trades["AAA"].price <= quotes["AAA"].ask_price
    bars = data.get_stock_latest_bar(StockLatestBarRequest(symbol_or_symbols=symbols))
    assert bars["AAA"].timestamp == datetime(2026, 3, 4, 16, 59, tzinfo=UTC)


def test_snapshots_have_all_of_it_and_null_for_nobody(data, api):
    snapshot = data.get_stock_snapshot(StockSnapshotRequest(symbol_or_symbols=["AAA", "ZZZZ"]))
    assert set(snapshot) == {"AAA"}
    assert snapshot["AAA"].daily_bar.timestamp == datetime(2026, 3, 4, 5, tzinfo=UTC)
    assert snapshot["AAA"].previous_daily_bar.timestamp == datetime(2026, 3, 3, 5, tzinfo=UTC)
    assert snapshot["AAA"].latest_trade.price > 0
    assert api.get("/v2/stocks/snapshots", symbols="ZZZZ").json() == {"ZZZZ": None}


def test_quotes_and_trades_of_the_past_are_one_a_minute(data):
    span = {
        "start": datetime(2026, 3, 3, 15, tzinfo=UTC),
        "end": datetime(2026, 3, 3, 15, 9, tzinfo=UTC),
    }
    quotes = data.get_stock_quotes(StockQuotesRequest(symbol_or_symbols="AAA", **span)).data["AAA"]
    trades = data.get_stock_trades(StockTradesRequest(symbol_or_symbols="AAA", **span)).data["AAA"]
    assert len(quotes) == len(trades) == 10
    assert all(q.bid_price < q.ask_price for q in quotes)


def test_recent_data_of_all_exchanges_is_refused_on_the_basic_plan(serve, open_api):
    with serve(data_plan=DataPlan.BASIC) as served:
        api = open_api(served)
        query = {"symbols": "AAA", "timeframe": "1Day", "start": "2026-03-02"}
        refused = api.get("/v2/stocks/bars", end="2026-03-04T17:00:00Z", **query)
        assert refused.status_code == 403
        words = "subscription does not permit querying recent SIP data"
        assert refused.json() == {"message": words}
        assert api.get("/v2/stocks/quotes/latest", symbols="AAA", feed="sip").status_code == 403
        for allowed in (
            api.get("/v2/stocks/bars", end="2026-03-04T16:44:00Z", **query),
            api.get("/v2/stocks/bars", end="2026-03-04T17:00:00Z", feed="iex", **query),
            api.get("/v2/stocks/bars", **query),
            api.get("/v2/stocks/quotes/latest", symbols="AAA"),
        ):
            assert allowed.status_code == 200


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"timeframe": "2Day"}, "invalid timeframe: 2Day"),
        ({"start": "yesterday"}, "invalid start: yesterday"),
        ({"feed": "nasdaq"}, "invalid feed: nasdaq"),
        ({"page_token": "%%%"}, "invalid page_token"),
        ({"adjustment": "some"}, "invalid adjustment"),
        ({"symbols": ""}, "symbols is required"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(api, query, words):
    asked = {"symbols": "AAA", "timeframe": "1Day", "start": "2026-02-02", **query}
    answer = api.get("/v2/stocks/bars", **asked)
    assert (answer.status_code, answer.json()["message"]) == (400, words)


def test_a_vendor_client_gets_an_error_it_understands(data):
    with pytest.raises(APIError) as error:
        days_of(data, "AAA", end=datetime(2026, 1, 1, tzinfo=UTC))
    assert error.value.status_code == 400


def test_corporate_actions_tell_the_splits_and_dividends_that_were_booked(
    served, trading, corporate_actions
):
    with served.desk.work() as at:
        served.exchange.deposit(Decimal(1), at)
    trading.post(
        "/orders",
        {"symbol": "AAA", "qty": 10, "side": "buy", "type": "market", "time_in_force": "day"},
    )
    served.clock.advance(timedelta(seconds=2))
    with served.desk.work() as at:
        served.exchange.split("AAA", Decimal(2), at)
        served.exchange.dividend("AAA", Decimal("0.25"), at)
    found = corporate_actions.get_corporate_actions(
        CorporateActionsRequest(symbols=["AAA"], start=date(2026, 3, 1), end=date(2026, 3, 5))
    ).data
    (split,) = found["forward_splits"]
    assert (split.symbol, split.new_rate, split.old_rate) == ("AAA", 2.0, 1.0)
    (dividend,) = found["cash_dividends"]
    assert (dividend.rate, dividend.ex_date) == (0.25, date(2026, 3, 4))
    nothing = CorporateActionsRequest(symbols=["BBB"], start=date(2026, 3, 1))
    assert corporate_actions.get_corporate_actions(nothing).data == {}


class FeedOfRawPrices(InMemoryMarketData):
    """A feed that knows splits and dividends beside its prices."""

    def actions(self, symbols, start, end):
        known = (
            Split(Symbol("AAA"), Decimal("0.1"), date(2026, 2, 2)),
            Dividend(Symbol("BBB"), Usd(Decimal("0.3")), date(2026, 2, 3)),
            Dividend(Symbol("BBB"), Usd(Decimal("0.3")), date(2026, 1, 6)),
        )
        return Success(tuple(a for a in known if a.symbol in symbols and start <= a.ex_date <= end))


def test_corporate_actions_tell_what_the_feed_knows(open_api, simulation_context):
    context = evolve(simulation_context, feed=FeedOfRawPrices(HISTORY))
    with running(AlpacaSimulator(SimulatorSettings(port=0), context)) as served:
        api = open_api(served)
        span = {"start": "2026-02-01", "end": "2026-03-01"}
        found = api.get("/v1/corporate-actions", **span).json()["corporate_actions"]
        assert [(a["new_rate"], a["old_rate"]) for a in found["reverse_splits"]] == [(1.0, 10.0)]
        assert [a["rate"] for a in found["cash_dividends"]] == [0.3]
        some = api.get("/v1/corporate-actions", types="cash_dividend", **span).json()
        assert set(some["corporate_actions"]) == {"cash_dividends"}
        first = api.get("/v1/corporate-actions", limit=1, **span).json()
        rest = api.get("/v1/corporate-actions", page_token=first["next_page_token"], **span).json()
        assert set(first["corporate_actions"]) == {"reverse_splits"}
        assert set(rest["corporate_actions"]) == {"cash_dividends"}
        assert rest["next_page_token"] is None


@pytest.mark.parametrize(("cash", "kind"), [("0", "worthless_removals"), ("15.00", "cash_mergers")])
def test_corporate_actions_tell_positions_that_ended(served, api, corporate_actions, cash, kind):
    api.order(qty=10)
    served.clock.advance(timedelta(seconds=1))
    assert api.post("/simulator/activities", kind="removal", symbol="AAA", cash=cash).ok
    asked = CorporateActionsRequest(symbols=["AAA"], start=date(2026, 3, 1))
    ((name, (action,)),) = corporate_actions.get_corporate_actions(asked).data.items()
    assert name == kind
    assert action.process_date == date(2026, 3, 4)
    if kind == "cash_mergers":
        assert action.rate == 1.5
