"""Decisions of a cycle: asked live or looked up, they are the same."""

from datetime import date

import numpy as np
from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure, Success

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decision, Decisions, Requirements
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.domain.undecidable import NoSession, StrategyFailed, Undecidable
from alchemiser_core.services.trading import LiveDecisions, precomputed
from alchemiser_core.symphony.ast import Symphony
from alchemiser_core.symphony.strategy import SymphonyStrategy
from alchemiser_core.testing.bars import history_of, wandering_history
from alchemiser_core.testing.strategies import FakeStrategy
from alchemiser_core.testing.symphonies import SYMBOLS, blocks

A, B = Symbol("A"), Symbol("B")
TWO = history_of({"A": [10.0, 11, 12, 13, 14, 15], "B": [5.0, 5, 5, 5, 5, 5]})
LONG = wandering_history(SYMBOLS, 40, seed=4, volatility=0.05)


def by_row(weights, **more):
    """A strategy with the weight of A given row by row; `None` where it cannot decide."""
    return FakeStrategy(
        ("A", "B"),
        lambda known: {A: weights[len(known) - 1]},
        undecidable=frozenset(TWO.session(r) for r, w in enumerate(weights) if w is None),
        **more,
    )


def changed(source, strategy, row, since):
    day = None if since is None else TWO.session(since)
    return source.consider(strategy, TWO.session(row), day).unwrap().path_changed


def both(strategy, history=TWO):
    return LiveDecisions(history), precomputed(history, (strategy,)).unwrap()


def test_a_change_on_a_session_that_was_missed_counts() -> None:
    strategy = by_row([0.5, 0.5, 0.4, 0.4, 0.4, 0.4])
    for source in both(strategy):
        assert changed(source, strategy, 4, 0)
        assert changed(source, strategy, 2, 1)
        assert not changed(source, strategy, 4, 2)
        assert not changed(source, strategy, 4, 4)


def test_a_change_and_back_again_counts() -> None:
    strategy = by_row([0.5, 0.4, 0.5, 0.5, 0.5, 0.5])
    for source in both(strategy):
        assert changed(source, strategy, 3, 0)
        assert not changed(source, strategy, 3, 2)


def test_sessions_without_a_decision_change_nothing() -> None:
    strategy = by_row([0.5, None, None, 0.5, None, 0.4])
    for source in both(strategy):
        assert not changed(source, strategy, 3, 0)
        assert not changed(source, strategy, 3, 2)
        assert changed(source, strategy, 5, 4)


def test_nothing_has_changed_where_nothing_was_considered_before() -> None:
    strategy = by_row([0.5, 0.4, 0.3, 0.2, 0.1, 0.0])
    for source in both(strategy):
        assert not changed(source, strategy, 5, None)


def test_a_live_decision_has_reasons_and_sees_no_later_bars() -> None:
    seen = []

    def rule(known):
        seen.append(len(known))
        return {A: 1.0}

    strategy = FakeStrategy(("A",), rule)
    found = LiveDecisions(TWO).consider(strategy, TWO.session(3), TWO.session(2)).unwrap()
    assert found.decision.as_of == TWO.session(3)
    assert found.decision.reasons
    assert dict(found.targets.weights) == {A: 1}
    assert max(seen) == 4


def test_what_cannot_be_decided_says_why_live() -> None:
    strategy = by_row([0.5, None, 0.5, 0.5, 0.5, 0.5])
    live, looked_up = both(strategy)
    error = live.consider(strategy, TWO.session(1), None).failure()
    assert isinstance(error, Undecidable)
    assert "its rule" in error.problems()[0].what
    assert isinstance(looked_up.consider(strategy, TWO.session(1), None).failure(), Undecidable)


def test_no_session_is_no_decision() -> None:
    strategy = by_row([0.5] * 6)
    for source in both(strategy):
        error = source.consider(strategy, date(2000, 1, 1), None).failure()
        assert isinstance(error, NoSession)


def test_a_strategy_that_fails_on_a_missed_session_has_failed() -> None:
    strategy = evolve(by_row([0.5] * 6), failing=frozenset({TWO.session(2)}))
    error = LiveDecisions(TWO).consider(strategy, TWO.session(4), TWO.session(0)).failure()
    assert isinstance(error, StrategyFailed)
    assert precomputed(TWO, (strategy,)).failure() == error


@frozen
class AllAtOnce:
    """Says that its path changed although no weight did, as a symphony may."""

    name: str = "all-at-once"
    policy: RebalancePolicy = RebalancePolicy(Frequency.NONE)
    changes: tuple[int, ...] = (2,)
    requirements: Requirements = Requirements((A,), (), 1)

    def decide(self, history: BarHistory, as_of: date):
        return Success(Decision(as_of, {A: 1.0}))

    def decide_all(self, history: BarHistory):
        rows = np.arange(len(history))
        weights = np.ones((len(history), 1))
        table = Decisions(history.sessions, rows, (A,), weights, np.isin(rows, self.changes))
        return Success(table)


def test_a_strategy_that_decides_all_at_once_says_itself_where_its_path_changed() -> None:
    strategy = AllAtOnce()
    for source in both(strategy):
        assert changed(source, strategy, 4, 1)
        assert not changed(source, strategy, 4, 2)


plans = st.lists(st.sampled_from([None, 0.0, 0.5, 0.5, 1.0]), min_size=6, max_size=6)
visited = st.sets(st.integers(0, 5), min_size=1).map(sorted)


def assert_same(history, strategy, rows):
    live, looked_up = both(strategy, history)
    since = None
    for row in rows:
        day = history.session(row)
        one, other = live.consider(strategy, day, since), looked_up.consider(strategy, day, since)
        match one, other:
            case Success(mine), Success(theirs):
                assert mine.targets == theirs.targets
                assert (mine.path_changed, mine.policy) == (theirs.path_changed, theirs.policy)
                since = day
            case Failure(mine), Failure(theirs):
                assert type(mine) is type(theirs)
            case _:
                raise AssertionError(f"{one} and {other}")


@given(plans, visited)
def test_live_and_looked_up_decisions_agree_whatever_sessions_were_missed(weights, rows) -> None:
    assert_same(TWO, by_row(weights), rows)


@settings(max_examples=60)
@given(blocks(max_window=5), st.sets(st.integers(0, 39), min_size=1, max_size=8).map(sorted))
def test_live_and_looked_up_decisions_of_symphonies_agree(block, rows) -> None:
    symphony = Symphony("generated", (block,), RebalancePolicy(Frequency.NONE))
    assert_same(LONG, SymphonyStrategy("generated", symphony), rows)
