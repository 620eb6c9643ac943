"""The control beside the API: clock, ledger, requests, faults, market, activities."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import requests


def test_the_clock_is_stepped_set_and_sped_up(served, api):
    assert api.get("/simulator/clock").json() == {"time": "2026-03-04T17:00:00Z", "speed": 0.0}
    told = api.post("/simulator/clock", advance_seconds=90).json()
    assert told["time"] == "2026-03-04T17:01:30Z"
    told = api.post("/simulator/clock", to="2026-03-04T18:00:00Z").json()
    assert told["time"] == "2026-03-04T18:00:00Z"
    assert api.post("/simulator/clock", speed=60).json()["speed"] == 60.0
    assert served.clock.speed == 60


def test_the_clock_does_not_go_back(served, api):
    refused = api.post("/simulator/clock", to="2026-03-04T16:00:00Z")
    assert refused.status_code == 422
    assert "is before" in refused.json()["message"]
    for wrong in ({"speed": -1}, {"advance_seconds": -1}, {"to": "noon"}):
        assert api.post("/simulator/clock", **wrong).status_code in (400, 422)
    assert served.clock.now() == datetime(2026, 3, 4, 17, tzinfo=UTC)


def test_stepping_the_clock_fills_what_is_due(api):
    order = api.order(qty=1).json()
    api.post("/simulator/clock", advance_seconds=1)
    assert api.get(f"/v2/orders/{order['id']}").json()["status"] == "filled"


def test_the_ledger_is_read_whole_or_from_a_number_on(api):
    api.order(qty=1, client_order_id="a")
    api.post("/simulator/clock", advance_seconds=1)
    entries = api.get("/simulator/ledger").json()
    kinds = [entry["kind"] for entry in entries]
    assert kinds[:2] == ["Opened", "OrderTaken"]
    assert kinds[-1] == "Executed"
    assert entries[1]["ticket"]["client_order_id"] == "a"
    assert Decimal(entries[-1]["price"]) > 0
    assert [entry["number"] for entry in entries] == list(range(1, len(entries) + 1))
    assert api.get("/simulator/ledger", after=1).json() == entries[1:]


def test_requests_are_recorded_with_their_answers(api):
    api.order(qty=1, client_order_id="a")
    api.get("/v2/orders:by_client_order_id", client_order_id="b")
    api.get("/v2/account", unknown="c")
    rows = api.get("/simulator/requests").json()
    assert [(r["number"], r["method"], r["status"], r["client_order_id"]) for r in rows] == [
        (1, "POST", 200, "a"),
        (2, "GET", 404, "b"),
        (3, "GET", 200, None),
    ]
    assert rows[2]["query"] == "unknown=c"


def test_faults_are_put_listed_and_taken_back(api):
    put = api("POST", "/simulator/faults", json=[{"kind": "status", "times": 0}, {"kind": "hang"}])
    assert put.json() == [{"kind": "status", "left": None}, {"kind": "hang", "left": 1}]
    api("DELETE", "/simulator/faults")
    assert api.get("/simulator/faults").json() == []
    assert api.get("/v2/account").status_code == 200
    wrong = api("POST", "/simulator/faults", json=[{"kind": "statsu"}])
    assert wrong.status_code == 422
    assert "no known kind" in wrong.json()["message"]


def test_the_market_is_moved_halted_and_resumed(api):
    api.post("/simulator/market", symbol="AAA", price="12.34")
    trade = api.get("/v2/stocks/trades/latest", symbols="AAA").json()["trades"]["AAA"]
    assert trade["p"] == 12.34
    api.post("/simulator/market", symbol="AAA", halt=True)
    order = api.order(qty=1).json()
    api.post("/simulator/clock", advance_seconds=5)
    assert api.get(f"/v2/orders/{order['id']}").json()["status"] == "new"
    api.post("/simulator/market", symbol="AAA", resume=True)
    api.post("/simulator/clock", advance_seconds=5)
    assert api.get(f"/v2/orders/{order['id']}").json()["status"] == "filled"
    api.post("/simulator/market", symbol="AAA", drop=True)
    assert api.get("/v2/stocks/quotes/latest", symbols="AAA").json()["quotes"] == {}
    assert api.post("/simulator/market", symbol="ZZZZ", halt=True).status_code == 422


@pytest.mark.parametrize(
    ("asked", "kind", "cash"),
    [
        ({"kind": "deposit", "amount": "250.50"}, "CSD", "250.50"),
        ({"kind": "withdrawal", "amount": 100}, "CSW", "-100.00"),
        ({"kind": "interest", "amount": "1.23"}, "INT", "1.23"),
        ({"kind": "fee", "amount": "0.45"}, "FEE", "-0.45"),
        ({"kind": "dividend", "symbol": "AAA", "per_share": "0.5"}, "DIV", "2.00"),
        ({"kind": "removal", "symbol": "AAA", "cash": "17.00"}, "MA", "17.00"),
    ],
)
def test_what_happens_to_an_account_is_booked(api, asked, kind, cash):
    api.order(qty=4)
    api.post("/simulator/clock", advance_seconds=1)
    before = Decimal(api.get("/v2/account").json()["cash"])
    assert api.post("/simulator/activities", **asked).status_code == 204
    (booked,) = api.get(f"/v2/account/activities/{kind}").json()
    assert booked["net_amount"] == cash
    assert Decimal(api.get("/v2/account").json()["cash"]) - before == Decimal(cash)


def test_a_split_changes_the_shares(api):
    api.order(qty=4)
    api.post("/simulator/clock", advance_seconds=1)
    api.post("/simulator/activities", kind="split", symbol="AAA", ratio="0.5")
    assert api.get("/v2/positions/AAA").json()["qty"] == "2"
    (split,) = api.get("/v2/account/activities/SPLIT").json()
    assert (split["symbol"], split["qty"]) == ("AAA", "-2")


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "gift", "amount": 1},
        {"kind": "deposit"},
        {"kind": "deposit", "amount": "-1"},
        {"kind": "deposit", "amount": "0.001"},
        {"kind": "withdrawal", "amount": 1_000_000},
        {"kind": "dividend", "symbol": "ZZZZ", "per_share": 1},
    ],
)
def test_what_cannot_happen_is_refused(api, asked):
    assert api.post("/simulator/activities", **asked).status_code in (403, 422)
    assert api.get("/v2/account").json()["cash"] == "100000.00"


def test_an_order_is_rejected_by_hand(api):
    order = api.order(qty=1, type="limit", limit_price=10).json()
    assert api.post(f"/simulator/orders/{order['id']}/reject", reason="no").status_code == 204
    assert api.get(f"/v2/orders/{order['id']}").json()["status"] == "rejected"
    assert api.post(f"/simulator/orders/{order['id']}/reject").status_code == 404


def test_it_needs_no_key_and_is_no_request_of_the_api(served):
    answer = requests.get(f"{served.trading_url}/simulator/clock", timeout=5)
    assert answer.status_code == 200
    assert len(served.requests) == 0


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://example.com"}, {"Host": "rebound.example.com:80"}]
)
def test_no_page_of_a_browser_reaches_it(served, headers):
    url = f"{served.trading_url}/simulator/clock"
    refused = requests.post(url, headers=headers, json={"advance_seconds": 1}, timeout=5)
    assert refused.status_code == 403
    assert served.clock.now() == datetime(2026, 3, 4, 17, tzinfo=UTC)
