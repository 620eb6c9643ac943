"""The time of New York, by whose midnights the vendor dates its days."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")


def midnight(day: date) -> datetime:
    """When a day begins in New York, in UTC."""
    return datetime.combine(day, time(0), NEW_YORK).astimezone(UTC)


def stamp(at: datetime) -> str:
    """A time as the vendor is told it, to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
