"""What raw requests meet: bodies of errors, headers, keys, limits, and forms that are not right."""

import contextlib
import http.client
import json
from datetime import timedelta
from decimal import Decimal

import pytest
import requests

from alchemiser_core.domain.symbol import Symbol


def error(answer):
    body = answer.json()
    return answer.status_code, body.get("code"), body["message"]


# Keys


def test_wrong_keys_are_told_without_a_code(served):
    for headers in (
        {},
        {"APCA-API-KEY-ID": "simulated-key-id", "APCA-API-SECRET-KEY": "wrong"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic !!!"},
    ):
        for path in ("/v2/account", "/v2/stocks/bars"):
            answer = requests.get(served.trading_url + path, headers=headers, timeout=5)
            assert (answer.status_code, answer.json()) == (401, {"message": "unauthorized."})


def test_keys_come_as_headers_as_a_bearer_or_as_basic(served):
    url = served.trading_url + "/v2/account"
    bearer = {"Authorization": "Bearer simulated-secret"}
    assert requests.get(url, headers=bearer, timeout=5).status_code == 200
    pair = ("simulated-key-id", "simulated-secret")
    assert requests.get(url, auth=pair, timeout=5).status_code == 200


def test_keys_are_settings_and_in_no_record_of_a_request(serve, open_api):
    keys = {"key_id": "PKMINE", "secret_key": "canary"}
    with serve(**keys) as served:
        api = open_api(served)
        assert api.get("/v2/account").status_code == 401
        api.session.headers.update({"APCA-API-KEY-ID": "PKMINE", "APCA-API-SECRET-KEY": "canary"})
        assert api.get("/v2/account").status_code == 200
        told = api.get("/simulator/requests").text + api.get("/simulator/ledger").text
        assert "canary" not in told
        assert "PKMINE" not in told


# Limits and headers


def test_every_answer_tells_the_budget_and_the_simulated_time(serve, open_api):
    with serve(rate_limit=200) as served:
        answer = open_api(served).get("/v2/account")
        assert answer.headers["X-RateLimit-Limit"] == "200"
        assert answer.headers["X-RateLimit-Remaining"] == "199"
        now = int(served.clock.now().timestamp())
        assert 0 < int(answer.headers["X-RateLimit-Reset"]) - now <= 2
        assert answer.headers["Date"] == "Wed, 04 Mar 2026 17:00:00 GMT"
        assert answer.headers["X-Request-ID"]


def test_one_request_too_many_is_refused_by_trading_and_data_in_their_own_words(serve, open_api):
    with serve(rate_limit=3) as served:
        api = open_api(served)
        codes = [api.get("/v2/clock").status_code for _ in range(4)]
        assert codes == [200, 200, 200, 429]
        refused = api.order(qty=1)
        assert error(refused) == (429, 42910000, "rate limit exceeded")
        assert refused.headers["X-RateLimit-Remaining"] == "0"
        assert served.exchange.ledger.entries[1:] == []
        for _ in range(3):
            assert api.get("/v2/stocks/quotes/latest", symbols="AAA").status_code == 200
        refused = api.get("/v2/stocks/quotes/latest", symbols="AAA")
        assert error(refused) == (429, None, "too many requests.")


# Orders


@pytest.mark.parametrize(
    ("fields", "status", "code", "message"),
    [
        ({"qty": 1, "notional": 5}, 422, 40010001, "only one of qty or notional is accepted"),
        ({}, 422, 40010001, "only one of qty or notional is accepted"),
        ({"qty": 0}, 422, 40010001, "qty must be > 0"),
        ({"qty": "many"}, 422, 40010001, "qty is invalid"),
        ({"qty": True}, 422, 40010001, "qty is invalid"),
        ({"qty": "NaN"}, 422, 40010001, "qty is invalid"),
        ({"qty": "1" + "0" * 80}, 422, 40010001, "qty is invalid"),
        ({"qty": "1e9999999"}, 422, 40010001, "qty is invalid"),
        ({"qty": 1, "client_order_id": 7}, 422, 40010001, "client_order_id is invalid"),
        ({"notional": 5.001}, 422, 42210000, None),
        ({"notional": 0.5}, 422, 42210000, "notional amount must be >= 1.00"),
        ({"qty": 1, "symbol": "ZZZZ"}, 422, 42210000, 'asset "ZZZZ" not found'),
        ({"qty": 1, "type": "limit"}, 422, 40010001, "limit orders require a limit price"),
        ({"qty": 1.5, "time_in_force": "gtc"}, 422, 42210000, None),
        ({"qty": 1, "client_order_id": "x" * 129}, 422, 40010001, None),
        ({"qty": 10_000}, 403, 40310000, "insufficient buying power"),
        ({"qty": 1, "side": None}, 422, 40010001, "side is required"),
    ],
)
def test_an_order_is_refused_in_the_vendors_words(api, fields, status, code, message):
    told = error(api.order(**fields))
    assert told[:2] == (status, code)
    if message is not None:
        assert told[2] == message


def test_a_refusal_of_a_sell_tells_what_is_held(served, api):
    api.order(qty=5)
    served.clock.advance(timedelta(seconds=1))
    first = api.order(qty=5, side="sell", type="limit", limit_price=500).json()
    served.clock.advance(timedelta(seconds=1))
    refused = api.order(qty=5, side="sell")
    assert refused.json() == {
        "code": 40310000,
        "message": "insufficient qty available for order (requested: 5, available: 0)",
        "symbol": "AAA",
        "existing_qty": "5",
        "held_for_orders": "5",
        "available": "0",
        "related_orders": [first["id"]],
    }


def test_numbers_of_an_order_keep_all_their_digits(served, api):
    raw = (
        '{"symbol":"AAA","qty":0.30000000000000004,"side":"buy","type":"market",'
        '"time_in_force":"day"}'
    )
    assert api("POST", "/v2/orders", data=raw).json()["qty"] == "0.3"
    text = api.order(qty="1.123456789")
    assert text.json()["qty"] == "1.123456789"


def test_a_client_order_id_is_taken_once(api):
    order = {"type": "limit", "limit_price": 10, "qty": 1, "client_order_id": "same"}
    assert api.order(**order).status_code == 200
    assert error(api.order(**order)) == (422, 40010001, "client_order_id must be unique")


def test_assets_may_be_listed_and_not_tradable_or_not_fractionable(serve, open_api):
    settings = {
        "not_tradable": frozenset({Symbol("BBB")}),
        "not_fractionable": frozenset({Symbol("CCC")}),
    }
    with serve(**settings, switches={"easy_to_borrow_present": False}) as served:
        api = open_api(served)
        assert error(api.order("BBB", qty=1))[2] == 'asset "BBB" is not tradable'
        refused = api.order("CCC", qty=1.5)
        assert error(refused) == (403, 40310000, 'asset "CCC" is not fractionable')
        assert api.get("/v2/assets/CCC").json()["fractionable"] is False
        assert "easy_to_borrow" not in api.get("/v2/assets/AAA").json()


def test_an_order_has_every_field_of_the_vendors(api):
    order = api.order(qty=3.5, client_order_id="tp-1").json()
    assert set(order) == {
        *("id", "client_order_id", "created_at", "updated_at", "submitted_at", "filled_at"),
        *("expired_at", "expires_at", "canceled_at", "failed_at", "replaced_at", "replaced_by"),
        *("replaces", "asset_id", "symbol", "asset_class", "notional", "qty", "filled_qty"),
        *("filled_avg_price", "order_class", "order_type", "type", "side", "position_intent"),
        *("time_in_force", "limit_price", "stop_price", "status", "extended_hours", "legs"),
        *("trail_percent", "trail_price", "hwm", "subtag", "source"),
    }
    assert (order["qty"], order["filled_qty"], order["filled_avg_price"]) == ("3.5", "0", None)
    assert order["expires_at"] == "2026-03-04T21:00:00Z"


# Forms


@pytest.mark.parametrize("body", ["{", "[]", '"text"', "{'a': 1}"])
def test_a_body_that_is_no_table_is_refused(api, body):
    assert error(api("POST", "/v2/orders", data=body))[0] == 400


def test_queries_that_cannot_be_read_are_refused(api):
    for query in ({"limit": 501}, {"limit": "x"}, {"status": "some"}, {"after": "yesterday"}):
        assert api.get("/v2/orders", **query).status_code in (400, 422)


def test_a_huge_body_is_not_read(api):
    answer = api("POST", "/v2/orders", data=b"x" * 1_100_000)
    assert answer.status_code == 413


def test_paths_and_methods_that_are_not_there_are_told_as_json(api):
    assert error(api.get("/v2/watchlists")) == (404, 40410000, "endpoint not found")
    assert error(api("PUT", "/v2/account"))[0] == 405
    assert error(api.get("/v2/assets/BRK/B"))[2] == "asset not found for BRK/B"
    assert api.get("/").status_code == 404


def test_a_connection_is_kept_alive(served):
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)
    with contextlib.closing(connection):
        connection.connect()
        socket = connection.sock
        for _ in range(3):
            connection.request("GET", "/v2/clock")
            connection.getresponse().read()
            assert connection.sock is socket


def test_latency_delays_every_answer(serve, open_api):
    with serve(latency_ms=50) as served:
        assert open_api(served).get("/v2/account").elapsed >= timedelta(milliseconds=50)


def test_the_account_is_told_as_the_vendor_tells_it(served, api):
    account = api.get("/v2/account").json()
    for name in ("pattern_day_trader", "daytrade_count", "daytrading_buying_power"):
        assert name not in account
    assert account["multiplier"] == "1"
    assert account["created_at"] == "2026-03-04T17:00:00Z"
    assert Decimal(account["buying_power"]) == Decimal(100_000)
    assert json.loads(json.dumps(account)) == account
