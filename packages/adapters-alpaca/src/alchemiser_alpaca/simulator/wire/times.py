"""How times are written, and read from requests: RFC 3339 with up to nine digits of a second."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
_FRACTION = re.compile(r"\.(\d{1,6})\d*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def stamp(at: datetime) -> str:
    """A time in UTC, `2026-03-02T14:31:00.123456789Z`.

    The vendor's clocks have nanoseconds, ours microseconds: the last three digits are made of the
    others, so that a client meets nine digits and the same time is always written alike.
    """
    return _written(at.astimezone(UTC)) + "Z"


def stamp_or_none(at: datetime | None) -> str | None:
    """As `stamp`; `None` stays."""
    return None if at is None else stamp(at)


def exchange_stamp(at: datetime) -> str:
    """A time of the exchange with its offset, `2026-11-27T10:15:22.123456789-05:00`."""
    local = at.astimezone(NEW_YORK)
    offset = local.strftime("%z")
    return f"{_written(local)}{offset[:3]}:{offset[3:]}"


def _written(at: datetime) -> str:
    whole = at.strftime("%Y-%m-%dT%H:%M:%S")
    if not at.microsecond:
        return whole
    return f"{whole}.{at.microsecond:06d}{at.microsecond * 7919 % 1000:03d}".rstrip("0")


def read_time(text: str) -> datetime:
    """A time of a request: RFC 3339, or a day, which stands for its first moment in UTC.

    `ValueError` for anything else. Digits beyond microseconds are cut.
    """
    if _DAY.fullmatch(text):
        return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
    cut = _FRACTION.sub(lambda match: "." + match[1].ljust(6, "0"), text, count=1)
    moment = datetime.fromisoformat(cut.replace(" ", "+"))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def is_day(text: str) -> bool:
    """Whether the text is a day without a time."""
    return _DAY.fullmatch(text) is not None


def session_midnight(day: date) -> datetime:
    """Midnight of New York at which a session's daily bar is stamped."""
    return datetime.combine(day, datetime.min.time(), NEW_YORK)
