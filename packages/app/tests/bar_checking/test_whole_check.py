"""What is checked where nobody names symbols, and whether files are sound."""

import pytest
from returns.result import Failure, Success

from alchemiser_app.bar_checking.checker import BarChecker
from alchemiser_app.bar_checking.whole_check import check_all, symbols_of
from alchemiser_app.feeds.sample import SampleFeed
from alchemiser_core.config.check_settings import CheckSettings
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.market_data import InMemoryMarketData

HISTORY = wandering_history(("AAA", "BBB"), 100)


class Listing(InMemoryMarketData):
    """Lists its symbols and has files."""

    broken = ()

    def listed(self):
        return Success(self.history.symbols)

    def verify(self):
        return self.broken


def test_a_feed_that_lists_its_symbols_is_checked_whole():
    assert symbols_of(Listing(HISTORY)).unwrap() == ("AAA", "BBB")


def test_a_feed_that_does_not_has_to_be_told():
    (problem,) = symbols_of(InMemoryMarketData(HISTORY)).failure().problems()
    assert problem.code == "symbols-needed"


def test_the_sample_market_is_checked_by_what_it_reports():
    assert Symbol("SPY") in symbols_of(SampleFeed()).unwrap()


@pytest.mark.parametrize("broken", [(), (Problem("store-broken", "a file is damaged", "AAA"),)])
def test_files_that_are_not_sound_refuse(broken):
    feed = Listing(HISTORY)
    feed.broken = broken
    found = check_all(BarChecker(feed, None, CheckSettings()), HISTORY.symbols, 5, None).unwrap()
    assert found.refusing() == broken


def test_bars_that_cannot_be_had_are_a_failure():
    feed = Listing(HISTORY)
    feed.history = None
    checker = BarChecker(feed, None, CheckSettings())
    assert isinstance(check_all(checker, HISTORY.symbols, 5, None), Failure)
