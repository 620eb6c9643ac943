"""Pages of market data: points of many symbols in one sequence, cut by count or by size."""

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen

from alchemiser_alpaca.simulator.exchange.refusal import Refusal
from alchemiser_alpaca.simulator.http.answers import as_json
from alchemiser_alpaca.simulator.http.reading import UnreadableError
from alchemiser_alpaca.simulator.wire.times import read_time, stamp

Row = dict[str, Any]
Rows = Callable[[str, datetime | None], Iterable[tuple[datetime, Row]]]
"""The points of a symbol, those after a time where one is given, in the order asked for."""


@frozen
class Place:
    """The last point that a client has."""

    symbol: str
    at: datetime

    def token(self) -> str:
        """The page token that leads here."""
        return base64.urlsafe_b64encode(f"{self.symbol}|{stamp(self.at)}".encode()).decode()


def read_token(token: str | None) -> Place | None:
    """The place of a page token, `None` for the first page. Raises `UnreadableError`."""
    if not token:
        return None
    try:
        symbol, _, at = base64.urlsafe_b64decode(token.encode()).decode().partition("|")
        return Place(symbol, read_time(at))
    except (binascii.Error, UnicodeError, ValueError):
        raise UnreadableError(Refusal(400, None, "invalid page_token")) from None


@frozen
class Page:
    """Points by symbol, and the token of the next page."""

    points: dict[str, list[Row]]
    next_token: str | None


def page_of(
    symbols: Sequence[str], rows: Rows, limit: int, most_bytes: int, place: Place | None
) -> Page:
    """The page after a place; `limit` counts points of all symbols, `most_bytes` 0 is no limit."""
    points: dict[str, list[Row]] = {}
    last: Place | None = None
    count = size = 0
    for symbol, at, row in _sequence(symbols, rows, place):
        length = len(as_json(row)) + 1 if most_bytes else 0
        if last is not None and (count == limit or (most_bytes and size + length > most_bytes)):
            return Page(points, last.token())
        points.setdefault(symbol, []).append(row)
        last = Place(symbol, at)
        count, size = count + 1, size + length
    return Page(points, None)


def _sequence(
    symbols: Sequence[str], rows: Rows, place: Place | None
) -> Iterator[tuple[str, datetime, Row]]:
    for symbol in sorted(symbols):
        if place is not None and symbol < place.symbol:
            continue
        after = place.at if place is not None and symbol == place.symbol else None
        for at, row in rows(symbol, after):
            yield symbol, at, row
