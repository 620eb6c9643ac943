"""Whatever a strategy answers, it is a decision that can be traded or a reason why not."""

from datetime import date

import numpy as np
import pytest
from attrs import frozen
from returns.result import Failure, Success

from alchemiser_core.domain.decision import Decision
from alchemiser_core.domain.rebalance_policy import RebalancePolicy
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.domain.undecidable import StrategyFailed
from alchemiser_core.services.trading import LiveDecisions, precomputed
from alchemiser_core.services.trading.turns import StrategiesFailed
from alchemiser_core.testing.bars import history_of
from alchemiser_core.testing.strategies import FakeStrategy

A, B = Symbol("A"), Symbol("B")
BARS = history_of({"A": [10.0, 11, 12, 13], "B": [5.0, 5, 5, 5]})
DAY = BARS.session(2)


@frozen
class Foreign:
    """A strategy from a plugin that answers with what the test says."""

    answer: object
    name: str = "foreign"
    policy: object = RebalancePolicy()

    def decide(self, history, as_of):
        return self.answer(history, as_of) if callable(self.answer) else self.answer


def weights(**given):
    return lambda history, as_of: Success(Decision(as_of, {Symbol(s): w for s, w in given.items()}))


def raising(history, as_of):
    raise RuntimeError("out of luck")


def leaving(history, as_of):
    raise SystemExit(3)


def changing_the_bars(history, as_of):
    history.close[:] = 1.0
    return weights(A=1.0)(history, as_of)


ANSWERS = {
    "raises": (raising, "RuntimeError: out of luck"),
    "ends the program": (leaving, "SystemExit"),
    "changes the bars": (changing_the_bars, "read-only"),
    "no result": (Decision(DAY, {A: 1.0}), "no result"),
    "nothing": (lambda history, as_of: None, "no result"),
    "no decision": (Success({"A": 1.0}), "no decision"),
    "no reason": (Failure("because"), "no reason"),
    "another session": (lambda h, d: Success(Decision(h.session(0), {A: 1.0})), "it decided"),
    "NaN": (weights(A=float("nan")), "NaN"),
    "infinite": (weights(A=float("inf")), "Infinity"),
    "negative": (weights(A=1.5, B=-0.5), "-0.5"),
    "above one": (weights(A=0.7, B=0.7), "add up to 1.4"),
    "text": (weights(A="all"), "no number"),
    "truth": (weights(A=True), "no number"),
    "none": (weights(A=None), "no number"),
    "unknown symbol": (weights(ZZZ=1.0), "ZZZ without any bars"),
}


@pytest.mark.parametrize(("answer", "words"), ANSWERS.values(), ids=ANSWERS)
def test_case_49_what_a_plugin_gets_wrong_is_a_failure_of_the_strategy(answer, words) -> None:
    error = LiveDecisions(BARS).consider(Foreign(answer), DAY, None).failure()
    assert isinstance(error, StrategyFailed)
    assert error.strategy == "foreign"
    assert words in error.message


@pytest.mark.parametrize(("answer", "words"), ANSWERS.values(), ids=ANSWERS)
def test_case_49_a_plugin_that_gets_it_wrong_aborts_the_cycle_of_all(
    answer, words, make_account
) -> None:
    good = FakeStrategy(("A",), name="good")
    account = make_account(BARS, [(good, "0.5"), (Foreign(answer), "0.5")])
    before, close = account.ledger, BARS.close.copy()
    marks = account.closes.marks(BARS.session(3), (A, B))
    error = account.draft(BARS.session(3), DAY, LiveDecisions(BARS), marks).failure()
    assert isinstance(error, StrategiesFailed)
    assert [failure.strategy for failure in error.failures] == ["foreign"]
    assert words in error.problems()[0].what
    assert account.ledger == before
    np.testing.assert_array_equal(BARS.close, close)


def test_every_strategy_that_failed_is_named(make_account) -> None:
    two = [(Foreign(raising, name=name), "0.5") for name in ("one", "other")]
    account = make_account(BARS, two)
    error = account.draft(BARS.session(3), DAY, LiveDecisions(BARS), {}).failure()
    assert [failure.strategy for failure in error.failures] == ["one", "other"]


def test_a_policy_that_is_none_is_a_failure() -> None:
    strategy = Foreign(weights(A=1.0), policy="monthly")
    error = LiveDecisions(BARS).consider(strategy, DAY, None).failure()
    assert "no policy" in error.problems()[0].what
    assert precomputed(BARS, (strategy,)).failure() == error


def test_a_table_that_is_none_is_a_failure() -> None:
    class AllAtOnce(Foreign):
        requirements = None

        def decide_all(self, history):
            return Success([1, 2, 3])

    strategy = AllAtOnce(weights(A=1.0))
    error = precomputed(BARS, (strategy,)).failure()
    assert "no table" in error.message
    assert LiveDecisions(BARS).consider(strategy, DAY, BARS.session(0)).failure() == error


def test_properties_that_raise_are_a_failure() -> None:
    class Unreadable(Foreign):
        @property
        def requirements(self):
            raise ValueError("no idea")

        def decide_all(self, history):
            raise AssertionError("never asked")

    found = LiveDecisions(BARS).consider(Unreadable(weights(A=1.0)), DAY, BARS.session(0))
    assert "ValueError: no idea" in found.failure().message


def test_whole_numbers_are_weights() -> None:
    found = LiveDecisions(BARS).consider(Foreign(weights(A=1)), DAY, None).unwrap()
    assert dict(found.targets.weights) == {A: 1}


def test_a_date_of_long_ago_is_refused() -> None:
    error = LiveDecisions(BARS).consider(FakeStrategy(("A",)), date(2000, 1, 3), None).failure()
    assert error.problems()[0].code == "no-session"
