"""The data feed: completed daily bars of TwelveData, and the indicators that it computes."""

from datetime import date

from attrs import define
from returns.result import Failure, Result, Success

from alchemiser_core.domain.bar_rows import CLOSES, history_of
from alchemiser_core.domain.bars import FIELDS, BarHistory, PriceBasis
from alchemiser_core.domain.measure import IndicatorKind
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.indicator_source import IndicatorQuestion
from alchemiser_core.ports.market_data import BarRequest, MarketDataUnavailable
from alchemiser_core.ports.self_check import Finding
from alchemiser_twelvedata.connection.connection import Connection
from alchemiser_twelvedata.connection.failures import WHERE, unavailable
from alchemiser_twelvedata.data.bar_source import LARGEST_BATCH, BarSource
from alchemiser_twelvedata.data.indicators import NAMES, Indicators
from alchemiser_twelvedata.data.labels import basis_of, labels_of
from alchemiser_twelvedata.market_time import Completed
from alchemiser_twelvedata.self_check import findings

EARLIEST = date(1970, 1, 2)
"""Nothing is asked for that is older."""


@define(eq=False)
class TwelveDataFeed:
    """`MarketData`, `InPortions`, `IndicatorSource` and `SelfCheck`; several threads may use it.

    What it asks for may take minutes: where the credits of one are used it waits for the next.
    """

    connection: Connection
    source: BarSource
    indicators: Indicators
    completed: Completed
    is_local: bool
    """The server is one of this machine."""
    name: str = "twelvedata"

    @property
    def synthetic(self) -> bool:
        """Prices of a server on this machine are its own: nobody can trade at them."""
        return self.is_local

    @property
    def symbols_at_once(self) -> int:
        """As many as the credits of a minute are enough for."""
        return min(self.connection.credits.a_minute, LARGEST_BATCH)

    @property
    def basis(self) -> PriceBasis:
        """By the configured adjustment."""
        return basis_of(self.source.adjust)

    @property
    def kinds(self) -> frozenset[IndicatorKind]:
        """The indicators that the vendor computes as we do."""
        return frozenset(NAMES)

    def bars(self, request: BarRequest) -> Result[BarHistory, MarketDataUnavailable]:
        """Full bars, or closes. Failures: no answer, no credits, an answer that cannot be read or
        is not whole, a plan that does not have a symbol, a symbol in another currency, a range
        without a session.
        """
        completed = self.completed.last_day()
        end = completed if request.end is None else min(request.end, completed)
        start = None if request.start is None else max(request.start, EARLIEST)
        if (start or EARLIEST) > end:
            return Failure(_no_session(request, end))
        found = self.source.bars(request.symbols, start, end, request.closes_only)
        if isinstance(found, Failure):
            return Failure(found.failure())
        history = history_of(
            request.symbols,
            found.unwrap(),
            CLOSES if request.closes_only else FIELDS,
            labels_of(self.source.adjust, is_local=self.is_local),
        )
        return Failure(_no_session(request, end)) if history is None else Success(history)

    def indicator(self, question: IndicatorQuestion) -> Result[float, MarketDataUnavailable]:
        """The value of a completed session. Failures: as for bars, and no value of that session."""
        if question.as_of > self.completed.last_day():
            return Failure(_not_completed(question))
        what = f"{question.kind} {question.window} of {question.symbol} cannot be had"
        found = self.indicators.value(question)
        return found.alt(lambda failure: unavailable([(what, failure)]))

    def check(self) -> tuple[Finding, ...]:
        """Whether the key is accepted, and what is left of the plan; costs a credit."""
        return findings(self.connection)

    def close(self) -> None:
        """Let go of the server."""
        self.connection.close()


def _no_session(request: BarRequest, end: date) -> MarketDataUnavailable:
    problem = Problem(
        code="no-session-in-range",
        what=f"there are no bars from {request.start or 'the first'} to {end}",
        where=WHERE,
        why="the symbols have none in this range, or no session in it is completed",
        hint="ask for another range, and check the symbols",
    )
    return MarketDataUnavailable((problem,))


def _not_completed(question: IndicatorQuestion) -> MarketDataUnavailable:
    problem = Problem(
        code="no-such-data",
        what=f"{question.kind} {question.window} of {question.symbol} cannot be had",
        where=WHERE,
        why=f"the bar of {question.as_of} is not complete yet",
        hint="ask for an earlier session",
    )
    return MarketDataUnavailable((problem,))
