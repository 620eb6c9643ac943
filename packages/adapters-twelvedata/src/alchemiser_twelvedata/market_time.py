"""The time of New York, by whose dates the vendor names its daily bars, and which are complete."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen

NEW_YORK = ZoneInfo("America/New_York")


@frozen(eq=False)
class Completed:
    """The bar of the running session is there before it is complete; it is none until some time
    after the close.
    """

    now: Callable[[], datetime]
    """The computer's clock, aware."""
    after: time
    """In New York: from then on the bar of the day is complete."""

    def last_day(self) -> date:
        """The last day whose bar is complete, if it has one."""
        there = self.now().astimezone(NEW_YORK)
        is_over = there.time() >= self.after
        return there.date() if is_over else there.date() - timedelta(days=1)


def system_now() -> datetime:
    """The computer's time."""
    return datetime.now(UTC)
