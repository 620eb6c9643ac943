"""What every strategy promises."""

# ruff: noqa: D102  (the names of the tests are the promises, as sentences)

import re
from datetime import date
from typing import ClassVar

import numpy as np
import pytest
from attrs import evolve
from returns.result import Failure, Result, Success

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decision, Decisions
from alchemiser_core.domain.rebalance_policy import RebalancePolicy
from alchemiser_core.domain.symbol import CASH, Symbol
from alchemiser_core.domain.undecidable import NoSession, StrategyError, StrategyFailed, Undecidable
from alchemiser_core.ports.strategy import Strategy, VectorisedStrategy
from alchemiser_core.testing.bars import wandering_history, with_columns

_ROUNDING = 1e-9


class StrategyConformance:
    """Give the fixture `strategy`; `history` may be replaced where a walk does not do."""

    warm_up_suffices: ClassVar[bool] = True
    """With `warm_up` bars of every symbol a session is decidable, whatever the prices."""
    looked_at: ClassVar[int] = 12
    """Sessions on which decisions are compared, spread over the history."""

    @pytest.fixture
    def strategy(self) -> Strategy:
        """The strategy under test."""
        raise NotImplementedError("give a fixture named strategy")

    @pytest.fixture
    def history(self, strategy: Strategy) -> BarHistory:
        """Bars of all that the strategy needs, some longer than its warm-up."""
        needs = strategy.requirements
        return wandering_history(needs.symbols, needs.warm_up + 150)

    def _days(self, history: BarHistory) -> list[date]:
        rows = np.linspace(0, len(history) - 1, self.looked_at).astype(int)
        return [history.session(int(row)) for row in np.unique(rows)]

    def _decided(self, strategy: Strategy, history: BarHistory) -> list[Decision]:
        results = [strategy.decide(history, day) for day in self._days(history)]
        decided = [result.unwrap() for result in results if isinstance(result, Success)]
        assert decided, "not one session is decidable"
        return decided

    def test_its_name_is_kebab_case(self, strategy: Strategy) -> None:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", strategy.name)

    def test_requirements_are_stated(self, strategy: Strategy) -> None:
        needs = strategy.requirements
        assert needs.warm_up >= 1
        assert needs.traded, "a strategy that trades nothing"
        assert CASH not in needs.symbols
        assert strategy.requirements == needs

    def test_its_policy_is_stated(self, strategy: Strategy) -> None:
        assert isinstance(strategy.policy, RebalancePolicy)

    def test_weights_are_shares_of_what_it_trades(
        self, strategy: Strategy, history: BarHistory
    ) -> None:
        for decision in self._decided(strategy, history):
            weights = np.array(list(decision.weights.values()), dtype=np.float64)
            assert np.isfinite(weights).all()
            assert (weights >= 0).all()
            assert weights.sum() <= 1 + _ROUNDING
            assert set(decision.weights) <= set(strategy.requirements.traded)

    def test_a_decision_is_of_the_last_session_and_says_why(
        self, strategy: Strategy, history: BarHistory
    ) -> None:
        days = {day.isoformat() for day in self._days(history)}
        for decision in self._decided(strategy, history):
            assert decision.as_of.isoformat() in days
            assert decision.reasons

    def test_what_it_gives_weight_has_a_price(
        self, strategy: Strategy, history: BarHistory
    ) -> None:
        for decision in self._decided(strategy, history):
            row = history.row_at(decision.as_of)
            for symbol in decision.weights:
                assert np.isfinite(history.close[row, history.columns[symbol]])

    def test_the_same_history_has_the_same_decision(
        self, strategy: Strategy, history: BarHistory
    ) -> None:
        for day in self._days(history):
            _same(strategy.decide(history, day), strategy.decide(history, day))

    def test_later_rows_make_no_difference(self, strategy: Strategy, history: BarHistory) -> None:
        for day in self._days(history):
            decided = strategy.decide(history.at(day), day)
            _same(decided, strategy.decide(history, day))
            for up in (0, 1):
                other = _with_another_future(history, day, up)
                _same(decided, strategy.decide(other, day))

    def test_symbols_it_does_not_name_make_no_difference(
        self, strategy: Strategy, history: BarHistory
    ) -> None:
        strangers = wandering_history(("AAASTRANGER", "ZZZSTRANGER"), len(history), seed=1)
        crowded = _beside(strangers, history)
        for day in self._days(history):
            _same(strategy.decide(history, day), strategy.decide(crowded, day))

    def test_a_symbol_without_data_is_a_failure_or_goes_without(
        self, strategy: Strategy, history: BarHistory
    ) -> None:
        day = history.session(len(history) - 1)
        for symbol in strategy.requirements.symbols:
            result = strategy.decide(_without(history, symbol), day)
            if isinstance(result, Success):
                assert symbol not in result.unwrap().weights
            else:
                _is_explained(result)

    def test_enough_bars_are_enough(self, strategy: Strategy) -> None:
        if not self.warm_up_suffices:
            pytest.skip("warm-up alone does not make a session decidable")
        needs = strategy.requirements
        history = wandering_history(needs.symbols, needs.warm_up)
        result = strategy.decide(history, history.session(len(history) - 1))
        assert isinstance(result, Success), result.failure().problems()

    def test_too_little_history_is_a_typed_failure(
        self, strategy: Strategy, history: BarHistory
    ) -> None:
        first = history.session(0)
        early = strategy.decide(history, first)
        if isinstance(early, Failure):
            _is_explained(early)
        before = strategy.decide(history, date(1900, 1, 1))
        assert isinstance(before, Failure)
        assert before.failure() == NoSession(date(1900, 1, 1))
        _is_explained(before)

    def test_the_history_is_left_as_it_was(self, strategy: Strategy, history: BarHistory) -> None:
        copy = history.close.copy()
        self._decided(strategy, history)
        if isinstance(strategy, VectorisedStrategy):
            assert isinstance(strategy.decide_all(history), Success)
        np.testing.assert_array_equal(history.close, copy)
        assert not history.close.flags.writeable

    def test_all_sessions_at_once_are_the_same_as_one_by_one(
        self, strategy: Strategy, history: BarHistory
    ) -> None:
        decisions = _all(strategy, history)
        assert len(decisions.rows), "not one session is decidable"
        for row in np.unique(np.linspace(0, len(history) - 1, self.looked_at).astype(int)):
            single = strategy.decide(history, history.session(int(row)))
            position = np.flatnonzero(decisions.rows == row)
            assert len(position) == isinstance(single, Success), history.session(int(row))
            if isinstance(single, Success):
                expected = _row(single.unwrap(), decisions.symbols)
                np.testing.assert_array_equal(decisions.weights[position[0]], expected)

    def test_all_sessions_at_once_know_no_future(
        self, strategy: Strategy, history: BarHistory
    ) -> None:
        whole = _all(strategy, history)
        stop = len(history) - 20
        part = _all(strategy, history.rows(0, stop))
        count = int(np.searchsorted(whole.rows, stop))
        np.testing.assert_array_equal(part.rows, whole.rows[:count])
        np.testing.assert_array_equal(part.weights, whole.weights[:count])
        np.testing.assert_array_equal(part.path_changed, whole.path_changed[:count])

    def test_all_sessions_at_once_are_laid_out_as_promised(
        self, strategy: Strategy, history: BarHistory
    ) -> None:
        decisions = _all(strategy, history)
        assert decisions.symbols == tuple(sorted(decisions.symbols))
        assert decisions.weights.shape == (len(decisions.rows), len(decisions.symbols))
        assert decisions.path_changed.shape == decisions.rows.shape
        assert (decisions.rows[1:] > decisions.rows[:-1]).all()
        np.testing.assert_array_equal(decisions.sessions, history.sessions[decisions.rows])


def _all(strategy: Strategy, history: BarHistory) -> Decisions:
    if not isinstance(strategy, VectorisedStrategy):
        pytest.skip("the strategy decides one session at a time")
    result = strategy.decide_all(history)
    assert isinstance(result, Success), result.failure().problems()
    decisions: Decisions = result.unwrap()
    return decisions


def _row(decision: Decision, symbols: tuple[Symbol, ...]) -> list[float]:
    assert set(decision.weights) <= set(symbols)
    return [decision.weights.get(symbol, 0.0) for symbol in symbols]


def _same(one: Result[Decision, StrategyError], other: Result[Decision, StrategyError]) -> None:
    """Equal to the last bit; the reasons are compared as they print, so that NaN equals NaN."""
    assert repr(one) == repr(other)


def _is_explained(result: Result[Decision, StrategyError]) -> None:
    assert isinstance(result.failure(), NoSession | Undecidable | StrategyFailed)
    assert result.failure().problems(), "a failure without a word about it"


def _with_another_future(history: BarHistory, day: date, up: int) -> BarHistory:
    """After `day` every second symbol, the first or the second of each pair, multiplies."""
    close = history.close.copy()
    later = history.row_at(day) + 1
    close[later:] = np.where(np.arange(close.shape[1]) % 2 == up, 1e6, 1e-3)
    return evolve(history, close=close)


def _without(history: BarHistory, symbol: Symbol) -> BarHistory:
    close = history.close.copy()
    close[:, history.columns[symbol]] = np.nan
    return evolve(history, close=close)


def _beside(strangers: BarHistory, history: BarHistory) -> BarHistory:
    """Strange columns before and behind, and our own in another order."""
    first, last = strangers.symbols
    ours = with_columns(history, history.symbols[::-1])
    close = np.column_stack((strangers.close[:, 0], ours.close, strangers.close[:, 1]))
    symbols = (first, *ours.symbols, last)
    return BarHistory(history.sessions.copy(), symbols, close, source="a crowd")
