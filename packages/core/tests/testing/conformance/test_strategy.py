"""The suite itself is tested: each promise, broken on purpose, is noticed by its test."""

from datetime import date

import numpy as np
import pytest
from attrs import evolve, field, frozen
from returns.result import Failure, Success

from alchemiser_core.domain.decision import Decision, Requirements
from alchemiser_core.domain.reasons import Note
from alchemiser_core.domain.undecidable import StrategyFailed
from alchemiser_core.services.collect_targets import decide_all
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.conformance import StrategyConformance
from alchemiser_core.testing.strategies import FakeStrategy


class Suite(StrategyConformance):
    __test__ = False


def momentum(known):
    """All in the symbol that rose most over ten sessions, of those with prices at both ends."""
    rises = {
        symbol: known.close[-1, known.columns[symbol]] / known.close[-10, known.columns[symbol]]
        for symbol in ("SPY", "TLT")
    }
    there = {symbol: rise for symbol, rise in rises.items() if np.isfinite(rise)}
    return {max(there, key=there.get): 1.0} if there else {}


@frozen
class Right(FakeStrategy):
    """Keeps every promise; the wrong strategies below are it, with one thing broken."""

    traded: tuple = ("SPY", "TLT")
    watched: tuple = ("GLD",)
    rule: object = momentum
    warm_up: int = 10

    def decide_all(self, history):
        plain = FakeStrategy(self.traded, self.rule, self.watched, self.warm_up)
        return decide_all(plain, history)


@frozen
class NamedInCapitals(Right):
    name: str = "Momentum"


@frozen
class TradingNothing(Right):
    traded: tuple = ()


@frozen
class WithoutPolicy(Right):
    policy: object = "daily"


def weighing(weights):
    @frozen
    class Weighing(Right):
        rule: object = staticmethod(lambda known: weights)

    Weighing.__name__ = f"Weighing{sorted(weights.items())}"
    return Weighing


@frozen
class DatedAsAsked(Right):
    def decide(self, history, as_of):
        return super().decide(history, as_of).map(lambda d: evolve(d, as_of=date(2050, 1, 1)))


@frozen
class WithoutReasons(Right):
    def decide(self, history, as_of):
        return super().decide(history, as_of).map(lambda d: evolve(d, reasons=()))


@frozen
class HoldingTheMissing(Right):
    rule: object = staticmethod(lambda known: {"SPY": 1.0})


@frozen
class Remembering(Right):
    asked: list = field(factory=list)

    def decide(self, history, as_of):
        self.asked.append(as_of)
        note = Note(f"asked {len(self.asked)} times")
        return super().decide(history, as_of).map(lambda d: evolve(d, reasons=(note,)))


@frozen
class LookingAhead(Right):
    def decide(self, history, as_of):
        best = "SPY" if history.close[-1, 0] > history.close[0, 0] else "TLT"
        return super().decide(history, as_of).map(lambda d: evolve(d, weights={best: 1.0}))


@frozen
class CountingColumns(Right):
    rule: object = staticmethod(lambda known: {"SPY": 1.0 / known.close.shape[1]})


@frozen
class AskingForTooLittle(Right):
    @property
    def requirements(self):
        return Requirements(self.traded, self.watched, self.warm_up - 1)


@frozen
class GuessingBeforeTheFirstSession(Right):
    def decide(self, history, as_of):
        if not len(history.at(as_of)):
            return Success(Decision(as_of, {}))
        return super().decide(history, as_of)


@frozen
class FailingInItsOwnWay(Right):
    def decide(self, history, as_of):
        return super().decide(history, as_of).alt(str)


@frozen
class Writing(Right):
    def decide(self, history, as_of):
        decided = super().decide(history, as_of)
        history.close.flags.writeable = True
        history.close[0] *= 2.0
        return decided


@frozen
class DecidingAllOtherwise(Right):
    def decide_all(self, history):
        return super().decide_all(history).map(lambda d: evolve(d, weights=d.weights * 0.5))


@frozen
class DecidingAllMoreOften(Right):
    def decide_all(self, history):
        return decide_all(evolve(self.sure(), warm_up=9), history)

    def sure(self):
        return FakeStrategy(("SPY",))


@frozen
class DecidingAllWithTheFuture(Right):
    def decide_all(self, history):
        last = history.close[-1, 0]
        return super().decide_all(history).map(lambda d: evolve(d, weights=d.weights * (last % 1)))


@frozen
class WithColumnsInDisorder(Right):
    def decide_all(self, history):
        return (
            super()
            .decide_all(history)
            .map(lambda d: evolve(d, symbols=d.symbols[::-1], weights=d.weights[:, ::-1]))
        )


@frozen
class FailingAtAll(Right):
    def decide_all(self, history):
        return Failure(StrategyFailed(self.name, "it cannot"))


BROKEN = [
    (NamedInCapitals, Suite.test_its_name_is_kebab_case),
    (TradingNothing, Suite.test_requirements_are_stated),
    (WithoutPolicy, Suite.test_its_policy_is_stated),
    (weighing({"SPY": -0.1}), Suite.test_weights_are_shares_of_what_it_trades),
    (weighing({"SPY": 0.6, "TLT": 0.6}), Suite.test_weights_are_shares_of_what_it_trades),
    (weighing({"SPY": float("nan")}), Suite.test_weights_are_shares_of_what_it_trades),
    (weighing({"GLD": 1.0}), Suite.test_weights_are_shares_of_what_it_trades),
    (DatedAsAsked, Suite.test_a_decision_is_of_the_last_session_and_says_why),
    (WithoutReasons, Suite.test_a_decision_is_of_the_last_session_and_says_why),
    (HoldingTheMissing, Suite.test_a_symbol_without_data_is_a_failure_or_goes_without),
    (HoldingTheMissing, Suite.test_what_it_gives_weight_has_a_price),
    (Remembering, Suite.test_the_same_history_has_the_same_decision),
    (LookingAhead, Suite.test_later_rows_make_no_difference),
    (CountingColumns, Suite.test_symbols_it_does_not_name_make_no_difference),
    (AskingForTooLittle, Suite.test_enough_bars_are_enough),
    (GuessingBeforeTheFirstSession, Suite.test_too_little_history_is_a_typed_failure),
    (FailingInItsOwnWay, Suite.test_too_little_history_is_a_typed_failure),
    (Writing, Suite.test_the_history_is_left_as_it_was),
    (DecidingAllOtherwise, Suite.test_all_sessions_at_once_are_the_same_as_one_by_one),
    (DecidingAllMoreOften, Suite.test_all_sessions_at_once_are_the_same_as_one_by_one),
    (FailingAtAll, Suite.test_all_sessions_at_once_are_the_same_as_one_by_one),
    (DecidingAllWithTheFuture, Suite.test_all_sessions_at_once_know_no_future),
    (WithColumnsInDisorder, Suite.test_all_sessions_at_once_are_laid_out_as_promised),
]


def run(test, strategy):
    """One test of the suite, with the fixtures that it names."""
    names = test.__code__.co_varnames[1 : test.__code__.co_argcount]
    history = wandering_history(("GLD", "SPY", "TLT"), 60)
    if test is Suite.test_what_it_gives_weight_has_a_price:
        close = history.close.copy()
        close[20:, history.columns["SPY"]] = np.nan
        history = evolve(history, close=close)
    given = {"strategy": strategy, "history": history}
    test(Suite(), **{name: given[name] for name in names})


@pytest.mark.parametrize(
    ("strategy", "test"), BROKEN, ids=[f"{kind.__name__}-{test.__name__}" for kind, test in BROKEN]
)
def test_a_broken_promise_is_noticed(strategy, test):
    with pytest.raises(AssertionError):
        run(test, strategy())


@pytest.mark.parametrize(
    "test", dict.fromkeys(test for _, test in BROKEN), ids=lambda test: test.__name__
)
def test_a_kept_promise_passes(test):
    run(test, Right())


def test_every_promise_has_a_strategy_that_breaks_it():
    promises = {name for name in dir(StrategyConformance) if name.startswith("test_")}
    assert promises == {test.__name__ for _, test in BROKEN}


class TestRight(StrategyConformance):
    @pytest.fixture
    def strategy(self):
        return Right()


@frozen
class NeedingAll(Right):
    """Undecidable without every symbol, instead of going without."""

    def decide(self, history, as_of):
        if np.isnan(history.close).all(axis=0).any():
            return Failure(StrategyFailed(self.name, "a symbol is missing"))
        return super().decide(history, as_of)


class TestNeedingAll(StrategyConformance):
    @pytest.fixture
    def strategy(self):
        return NeedingAll()


class TestDecidingFromTheFirstBar(StrategyConformance):
    @pytest.fixture
    def strategy(self):
        return FakeStrategy(("SPY", "TLT"))


class TestWithoutEnoughBars(StrategyConformance):
    """What warm-up does not settle is skipped where the subclass says so."""

    warm_up_suffices = False

    @pytest.fixture
    def strategy(self):
        return AskingForTooLittle()
