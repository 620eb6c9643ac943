"""What a source is asked for: only what is missing, many symbols at a time."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from attrs import frozen

from alchemiser_core.domain.symbol import Symbol

OVERLAP = timedelta(days=14)
"""How far before the end of what is known a request begins: ten sessions, less with holidays.

Old closes that come back changed tell of a split, a dividend or a correction, and vendors apply
some of them days late.
"""

SYMBOLS_AT_ONCE = 100
"""Symbols in one request to a source that says nothing of portions."""

_NEAR = timedelta(days=30)
"""Symbols whose bars end this close to each other are asked for together."""


@frozen
class Known:
    """What there is of a symbol before a synchronisation."""

    last: date | None = None
    """Its last stored bar."""
    checked: date | None = None
    """The last session up to which the source was asked, whether it had bars or not."""
    may_have_changed: bool = False
    """The last bar was fetched soon after its close, and by now the vendor has settled it."""

    @property
    def through(self) -> date | None:
        """Up to where nothing new is expected.

        That the source had nothing counts for a symbol without recent bars, such as one that is not
        traded any more. Where the last bar is recent, the next one may only be late.
        """
        if self.last is None:
            return self.checked
        if self.may_have_changed:
            return self.last - timedelta(days=1)
        if self.checked is not None and self.checked - self.last > OVERLAP:
            return self.checked
        return self.last


@frozen
class Portion:
    """The symbols of one request, and where it begins."""

    symbols: tuple[Symbol, ...]
    start: date | None
    """`None`: all there is."""


@frozen
class SyncPlan:
    """What has to be asked for."""

    up_to_date: tuple[Symbol, ...]
    newer: tuple[Portion, ...]
    """For bars after those that there are."""
    whole: tuple[Symbol, ...]
    """Whose whole history is wanted."""


def plan_sync(
    known: Mapping[Symbol, Known], through: date, at_once: int, *, is_full: bool = False
) -> SyncPlan:
    """What to ask for so that all symbols have the bars up to the session of `through`.

    `is_full`: every whole history anew, whatever there is.
    """
    if is_full:
        return SyncPlan((), (), tuple(sorted(known)))
    ends = {symbol: _end(each, through) for symbol, each in known.items()}
    return SyncPlan(
        up_to_date=tuple(
            sorted(s for s, end in ends.items() if end is not None and end >= through)
        ),
        newer=_newer(
            {s: end for s, end in ends.items() if end is not None and end < through}, at_once
        ),
        whole=tuple(sorted(s for s, end in ends.items() if end is None)),
    )


def _end(known: Known, through: date) -> date | None:
    """Up to where nothing new is expected. What is known of a day long after the last session is
    an error, and says nothing about the sessions before; a day or two may be a clock's.
    """
    end = known.through
    if end is not None and end - through > OVERLAP:
        return through - timedelta(days=1)
    return end


def portions_of(symbols: Iterable[Symbol], at_once: int) -> tuple[Portion, ...]:
    """Requests for the whole histories of symbols."""
    ordered = tuple(symbols)
    return tuple(
        Portion(ordered[first : first + at_once], None) for first in range(0, len(ordered), at_once)
    )


def _newer(ends: Mapping[Symbol, date], at_once: int) -> tuple[Portion, ...]:
    """Requests that begin before the end of each; the newest first, as most symbols are there."""
    portions: list[list[Symbol]] = []
    for symbol in sorted(ends, key=lambda each: (-ends[each].toordinal(), each)):
        if (
            not portions
            or len(portions[-1]) == at_once
            or ends[portions[-1][0]] - ends[symbol] > _NEAR
        ):
            portions.append([])
        portions[-1].append(symbol)
    return tuple(
        Portion(tuple(sorted(each)), min(ends[symbol] for symbol in each) - OVERLAP)
        for each in portions
    )
