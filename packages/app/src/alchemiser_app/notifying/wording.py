"""An alert as data for files and programs: bounded, and without control characters."""

from collections.abc import Mapping

from alchemiser_core.domain.alert import Alert
from alchemiser_core.domain.plain_text import plain_text
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.notifier import NotDelivered

_LONGEST = 2000


def as_data(alert: Alert) -> Mapping[str, str]:
    """Code, severity, subject and text."""
    return {
        "code": plain_text(alert.code),
        "severity": alert.severity.value,
        "subject": plain_text(alert.subject),
        "text": plain_text(alert.text, _LONGEST),
    }


def in_one_line(alert: Alert) -> str:
    """For a log: text, subject and code."""
    data = as_data(alert)
    subject = f"{data['subject']}: " if data["subject"] else ""
    return f"{subject}{data['text']} [{data['code']}]"


def not_delivered(alert: Alert, channel: str, why: str, hint: str) -> NotDelivered:
    """What a channel returns that did not get through."""
    problem = Problem(
        code="alert-not-delivered",
        what=f"the alert {plain_text(alert.code)} did not get through",
        where=channel,
        why=plain_text(why),
        hint=hint,
    )
    return NotDelivered(alert, (problem,))
