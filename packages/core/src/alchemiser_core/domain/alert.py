"""Alerts: what a person has to know, with a code that a machine can go by."""

from enum import StrEnum

from attrs import frozen


class Severity(StrEnum):
    """How much it matters."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"
    """Somebody has to look."""


@frozen
class Alert:
    """Something that a person has to know."""

    code: str
    """Stable, kebab-case."""
    severity: Severity
    text: str
    subject: str = ""
    """A symbol, an order id, a strategy; empty where there is none."""
