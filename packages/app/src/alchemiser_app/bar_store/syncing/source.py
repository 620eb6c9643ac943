"""The feed that a store is filled from: asked for a limited time, kept apart, and counted."""

from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import TypeVar

import numpy as np
from attrs import define, field
from returns.result import Failure, Result

from alchemiser_app.timekeeping.awaited_thread import answer_within
from alchemiser_core.domain.bars import BarHistory, PriceBasis, Prices
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.plugins.contained_bars import contained_read
from alchemiser_core.ports.corporate_actions import (
    CorporateAction,
    CorporateActions,
    Dividend,
    Split,
)
from alchemiser_core.ports.market_data import (
    BarRequest,
    InPortions,
    MarketData,
    MarketDataUnavailable,
    OfOneBasis,
)
from alchemiser_core.services.bar_sync.plan import SYMBOLS_AT_ONCE

Value = TypeVar("Value")

LONGEST_ANSWER = timedelta(minutes=15)
"""How long one request may take; a vendor's budget of a few symbols a minute fits in it."""


_DAYS = np.dtype("datetime64[D]")


def as_long_as_it_takes() -> timedelta:
    """The limit of a request where nothing waits for it."""
    return LONGEST_ANSWER


@define(eq=False)
class Source:
    """A feed that may be anybody's code.

    What it raises is a failure, and what does not answer is left behind in a thread that ends with
    the process.
    """

    feed: MarketData
    limit: Callable[[], timedelta] = as_long_as_it_takes
    """How long the next request may take; looked at again while it does."""
    calls: int = field(default=0, init=False)
    """Requests so far."""

    @property
    def name(self) -> str:
        """Of the feed; stored bars are called by it."""
        return self.feed.name

    @property
    def basis(self) -> PriceBasis | None:
        """What its prices stand for, where it says so before it is asked."""
        return self.feed.basis if isinstance(self.feed, OfOneBasis) else None

    @property
    def symbols_at_once(self) -> int:
        """How many symbols a request has at most."""
        if isinstance(self.feed, InPortions):
            return max(1, self.feed.symbols_at_once)
        return SYMBOLS_AT_ONCE

    def bars(self, request: BarRequest) -> Result[BarHistory, MarketDataUnavailable]:
        """As the feed answers. Failures: its own, `feed-failed` and `feed-hangs`."""

        def is_right(answer: object) -> bool:
            return (
                isinstance(answer, BarHistory)
                and answer.symbols == request.symbols
                and answer.sessions.dtype == _DAYS
                and all(values is None or values.dtype == np.float64 for values in _arrays(answer))
            )

        return self._within(
            lambda: contained_read(self.name, lambda: self.feed.bars(request), is_right)
        )

    def actions(
        self, symbols: Collection[Symbol], start: date, end: date
    ) -> Result[tuple[CorporateAction, ...], MarketDataUnavailable] | None:
        """Splits and dividends, as the feed answers; `None` where it knows nothing of them."""
        feed = self.feed
        if not isinstance(feed, CorporateActions):
            return None
        asked = frozenset(symbols)

        def is_right(answer: object) -> bool:
            return isinstance(answer, tuple) and all(
                isinstance(each, Split | Dividend)
                and each.symbol in asked
                and start <= each.ex_date <= end
                for each in answer
            )

        return self._within(
            lambda: contained_read(self.name, lambda: feed.actions(symbols, start, end), is_right)
        )

    def _within(
        self, call: Callable[[], Result[Value, MarketDataUnavailable]]
    ) -> Result[Value, MarketDataUnavailable]:
        """What the call gives, in a thread that is waited for up to the limit."""
        limit = self.limit().total_seconds()
        if limit <= 0.0:
            return self._no_answer(0.0)
        self.calls += 1
        answer = answer_within(
            call,
            f"asking {self.name}",
            timedelta(seconds=limit),
            lambda: self.limit() <= timedelta(0),
        )
        return self._no_answer(limit) if answer is None else answer

    def _no_answer(self, seconds: float) -> Failure[MarketDataUnavailable]:
        problem = Problem(
            code="feed-hangs",
            what=f"the feed {self.name} did not answer in time",
            where=self.name,
            why=f"it had {seconds:.0f} s" if seconds else "the time for it had passed",
            hint="what was fetched before is stored; `alchemiser data sync` goes on from there",
        )
        return Failure(MarketDataUnavailable((problem,)))


def _arrays(history: BarHistory) -> tuple[Prices | None, ...]:
    return history.close, history.open, history.high, history.low, history.volume
