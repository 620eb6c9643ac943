from datetime import date

import pytest

from alchemiser_core.domain.undecidable import NoSession, StrategyFailed, Undecidable
from alchemiser_core.testing.bars import history_of, wandering_history
from alchemiser_core.testing.conformance import StrategyConformance
from alchemiser_core.testing.strategies import FakeStrategy


class TestFakeStrategy(StrategyConformance):
    @pytest.fixture
    def strategy(self):
        return FakeStrategy(("SPY", "TLT"), watched=("GLD",), warm_up=10)


def test_it_splits_equally_among_what_has_a_price():
    history = history_of({"SPY": [1.0, 1.0], "TLT": [1.0, None], "GLD": [1.0, 1.0]})
    strategy = FakeStrategy(("SPY", "TLT"))
    days = history.sessions.tolist()
    assert strategy.decide(history, days[0]).unwrap().weights == {"SPY": 0.5, "TLT": 0.5}
    assert strategy.decide(history, days[1]).unwrap().weights == {"SPY": 1.0}


def test_it_decides_by_the_rule_it_is_given():
    strategy = FakeStrategy(("SPY",), rule=lambda known: {"SPY": len(known) / 100})
    history = wandering_history(["SPY"], 30)
    assert strategy.decide(history, history.session(9)).unwrap().weights == {"SPY": 0.1}


def test_it_is_undecidable_or_fails_when_told_to():
    history = wandering_history(["SPY"], 3)
    days = history.sessions.tolist()
    strategy = FakeStrategy(
        ("SPY",), undecidable=frozenset({days[0]}), failing=frozenset({days[1]})
    )
    assert isinstance(strategy.decide(history, days[0]).failure(), Undecidable)
    assert isinstance(strategy.decide(history, days[1]).failure(), StrategyFailed)
    assert strategy.decide(history, days[2]).unwrap().as_of == days[2]


def test_it_knows_when_there_is_no_session():
    history = wandering_history(["SPY"], 3)
    long_ago = date(1999, 1, 1)
    assert FakeStrategy(("SPY",)).decide(history, long_ago).failure() == NoSession(long_ago)
