"""The paper account trades session by session, and keeps all of it between processes."""

from datetime import date
from decimal import Decimal

import pytest

from alchemiser_app.paper.settings import PaperSettings
from alchemiser_core.config import DecideOn
from alchemiser_core.domain.allocation.plan_rules import TradingCosts
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.orders.submission import RejectionKind
from alchemiser_core.domain.schedule.slot import AFTER_OPEN
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.kept_time import KeepsTime
from alchemiser_core.ports.quotes import Quotes

SPY = Symbol("SPY")


def test_orders_fill_at_the_close_of_the_session_it_stands_at(paper, order):
    broker = paper.broker(paper.days[3])
    report = broker.submit(order("a", "SPY", Side.BUY, "1.5")).unwrap()
    assert report.filled_value == Decimal("503.75") * Decimal("1.5")
    assert broker.quotes([SPY]).unwrap()[SPY].ask == Decimal("503.75")


def test_orders_fill_at_the_open_where_that_is_traded(paper, order):
    broker = paper.broker(paper.days[3], decide_on=DecideOn.AFTER_CLOSE, slot=AFTER_OPEN)
    assert broker.submit(order("a", "SPY", Side.BUY, "1")).unwrap().filled_value == Decimal(
        "503.25"
    )
    assert broker.time().unwrap().at == broker.session.opens


def test_it_keeps_the_time_of_its_session(paper):
    broker = paper.broker(paper.days[3])
    assert isinstance(broker, KeepsTime)
    assert isinstance(broker, Quotes)
    assert broker.capabilities.keeps_time
    assert broker.session.day == paper.days[3]
    assert broker.clock.now() == broker.time().unwrap().at == paper.context.slot.at(broker.session)
    assert broker.time().unwrap().is_open


def test_it_stands_at_the_newest_session_up_to_today(paper):
    assert paper.broker(None, today=date(2025, 3, 23)).session.day == date(2025, 3, 21)
    paper.close()
    assert paper.broker(None).session.day == paper.days[-1]


def test_a_day_without_a_session_cannot_be_traded(paper):
    (problem,) = paper.refusal(date(2025, 3, 15)).problems()
    assert problem.code == "no-such-session"


def test_everything_is_there_in_the_next_process(paper, order):
    first = paper.broker(paper.days[0], costs=TradingCosts(Decimal(3)))
    first.submit(order("a", "SPY", Side.BUY, "3.000000001"))
    first.submit(order("b", "SPY", Side.SELL, "1"))
    first.submit(order("b", "SPY", Side.SELL, "1"))
    state = first.stored.exchange.state
    seen = (first.account(), first.positions(), first.orders(paper.days[0]))
    paper.close()
    second = paper.broker(paper.days[0])
    assert second.stored.exchange.state == state
    assert (second.account(), second.positions(), second.orders(paper.days[0])) == seen
    again = second.submit(order("a", "TLT", Side.BUY, "1")).failure()
    assert again.kind is RejectionKind.DUPLICATE_ID


def test_what_is_open_expires_with_its_session(paper, order):
    settings = PaperSettings(partial_fill=Decimal(1))
    broker = paper.broker(paper.days[0], settings)
    report = broker.submit(order("a", "SPY", Side.BUY, "10")).unwrap()
    assert report.status is OrderStatus.OPEN
    assert 0 < report.filled_quantity < 10
    paper.close()
    assert paper.broker(paper.days[0]).order("a").unwrap() == report
    paper.close()
    later = paper.broker(paper.days[1]).order("a").unwrap()
    assert later.status is OrderStatus.EXPIRED
    assert later.filled_quantity == report.filled_quantity


def test_partial_fills_are_the_same_for_the_same_orders(paper, order, tmp_path):
    settings = PaperSettings(partial_fill=Decimal("0.5"), seed=7)
    requests = [order(f"id-{n}", "TLT", Side.BUY, "10") for n in range(12)]
    whole = [paper.broker(settings=settings).submit(r).unwrap() for r in requests[:1]]
    whole += [paper.opened[0].submit(r).unwrap() for r in requests[1:]]
    assert {r.status for r in whole} == {OrderStatus.OPEN, OrderStatus.FILLED}
    paper.close()
    paper.file = tmp_path / "second.db"
    other = paper.broker(settings=settings)
    assert [other.submit(r).unwrap() for r in requests] == whole


def test_symbols_are_refused_on_request(paper, order):
    broker = paper.broker(settings=PaperSettings(reject=frozenset({Symbol("TLT")})))
    assert broker.submit(order("a", "TLT", Side.BUY, "1")).failure().kind is RejectionKind.OTHER
    assert broker.submit(order("b", "SPY", Side.BUY, "1")).unwrap()


def test_costs_are_those_of_the_configuration_or_its_own(paper, order):
    settings = PaperSettings(cost_bps=Decimal(0))
    costs = TradingCosts(Decimal(5), Decimal(10))
    broker = paper.broker(settings=settings, costs=costs)
    report = broker.submit(order("a", "SPY", Side.BUY, "2")).unwrap()
    assert report.costs == Decimal("1.00")


def test_time_never_goes_back(paper):
    paper.broker(paper.days[5])
    paper.close()
    (problem,) = paper.refusal(paper.days[4]).problems()
    assert problem.code == "paper-time-went-back"
    assert str(paper.days[5]) in problem.what


def test_a_second_process_is_kept_away(paper):
    paper.broker()
    (problem,) = paper.refusal().problems()
    assert problem.code == "paper-locked"
    paper.close()
    assert paper.broker()


def test_a_refusal_lets_go_of_the_file(paper):
    assert paper.refusal(date(2025, 3, 15))
    assert paper.broker()


def test_what_has_no_price_any_more_is_sold_at_its_last(paper, order):
    paper.broker(paper.days[0]).submit(order("a", "TLT", Side.BUY, "10"))
    paper.close()
    paper.move({**paper.closes, "TLT": [90.0, 89.93, *[None] * (len(paper.days) - 2)]})
    broker = paper.broker(paper.days[4])
    assert broker.submit(order("b", "TLT", Side.SELL, "10")).unwrap().filled_value == Decimal(
        "899.3"
    )
    paper.close()
    kept = paper.broker(paper.days[5], PaperSettings(sell_at_last_price=False))
    assert kept.submit(order("c", "TLT", Side.BUY, "1")).failure().kind is (
        RejectionKind.NOT_TRADABLE
    )


def test_bars_without_opens_are_refused_where_the_open_is_traded(paper):
    paper.feed.history = type(paper.feed.history)(
        paper.feed.history.sessions, paper.feed.history.symbols, paper.feed.history.close
    )
    (problem,) = paper.refusal(decide_on=DecideOn.AFTER_CLOSE).problems()
    assert problem.code == "no-opens"


@pytest.mark.parametrize(
    "wrong",
    [
        {"cash": Decimal(-1)},
        {"cash": Decimal("0.001")},
        {"partial_fill": Decimal(2)},
        {"cost_bps": Decimal(-1)},
        {"slippage_bps": Decimal(2000)},
        {"seed": -1},
        {"file": ""},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="the value is"):
        PaperSettings(**wrong)
