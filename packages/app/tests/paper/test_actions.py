"""Splits and dividends come from raw feeds; an adjusted past that moved is never guessed at."""

from datetime import timedelta
from decimal import Decimal

import pytest
from attrs import define, field
from returns.result import Success

from alchemiser_app.paper.moved_history import moved
from alchemiser_app.paper.settings import MovedHistory, PaperSettings
from alchemiser_core.domain.account import CashActivity, SplitActivity
from alchemiser_core.domain.money import usd
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.corporate_actions import Dividend, Split
from alchemiser_core.testing.market_data import InMemoryMarketData

SPY, TLT = Symbol("SPY"), Symbol("TLT")


@define
class RawFeed(InMemoryMarketData):
    found: tuple = ()
    asked: list = field(factory=list)

    def actions(self, symbols, start, end):
        self.asked.append((tuple(symbols), start, end))
        return Success(
            tuple(a for a in self.found if a.symbol in symbols and start <= a.ex_date <= end)
        )


def test_actions_are_booked_once_on_the_way_to_the_session(paper, order):
    days = paper.days
    actions = (
        Dividend(SPY, usd("9.99"), days[0]),
        Split(SPY, Decimal(2), days[1]),
        Dividend(SPY, usd("0.755"), days[2]),
        Dividend(TLT, usd("1"), days[2]),
        Dividend(SPY, usd("1"), days[4]),
    )
    paper.feed = RawFeed(paper.feed.history, found=actions)
    paper.broker(days[0]).submit(order("a", "SPY", Side.BUY, "1.5"))
    cash = paper.opened[0].account().unwrap().cash
    paper.close()
    for _ in range(2):
        broker = paper.broker(days[3])
        (held,) = broker.positions().unwrap()
        assert held.quantity == 3
        assert broker.account().unwrap().cash == cash + Decimal("2.26")
        split, dividend = broker.activities(days[0]).unwrap()
        assert isinstance(split, SplitActivity)
        assert (split.session, split.ratio) == (days[1], 2)
        assert isinstance(dividend, CashActivity)
        assert (dividend.session, dividend.symbol) == (days[2], SPY)
        paper.close()
    assert paper.feed.asked == [((SPY,), days[0] + timedelta(days=1), days[3])]


def test_raw_prices_may_fall_by_a_split_without_a_word(paper, order):
    paper.feed = RawFeed(paper.feed.history, found=(Split(SPY, Decimal(2), paper.days[1]),))
    paper.broker(paper.days[0]).submit(order("a", "SPY", Side.BUY, "1"))
    paper.close()
    paper.feed.history = paper.feed.history.rows(1, len(paper.days))
    assert paper.broker(paper.days[1]).positions().unwrap()[0].quantity == 2


@pytest.fixture
def moved_paper(paper, order):
    """An account that holds both symbols, and a feed that has since paid a dividend on one."""
    broker = paper.broker(paper.days[0])
    broker.submit(order("a", "SPY", Side.BUY, "10"))
    broker.submit(order("b", "TLT", Side.BUY, "10"))
    paper.close()
    paper.move({**paper.closes, "SPY": [price * 0.9875 for price in paper.closes["SPY"]]})
    return paper


@pytest.mark.parametrize("day", [0, 1, 5])
def test_a_past_that_moved_is_refused(moved_paper, day):
    (problem,) = moved_paper.refusal(moved_paper.days[day]).problems()
    assert problem.code == "adjusted-history-moved"
    assert "SPY" in problem.what
    assert "500" in problem.what
    assert "493.75" in problem.what
    assert "rescale" in problem.hint
    assert "paper reset" in problem.hint


@pytest.mark.parametrize("day", [0, 1])
def test_a_holding_may_keep_its_value(moved_paper, order, day):
    settings = PaperSettings(moved_history=MovedHistory.RESCALE)
    broker = moved_paper.broker(moved_paper.days[day], settings)
    assert broker.time().unwrap().is_open
    assert broker.submit(order("c", "TLT", Side.BUY, "1")).unwrap().filled_quantity == 1
    quantities = {p.symbol: p.quantity for p in broker.positions().unwrap()}
    assert quantities[TLT] == 11
    assert abs(quantities[SPY] * Decimal("493.75") - 5000) < Decimal("0.00001")
    (activity,) = broker.activities(moved_paper.days[0]).unwrap()
    assert isinstance(activity, SplitActivity)
    moved_paper.close()
    # It is settled: nothing is left to refuse, and nothing is done twice.
    assert moved_paper.broker(moved_paper.days[2]).positions() == broker.positions()


def test_a_holding_may_keep_its_quantity(moved_paper):
    settings = PaperSettings(moved_history=MovedHistory.KEEP)
    broker = moved_paper.broker(moved_paper.days[1], settings)
    assert [p.quantity for p in broker.positions().unwrap()] == [10, 10]
    moved_paper.close()
    assert moved_paper.broker(moved_paper.days[2]).activities(moved_paper.days[0]).unwrap() == ()


def test_what_is_not_held_may_move(paper):
    paper.broker(paper.days[0])
    paper.close()
    paper.move({name: [price * 2 for price in column] for name, column in paper.closes.items()})
    assert paper.broker(paper.days[1])


@pytest.mark.parametrize(
    ("before", "now", "differs"),
    [
        ("100", "100.00001", False),
        ("123.4567", "123.46", False),
        ("123.45", "123.46", True),
        ("12.3", "12.30", False),
        ("50000.1234567", "50000.1234568", False),
        ("20", "19.99", True),
        ("20", None, True),
    ],
)
def test_rounding_is_no_movement(paper, before, now, differs):
    seen = {} if now is None else {SPY: Decimal(now)}
    found = moved({SPY: Decimal(1)}, {SPY: Decimal(before)}, seen, paper.days[0])
    assert bool(found) == differs
