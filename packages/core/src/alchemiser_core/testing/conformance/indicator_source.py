"""What every source of indicators promises."""

# ruff: noqa: D102  (the names of the tests are the promises, as sentences)

from datetime import date
from math import isfinite
from typing import ClassVar

import pytest
from attrs import evolve
from returns.result import Failure, Success

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.continuity import price_runs
from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.indicators import bars_needed, compute
from alchemiser_core.ports.indicator_source import IndicatorQuestion, IndicatorSource
from alchemiser_core.ports.market_data import MarketDataUnavailable

_WINDOWS = (5, 10, 20)


class IndicatorSourceConformance:
    """Give the fixtures `source` and `closes`; the rest are the flags below."""

    known: ClassVar[str]
    """A symbol that the source has, in canonical spelling."""
    unknown: ClassVar[str] = "NOSUCHSYMBOL"
    """One that it does not have."""
    before_any_data: ClassVar[date] = date(1900, 1, 2)
    relative: ClassVar[float] = 1e-4
    """How far a value may be from ours: vendors round, and begin their averages elsewhere."""

    @pytest.fixture
    def source(self) -> IndicatorSource:
        """The source under test."""
        raise NotImplementedError("give a fixture named source")

    @pytest.fixture
    def closes(self) -> BarHistory:
        """The bars that it computes from, at least 250 sessions of the known symbol."""
        raise NotImplementedError("give a fixture named closes")

    def question(self, kind: IndicatorKind, closes: BarHistory, window: int) -> IndicatorQuestion:
        """A question about the last session."""
        return IndicatorQuestion(kind, window, Symbol(self.known), closes.session(len(closes) - 1))

    def test_it_has_a_name_and_says_what_it_computes(self, source: IndicatorSource) -> None:
        assert source.name.strip()
        assert source.kinds
        assert isinstance(source, IndicatorSource)

    def test_every_kind_is_that_of_our_own_rules(
        self, source: IndicatorSource, closes: BarHistory
    ) -> None:
        column = closes.columns[Symbol(self.known)]
        for kind in source.kinds:
            for window in _WINDOWS:
                measure = Measure(kind, (window,))
                assert bars_needed(measure) <= len(closes)
                series = compute({measure: [column]}, price_runs(closes.close))[measure]
                answer = source.indicator(self.question(kind, closes, window))
                assert isinstance(answer, Success), (kind, answer)
                value = answer.unwrap()
                assert isinstance(value, float)
                assert isfinite(value)
                assert value == pytest.approx(series[0, -1], rel=self.relative), (kind, window)

    def test_an_earlier_session_has_the_value_of_that_session(
        self, source: IndicatorSource, closes: BarHistory
    ) -> None:
        kind = sorted(source.kinds)[0]
        row, measure = len(closes) - 8, Measure(kind, (10,))
        column = closes.columns[Symbol(self.known)]
        series = compute({measure: [column]}, price_runs(closes.close))[measure]
        question = evolve(self.question(kind, closes, 10), as_of=closes.session(row))
        value = source.indicator(question).unwrap()
        assert value == pytest.approx(series[0, row], rel=self.relative)

    def test_the_same_question_has_the_same_answer(
        self, source: IndicatorSource, closes: BarHistory
    ) -> None:
        question = self.question(sorted(source.kinds)[0], closes, 10)
        assert source.indicator(question) == source.indicator(question)

    def test_what_it_does_not_have_is_a_failure_that_says_why(
        self, source: IndicatorSource, closes: BarHistory
    ) -> None:
        kind = sorted(source.kinds)[0]
        asked = self.question(kind, closes, 10)
        for question in (
            evolve(asked, symbol=Symbol(self.unknown)),
            evolve(asked, as_of=self.before_any_data),
        ):
            answer = source.indicator(question)
            assert isinstance(answer, Failure), question
            assert isinstance(answer.failure(), MarketDataUnavailable)
            assert all(p.code and p.what for p in answer.failure().problems())
            assert answer.failure().problems()
