"""What a symbol's bars lack against the sessions of an exchange, and what they have beyond them."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_app.feeds.inspection import Gap
from alchemiser_core.domain.bars import BarHistory, Sessions
from alchemiser_core.domain.symbol import Symbol


@frozen
class CalendarGaps:
    """One symbol against the calendar."""

    symbol: Symbol
    first: date | None
    """First day with a price that the calendar reaches back to; `None` where there is none."""
    last: date | None
    bars: int
    """Days with a price from `first` on."""
    gaps: tuple[Gap, ...]
    """Runs of sessions without a price between the first price and the last."""
    no_sessions: tuple[date, ...]
    """Days with a price on which the exchange was closed."""
    lag: int
    """Sessions after the last price that are over."""

    @property
    def missing(self) -> int:
        """Sessions in all gaps."""
        return sum(gap.sessions for gap in self.gaps)

    @property
    def is_clean(self) -> bool:
        """There are bars, they have no gap, no day too much, and reach the last session."""
        return self.first is not None and not (self.gaps or self.no_sessions or self.lag)


def calendar_gaps(history: BarHistory, sessions: Sequence[date]) -> tuple[CalendarGaps, ...]:
    """Every symbol of a history against sessions, of which the last one is over.

    Prices from before the first of the sessions are not looked at; neither are later ones than the
    last.
    """
    axis: Sessions = np.array(sessions, dtype="datetime64[D]")
    inside = np.zeros(len(history), dtype=np.bool_)
    if len(axis):
        inside = (history.sessions >= axis[0]) & (history.sessions <= axis[-1])
    days, close = history.sessions[inside], history.close[inside]
    return tuple(
        _of_symbol(symbol, days[~np.isnan(close[:, column])], axis)
        for column, symbol in enumerate(history.symbols)
    )


def _of_symbol(symbol: Symbol, priced: Sessions, axis: Sessions) -> CalendarGaps:
    if not len(priced):
        return CalendarGaps(symbol, None, None, 0, (), (), len(axis))
    between = (axis >= priced[0]) & (axis <= priced[-1])
    return CalendarGaps(
        symbol=symbol,
        first=priced[0].item(),
        last=priced[-1].item(),
        bars=len(priced),
        gaps=_runs(axis, np.flatnonzero(between & ~np.isin(axis, priced))),
        no_sessions=tuple(priced[~np.isin(priced, axis)].tolist()),
        lag=int((axis > priced[-1]).sum()),
    )


def _runs(axis: Sessions, missing: NDArray[np.intp]) -> tuple[Gap, ...]:
    """Sessions that follow each other, by their places on the axis, as one gap."""
    if not len(missing):
        return ()
    runs = np.split(missing, np.flatnonzero(np.diff(missing) > 1) + 1)
    return tuple(Gap(axis[run[0]].item(), axis[run[-1]].item(), len(run)) for run in runs)
