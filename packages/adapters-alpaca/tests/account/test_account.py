"""What is read of an account is what the vendor said, or a failure."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from alchemiser_alpaca.account.activities import read_activities
from alchemiser_alpaca.account.assets import Assets
from alchemiser_alpaca.account.holdings import read_account, read_clock, read_position
from alchemiser_alpaca.account.instruments import read_instrument
from alchemiser_alpaca.account.reader import mismatch
from alchemiser_alpaca.addresses import broker_addresses
from alchemiser_alpaca.calendar import _calendar
from alchemiser_alpaca.connection.client import TimeLimits
from alchemiser_alpaca.connection.connection import connect
from alchemiser_alpaca.reading import UnreadableError
from alchemiser_alpaca.settings import AlpacaBrokerSettings
from alchemiser_core.domain.account import Account, CashActivity, RemovalActivity
from alchemiser_core.domain.money import usd
from alchemiser_core.domain.portfolio.cash import CashReason
from alchemiser_core.domain.symbol import Symbol

ACCOUNT = {
    "id": "4444",
    "account_number": "PA0TEST00001",
    "status": "ACTIVE",
    "currency": "USD",
    "cash": "1000.00",
    "trading_blocked": False,
    "account_blocked": False,
    "trade_suspended_by_user": False,
}
POSITION = {"symbol": "AAA", "qty": "12.345678901", "qty_available": "2", "side": "long"}
ASSET = {"symbol": "BRK.B", "status": "active", "tradable": True, "fractionable": True}


def test_an_account():
    account = read_account(ACCOUNT, is_live=False)
    assert account == Account("PA0TEST00001", usd("1000.00"))


@pytest.mark.parametrize(
    "change",
    [
        {"trading_blocked": True},
        {"account_blocked": True},
        {"trade_suspended_by_user": True},
        {"status": "ONBOARDING"},
    ],
)
def test_an_account_that_takes_no_orders_is_blocked(change):
    assert read_account(ACCOUNT | change, is_live=False).is_blocked


@pytest.mark.parametrize(
    "change",
    [
        {"account_number": None},
        {"cash": None},
        {"cash": "much"},
        {"status": None},
        {"trading_blocked": None},
        {"account_blocked": "no"},
        {"currency": "CAD"},
    ],
)
def test_an_account_that_cannot_be_read_is_none(change):
    with pytest.raises(UnreadableError):
        read_account(ACCOUNT | change, is_live=False)


LIVE, PAPER, LOCAL = (
    broker_addresses(AlpacaBrokerSettings(trading_url=url))
    for url in ("https://api.alpaca.markets", "https://paper-api.alpaca.markets", "http://[::1]:8")
)


@pytest.mark.parametrize(
    ("number", "addresses", "fits"),
    [
        ("PA0TEST00001", PAPER, True),
        ("PA0TEST00001", LIVE, False),
        ("123456789", LIVE, True),
        ("123456789", PAPER, False),
        ("123456789", LOCAL, True),
        ("PA0TEST00001", LOCAL, True),
    ],
)
def test_paper_and_live_accounts_are_told_apart_by_their_numbers(number, addresses, fits):
    problem = mismatch(Account(number, usd(1)), addresses)
    assert (problem is None) == fits
    assert fits or problem.code == "other-environment"


def test_positions_long_and_short():
    held = read_position(POSITION)
    assert (held.symbol, held.quantity, held.available) == (
        "AAA",
        Decimal("12.345678901"),
        Decimal(2),
    )
    for qty in ("5", "-5"):
        short = read_position(POSITION | {"side": "short", "qty": qty, "qty_available": qty})
        assert (short.quantity, short.available) == (-5, -5)


def test_what_is_no_share_is_shown_by_its_own_name():
    assert read_position(POSITION | {"symbol": "AAPL260116C00190000"}).symbol == (
        "AAPL260116C00190000"
    )


@pytest.mark.parametrize("change", [{"qty": None}, {"qty_available": None}, {"symbol": "a b"}])
def test_a_position_that_cannot_be_read_is_none(change):
    with pytest.raises(UnreadableError):
        read_position(POSITION | change)


def test_the_clock_has_a_zone():
    time = read_clock({"timestamp": "2026-11-27T10:15:22.123456789-05:00", "is_open": True})
    assert time.at == datetime(2026, 11, 27, 15, 15, 22, 123456, UTC)
    assert time.is_open
    never = "0001-01-01T00:00:00+14:00"
    for change in (
        {"timestamp": "2026-11-27T10:15:22"},
        {"timestamp": never},
        {"is_open": "yes"},
    ):
        with pytest.raises(UnreadableError):
            read_clock({"timestamp": "2026-11-27T10:15:22Z", "is_open": True} | change)


def test_instruments_with_and_without_fractions():
    found = read_instrument(ASSET)
    assert (found.symbol, found.quantity_increment) == ("BRK.B", Decimal("1E-9"))
    assert (found.price_increment, found.minimum_order_value) == (Decimal("0.01"), 1)
    assert found.tradable
    whole = read_instrument(ASSET | {"fractionable": False})
    assert (whole.quantity_increment, whole.fractionable) == (1, False)


def test_an_asset_that_is_new_in_other_ways_is_read():
    assert read_instrument(ASSET | {"class": "moon_rock", "exchange": "ASCX"}).tradable


@pytest.mark.parametrize("change", [{"tradable": False}, {"status": "inactive"}])
def test_what_is_not_active_is_not_tradable(change):
    assert not read_instrument(ASSET | change).tradable


@pytest.fixture
def assets(server, keys, fake_time):
    connection = connect(server.url, keys, TimeLimits(), 1000, pace=fake_time.pace())
    yield Assets(connection)
    connection.close()


@pytest.mark.parametrize(
    "change", [{"symbol": "TWO WORDS"}, {"symbol": None}, {"fractionable": None}, {"tradable": "?"}]
)
def test_one_odd_asset_among_thousands_is_nobodys_trouble(server, behave, assets, change):
    wanted = [Symbol(f"S{number}") for number in range(20)]
    listed = [ASSET | {"symbol": each} for each in wanted]
    server.script = [behave.reply(200, [ASSET | change, *listed])]
    assert set(assets.instruments(wanted).unwrap()) == set(wanted)
    assert len(server.received) == 1


def test_an_odd_asset_that_was_asked_for_is_a_failure(server, behave, assets):
    wanted = [Symbol(f"S{number}") for number in range(20)]
    odd, *listed = [ASSET | {"symbol": each} for each in wanted]
    odd = odd | {"fractionable": None}
    server.script = [behave.reply(200, [odd, *listed]), behave.reply(200, odd)]
    (problem,) = assets.instruments(wanted).failure().problems()
    assert problem.code == "unreadable-answer"
    assert server.received[-1].target == "/v2/assets/S0"


# Activities

SINCE = date(2026, 3, 2)


def row(kind, amount=None, **more):
    return {
        "id": f"20260302000000000::{kind}{amount}",
        "activity_type": kind,
        "date": "2026-03-02",
        "net_amount": amount,
        **more,
    }


@pytest.mark.parametrize(
    ("kind", "amount", "reason"),
    [
        ("CSD", "100.50", CashReason.DEPOSIT),
        ("CSW", "-20", CashReason.WITHDRAWAL),
        ("JNLC", "5", CashReason.DEPOSIT),
        ("JNLC", "-5", CashReason.WITHDRAWAL),
        ("DIV", "1.02", CashReason.DIVIDEND),
        ("DIVNRA", "-0.15", CashReason.DIVIDEND),
        ("INT", "0.12", CashReason.INTEREST),
        ("FEE", "-0.03", CashReason.FEE),
    ],
)
def test_cash_that_came_or_went(kind, amount, reason):
    (found,) = read_activities([row(kind, amount, symbol="SPY")], SINCE)
    assert isinstance(found, CashActivity)
    assert (found.reason, found.amount) == (reason, Decimal(amount))
    assert found.symbol == ("SPY" if reason is CashReason.DIVIDEND else None)


def test_amounts_are_in_cents_rounded_against_the_account():
    amounts = ("1.029", "-0.031")
    found = [read_activities([row("INT", amount)], SINCE)[0].amount for amount in amounts]
    assert found == [Decimal("1.02"), Decimal("-0.04")]


def test_what_is_not_understood_before_the_day_or_cancelled_is_left_out():
    rows = [
        row("FILL", None, transaction_time="2026-03-02T14:31:01.5Z"),
        row("SPIN", "1"),
        row("DIV", "1", date="2026-03-01"),
        row("DIV", "1", status="canceled"),
    ]
    assert read_activities(rows, SINCE) == []


def test_a_split_is_told_once_with_the_cash_for_fractions():
    rows = [
        row("SPLIT", "0.50", symbol="SPY", qty="-10", id="2"),
        row("SPLIT", None, symbol="SPY", qty="1", id="1"),
        row("SPLIT", None, symbol="TLT", qty="3", id="3"),
    ]
    spy, tlt = read_activities(rows, SINCE)
    assert (spy.identifier, spy.symbol, spy.cash) == ("1", "SPY", Decimal("0.50"))
    assert (tlt.identifier, tlt.cash) == ("3", 0)


def test_a_merger_for_cash_ends_a_position_and_one_for_shares_is_left_out():
    out = row("MA", "300.00", symbol="SPY", qty="-10")
    assert read_activities([out], SINCE) == [
        RemovalActivity(out["id"], "SPY", Decimal("300.00"), SINCE)
    ]
    assert read_activities([out, row("MA", None, symbol="TLT", qty="4")], SINCE) == []
    assert read_activities([row("MA", "-3", symbol="SPY", qty="-10")], SINCE) == []


@pytest.mark.parametrize(
    "broken", [{"id": None}, {"date": "soon"}, {"net_amount": None}, {"activity_type": 3}]
)
def test_an_activity_that_cannot_be_read_is_a_failure(broken):
    with pytest.raises(UnreadableError):
        read_activities([row("DIV", "1") | broken], SINCE)


# Calendar


def session(**changes):
    return {
        "date": "2026-11-27",
        "open": "09:30",
        "close": "13:00",
        "session_open": "0400",
    } | changes


def test_half_days_close_early_in_new_york():
    calendar = _calendar([session(date="2026-11-25", close="16:00"), session()])
    full, half = calendar.sessions(date(2026, 11, 25), date(2026, 11, 27)).unwrap()
    assert (full.is_half_day, half.is_half_day) == (False, True)
    assert half.opens == datetime(2026, 11, 27, 14, 30, tzinfo=UTC)
    assert half.closes == datetime(2026, 11, 27, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "rows", [[], [session(date="x")], [session(open=None)], [session(open="25:00")],
             [session(open="14:00")]]
)  # fmt: skip
def test_a_calendar_that_cannot_be_read_is_none(rows):
    with pytest.raises(UnreadableError):
        _calendar(rows)
