"""Bars of a feed that somebody else wrote: what it raises, or gives of the wrong kind, is a failure
that can be told, and never a traceback in the middle of a decision.

A `BarHistory` cannot be built of sessions that are unsorted or there twice: a feed that tries
raises, and is caught here.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from returns.result import Failure, Result, Success

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins.containment import contained
from alchemiser_core.ports.market_data import BarRequest, MarketData, MarketDataUnavailable

Value = TypeVar("Value")
Check = Callable[[Any], bool]

FEED_FAILED = "feed-failed"
"""Code of a feed that raised, or answered something else than it was asked for."""


def contained_bars(
    feed: MarketData, request: BarRequest
) -> Result[BarHistory, MarketDataUnavailable]:
    """As the feed answers; `feed-failed` where it raises, or gives no bars of these symbols."""

    def is_asked_for(answer: object) -> bool:
        return isinstance(answer, BarHistory) and answer.symbols == request.symbols

    return contained_read(feed.name, lambda: feed.bars(request), is_asked_for)


def contained_read(
    name: str, read: Callable[[], Result[Value, MarketDataUnavailable]], is_right: Check
) -> Result[Value, MarketDataUnavailable]:
    """What a feed called `name` answers; `feed-failed` where it raises, gives no `Result`, or one
    that is not right.
    """
    called = contained(read)
    if isinstance(called, Failure):
        return _failed(name, f"the feed {name} failed", str(called.failure()))
    answer: object = called.unwrap()
    if isinstance(answer, Failure):
        why = answer.failure()
        if isinstance(why, MarketDataUnavailable):
            return Failure(why)
        return _wrong(name, type(why).__name__)
    if not isinstance(answer, Success):
        return _wrong(name, type(answer).__name__)
    value: Value = answer.unwrap()
    return Success(value) if is_right(value) else _wrong(name, type(value).__name__)


def _wrong(name: str, kind: str) -> Failure[MarketDataUnavailable]:
    return _failed(
        name, f"the feed {name} gave no answer to what it was asked", f"it gave a {kind}"
    )


def _failed(name: str, what: str, why: str) -> Failure[MarketDataUnavailable]:
    hint = "report it to the author of the plugin"
    return Failure(MarketDataUnavailable((Problem(FEED_FAILED, what, name, why, hint),)))
