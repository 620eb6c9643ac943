"""Each fault does what its name says, when the plan says so, and no longer."""

import json
import math
import time
from datetime import timedelta
from decimal import Decimal

import pytest
import requests
from returns.result import Failure

from alchemiser_alpaca.simulator.faults.plan import KINDS, read_plan

BARS = {"symbols": "AAA,BBB", "timeframe": "1Day", "start": "2026-02-02", "end": "2026-03-04"}
POST = {"method": "POST", "path": "/v2/orders"}


def taken(served):
    return [e.ticket.client_order_id for e in served.exchange.ledger.entries if is_taken(e)]


def is_taken(entry):
    return type(entry).__name__ == "OrderTaken"


def step(served, seconds=1.0):
    served.clock.advance(timedelta(seconds=seconds))


# On the way


def test_a_connection_is_reset_before_the_order_is_taken(served, api):
    served.put_faults({"kind": "reset_before", "at": POST})
    with pytest.raises(requests.ConnectionError):
        api.order(qty=1, client_order_id="a")
    assert taken(served) == []
    assert api.order(qty=1, client_order_id="b").status_code == 200
    assert [(r.status, r.faults) for r in served.requests] == [(0, ("reset_before",)), (200, ())]


def test_a_connection_is_reset_after_the_order_was_taken(served, api):
    served.put_faults({"kind": "reset_after", "at": POST})
    with pytest.raises(requests.ConnectionError):
        api.order(qty=1, client_order_id="a")
    assert taken(served) == ["a"]
    found = api.get("/v2/orders:by_client_order_id", client_order_id="a")
    assert found.json()["client_order_id"] == "a"


@pytest.mark.parametrize(("was_taken", "orders"), [(True, ["a"]), (False, [])])
def test_a_server_hangs_until_the_client_has_gone(served, api, was_taken, orders):
    served.put_faults({"kind": "hang", "seconds": 30, "taken": was_taken, "at": POST})
    body = {"symbol": "AAA", "qty": 1, "side": "buy", "type": "market", "time_in_force": "day"}
    with pytest.raises(requests.ReadTimeout):
        api("POST", "/v2/orders", timeout=0.1, json={**body, "client_order_id": "a"})
    assert taken(served) == orders


@pytest.mark.parametrize(
    ("fault", "kind", "text"),
    [
        ({"code": 500}, "application/json", '"code":50010000'),
        ({"code": 503, "body": "html"}, "text/html", "<html>"),
        ({"code": 504, "body": "empty"}, None, ""),
        ({"code": 502, "error": 0, "message": "bad gateway"}, "application/json", "bad gateway"),
    ],
)
@pytest.mark.parametrize("was_taken", [True, False])
def test_a_status_comes_in_place_of_the_answer(served, api, fault, kind, text, was_taken):
    served.put_faults({"kind": "status", "at": POST, "taken": was_taken, **fault})
    answer = api.order(qty=1, client_order_id="a")
    assert answer.status_code == fault["code"]
    assert text in answer.text
    if kind:
        assert answer.headers["content-type"].startswith(kind)
    assert taken(served) == (["a"] if was_taken else [])


def test_a_status_may_carry_headers(served, api):
    served.put_faults({"kind": "status", "code": 503, "headers": {"Retry-After": "7"}})
    assert api.get("/v2/account").headers["Retry-After"] == "7"


def test_half_a_json_arrives_in_a_whole_answer(served, api):
    served.put_faults({"kind": "truncated_body", "at": POST})
    answer = api.order(qty=1, client_order_id="a")
    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert taken(served) == ["a"]


def test_a_connection_ends_midway(served, api):
    served.put_faults({"kind": "truncated_body", "where": "connection", "at": POST})
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        api.order(qty=1, client_order_id="a")
    assert taken(served) == ["a"]


def test_a_broker_that_is_down_breaks_every_connection_for_a_while(served, api):
    served.put_faults({"kind": "down", "seconds": 0.6, "at": {"path": "/v2/account"}})
    for _ in range(3):
        with pytest.raises(requests.ConnectionError):
            api.get("/v2/account")
    time.sleep(0.65)
    assert api.get("/v2/account").status_code == 200


def test_keys_stop_working_from_a_request_on(served, api):
    served.put_faults({"kind": "unauthorised", "at": {"nth": 2}})
    codes = [api.get("/v2/account").status_code for _ in range(4)]
    assert codes == [200, 401, 401, 401]


@pytest.mark.parametrize(
    ("which", "codes"), [("all", (429, 429)), ("reads", (429, 200)), ("posts", (200, 429))]
)
def test_a_storm_of_429_strikes_reads_orders_or_both(served, api, which, codes):
    served.put_faults({"kind": "rate_limited", "seconds": 60, "which": which})
    got = (api.get("/v2/account").status_code, api.order(qty=1).status_code)
    assert got == codes


@pytest.mark.parametrize(
    ("headers", "reset"), [("none", None), ("past", -59), ("hour_ahead", 3601), ("normal", 61)]
)
def test_the_headers_of_429_may_mislead(served, api, headers, reset):
    served.put_faults({"kind": "rate_limited", "seconds": 60, "headers": headers})
    answer = api.get("/v2/account")
    assert answer.json() == {"code": 42910000, "message": "rate limit exceeded"}
    told = answer.headers.get("X-RateLimit-Reset")
    now = served.clock.now().timestamp()
    assert (None if told is None else int(told) - int(now)) in (reset, reset and reset - 1)


def test_a_storm_ends(served, api):
    served.put_faults({"kind": "rate_limited", "seconds": 0.1})
    assert api.get("/v2/account").status_code == 429
    time.sleep(0.12)
    assert api.get("/v2/account").status_code == 200


# What is told


def test_a_status_that_nobody_knows_is_told_of_a_new_order(served, api):
    served.put_faults({"kind": "unknown_status", "at": POST})
    assert api.order(qty=1).json()["status"] == "under_review"


def test_fields_are_null_missing_and_new(served, api):
    served.put_faults(
        {"kind": "null_submitted_at", "at": POST},
        {"kind": "omit_field", "field": "easy_to_borrow", "at": {"path": "/v2/assets*"}},
        {"kind": "extra_field", "field": "mood", "at": {"path": "/v2/account"}},
    )
    assert api.order(qty=1).json()["submitted_at"] is None
    assert "easy_to_borrow" not in api.get("/v2/assets/AAA").json()
    assert api.get("/v2/account").json()["mood"]


def test_a_new_order_is_not_found_for_a_while(served, api):
    served.put_faults({"kind": "lookup_lag", "seconds": 5})
    order = api.order(qty=1, client_order_id="a", type="limit", limit_price=10).json()
    missing = api.get("/v2/orders:by_client_order_id", client_order_id="a")
    assert (missing.status_code, missing.json()["code"]) == (404, 40410000)
    assert api.get("/v2/orders").json() == []
    step(served, 5)
    assert api.get(f"/v2/orders/{order['id']}").status_code == 200
    assert len(api.get("/v2/orders").json()) == 1


def test_positions_are_empty_or_late(served, api):
    api.order(qty=1)
    step(served)
    served.put_faults({"kind": "positions_empty"})
    assert api.get("/v2/positions").json() == []
    assert len(api.get("/v2/positions").json()) == 1
    served.put_faults({"kind": "positions_lag", "seconds": 10})
    step(served, 11)
    api.order("BBB", qty=1)
    step(served)
    assert [p["symbol"] for p in api.get("/v2/positions").json()] == ["AAA"]
    step(served, 11)
    assert [p["symbol"] for p in api.get("/v2/positions").json()] == ["AAA", "BBB"]


def test_the_account_and_the_clock_are_others(served, api):
    served.put_faults(
        {"kind": "other_account_number"},
        {"kind": "clock_skew", "seconds": -300},
        {"kind": "clock_says_open"},
    )
    served.clock.advance(timedelta(hours=12))
    assert api.get("/v2/account").json()["account_number"] == "PA0ANOTHER"
    clock = api.get("/v2/clock").json()
    assert clock["timestamp"].startswith("2026-03-04T23:55:00")
    assert clock["is_open"] is True


def test_a_page_token_repeats_and_a_page_fails(served, api):
    served.put_faults({"kind": "repeat_page_token", "times": 2})
    tokens = [api.get("/v2/stocks/bars", **BARS).json()["next_page_token"] for _ in range(3)]
    assert tokens[0] == tokens[1] != tokens[2]
    served.put_faults({"kind": "page_fails", "page": 2})
    page = api.get("/v2/stocks/bars", limit=10, **BARS)
    token = page.json()["next_page_token"]
    assert api.get("/v2/stocks/bars", limit=10, page_token=token, **BARS).status_code == 500


@pytest.mark.parametrize(
    ("what", "check"),
    [
        ("nan", lambda rows, true: math.isnan(rows[-1]["c"])),
        ("infinity", lambda rows, true: math.isinf(rows[-1]["c"])),
        ("negative", lambda rows, true: rows[-1]["c"] == -true[-1]["c"]),
        ("zero", lambda rows, true: rows[-1]["c"] == 0),
        ("null", lambda rows, true: rows[-1]["c"] is None),
        ("jump", lambda rows, true: rows[-1]["c"] == true[-1]["c"] * 10),
        ("duplicate", lambda rows, true: rows == [*true, true[-1]]),
        ("missing_bar", lambda rows, true: rows == true[:-1]),
        ("missing_symbol", lambda rows, true: rows is None),
    ],
)
def test_a_bar_is_nonsense(served, api, what, check):
    true = api.get("/v2/stocks/bars", **BARS).json()["bars"]
    served.put_faults({"kind": "bad_bar", "symbol": "AAA", "what": what})
    spoiled = api.get("/v2/stocks/bars", **BARS).json()["bars"]
    assert check(spoiled.get("AAA"), true["AAA"])
    assert spoiled["BBB"] == true["BBB"]


@pytest.mark.parametrize(
    ("what", "check"),
    [
        ("zero", lambda quote: quote["ap"] == 0),
        ("crossed", lambda quote: quote["bp"] > quote["ap"]),
        ("stale", lambda quote: quote["t"].startswith("2026-03-03T17:00")),
        ("wide", lambda quote: quote["ap"] > 1.3 * quote["bp"]),
        ("missing", lambda quote: quote is None),
    ],
)
def test_a_quote_cannot_be_traded_on(served, api, what, check):
    served.put_faults({"kind": "bad_quote", "symbol": "AAA", "what": what})
    quotes = api.get("/v2/stocks/quotes/latest", symbols="AAA,BBB").json()["quotes"]
    assert check(quotes.get("AAA"))
    assert quotes["BBB"]["ap"] > quotes["BBB"]["bp"] > 0


# In the exchange


def status_of(api, client_order_id):
    found = api.get("/v2/orders:by_client_order_id", client_order_id=client_order_id)
    return found.json().get("status", found.status_code)


def test_open_orders_are_forgotten_when_an_order_is_new(served, api):
    served.put_faults({"kind": "forget_orders", "at": {"order_state": "new", "symbol": "AAA"}})
    api.order(qty=1, client_order_id="a", type="limit", limit_price=10)
    step(served)
    assert status_of(api, "a") == 404


def test_an_order_is_rejected_after_it_was_accepted(served, api):
    served.put_faults({"kind": "reject_async", "symbol": "AAA", "reason": "no"})
    assert api.order(qty=1, client_order_id="a").status_code == 200
    step(served)
    assert status_of(api, "a") == "rejected"


def test_an_order_is_filled_in_part_and_stays(served, api):
    served.put_faults({"kind": "partial_fill", "symbol": "AAA", "fraction": "0.3"})
    api.order(qty=10, client_order_id="a")
    step(served, 5)
    order = api.get("/v2/orders:by_client_order_id", client_order_id="a").json()
    assert (order["status"], order["filled_qty"]) == ("partially_filled", "3")


def test_orders_and_cancels_are_stuck_for_a_while(served, api):
    served.put_faults({"kind": "stuck_new", "seconds": 60})
    api.order(qty=1, client_order_id="a", type="limit", limit_price=10)
    step(served, 30)
    assert status_of(api, "a") == "pending_new"
    step(served, 31)
    assert status_of(api, "a") == "new"
    served.put_faults({"kind": "stuck_cancel", "seconds": 60})
    order = api.get("/v2/orders").json()[0]
    assert api("DELETE", f"/v2/orders/{order['id']}").status_code == 204
    step(served, 30)
    assert status_of(api, "a") == "pending_cancel"
    step(served, 31)
    assert status_of(api, "a") == "canceled"


def test_a_halt_lasts_as_long_as_it_says(served, api):
    served.put_faults({"kind": "halt", "symbol": "AAA", "seconds": 300})
    api.order(qty=1, client_order_id="a")
    step(served, 299)
    assert status_of(api, "a") == "new"
    step(served, 2)
    assert status_of(api, "a") == "filled"


def test_fills_are_held_for_a_while(served, api):
    served.put_faults({"kind": "hold_fills", "symbol": "AAA", "seconds": 10})
    api.order(qty=1, client_order_id="a")
    step(served, 5)
    assert status_of(api, "a") == "new"
    step(served, 6)
    assert status_of(api, "a") == "filled"


def test_somebody_else_places_an_order_after_the_first_of_ours(served, api):
    served.put_faults({"kind": "foreign_order", "symbol": "BBB", "qty": 2, "at": POST})
    assert api.get("/v2/orders").json() == []
    api.order(qty=1)
    step(served)
    held = {p["symbol"]: p["qty"] for p in api.get("/v2/positions").json()}
    assert held == {"AAA": "1", "BBB": "2"}


def test_a_split_is_booked_at_its_time(served, api):
    api.order(qty=4)
    step(served)
    served.put_faults(
        {"kind": "split", "symbol": "AAA", "ratio": 2, "at": {"time": "2026-03-04T18:00:00Z"}}
    )
    assert api.get("/v2/positions/AAA").json()["qty"] == "4"
    step(served, 3600)
    assert api.get("/v2/positions/AAA").json()["qty"] == "8"


def test_the_market_closes_unannounced(served, api):
    served.put_faults({"kind": "close_market_now"})
    assert api.get("/v2/clock").json()["is_open"] is False


def test_a_price_jumps(served, api):
    served.put_faults({"kind": "price", "symbol": "AAA", "price": "12.34"})
    trade = api.get("/v2/stocks/trades/latest", symbols="AAA").json()["trades"]["AAA"]
    assert trade["p"] == 12.34


# Plans


def test_the_nth_call_of_all_is_struck_as_often_as_it_says(served, api):
    served.put_faults({"kind": "status", "at": {"nth_call": 3}, "times": 2})
    codes = [api.get("/v2/account").status_code for _ in range(6)]
    assert codes == [200, 200, 500, 500, 200, 200]


def test_a_plan_in_a_file_is_followed_from_the_start(serve, open_api, tmp_path):
    plan = [{"kind": "status", "code": 503, "at": {"path": "/v2/clock", "nth": 2}}]
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    with serve(faults="plan.json", folder=tmp_path) as served:
        api = open_api(served)
        assert [api.get("/v2/clock").status_code for _ in range(3)] == [200, 503, 200]


def test_everything_that_is_wrong_with_a_plan_is_told_together():
    plan = [
        {"kind": "hnag"},
        {"kind": "halt"},
        {"kind": "hang", "seconds": -1, "colour": "red"},
        {"kind": "reset_after", "at": {"nth": 0}},
        7,
    ]
    problems = read_plan(json.dumps(plan)).failure().problems()
    told = "\n".join(f"{p.where} {p.what} {p.why} {p.hint}" for p in problems)
    for words in ("did you mean 'hang'?", "fault 2 (halt)", "seconds", "colour", "nth", "fault 5"):
        assert words in told


@pytest.mark.parametrize("text", ["", "nonsense", '"text"', "7"])
def test_what_is_no_plan_is_refused(text):
    assert isinstance(read_plan(text), Failure)


def test_every_kind_says_what_it_is_and_all_that_were_wanted_are_there():
    assert all(kind.__doc__ for kind in KINDS.values())
    wanted = (
        "reset_before reset_after hang status truncated_body unknown_status null_submitted_at "
        "omit_field extra_field rate_limited lookup_lag positions_lag positions_empty unauthorised "
        "other_account_number down forget_orders reject_async partial_fill stuck_cancel stuck_new "
        "halt bad_quote foreign_order split close_market_now clock_skew clock_says_open "
        "repeat_page_token page_fails bad_bar stream_drop stream_mute stream_duplicate "
        "stream_reorder stream_malformed stream_unknown_event"
    )
    assert set(wanted.split()) <= set(KINDS)


def test_decimals_of_a_plan_are_exact():
    (fault,) = read_plan('{"kind": "split", "symbol": "AAA", "ratio": 0.1}').unwrap()
    assert fault.ratio == Decimal("0.1")
