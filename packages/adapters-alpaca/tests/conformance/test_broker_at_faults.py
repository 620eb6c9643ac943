"""What the adapter says of a broker that fails: never a refusal that nobody gave, never a guess."""

import threading
import time
from datetime import date, timedelta
from decimal import Decimal

import pytest
from returns.result import Failure

from alchemiser_core.domain.account import (
    CashActivity,
    RemovalActivity,
    SplitActivity,
)
from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.orders.order import OrderRequest, OrderType
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.orders.submission import (
    OutcomeUnknown,
    Rejected,
    RejectionKind,
    Throttled,
)
from alchemiser_core.domain.portfolio.cash import CashReason
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.broker import BrokerUnavailable, Unauthorised
from alchemiser_core.ports.order_updates import TellsOfOrders
from alchemiser_core.ports.self_check import SelfCheck
from alchemiser_core.services.clocked_updates import ClockedUpdates

POST = {"method": "POST", "path": "/v2/orders"}
TODAY = date(2026, 3, 4)
SPY = Symbol("SPY")


def order(identifier="alch-1", quantity="2", side=Side.BUY, limit=None):
    return OrderRequest(
        client_order_id=ClientOrderId(identifier),
        symbol=SPY,
        side=side,
        quantity=Decimal(quantity),
        order_type=OrderType.MARKET if limit is None else OrderType.LIMIT,
        limit_price=limit,
    )


def posts(served):
    return [each for each in served.requests if each.method == "POST"]


@pytest.fixture
def broker(served, connect_broker):
    return connect_broker(served, read_seconds=Decimal("0.5"))


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "reset_after"},
        {"kind": "hang", "seconds": 30, "taken": True},
        {"kind": "status", "code": 504, "body": "html", "taken": True},
        {"kind": "status", "code": 500, "body": "json", "taken": True},
        {"kind": "status", "code": 503, "body": "empty", "taken": True},
        {"kind": "truncated_body"},
        {"kind": "omit_field", "field": "id"},
    ],
)
def test_an_order_that_was_taken_without_a_word_is_unknown_and_then_found(served, broker, fault):
    served.put_faults({**fault, "at": POST})
    assert isinstance(broker.submit(order()).failure(), OutcomeUnknown)
    assert broker.order("alch-1").unwrap().client_order_id == "alch-1"
    assert len(posts(served)) == 1


@pytest.mark.parametrize(
    "fault", [{"kind": "reset_before"}, {"kind": "status", "code": 502, "body": "html"}]
)
def test_an_order_that_never_arrived_is_unknown_and_then_not_there(served, broker, fault):
    served.put_faults({**fault, "at": POST})
    assert isinstance(broker.submit(order()).failure(), OutcomeUnknown)
    assert broker.order("alch-1").unwrap() is None
    assert len(posts(served)) == 1


@pytest.mark.parametrize(
    "fault", [{"kind": "unknown_status"}, {"kind": "null_submitted_at"}, {"kind": "extra_field"}]
)
def test_what_is_new_in_an_answer_does_not_hide_the_order(served, broker, fault):
    served.put_faults({**fault, "at": POST})
    report = broker.submit(order()).unwrap()
    assert report.client_order_id == "alch-1"
    assert not report.status.is_terminal


def test_a_key_that_is_revoked_stops_orders_and_reads(served, broker):
    served.put_faults({"kind": "unauthorised", "times": 0})
    refusal = broker.submit(order()).failure()
    assert isinstance(refusal, Rejected)
    assert refusal.kind is RejectionKind.UNAUTHORISED
    for read in (broker.account(), broker.positions(), broker.orders(TODAY), broker.time()):
        assert isinstance(read.failure(), Unauthorised)


def test_an_order_that_is_turned_away_is_throttled(served, broker):
    served.put_faults({"kind": "rate_limited", "which": "posts", "seconds": 60})
    assert isinstance(broker.submit(order()).failure(), Throttled)
    assert broker.order("alch-1").unwrap() is None


def test_a_read_that_fails_once_is_made_good(served, broker):
    served.put_faults(
        {"kind": "status", "code": 503, "at": {"path": "/v2/positions"}},
        {"kind": "reset_before", "at": {"path": "/v2/account"}},
    )
    assert broker.positions().unwrap() == ()
    assert broker.account().unwrap().number == "PA0SIMULATED"


def test_a_page_of_html_is_no_word_on_an_order(served, broker):
    fault = {"kind": "status", "code": 404, "body": "html", "times": 0}
    served.put_faults({**fault, "at": {"path": "/v2/orders:by_client_order_id"}})
    assert isinstance(broker.order("alch-1").failure(), BrokerUnavailable)


def test_an_account_that_is_another_one_says_its_number(served, broker):
    served.put_faults({"kind": "other_account_number", "times": 0})
    assert broker.account().unwrap().number != "PA0SIMULATED"


def test_a_cancel_that_comes_too_late_is_fine(served, broker, pass_time):
    report = broker.submit(order()).unwrap()
    pass_time(served, seconds=5)
    assert broker.cancel(report.broker_order_id).unwrap() is None
    unknown = "99999999-9999-4999-8999-999999999999"
    assert isinstance(broker.cancel(unknown).failure(), BrokerUnavailable)


def test_more_orders_than_a_page_are_listed_whole(served, broker):
    with served.desk.work() as at:
        for number in range(1_203):
            if number % 3 == 0:
                served.clock.advance(timedelta(milliseconds=1))
                at = served.clock.now()
            served.exchange.submit(_ticket(number), at)
    served.exchange.advance(served.clock.now())
    orders = broker.orders(TODAY).unwrap()
    assert len(orders) == 1_203
    assert len({each.client_order_id for each in orders}) == 1_203
    assert broker.orders(date(2027, 1, 1)).unwrap() == orders


def _ticket(number):
    from alchemiser_alpaca.simulator.exchange.ticket import OrderTicket

    return OrderTicket(
        symbol="SPY",
        side="buy",
        type="limit",
        time_in_force="day",
        qty=Decimal(1),
        limit_price=Decimal("1.50"),
        client_order_id=f"alch-{number:032x}",
    )


def test_cash_and_shares_that_moved_without_an_order_are_told(served, broker, pass_time):
    broker.submit(order(quantity="10")).unwrap()
    pass_time(served, seconds=5)
    with served.desk.work() as at:
        served.exchange.deposit(Decimal("100.50"), at)
        served.exchange.withdraw(Decimal(20), at)
        served.exchange.interest(Decimal("0.12"), at)
        served.exchange.fee(Decimal("0.03"), at)
        served.exchange.dividend("SPY", Decimal("0.25"), at)
        served.exchange.split("SPY", Decimal("0.1"), at)
        served.exchange.remove("SPY", Decimal("30.00"), at)
    found = broker.activities(TODAY).unwrap()
    cash = {each.reason: each.amount for each in found if isinstance(each, CashActivity)}
    assert cash == {
        CashReason.DEPOSIT: Decimal("100.50"),
        CashReason.WITHDRAWAL: Decimal("-20.00"),
        CashReason.INTEREST: Decimal("0.12"),
        CashReason.FEE: Decimal("-0.03"),
        CashReason.DIVIDEND: Decimal("2.50"),
    }
    (split,) = [each for each in found if isinstance(each, SplitActivity)]
    assert (split.symbol, split.ratio, split.session) == (SPY, Decimal("0.1"), TODAY)
    (removal,) = [each for each in found if isinstance(each, RemovalActivity)]
    assert (removal.symbol, removal.cash) == (SPY, Decimal("30.00"))
    assert broker.activities(TODAY + timedelta(days=1)).unwrap() == ()


def test_more_activities_than_a_page_are_told_whole(served, broker):
    with served.desk.work() as at:
        for _ in range(250):
            served.exchange.deposit(Decimal("1.00"), at)
    assert len(broker.activities(TODAY).unwrap()) == 250


@pytest.mark.parametrize("how", ["zero", "crossed", "stale"])
def test_a_bad_quote_is_passed_on_to_be_judged(served, broker, how):
    served.put_faults({"kind": "bad_quote", "symbol": "SPY", "what": how, "times": 0})
    found = broker.quotes([SPY, Symbol("TLT")]).unwrap()
    good = found[Symbol("TLT")]
    bad = found[SPY]
    assert 0 < good.bid <= good.ask
    assert bad.bid == 0 or bad.ask == 0 or bad.bid > bad.ask or bad.at < good.at


def test_many_symbols_are_asked_for_as_a_list(served, broker):
    many = [Symbol(f"X{number}") for number in range(20)]
    assert set(broker.instruments([SPY, *many]).unwrap()) == {SPY}
    paths = [each.path for each in served.requests]
    assert paths[0] == "/v2/assets"
    assert "/v2/assets/SPY" not in paths
    served.requests.clear()
    assert set(broker.instruments([SPY, *many]).unwrap()) == {SPY}
    assert len(served.requests) == 0


def test_a_path_out_of_a_symbol_is_never_taken(served, broker):
    assert broker.instruments([Symbol("A/../../account"), Symbol("")]).unwrap() == {}
    assert broker.quotes([Symbol("SPY&x=1")]).unwrap() == {}
    assert len(served.requests) == 0


# Streams


def listening(served):
    deadline = time.monotonic() + 5
    while not served.trading_listeners and time.monotonic() < deadline:
        time.sleep(0.01)
    assert served.trading_listeners == 1


def test_what_happens_to_an_order_is_told_by_itself(served, broker, pass_time):
    assert isinstance(broker, TellsOfOrders)
    updates = broker.order_updates(_Standing(served))
    listening(served)
    broker.submit(order()).unwrap()
    pass_time(served, seconds=5)
    seen = []
    deadline = time.monotonic() + 5
    while OrderStatus.FILLED not in seen and time.monotonic() < deadline:
        seen += [report.status for report in updates.wait(served.clock.now() + timedelta(hours=1))]
    assert seen[-1] is OrderStatus.FILLED


def test_there_is_one_stream_at_a_time_and_none_after_the_end(served, connect_broker):
    before = threading.active_count()
    broker = connect_broker(served)
    for _ in range(2):
        broker.order_updates(_Standing(served))
        listening(served)
    assert threading.active_count() == before + 1
    broker.close()
    assert threading.active_count() == before


class _Standing:
    """The simulator's clock, which stands; a wait ends after a moment."""

    def __init__(self, served):
        self._served, self._waits = served, 0

    def now(self):
        return self._served.clock.now() + timedelta(minutes=self._waits)

    def wait_until(self, at):
        self._waits += 1


def test_without_streams_time_passes_and_nothing_is_told(served, connect_broker):
    broker = connect_broker(served, use_streams=False)
    assert isinstance(broker.order_updates(_Standing(served)), ClockedUpdates)


def test_a_quote_of_the_stream_spares_a_poll(serve, connect_broker):
    with serve(speed=Decimal(60), stream_seconds=Decimal("0.05")) as served:
        broker = connect_broker(served, stream_quotes=True)
        first = broker.quotes([SPY]).unwrap()[SPY]
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            served.requests.clear()
            quote = broker.quotes([SPY]).unwrap()[SPY]
            if len(served.requests) == 0:
                break
            time.sleep(0.05)
        assert len(served.requests) == 0
        assert quote.at > first.at
        broker.close()


# Self-check


def named(broker):
    return {finding.name: finding for finding in broker.check()}


def test_a_sound_connection_is_found_sound(broker):
    assert isinstance(broker, SelfCheck)
    found = named(broker)
    assert [name for name, finding in found.items() if not finding.ok] == []
    assert list(found) == [
        "keys",
        "account",
        "orders",
        "clock",
        "calendar",
        "data plan",
        "fractions",
    ]
    assert found["account"].found.startswith("PA0SIMULATED, simulated, ")


def test_what_is_wrong_is_found(served, broker):
    served.put_faults({"kind": "clock_says_open", "times": 0})
    served.clock.advance(timedelta(hours=10))
    assert named(broker)["calendar"].problems[0].code == "calendar-disagrees"


def test_a_key_that_is_not_accepted_is_all_that_is_found(served, broker):
    served.put_faults({"kind": "unauthorised", "times": 0})
    (finding,) = broker.check()
    assert finding.problems[0].code == "unauthorised"


def test_a_plan_without_the_prices_of_today_is_found(serve, connect_broker):
    from alchemiser_alpaca.settings import Tape
    from alchemiser_alpaca.simulator.settings import DataPlan

    with serve(data_plan=DataPlan.BASIC) as served:
        broker = connect_broker(served, feed=Tape.SIP)
        found = named(broker)["data plan"]
        broker.close()
    assert found.problems[0].code == "not-in-data-plan"
    assert 'feed = "iex"' in found.problems[0].hint


def test_a_failure_is_a_result_and_not_an_exception_when_the_server_has_gone(serve, connect_broker):
    with serve() as served:
        broker = connect_broker(served)
        broker.account().unwrap()
    for outcome in (broker.positions(), broker.orders(TODAY), broker.cancel("1111")):
        assert isinstance(outcome, Failure)
    assert isinstance(broker.submit(order()).failure(), OutcomeUnknown)
