"""The vendor's own trading client, unmodified, cannot tell the simulator from the real thing."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from alpaca.common.exceptions import APIError
from alpaca.trading.enums import (
    AssetStatus,
    OrderClass,
    OrderSide,
    OrderStatus,
    OrderType,
    QueryOrderStatus,
    TimeInForce,
)
from alpaca.trading.requests import (
    ClosePositionRequest,
    GetAssetsRequest,
    GetCalendarRequest,
    GetOrderByIdRequest,
    GetOrdersRequest,
    GetPortfolioHistoryRequest,
    LimitOrderRequest,
    MarketOrderRequest,
    ReplaceOrderRequest,
    StopLimitOrderRequest,
    StopOrderRequest,
    TrailingStopOrderRequest,
)

DAY, GTC = TimeInForce.DAY, TimeInForce.GTC
BUY, SELL = OrderSide.BUY, OrderSide.SELL


def buy(trading, symbol="AAA", qty=10, **fields):
    return trading.submit_order(
        MarketOrderRequest(symbol=symbol, qty=qty, side=BUY, time_in_force=DAY, **fields)
    )


def resting(trading, symbol="AAA", qty=1, price=10.0, side=BUY, **fields):
    return trading.submit_order(
        LimitOrderRequest(
            symbol=symbol, qty=qty, side=side, time_in_force=DAY, limit_price=price, **fields
        )
    )


def after(served, seconds=1.0):
    served.clock.advance(timedelta(seconds=seconds))


# Orders


def test_a_market_order_is_taken_and_filled(served, trading):
    order = buy(trading, qty=3.5, client_order_id="tp-1")
    assert order.client_order_id == "tp-1"
    assert order.order_class is OrderClass.SIMPLE
    assert order.order_type is OrderType.MARKET
    assert (order.symbol, order.qty, order.side) == ("AAA", "3.5", BUY)
    assert order.submitted_at == datetime(2026, 3, 4, 17, tzinfo=UTC)
    after(served)
    filled = trading.get_order_by_id(order.id)
    assert filled.status is OrderStatus.FILLED
    assert filled.filled_qty == "3.5"
    assert Decimal(filled.filled_avg_price) > 0
    assert filled.filled_at >= order.submitted_at


def test_an_order_by_value_has_a_notional_and_no_quantity(served, trading):
    order = trading.submit_order(
        MarketOrderRequest(symbol="AAA", notional=500.25, side=BUY, time_in_force=DAY)
    )
    assert (order.notional, order.qty) == ("500.25", None)
    after(served)
    filled = trading.get_order_by_id(order.id)
    value = Decimal(filled.filled_qty) * Decimal(filled.filled_avg_price)
    assert abs(value - Decimal("500.25")) < Decimal("0.01")


def test_every_type_of_order_keeps_its_prices(trading):
    common = {"symbol": "AAA", "qty": 1, "side": BUY, "time_in_force": GTC}
    stop = trading.submit_order(StopOrderRequest(**common, stop_price=90.0))
    assert (stop.order_type, stop.stop_price) == (OrderType.STOP, "90")
    stop_limit = trading.submit_order(
        StopLimitOrderRequest(**common, stop_price=90.0, limit_price=91.25)
    )
    assert (stop_limit.stop_price, stop_limit.limit_price) == ("90", "91.25")
    trailing = trading.submit_order(TrailingStopOrderRequest(**common, trail_percent=5.0))
    assert trailing.order_type is OrderType.TRAILING_STOP
    assert trailing.trail_percent == "5"
    assert Decimal(trailing.hwm) > 0


def test_the_client_order_id_is_made_where_none_is_given_and_finds_the_order(trading):
    order = resting(trading)
    assert trading.get_order_by_client_id(order.client_order_id).id == order.id
    assert trading.get_order_by_id(str(order.id), GetOrderByIdRequest(nested=True)).id == order.id


def test_orders_that_are_not_there_are_not_found(trading):
    for look in (
        lambda: trading.get_order_by_id(uuid4()),
        lambda: trading.get_order_by_client_id("nobody's"),
        lambda: trading.cancel_order_by_id(uuid4()),
    ):
        with pytest.raises(APIError) as error:
            look()
        assert (error.value.status_code, error.value.code) == (404, 40410000)
        assert "order not found for" in error.value.message


def test_orders_are_listed_by_state_side_symbol_and_time(served, trading):
    first = resting(trading, "AAA")
    after(served)
    second = resting(trading, "BBB")
    after(served)
    filled = buy(trading, "CCC")
    after(served)

    def listed(**query):
        return [order.id for order in trading.get_orders(GetOrdersRequest(**query))]

    assert [order.id for order in trading.get_orders()] == [second.id, first.id]
    everything = QueryOrderStatus.ALL
    assert listed(status=everything) == [filled.id, second.id, first.id]
    assert listed(status=everything, direction="asc") == [first.id, second.id, filled.id]
    assert listed(status=QueryOrderStatus.CLOSED) == [filled.id]
    assert listed(symbols=["AAA", "CCC"]) == [first.id]
    assert listed(status=everything, limit=1, side=BUY) == [filled.id]
    assert listed(side=SELL) == []
    assert listed(status=everything, after=first.submitted_at) == [filled.id, second.id]
    assert listed(status=everything, until=second.submitted_at) == [first.id]


def test_a_cancel_is_a_request_and_the_order_is_cancelled(served, trading):
    order = resting(trading)
    trading.cancel_order_by_id(order.id)
    after(served)
    canceled = trading.get_order_by_id(order.id)
    assert canceled.status is OrderStatus.CANCELED
    assert canceled.canceled_at is not None


def test_a_filled_order_cannot_be_cancelled(served, trading):
    order = buy(trading)
    after(served)
    with pytest.raises(APIError) as error:
        trading.cancel_order_by_id(order.id)
    assert (error.value.status_code, error.value.code) == (422, 42210000)
    assert error.value.message == 'order is already in "filled" state'


def test_all_orders_are_cancelled_at_once_with_a_status_for_each(served, trading):
    orders = {resting(trading, symbol).id for symbol in ("AAA", "BBB")}
    after(served)
    answers = trading.cancel_orders()
    assert {each.id for each in answers} == orders
    assert {each.status for each in answers} == {200}
    after(served)
    assert trading.get_orders() == []


def test_a_replaced_order_is_another_order(served, trading):
    old = resting(trading, qty=2, price=20.0)
    after(served)
    new = trading.replace_order_by_id(old.id, ReplaceOrderRequest(qty=3, limit_price=21.0))
    assert new.id != old.id
    assert new.replaces == old.id
    assert (new.qty, new.limit_price) == ("3", "21")
    after(served)
    replaced = trading.get_order_by_id(old.id)
    assert (replaced.status, replaced.replaced_by) == (OrderStatus.REPLACED, new.id)
    assert trading.get_order_by_id(new.id).status is OrderStatus.NEW


# Positions


def test_a_position_says_what_it_is_worth(served, trading):
    buy(trading, "AAA", 10)
    after(served)
    (position,) = trading.get_all_positions()
    assert (position.symbol, position.qty, position.qty_available) == ("AAA", "10", "10")
    worth = 10 * Decimal(position.current_price)
    assert abs(Decimal(position.market_value) - worth) < Decimal("0.01")
    assert trading.get_open_position("AAA") == position
    assert trading.get_open_position(position.asset_id) == position


def test_what_is_not_held_is_not_found(trading):
    with pytest.raises(APIError) as error:
        trading.get_open_position("BBB")
    assert (error.value.code, error.value.message) == (40410000, "position does not exist")


def test_a_position_is_closed_in_part_and_whole(served, trading):
    buy(trading, "AAA", 10)
    after(served)
    half = trading.close_position("AAA", ClosePositionRequest(percentage="50"))
    assert (half.side, half.qty) == (SELL, "5")
    after(served)
    two = trading.close_position("AAA", ClosePositionRequest(qty="2"))
    after(served)
    rest = trading.close_position("AAA")
    after(served)
    assert (two.qty, rest.qty) == ("2", "3")
    assert trading.get_all_positions() == []


def test_all_positions_are_closed_after_their_orders_are_cancelled(served, trading):
    buy(trading, "AAA", 10)
    buy(trading, "BBB", 5)
    after(served)
    resting(trading, "AAA", 10, price=500.0, side=SELL)
    after(served)
    refused = {row.symbol: row for row in trading.close_all_positions()}
    assert refused["AAA"].status == 403
    assert refused["AAA"].body.code == 40310000
    assert refused["BBB"].body.side is SELL
    after(served)
    trading.close_all_positions(cancel_orders=True)
    after(served)
    after(served)
    assert [p.symbol for p in trading.get_all_positions()] == []


# The account


def test_the_account_tells_cash_equity_and_buying_power(served, trading):
    account = trading.get_account()
    assert account.account_number == "PA0SIMULATED"
    assert (account.cash, account.equity) == ("100000.00", "100000.00")
    assert account.status.value == "ACTIVE"
    assert not (account.trading_blocked)
    assert not (account.account_blocked)
    assert account.pattern_day_trader is None
    buy(trading, "AAA", 10)
    after(served)
    account, (position,) = trading.get_account(), trading.get_all_positions()
    assert Decimal(account.cash) + Decimal(position.cost_basis) == Decimal(100_000)
    assert account.long_market_value == position.market_value
    assert Decimal(account.equity) == Decimal(account.cash) + Decimal(position.market_value)


def test_trading_is_suspended_by_the_configuration(trading):
    configuration = trading.get_account_configurations()
    assert configuration.fractional_trading
    assert not configuration.suspend_trade
    configuration.suspend_trade = True
    assert trading.set_account_configurations(configuration).suspend_trade
    with pytest.raises(APIError) as error:
        buy(trading)
    assert error.value.status_code == 403


def test_the_history_of_equity_has_a_point_for_every_close(served, trading):
    served.clock.advance(timedelta(days=2))
    history = trading.get_portfolio_history(GetPortfolioHistoryRequest(period="1M", timeframe="1D"))
    assert history.timeframe == "1D"
    assert len(history.timestamp) == len(history.equity) == 3
    assert history.equity[0] == 100_000.0
    assert history.profit_loss_pct == [0.0, 0.0, 0.0]


def test_the_history_of_equity_goes_back_as_far_as_it_is_asked_to(served, api):
    served.clock.advance(timedelta(days=20))

    def points(**query):
        return len(api.get("/v2/account/portfolio/history", **query).json()["timestamp"])

    assert points(period="all") == 15
    assert points(period="1W") == 6
    assert points(start="2026-03-20", end="2026-03-23") == 2


def test_activities_are_read_by_kind_and_in_pages(served, trading):
    for n in range(3):
        buy(trading, "AAA", n + 1)
        after(served)
    with served.desk.work() as at:
        served.exchange.deposit(Decimal(500), at)
    fills = trading.get("/account/activities/FILL", {"direction": "asc"})
    assert [row["qty"] for row in fills] == ["1", "2", "3"]
    assert all(row["activity_type"] == "FILL" for row in fills)
    assert fills[0]["leaves_qty"] == "0"
    assert fills[0]["order_status"] == "filled"
    (deposit,) = trading.get("/account/activities", {"activity_types": "CSD"})
    assert (deposit["net_amount"], deposit["date"]) == ("500.00", "2026-03-04")
    pages = [trading.get("/account/activities", {"page_size": 3})]
    pages.append(
        trading.get("/account/activities", {"page_size": 3, "page_token": pages[0][-1]["id"]})
    )
    assert [len(page) for page in pages] == [3, 1]
    assert len({row["id"] for page in pages for row in page}) == 4
    assert trading.get("/account/activities", {"category": "non_trade_activity"}) == [deposit]


# Listings, clock and calendar


def test_assets_are_listed_and_found_by_symbol_and_id(trading):
    assets = trading.get_all_assets(GetAssetsRequest(status=AssetStatus.ACTIVE))
    assert [asset.symbol for asset in assets] == ["AAA", "BBB", "CCC", "SPY"]
    assert all(asset.tradable and asset.fractionable for asset in assets)
    assert trading.get_asset("AAA") == assets[0]
    assert trading.get_asset(assets[0].id) == assets[0]
    assert trading.get_all_assets(GetAssetsRequest(status=AssetStatus.INACTIVE)) == []
    with pytest.raises(APIError) as error:
        trading.get_asset("ZZZZ")
    assert error.value.message == "asset not found for ZZZZ"


def test_the_clock_tells_the_simulated_time_and_the_early_close(served, trading):
    clock = trading.get_clock()
    assert clock.timestamp == datetime(2026, 3, 4, 17, tzinfo=UTC)
    assert clock.timestamp.utcoffset() == timedelta(hours=-5)
    assert clock.is_open
    assert clock.next_close == datetime(2026, 3, 4, 21, tzinfo=UTC)
    served.clock.advance_to(datetime(2026, 3, 5, 22, tzinfo=UTC))
    clock = trading.get_clock()
    assert not clock.is_open
    assert clock.next_open == datetime(2026, 3, 6, 14, 30, tzinfo=UTC)
    assert clock.next_close == datetime(2026, 3, 6, 18, tzinfo=UTC)


def test_the_calendar_tells_half_days_as_the_exchange_writes_them(trading):
    days = trading.get_calendar(GetCalendarRequest(start=date(2026, 3, 5), end=date(2026, 3, 9)))
    assert [day.date for day in days] == [date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 9)]
    assert (days[1].open.hour, days[1].open.minute, days[1].close.hour) == (9, 30, 13)
    (row,) = trading.get("/calendar", {"start": "2026-03-06", "end": "2026-03-06"})
    assert row == {
        "date": "2026-03-06",
        "open": "09:30",
        "close": "13:00",
        "session_open": "0400",
        "session_close": "1700",
        "settlement_date": "2026-03-09",
    }


def test_what_is_out_of_scope_is_not_found(trading):
    for path in ("/watchlists", "/options/contracts", "/corporate_actions/announcements"):
        with pytest.raises(APIError) as error:
            trading.get(path)
        assert error.value.status_code == 404


def test_identifiers_are_uuids(trading):
    assert isinstance(resting(trading).id, UUID)
    assert isinstance(trading.get_account().id, UUID)
