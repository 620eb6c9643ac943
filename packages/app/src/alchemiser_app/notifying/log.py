"""Alerts in the program's own log."""

from loguru import logger
from returns.result import Result, Success

from alchemiser_app.notifying.wording import in_one_line
from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.ports.notifier import NotDelivered

_LEVELS = {
    Severity.INFO: "INFO",
    Severity.WARNING: "WARNING",
    Severity.CRITICAL: "CRITICAL",
}


class LogNotifier:
    """`Notifier` to loguru; code and subject are bound, for logs in JSON."""

    name = "log"

    def notify(self, alert: Alert) -> Result[None, NotDelivered]:
        """Log it; a sink that fails is loguru's matter, so this cannot."""
        bound = logger.bind(code=alert.code, subject=alert.subject)
        bound.log(_LEVELS[alert.severity], "{}", in_one_line(alert))
        return Success(None)
