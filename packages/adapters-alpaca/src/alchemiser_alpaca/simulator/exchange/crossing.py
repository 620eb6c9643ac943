"""The first moment of a session at which something is true of the price."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from alchemiser_alpaca.simulator.exchange.sessions import TradingDay
from alchemiser_alpaca.simulator.exchange.tape import BEFORE_THE_CLOSE

_STEP = timedelta(milliseconds=1)


def first_time(
    session: TradingDay, start: datetime, end: datetime, is_so: Callable[[datetime], bool]
) -> datetime | None:
    """The first moment in [start, end), to the millisecond; `None` where there is none.

    The price goes one way within each piece of the day, so what becomes true in a piece is still
    true at its end, or is true at its beginning.
    """
    for begins, ends in _pieces(session, start, end):
        if is_so(begins):
            return begins
        last = ends - _STEP
        if last > begins and is_so(last):
            return _bisected(begins, last, is_so)
    return None


def _pieces(
    session: TradingDay, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    knots = (session.opens, session.closes - BEFORE_THE_CLOSE, session.closes)
    inner = [knot for knot in knots if start < knot < end]
    if start < end:
        yield from zip((start, *inner), (*inner, end), strict=True)


def _bisected(not_yet: datetime, already: datetime, is_so: Callable[[datetime], bool]) -> datetime:
    while already - not_yet > _STEP:
        middle = not_yet + (already - not_yet) / 2
        if is_so(middle):
            already = middle
        else:
            not_yet = middle
    return already
