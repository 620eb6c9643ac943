"""A question to a second vendor that ends: whoever decides waits for it so long, and no longer.

It is asked in a thread of its own; a thread that does not come back is left behind and ends with
the process.
"""

from datetime import timedelta
from threading import Thread

from attrs import define
from returns.result import Failure, Result

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


def bounded_bars(feed: MarketData, request: BarRequest, limit: timedelta) -> Answer:
    """As the feed answers, whatever it raises; `feed-too-slow` where it does not within `limit`."""
    asking = _Asking(feed, request)
    thread = Thread(target=asking.run, name=f"asking {feed.name}", daemon=True)
    thread.start()
    thread.join(limit.total_seconds())
    if asking.answer is not None:
        return asking.answer
    problem = Problem(
        code="feed-too-slow",
        what=f"{feed.name} did not answer within {limit.total_seconds():g} s",
        where=feed.name,
        why="it may wait for the budget of its data plan, or for the network",
    )
    return Failure(MarketDataUnavailable((problem,)))
