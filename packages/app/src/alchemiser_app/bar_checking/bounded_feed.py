"""A question to a second vendor that ends: whoever decides waits for it so long, and no longer.

It is asked in a thread of its own; a thread that does not come back is left behind and ends with
the process.
"""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

from attrs import define
from returns.result import Failure, Result

from alchemiser_app.timekeeping.awaited_thread import ended_within
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins.contained_bars import contained_bars
from alchemiser_core.ports.market_data import BarRequest, MarketData, MarketDataUnavailable

Answer = Result[BarHistory, MarketDataUnavailable]


@define
class _Asking:
    """One question, and what came of it."""

    feed: MarketData
    request: BarRequest
    answer: Answer | None = None

    def run(self) -> None:
        """Ask, and keep the answer."""
        self.answer = contained_bars(self.feed, self.request)


def bounded_bars(
    feed: MarketData, request: BarRequest, limit: timedelta, interrupted: Callable[[], bool]
) -> Answer:
    """As the feed answers, whatever it raises; `feed-too-slow` where it does not within `limit`, or
    before whoever waits is asked to end.
    """
    asking = _Asking(feed, request)
    thread = Thread(target=asking.run, name=f"asking {feed.name}", daemon=True)
    thread.start()
    ended_within(thread, limit, interrupted)
    if asking.answer is not None:
        return asking.answer
    problem = Problem(
        code="feed-too-slow",
        what=f"{feed.name} did not answer within {limit.total_seconds():g} s",
        where=feed.name,
        why="it may wait for the budget of its data plan, or for the network",
    )
    return Failure(MarketDataUnavailable((problem,)))
