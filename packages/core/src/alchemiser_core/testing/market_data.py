"""A market-data feed in memory, which can be told to fail."""

from datetime import date

import numpy as np
from attrs import define, evolve, field
from returns.result import Failure, Result, Success

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.market_data import BarRequest, MarketDataUnavailable
from alchemiser_core.testing.bars import with_columns


@define
class InMemoryMarketData:
    """Serves the bars of one history; keeps what it was asked."""

    history: BarHistory
    name: str = "in-memory"
    failures: list[MarketDataUnavailable] = field(factory=list)
    """Given instead of bars, the first to the next request, until none is left."""
    requests: list[BarRequest] = field(factory=list)
    """All requests so far, those that failed too."""

    @property
    def synthetic(self) -> bool:
        """As the history is."""
        return self.history.synthetic

    def bars(self, request: BarRequest) -> Result[BarHistory, MarketDataUnavailable]:
        """The columns and sessions asked for; the next scripted failure where there is one."""
        self.requests.append(request)
        if self.failures:
            return Failure(self.failures.pop(0))
        axis = self.history.sessions
        start = 0 if request.start is None else int(np.searchsorted(axis, _day(request.start)))
        stop = len(axis) if request.end is None else self.history.row_at(request.end) + 1
        if start >= stop:
            return Failure(no_sessions(request))
        history = with_columns(self.history, request.symbols).rows(start, stop)
        if request.closes_only:
            return Success(evolve(history, open=None, high=None, low=None, volume=None))
        return Success(history)


def _day(day: date) -> np.datetime64:
    return np.datetime64(day, "D")


def no_sessions(request: BarRequest) -> MarketDataUnavailable:
    """The failure of a request for a range without a session."""
    return MarketDataUnavailable(
        (
            Problem(
                code="no-session-in-range",
                what=f"there is no session from {request.start} to {request.end}",
                where="in-memory",
                hint="ask for another range",
            ),
        )
    )
