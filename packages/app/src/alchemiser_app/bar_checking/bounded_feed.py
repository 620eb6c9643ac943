"""A question to a second vendor that ends: whoever decides waits for it so long, and no longer."""

from collections.abc import Callable
from datetime import timedelta

from returns.result import Failure, Result

from alchemiser_app.timekeeping.awaited_thread import answer_within
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins.contained_bars import contained_bars
from alchemiser_core.ports.market_data import BarRequest, MarketData, MarketDataUnavailable

Answer = Result[BarHistory, MarketDataUnavailable]


def bounded_bars(
    feed: MarketData, request: BarRequest, limit: timedelta, interrupted: Callable[[], bool]
) -> Answer:
    """As the feed answers, whatever it raises; `feed-too-slow` where it does not within `limit`, or
    before whoever waits is asked to end.
    """
    answer = answer_within(
        lambda: contained_bars(feed, request), f"asking {feed.name}", limit, interrupted
    )
    if answer is not None:
        return answer
    problem = Problem(
        code="feed-too-slow",
        what=f"{feed.name} did not answer within {limit.total_seconds():g} s",
        where=feed.name,
        why="it may wait for the budget of its data plan, or for the network",
    )
    return Failure(MarketDataUnavailable((problem,)))
