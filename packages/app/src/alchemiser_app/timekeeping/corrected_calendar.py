"""The calendar of an exchange with what somebody has said against its tables.

A day of mourning is decided on days before, and the package that has the tables comes out months
later. What the configuration says of a day wins; what cannot be meant is refused. What the tables
have come to know meanwhile is no contradiction, so that an upgrade stops nobody.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.timekeeping.calendar_settings import (
    ExchangeCalendarSettings,
    read_day,
    read_hours,
    read_time,
)
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.plugins import BuildError
from alchemiser_core.ports.trading_calendar import BeyondCalendar, TradingCalendar

WHERE = "trading.calendar_settings"
_SATURDAY = 5
_LONGEST_CLOSURE = timedelta(days=14)


@frozen(kw_only=True)
class Correction:
    """What somebody says of one day."""

    setting: str
    day: date
    opens: time | None = None
    """In the exchange's time; `None` where it is left as it is."""
    closes: time | None = None
    """`None` where there is no session."""

    def __str__(self) -> str:
        match self.opens, self.closes:
            case None, None:
                return f"closed on {self.day}"
            case None, closes:
                return f"closes at {closes:%H:%M} on {self.day}"
            case opens, closes:
                return f"open from {opens:%H:%M} to {closes:%H:%M} on {self.day}"


@frozen(eq=False)
class CorrectedCalendar:
    """`TradingCalendar`, `KnownUntil` and `Corrected` over the tables of an exchange."""

    tables: TradingCalendar
    last: date
    """The last day that the tables know."""
    replaced: dict[date, TradingSession | None]
    """The session of each day that was corrected; `None` where it has none."""
    corrections: tuple[str, ...]

    @property
    def name(self) -> str:
        """That of the tables."""
        return self.tables.name

    def sessions(
        self, start: date, end: date
    ) -> Result[tuple[TradingSession, ...], BeyondCalendar]:
        """The sessions of a range, the corrected ones among them; times in UTC."""
        return self.tables.sessions(start, end).map(
            lambda found: self._with_corrections(found, start, end)
        )

    def _with_corrections(
        self, found: tuple[TradingSession, ...], start: date, end: date
    ) -> tuple[TradingSession, ...]:
        inside = {day: own for day, own in self.replaced.items() if start <= day <= end}
        if not inside:
            return found
        kept = [each for each in found if each.day not in inside]
        added = [own for own in inside.values() if own is not None]
        return tuple(sorted([*kept, *added], key=lambda session: session.day))


def corrected_calendar(
    tables: TradingCalendar, last: date, zone: ZoneInfo, settings: ExchangeCalendarSettings
) -> Result[CorrectedCalendar, BuildError]:
    """The calendar by tables and settings; `zone` is the exchange's.

    Failure: every day that is on a weekend or not known, that two settings speak of, and every
    early close of a day without a session, or that is not within it.
    """
    said = tuple(_said(settings))
    problems = [*_contradictions(said)]
    replaced: dict[date, TradingSession | None] = {}
    for each in said:
        session = _session(each, tables, zone)
        if isinstance(session, Failure):
            problems.append(session.failure())
        else:
            replaced[each.day] = session.unwrap()
    if problems:
        return Failure(BuildError(tuple(problems)))
    words = tuple(str(each) for each in sorted(said, key=lambda each: each.day))
    return Success(CorrectedCalendar(tables, last, replaced, words))


def _said(settings: ExchangeCalendarSettings) -> Iterator[Correction]:
    for day in settings.closed:
        yield Correction(setting="closed", day=read_day(day))
    for day, at in settings.closes_early.items():
        yield Correction(setting="closes_early", day=read_day(day), closes=read_time(at))
    for day, hours in settings.open.items():
        opens, closes = read_hours(hours)
        yield Correction(setting="open", day=read_day(day), opens=opens, closes=closes)


def _contradictions(said: tuple[Correction, ...]) -> Iterator[Problem]:
    """Two settings about one day."""
    settings_of: dict[date, list[str]] = {}
    for each in said:
        settings_of.setdefault(each.day, []).append(each.setting)
    for day, settings in settings_of.items():
        if len(settings) > 1:
            why = f"{' and '.join(settings)} all speak of it"
            yield _refused(day, settings[0], f"{day} cannot be both", why, "leave one out")


def _session(
    said: Correction, tables: TradingCalendar, zone: ZoneInfo
) -> Result[TradingSession | None, Problem]:
    """The session of the day as it is corrected."""
    if said.day.weekday() >= _SATURDAY:
        what = f"{said.day} is a {said.day:%A}"
        why = "the exchange is closed at weekends"
        return Failure(_refused(said.day, said.setting, what, why, "write another day"))
    before = tables.sessions(said.day - _LONGEST_CLOSURE, said.day)
    if isinstance(before, Failure):
        (beyond,) = before.failure().problems()
        hint = "leave it out until the calendar knows the day"
        return Failure(_refused(said.day, said.setting, beyond.what, beyond.why, hint))
    found = {session.day: session for session in before.unwrap()}
    if said.closes is None:
        return Success(None)
    if said.opens is None:
        return _shortened(said, found.get(said.day), zone)
    usual = max((_at(each.closes, zone) for each in found.values()), default=said.closes)
    return Success(
        TradingSession(
            said.day,
            _moment(said.day, said.opens, zone),
            _moment(said.day, said.closes, zone),
            is_half_day=said.closes < usual,
        )
    )


def _shortened(
    said: Correction, session: TradingSession | None, zone: ZoneInfo
) -> Result[TradingSession | None, Problem]:
    """The session of a day that closes early."""
    if session is None or said.closes is None:
        what = f"{said.day} has no session that could close early"
        hint = "write when it opens and closes into open, if it does"
        why = "the calendar has the exchange closed on that day"
        return Failure(_refused(said.day, said.setting, what, why, hint))
    closes = _moment(said.day, said.closes, zone)
    if not session.opens < closes <= session.closes:
        hours = f"{_at(session.opens, zone):%H:%M} to {_at(session.closes, zone):%H:%M}"
        return Failure(
            _refused(
                said.day,
                said.setting,
                f"{said.closes:%H:%M} is no early close of {said.day}",
                f"by the calendar the session is from {hours}",
                "write a time within it, or all its hours into open",
            )
        )
    return Success(TradingSession(said.day, session.opens, closes, is_half_day=True))


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def _at(moment: datetime, zone: ZoneInfo) -> time:
    return moment.astimezone(zone).time()


def _refused(day: date, setting: str, what: str, why: str, hint: str) -> Problem:
    where = f"{WHERE}.{setting}" if setting == "closed" else f"{WHERE}.{setting}.{day}"
    return Problem("bad-calendar-day", what, where, why, hint)
