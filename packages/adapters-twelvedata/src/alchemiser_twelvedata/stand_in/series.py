"""Which bars of a symbol an answer has: those of the past, cut, ordered, and that of the session
which is running.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from attrs import evolve, frozen

from alchemiser_twelvedata.market_time import NEW_YORK
from alchemiser_twelvedata.stand_in.prices import Bar
from alchemiser_twelvedata.stand_in.quirks import Quirks

_OPEN, _CLOSE = time(9, 30), time(16)
_MINUTES = 390
MOST = 5_000


class BadParameterError(ValueError):
    """A parameter that the vendor would refuse; the text says why."""


@frozen
class Cut:
    """Which bars are asked for."""

    start: date | None
    end: date | None
    size: int
    ascending: bool

    def of(self, days: Sequence[date], quirks: Quirks) -> list[int]:
        """Places of the days that are told, in the order in which they are."""
        chosen = [place for place, day in enumerate(days) if self._has(day, quirks)]
        newest = chosen[-self.size :]
        return newest if self.ascending and not quirks.ignores_order else newest[::-1]

    def _has(self, day: date, quirks: Quirks) -> bool:
        if self.start is not None and day < self.start:
            return False
        if self.end is None:
            return True
        return day < self.end if quirks.end_is_excluded else day <= self.end


def cut_of(parameters: Mapping[str, str]) -> Cut:
    """What is asked for. Raises `BadParameterError`."""
    if parameters.get("interval") != "1day":
        raise BadParameterError("Invalid **interval** provided. Supported intervals: 1day")
    start, end = (_date(parameters, name) for name in ("start_date", "end_date"))
    usual = "30" if start is None or end is None else str(MOST)
    size = parameters.get("outputsize", usual)
    if not size.isdigit() or not 1 <= int(size) <= MOST:
        raise BadParameterError("Invalid **outputsize** provided. It is from 1 to 5000")
    return Cut(start, end, int(size), parameters.get("order", "desc").lower() == "asc")


def known_at(bars: Sequence[Bar], now: datetime, quirks: Quirks) -> list[Bar]:
    """The bars that are there at a time; the last one may be part of one."""
    there = now.astimezone(NEW_YORK)
    past = [bar for bar in bars if bar.day < there.date()]
    today = next((bar for bar in bars if bar.day == there.date()), None)
    if today is None or there.time() < _OPEN:
        return past
    if there.time() >= _CLOSE:
        return [*past, today]
    minutes = (there.hour - _OPEN.hour) * 60 + there.minute - _OPEN.minute
    return [*past, _part(today, minutes / _MINUTES)] if quirks.has_partial_bar else past


def _part(bar: Bar, share: float) -> Bar:
    """A bar of which so much is over."""
    close = bar.open + (bar.close - bar.open) * share
    return evolve(
        bar,
        high=bar.open + (bar.high - bar.open) * share,
        low=bar.open + (bar.low - bar.open) * share,
        close=close,
        volume=float(int(bar.volume * share)),
    )


def _date(parameters: Mapping[str, str], name: str) -> date | None:
    if name not in parameters:
        return None
    try:
        return date.fromisoformat(parameters[name][:10])
    except ValueError as error:
        raise BadParameterError(f"Invalid **{name}** provided") from error
