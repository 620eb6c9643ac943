from datetime import date

import numpy as np
import pytest
from attrs import frozen
from returns.result import Failure, Success

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decision, Requirements
from alchemiser_core.domain.rebalance_policy import RebalancePolicy
from alchemiser_core.domain.undecidable import (
    InsufficientHistory,
    NoSession,
    NotDecided,
    StrategyFailed,
    Undecidable,
)
from alchemiser_core.services.collect_targets import decide_all, decide_from_all
from alchemiser_core.services.substitute import Substituted
from alchemiser_core.symphony.ast import Asset, Symphony, WeightEqual
from alchemiser_core.symphony.strategy import SymphonyStrategy

SESSIONS = np.datetime64("2024-01-01") + np.arange(4)
HISTORY = BarHistory(SESSIONS, ("AAA", "NEW"), np.array([[1.0, 5], [2, 5], [3, 5], [4, 5]]))


@frozen
class OneByOne:
    """Holds AAA from the second session on while it is under 4, then nothing."""

    fails_on: date | None = None
    name: str = "one-by-one"
    policy: RebalancePolicy = RebalancePolicy()
    requirements: Requirements = Requirements(("AAA",), (), 2)

    def decide(self, history, as_of):
        known = history.at(as_of)
        if as_of == self.fails_on:
            return Failure(StrategyFailed(self.name, "no idea"))
        if len(known) < 2:
            short = InsufficientHistory("AAA", "price", 2, len(known))
            return Failure(Undecidable(as_of, (short,)))
        return Success(Decision(as_of, {"AAA": 1.0} if known.close[-1, 0] < 4 else {}))


def test_every_session_follows_from_deciding_one():
    decisions = decide_all(OneByOne(), HISTORY).unwrap()
    assert decisions.rows.tolist() == [1, 2, 3]
    assert decisions.weights.tolist() == [[1.0], [1.0], [0.0]]
    assert decisions.path_changed.tolist() == [False, False, True]
    assert decisions.sessions.tolist() == [date(2024, 1, d) for d in (2, 3, 4)]


def test_a_strategy_that_fails_is_not_a_hole_but_a_failure():
    assert decide_all(OneByOne(date(2024, 1, 3)), HISTORY).failure() == StrategyFailed(
        "one-by-one", "no idea"
    )


@frozen
class Peeping(OneByOne):
    """Reads whatever rows it is given, the last of them included."""

    def decide(self, history, as_of):
        return Success(Decision(as_of, {"AAA": float(history.close[-1, 0] / 4)}))


def test_a_strategy_that_looks_ahead_finds_nothing_there():
    decisions = decide_all(Peeping(), HISTORY).unwrap()
    assert decisions.weights[:, 0].tolist() == [0.25, 0.5, 0.75, 1.0]


@frozen
class Wordless(OneByOne):
    """Breaks the port: what it gives back is no typed failure."""

    def decide(self, history, as_of):
        return Failure("no idea")


def test_an_answer_that_is_no_decision_is_no_hole():
    with pytest.raises(TypeError, match="one-by-one decided"):
        decide_all(Wordless(), HISTORY)


def test_one_session_follows_from_deciding_all():
    decisions = decide_all(OneByOne(), HISTORY).unwrap()
    assert decide_from_all(decisions, HISTORY, date(2024, 1, 3)).unwrap() == Decision(
        date(2024, 1, 3), {"AAA": 1.0}
    )
    left_out = decide_from_all(decisions, HISTORY, date(2024, 1, 1)).failure()
    assert left_out == Undecidable(date(2024, 1, 1), (NotDecided(date(2024, 1, 1)),))
    assert [p.what for p in left_out.problems()] == ["the strategy has no decision for 2024-01-01"]
    early = date(2023, 1, 1)
    assert decide_from_all(decisions, HISTORY, early).failure() == NoSession(early)


@pytest.fixture
def substituted():
    body = (WeightEqual((Asset("AAA"), Asset("OLD"))),)
    return Substituted(SymphonyStrategy("s", Symphony("s", body)), {"OLD": "NEW"})


def test_a_substitute_stands_in_for_the_dead_ticker(substituted):
    assert substituted.requirements.symbols == ("AAA", "NEW")
    decision = substituted.decide(HISTORY, date(2024, 1, 2)).unwrap()
    assert decision.weights == {"AAA": 0.5, "NEW": 0.5}
    decisions = decide_all(substituted, HISTORY).unwrap()
    assert (decisions.symbols, decisions.weights[0].tolist()) == (("AAA", "NEW"), [0.5, 0.5])


def test_a_substitute_that_is_already_held_adds_up():
    body = (WeightEqual((Asset("AAA"), Asset("OLD"))),)
    both = Substituted(SymphonyStrategy("s", Symphony("s", body)), {"OLD": "AAA"})
    assert both.decide(HISTORY, date(2024, 1, 2)).unwrap().weights == {"AAA": 1.0}
    decisions = both.decide_all(HISTORY).unwrap()
    assert (decisions.symbols, decisions.weights[0].tolist()) == (("AAA",), [1.0])
    assert both.name == "s"
    assert both.policy == RebalancePolicy()
