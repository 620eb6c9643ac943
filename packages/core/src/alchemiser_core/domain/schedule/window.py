"""Windows: between which times of a session orders may be sent."""

from datetime import UTC, datetime, timedelta

from attrs import field, frozen

from alchemiser_core.domain.schedule.slot import Slot
from alchemiser_core.domain.session import TradingSession, aware

MARGIN = timedelta(seconds=60)
"""Before the close, in which nothing is sent any more: orders need time to be filled."""


@frozen
class TradingWindow:
    """From `starts` to `ends`, the first included, the last not."""

    starts: datetime = field(validator=aware)
    ends: datetime = field(validator=aware)

    def __attrs_post_init__(self) -> None:
        if not self.starts < self.ends:
            raise ValueError("a window ends before it starts")

    def contains(self, at: datetime) -> bool:
        """Whether orders may be sent at that time."""
        return self.starts <= at < self.ends


def last_moment(session: TradingSession, margin: timedelta = MARGIN) -> datetime:
    """From when on nothing is sent in a session, in UTC: `margin` before its close.

    A margin never takes more than half of a session.
    """
    opens, closes = session.opens.astimezone(UTC), session.closes.astimezone(UTC)
    return closes - min(margin, (closes - opens) / 2)


def trading_window(
    session: TradingSession, slot: Slot, length: timedelta, margin: timedelta = MARGIN
) -> TradingWindow:
    """The window of a session: from the slot for `length`, but not into the margin.

    A slot that leaves nothing before the margin, as `open + 5 h` does on a half day, moves back so
    that a whole window fits: a day that trades early is better than one that is silently left out.
    """
    if length <= timedelta(0) or margin < timedelta(0):
        raise ValueError("a window needs a length above zero, and a margin not below")
    last = last_moment(session, margin)
    starts = slot.at(session)
    if starts >= last:
        starts = max(session.opens.astimezone(UTC), last - length)
    return TradingWindow(starts, min(starts + length, last))
