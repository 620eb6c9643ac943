"""A second vendor in memory: bars, and indicators that it computes from them itself."""

from attrs import define, field
from returns.result import Failure, Result, Success

from alchemiser_core.domain.continuity import price_runs
from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.domain.problem import Problem
from alchemiser_core.indicators import compute
from alchemiser_core.ports.indicator_source import IndicatorQuestion
from alchemiser_core.ports.market_data import MarketDataUnavailable
from alchemiser_core.testing.market_data import InMemoryMarketData

KINDS = frozenset(
    {
        IndicatorKind.RSI,
        IndicatorKind.MOVING_AVERAGE_PRICE,
        IndicatorKind.EXPONENTIAL_MOVING_AVERAGE_PRICE,
    }
)


@define
class InMemoryVendor(InMemoryMarketData):
    """`IndicatorSource` beside the feed; keeps what it was asked."""

    name: str = "second"
    kinds: frozenset[IndicatorKind] = KINDS
    answers: dict[IndicatorQuestion, float] = field(factory=dict)
    """What it says whatever its bars are."""
    questions: list[IndicatorQuestion] = field(factory=list)
    """All questions so far, those without an answer too."""

    def indicator(self, question: IndicatorQuestion) -> Result[float, MarketDataUnavailable]:
        """By our own rules from its bars. Failure: it does not compute that, or has no bars."""
        self.questions.append(question)
        if question in self.answers:
            return Success(self.answers[question])
        known = self.history.at(question.as_of)
        day = known.session(len(known) - 1) if len(known) else None
        if question.kind not in self.kinds or day != question.as_of:
            return Failure(no_value(question))
        if question.symbol not in known.columns:
            return Failure(no_value(question))
        measure = Measure(question.kind, (question.window,))
        column = known.columns[question.symbol]
        series = compute({measure: [column]}, price_runs(known.close))[measure]
        value = float(series[0, -1])
        return Success(value) if value == value else Failure(no_value(question))


def no_value(question: IndicatorQuestion) -> MarketDataUnavailable:
    """The failure of a question without an answer."""
    what = f"there is no {question.kind.value} {question.window} of {question.symbol}"
    where, hint = f"in-memory, {question.as_of}", "ask for another session"
    return MarketDataUnavailable((Problem("no-indicator", what, where, hint=hint),))
