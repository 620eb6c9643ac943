"""The axis of sessions of a folder, and bars laid out along it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from returns.result import Failure, Result, Success

from alchemiser_app.feeds.columns import Field
from alchemiser_app.feeds.series import Series
from alchemiser_core.domain.bar_rows import REFERENCE
from alchemiser_core.domain.bars import BadPrice, Sessions
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import BarRequest
from alchemiser_core.ports.trading_calendar import BeyondCalendar


class TradingSessions(Protocol):
    """The sessions of an exchange calendar."""

    def between(self, first: date, last: date) -> Result[Sessions, BeyondCalendar]:
        """Sessions from `first` to `last`, both included. Failure: not all days are known."""
        ...


def folder_axis(
    series: Mapping[Symbol, Series], calendar: TradingSessions | None
) -> Result[Sessions, BeyondCalendar]:
    """All sessions the folder knows: the calendar's from its first to its last bar, else SPY's,
    else any symbol's. Failure: there are bars of days that the calendar does not know.
    """
    days = [s.days for s in series.values()]
    if calendar is not None:
        first, last = min(d[0] for d in days), max(d[-1] for d in days)
        return calendar.between(first.item(), last.item())
    if REFERENCE in series:
        return Success(series[REFERENCE].days)
    return Success(np.unique(np.concatenate(days)))


def within(axis: Sessions, request: BarRequest, where: str) -> Result[Sessions, Problem]:
    """The sessions of the range asked for; a range without any is a failure."""
    start = 0 if request.start is None else int(np.searchsorted(axis, _day(request.start)))
    end = len(axis)
    if request.end is not None:
        end = int(np.searchsorted(axis, _day(request.end), side="right"))
    if start < end:
        return Success(axis[start:end])
    asked = f"{request.start or 'the first'} to {request.end or 'the last'}"
    there = f"the sessions run from {axis[0]} to {axis[-1]}" if len(axis) else "it has none"
    return Failure(
        Problem(
            code="no-session-in-range",
            what=f"there is no session from {asked}",
            where=where,
            why=there,
            hint="ask for another range or add data",
        )
    )


def _day(day: date) -> np.datetime64:
    return np.datetime64(day, "D")


def rows_on(axis: Sessions, days: Sessions) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Row on the axis of each of `days`, and whether the axis has it at all."""
    rows = np.searchsorted(axis, days)
    rows[rows == len(axis)] = 0
    return rows, axis[rows] == days


def laid_out(
    axis: Sessions, symbols: Sequence[Symbol], series: Mapping[Symbol, Series], meaning: Field
) -> NDArray[np.float64]:
    """One column a symbol, NaN where it has nothing; shape (sessions, symbols)."""
    matrix = np.full((len(axis), len(symbols)), np.nan)
    for column, symbol in enumerate(symbols):
        own = series.get(symbol)
        if own is not None and meaning in own.values:
            rows, there = rows_on(axis, own.days)
            matrix[rows[there], column] = own.values[meaning][there]
    return matrix


def warnings_on(
    axis: Sessions, own: Series, start: date | None = None, end: date | None = None
) -> tuple[Problem, ...]:
    """The series' own warnings, and one that counts its rows from `start` to `end` off the axis.

    Rows from before the first session are history that the axis does not reach back to, as with
    any stock older than SPY; rows after the last one are odd: the axis may be out of date.
    """
    inside = own.days[own.days >= (axis[0] if start is None else max(axis[0], _day(start)))]
    if end is not None:
        inside = inside[inside <= _day(end)]
    _, there = rows_on(axis, inside)
    dropped = inside[~there]
    if not len(dropped):
        return own.warnings
    text = f"{len(dropped)} rows dropped that are no sessions, the first of {dropped[0]}"
    return (*own.warnings, Problem(code="off-axis", what=text, where=own.file))


def bad_prices_on(axis: Sessions, own: Series) -> tuple[BadPrice, ...]:
    """The series' unusable prices that fall on sessions."""
    if not own.bad_prices:
        return ()
    sessions = set(axis.tolist())
    return tuple(bad for bad in own.bad_prices if bad.session in sessions)
