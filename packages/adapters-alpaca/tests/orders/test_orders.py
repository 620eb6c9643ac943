"""Orders are sent exactly as meant, and read without a guess."""

from datetime import date
from decimal import Decimal

import pytest
from returns.result import Success

from alchemiser_alpaca.connection.client import TimeLimits
from alchemiser_alpaca.connection.connection import connect
from alchemiser_alpaca.connection.failures import NoAnswer, NotAllowed, Refused, TooMany
from alchemiser_alpaca.orders.book import OrderBook
from alchemiser_alpaca.orders.parsing import is_of_several_legs, read_listed, read_order
from alchemiser_alpaca.orders.refusals import submission_failure
from alchemiser_alpaca.orders.sending import order_body
from alchemiser_alpaca.orders.statuses import STATUSES
from alchemiser_alpaca.reading import UnreadableError
from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.orders.order import OrderRequest, OrderType
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.orders.submission import (
    OutcomeUnknown,
    Rejected,
    RejectionKind,
    Throttled,
)
from alchemiser_core.domain.symbol import Symbol

RESTING = {
    "id": "11111111-1111-4111-8111-111111111111",
    "client_order_id": "alch-7f3c0e2a91",
    "created_at": "2026-03-02T14:31:00.123456789Z",
    "submitted_at": "2026-03-02T14:31:00.122Z",
    "symbol": "AAA",
    "qty": "3.5",
    "notional": None,
    "filled_qty": "0",
    "filled_avg_price": None,
    "order_class": "",
    "type": "market",
    "side": "buy",
    "status": "new",
}


def order(**changes):
    return read_order(RESTING | changes)


def request(quantity="3.5", limit=None, symbol="BRK.B", side=Side.SELL, identifier="alch-1"):
    return OrderRequest(
        client_order_id=ClientOrderId(identifier),
        symbol=Symbol(symbol),
        side=side,
        quantity=Decimal(quantity),
        order_type=OrderType.MARKET if limit is None else OrderType.LIMIT,
        limit_price=None if limit is None else Decimal(limit),
    )


# Sending


def test_a_market_order_is_for_the_day_and_carries_its_id():
    assert order_body(request()) == Success(
        {
            "symbol": "BRK.B",
            "qty": 3.5,
            "side": "sell",
            "type": "market",
            "time_in_force": "day",
            "client_order_id": "alch-1",
        }
    )


def test_a_limit_goes_with_its_price():
    body = order_body(request(limit="19.55")).unwrap()
    assert (body["type"], body["limit_price"]) == ("limit", 19.55)


@pytest.mark.parametrize(
    "quantity", ["1", "10", "0.000000001", "12.345678901", "123456.123456789", "3.50"]
)
def test_a_quantity_is_written_as_it_is_meant(quantity):
    sent = order_body(request(quantity)).unwrap()["qty"]
    assert Decimal(repr(sent)) == Decimal(quantity)


@pytest.mark.parametrize(
    "quantity", ["0.0000000001", "0.30000000000000004", "12345678.123456789", "1e400"]
)
def test_a_quantity_that_would_change_on_the_way_is_not_sent(quantity):
    refusal = order_body(request(quantity)).failure()
    assert refusal.kind is RejectionKind.OTHER
    assert "cannot be sent exactly" in refusal.message


def test_a_limit_that_would_change_on_the_way_is_not_sent():
    assert order_body(request(limit="0.1234567891")).failure().kind is RejectionKind.BAD_PRICE


@pytest.mark.parametrize("symbol", ["A/../../account", "spy", "7UP", "A B", "", "A" * 16, "A\n"])
def test_what_is_no_symbol_gets_nowhere(symbol):
    assert order_body(request(symbol=symbol)).failure().kind is RejectionKind.NOT_TRADABLE


def test_an_id_that_is_too_long_is_not_sent():
    assert order_body(request(identifier="a" * 129)).failure().kind is RejectionKind.OTHER


# Reading


def test_a_resting_order():
    report = order()
    assert report.client_order_id == "alch-7f3c0e2a91"
    assert report.broker_order_id == RESTING["id"]
    assert (report.symbol, report.side, report.quantity) == ("AAA", Side.BUY, Decimal("3.5"))
    assert (report.status, report.filled_quantity) == (OrderStatus.OPEN, 0)
    assert (report.filled_value, report.is_own) == (0, True)


def test_what_was_filled_is_worth_its_exact_value():
    report = order(status="filled", filled_qty="1.234567891", filled_avg_price="20.01")
    assert report.filled_value == Decimal("1.234567891") * Decimal("20.01")


def test_numbers_may_be_written_as_numbers():
    report = order(qty=0.1, filled_qty=0.1, filled_avg_price=20, status="filled")
    assert (report.quantity, report.filled_value) == (Decimal("0.1"), Decimal("2.0"))


@pytest.mark.parametrize("price", [None, "", "0", 0])
def test_a_fill_without_a_price_has_no_value(price):
    assert order(filled_qty="1", filled_avg_price=price).filled_value is None


def test_an_order_that_was_cancelled_keeps_what_was_filled():
    report = order(status="canceled", filled_qty="1.2", filled_avg_price="20.01")
    assert report.status is OrderStatus.CANCELLED
    assert report.filled_quantity == Decimal("1.2")


def test_every_word_of_the_vendor_has_a_meaning():
    terminal = {word for word, status in STATUSES.items() if status.is_terminal}
    assert terminal == {"filled", "canceled", "expired", "replaced", "rejected"}
    assert STATUSES["pending_cancel"] is OrderStatus.CANCELLING
    assert len(STATUSES) == 18


def test_a_word_that_is_new_leaves_the_order_open():
    status = order(status="on_the_moon").status
    assert status is OrderStatus.UNRECOGNISED
    assert not status.is_terminal


def test_fields_that_are_new_or_empty_do_not_matter():
    report = order(colour="blue", submitted_at=None, type="on_the_moon", legs={}, expires_at=3)
    assert report == order()


def test_an_order_for_money_is_as_large_as_what_was_filled():
    report = order(qty=None, notional="500.25", filled_qty="12.3", filled_avg_price="40")
    assert report.quantity == Decimal("12.3")


def test_a_rejection_and_a_replacement_say_why():
    assert order(status="rejected", reject_reason="halted").reason == "halted"
    assert order(status="rejected").reason
    replaced = order(status="replaced", replaced_by="9999")
    assert (replaced.status, replaced.reason) == (OrderStatus.REPLACED, "replaced by 9999")
    assert order(status="canceled").reason == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"id": None},
        {"id": 7},
        {"client_order_id": ""},
        {"symbol": None},
        {"symbol": "a b"},
        {"side": "up"},
        {"qty": None},
        {"qty": "0"},
        {"qty": "NaN"},
        {"qty": True},
        {"qty": "1e40"},
        {"qty": "1" * 100},
        {"filled_qty": None},
        {"filled_qty": "-1"},
        {"filled_qty": "many"},
        {"filled_qty": "1", "filled_avg_price": "-3"},
        {"filled_qty": "1", "filled_avg_price": []},
        {"status": None},
    ],
)
def test_what_is_needed_and_missing_is_never_guessed(changes):
    with pytest.raises(UnreadableError):
        order(**changes)


def test_an_order_that_hides_all_others_is_named(server, behave, keys, fake_time):
    odd = RESTING | {"id": "2222", "filled_qty": None}
    server.script = [behave.reply(200, [RESTING, odd])]
    connection = connect(server.url, keys, TimeLimits(), 1000, pace=fake_time.pace())
    (problem,) = OrderBook(connection).orders(date(2026, 3, 2)).failure().problems()
    connection.close()
    assert problem.code == "unreadable-answer"
    assert "filled_qty is missing, of the order 2222" in problem.why


def test_lists_are_in_the_order_of_submission():
    assert read_listed(RESTING).submitted_at.isoformat() == "2026-03-02T14:31:00.122000+00:00"
    unsubmitted = read_listed(RESTING | {"submitted_at": None})
    assert unsubmitted.submitted_at.isoformat() == "2026-03-02T14:31:00.123456+00:00"
    with pytest.raises(UnreadableError):
        read_listed(RESTING | {"submitted_at": "2026-03-02T14:31:00"})


def test_an_order_of_several_legs_is_known():
    assert is_of_several_legs(RESTING | {"order_class": "mleg"})
    assert not is_of_several_legs(RESTING)


# Refusals


def refused(status, code, message, **more):
    body = {"code": code, "message": message, **more}
    return submission_failure(Refused(status, code, message, body))


@pytest.mark.parametrize(
    ("status", "code", "message", "kind"),
    [
        (422, 40010001, "client_order_id must be unique", RejectionKind.DUPLICATE_ID),
        (403, 40310000, "insufficient buying power", RejectionKind.INSUFFICIENT_CASH),
        (
            403,
            40310000,
            "insufficient non-marginable buying power",
            RejectionKind.INSUFFICIENT_CASH,
        ),
        (403, 40310000, "insufficient day trading buying power", RejectionKind.INSUFFICIENT_CASH),
        (
            403,
            40310000,
            "insufficient qty available for order (requested: 5, available: 0)",
            RejectionKind.INSUFFICIENT_QUANTITY,
        ),
        (
            422,
            42210000,
            "fractional orders cannot be sold short",
            RejectionKind.INSUFFICIENT_QUANTITY,
        ),
        (403, 40310000, "account is not allowed to short", RejectionKind.INSUFFICIENT_QUANTITY),
        (
            403,
            40310000,
            "potential wash trade detected. use complex orders",
            RejectionKind.WASH_TRADE,
        ),
        (
            422,
            42210000,
            "potential wash trade detected. use complex orders",
            RejectionKind.WASH_TRADE,
        ),
        (
            403,
            40310000,
            "cannot open a long buy while a short sell order is open",
            RejectionKind.WASH_TRADE,
        ),
        (403, 40310000, 'asset "AAA" is not fractionable', RejectionKind.NOT_FRACTIONABLE),
        (403, 40310000, "requested asset is not fractionable", RejectionKind.NOT_FRACTIONABLE),
        (422, 42210000, 'asset "ZZZZ" not found', RejectionKind.NOT_TRADABLE),
        (422, 42210000, 'asset "AAA" is not tradable', RejectionKind.NOT_TRADABLE),
        (
            422,
            42210000,
            "invalid limit_price 29.123. sub-penny increment does not fulfill minimum pricing "
            "criteria",
            RejectionKind.BAD_PRICE,
        ),
        (
            403,
            40310000,
            "cost basis must be >= minimal amount of order 1",
            RejectionKind.BELOW_MINIMUM,
        ),
        (422, 42210000, "notional amount must be >= 1.00", RejectionKind.BELOW_MINIMUM),
        (
            403,
            40310100,
            "trade denied due to pattern day trading protection",
            RejectionKind.OTHER,
        ),
        (422, 42210000, "fractional orders must be DAY orders", RejectionKind.OTHER),
        (422, 42299999, "something quite new", RejectionKind.OTHER),
    ],
)
def test_words_of_the_vendor_say_what_is_done_next(status, code, message, kind):
    refusal = refused(status, code, message)
    assert isinstance(refusal, Rejected)
    assert (refusal.kind, refusal.message) == (kind, message)


def test_the_order_that_stands_in_the_way_is_named():
    wash = refused(403, 40310000, "potential wash trade detected.", existing_order_id="1111")
    held = refused(403, 40310000, "insufficient qty available", related_orders=["2222", "3333"])
    assert (wash.related, held.related) == ("1111", "2222")
    odd = refused(403, 40310000, "insufficient qty", related_orders="x", existing_order_id=7)
    assert odd.related is None


def test_only_a_code_of_the_vendor_proves_a_refusal():
    assert isinstance(refused(422, None, "something is wrong"), OutcomeUnknown)
    assert submission_failure(NoAnswer("gone")) == OutcomeUnknown("gone")


def test_a_key_that_is_not_accepted_and_too_many_requests_are_told_apart():
    unauthorised = submission_failure(NotAllowed("unauthorized."))
    assert unauthorised == Rejected(RejectionKind.UNAUTHORISED, "unauthorized.")
    assert submission_failure(TooMany()) == Throttled(None)
