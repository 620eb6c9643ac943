"""Refusals of the broker: what they stop, what goes on, and what is told."""

from alpaca_market import AFTER, BEFORE
from alpaca_scene import HALTED, INCOMPLETE, REFUSED

from alchemiser_alpaca.simulator.exchange.switches import Switches
from alchemiser_core.domain.journal.events import Halted, LineEnded, OrderIntended, OrderRefused
from alchemiser_core.domain.orders.submission import RejectionKind

ORDERS = "/v2/orders"
SOLD, BOUGHT = BEFORE, AFTER[4:]
WORDS = {
    "S7": (403, 'asset "S7" is not fractionable', 40310000, RejectionKind.NOT_FRACTIONABLE),
    "S8": (422, 'asset "S8" is not tradable', 42210000, RejectionKind.NOT_TRADABLE),
    "S9": (
        422,
        "invalid limit_price 29.123. sub-penny increment does not fulfill minimum pricing criteria",
        42210000,
        RejectionKind.BAD_PRICE,
    ),
    "S10": (
        403,
        "cost basis must be >= minimal amount of order 1",
        40310000,
        RejectionKind.BELOW_MINIMUM,
    ),
    "S11": (403, "something that nobody has heard before", 40310000, RejectionKind.OTHER),
}


def refused(at) -> list[RejectionKind]:
    return [event.kind for event in at.today(OrderRefused)]


def ends(at) -> dict[str, str]:
    return {event.symbol: event.end.name for event in at.today(LineEnded)}


def test_case_10_a_buy_that_the_account_cannot_pay_is_made_smaller_over_http(second_day):
    with second_day() as at:
        at.refuse("S9", 403, "insufficient buying power", once=True)
        at.trade()
        assert refused(at) == [RejectionKind.INSUFFICIENT_CASH]
        assert all(ends(at)[symbol] == "FILLED" for symbol in SOLD)
        asked = [e.request.quantity for e in at.today(OrderIntended) if e.request.symbol == "S9"]
        assert asked[1] < asked[0]
        at.settle()


def test_case_10_a_buy_that_is_never_accepted_ends_in_an_alert_over_http(second_day, undisturbed):
    with second_day() as at:
        at.refuse("S9", 403, "insufficient buying power")
        assert at.trade().code == INCOMPLETE
        assert set(refused(at)) == {RejectionKind.INSUFFICIENT_CASH}
        assert len(at.sent()) <= len(undisturbed.sent) + 2
        assert {end for symbol, end in ends(at).items() if symbol != "S9"} == {"FILLED"}
        assert at.alerts()
        at.settle()


def test_case_11_buys_wait_for_the_cash_of_the_sells_over_http(second_day):
    with second_day(settings={"switches": Switches(fill_ms=8000)}) as at:
        assert at.trade().code == 0
        assert min(at.arrivals(BOUGHT)) > max(at.fills(SOLD))
        at.settle()


def test_case_12_shares_that_an_old_order_holds_back_are_not_sold_over_http(second_day):
    with second_day() as at:
        at.by_hand("S2", "sell", 1, "9000")
        at.trade()
        assert len(at.sent()) == len(set(at.sent()))
        assert at.sent_for("S2") == 0
        assert at.sent_for("S1") == 1
        assert at.alerts()
        at.settle()


def test_case_12_a_sell_that_is_refused_for_held_shares_is_tried_again_over_http(
    second_day,
):
    with second_day() as at:
        words = "insufficient qty available for order (requested: 5, available: 0)"
        at.refuse("S2", 403, words, once=True)
        at.trade()
        assert refused(at) == [RejectionKind.INSUFFICIENT_QUANTITY]
        assert at.sent_for("S2") <= 2
        at.settle()


def test_case_13_a_wash_trade_is_not_tried_for_ever_over_http(second_day):
    with second_day() as at:
        at.refuse("S8", 403, "potential wash trade detected. use complex orders")
        assert at.trade().code == INCOMPLETE
        assert set(refused(at)) == {RejectionKind.WASH_TRADE}
        assert at.sent_for("S8") <= 3
        assert {end for symbol, end in ends(at).items() if symbol != "S8"} == {"FILLED"}
        at.settle()


def test_case_14_what_may_not_be_traded_is_left_out_and_the_rest_goes_on_over_http(second_day):
    with second_day(settings={"not_fractionable": {"S9"}, "not_tradable": {"S10"}}) as at:
        at.trade()
        assert not refused(at)
        wanted = {e.request.symbol: e.request.quantity for e in at.today(OrderIntended)}
        assert "S10" not in wanted
        assert wanted["S9"] == wanted["S9"].to_integral_value()
        assert set(SOLD) <= set(wanted)
        at.settle()


def test_case_14_what_the_broker_refuses_all_the_same_is_skipped_over_http(second_day):
    with second_day() as at:
        for symbol, (status, message, code, _) in WORDS.items():
            at.refuse(symbol, status, message, code)
        assert at.trade().code == INCOMPLETE
        assert set(refused(at)) == {kind for *_, kind in WORDS.values()}
        others = {symbol: end for symbol, end in ends(at).items() if symbol not in WORDS}
        assert others == dict.fromkeys((*SOLD, "S12"), "FILLED")
        at.settle()


def test_case_15_a_key_that_is_revoked_in_mid_cycle_halts_over_http(second_day):
    with second_day() as at:
        at.fault("unauthorised", {"method": "POST", "path": ORDERS, "nth": 3})
        at.trade()
        assert len(at.taken()) == 2
        assert len(at.posts()) == 3
        assert at.alerts()
        at.run("resume")
        at.settle()


def test_case_15_a_key_that_is_revoked_for_everything_halts_over_http(second_day):
    with second_day() as at:
        for path, number in (("/v2/orders*", 8), ("/v2/account", 4), ("/v2/positions", 2)):
            at.fault("unauthorised", {"path": path, "nth": number})
        with at.at_most(seconds=10):
            assert at.trade().code in (INCOMPLETE, HALTED)
        assert {event.code for event in at.today(Halted)} == {"unauthorised"}
        at.run("resume")
        at.settle()


def test_case_15_another_account_behind_the_key_gets_no_order_over_http(second_day):
    with second_day() as at:
        at.fault("other_account_number")
        assert at.trade().code == REFUSED
        assert not at.sent()
        at.calm()
        at.settle()


def test_case_15_an_account_that_changes_in_mid_cycle_gets_no_further_order_over_http(second_day):
    with second_day() as at:
        at.fault("other_account_number", {"path": "/v2/account", "nth": 4})
        at.trade()
        changed = min(r.number for r in at.struck("other_account_number"))
        assert all(r.number < changed for r in at.posts())
        assert at.alerts()
        at.calm()
        at.run("resume")
        at.settle()
