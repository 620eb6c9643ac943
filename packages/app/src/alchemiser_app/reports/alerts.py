"""Alerts and times as a person reads them, and alerts as objects."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from alchemiser_app.reports.cycle_summaries import DatedAlert
from alchemiser_app.reports.wrapping import wrapped


def alert_lines(alerts: Iterable[DatedAlert]) -> Iterator[str]:
    """When, how bad, and what."""
    for each in alerts:
        yield from wrapped(f"  {moment(each.at)} {each.alert.severity}: {each.alert.text}")


def moment(at: datetime) -> str:
    """To the minute, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def alert_json(each: DatedAlert) -> dict[str, Any]:
    """An alert and when it was raised."""
    alert = each.alert
    return {
        "at": each.at.isoformat(),
        "code": alert.code,
        "severity": alert.severity.value,
        "text": alert.text,
        "subject": alert.subject,
    }
