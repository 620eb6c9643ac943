"""What somebody may say against the tables of an exchange's calendar, as settings.

Here every value is held to its form. Whether the days are sessions, only the calendar knows; see
`corrected_calendar`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, time

from attrs import field, frozen

from alchemiser_core.config.checks import Check, SettingError, doc, shown

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_day(written: str) -> date:
    """The day that is written as 2027-01-05; `ValueError` where it is not."""
    if _DAY.fullmatch(written) is None:
        raise ValueError(f"{written} is no day")
    return date.fromisoformat(written)


def read_time(written: str) -> time:
    """The time of day that is written as 13:00; `ValueError` where it is not."""
    if _TIME.fullmatch(written) is None:
        raise ValueError(f"{written} is no time of day")
    return time.fromisoformat(written)


def read_hours(written: str) -> tuple[time, time]:
    """Both times of 09:30-16:00; `ValueError` where they are none, or the first is not before the
    second.
    """
    opens, _, closes = written.partition("-")
    hours = read_time(opens.strip()), read_time(closes.strip())
    if not hours[0] < hours[1]:
        raise ValueError(f"{written} ends before it begins")
    return hours


def _complaint(
    values: Iterable[str], read: Callable[[str], object], what: str, form: str
) -> SettingError | None:
    """What is wrong with the first value that cannot be read."""
    for written in values:
        try:
            read(written)
        except ValueError:
            return SettingError(f"{shown(written)} {what}", f"write it as {form}")
    return None


def _bad_days(days: Sequence[str]) -> SettingError | None:
    twice = next((day for day in days if days.count(day) > 1), None)
    if twice is not None:
        return SettingError(f"{shown(twice)} is there twice", "once is enough", "leave one out")
    return _complaint(days, read_day, "is no day", "2027-01-05")


def _bad_early_closes(closes: Mapping[str, str]) -> SettingError | None:
    bad = _complaint(closes.values(), read_time, "is no time of day", "13:00")
    return bad or _complaint(closes, read_day, "is no day", "2027-01-05")


def _bad_hours(hours: Mapping[str, str]) -> SettingError | None:
    bad = _complaint(hours.values(), read_hours, "is no opening and closing time", "09:30-16:00")
    return bad or _complaint(hours, read_day, "is no day", "2027-01-05")


@frozen(kw_only=True)
class ExchangeCalendarSettings:
    """Settings of the calendars of exchanges; all days and times are the exchange's own."""

    closed: tuple[str, ...] = field(
        default=(),
        validator=Check("days such as 2027-01-05", _bad_days),
        metadata=doc("Days on which the exchange is closed, whatever the tables say."),
    )
    closes_early: Mapping[str, str] = field(
        factory=dict,
        validator=Check("a time such as 13:00 for each day", _bad_early_closes),
        metadata=doc("Days on which the exchange closes early, and when, in its own time."),
    )
    open: Mapping[str, str] = field(
        factory=dict,
        validator=Check("hours such as 09:30-16:00 for each day", _bad_hours),
        metadata=doc("Days on which the exchange is open from when to when, in its own time."),
    )
