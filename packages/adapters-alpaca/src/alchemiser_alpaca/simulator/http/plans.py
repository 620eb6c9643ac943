"""What an account's data plan lets it see, and the words of the refusal."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from attrs import frozen

from alchemiser_alpaca.simulator.exchange.refusal import Refusal
from alchemiser_alpaca.simulator.http.reading import UnreadableError, moment
from alchemiser_alpaca.simulator.settings import DataPlan

RECENT = timedelta(minutes=15)
FEEDS = ("sip", "iex", "boats", "otc", "delayed_sip", "overnight")


@frozen
class Subscription:
    """The data plan."""

    plan: DataPlan

    def span(self, query: Mapping[str, str], at: datetime) -> tuple[datetime, datetime]:
        """From when to when data is asked for, both inclusive. Raises `UnreadableError`."""
        feed = _feed(query) or "sip"
        delayed = self.plan is DataPlan.BASIC and feed == "sip"
        newest = at - RECENT if self.plan is DataPlan.BASIC else at
        end = moment(query, "end")
        if end is not None and delayed and end > newest and _begins(query, at) <= at:
            raise _recent()
        start = moment(query, "start") or at.replace(hour=0, minute=0, second=0, microsecond=0)
        end = newest if end is None else end
        if end < start:
            raise UnreadableError(Refusal(400, None, "end should not be before start"))
        return start, end

    def latest(self, query: Mapping[str, str]) -> None:
        """Whether the newest data may be seen. Raises `UnreadableError`."""
        if _feed(query) == "sip" and self.plan is DataPlan.BASIC:
            raise _recent()


def _begins(query: Mapping[str, str], at: datetime) -> datetime:
    return moment(query, "start") or at


def _feed(query: Mapping[str, str]) -> str | None:
    feed = query.get("feed") or None
    if feed is not None and feed not in FEEDS:
        raise UnreadableError(Refusal(400, None, f"invalid feed: {feed[:20]}"))
    return feed


def _recent() -> UnreadableError:
    return UnreadableError(
        Refusal(403, None, "subscription does not permit querying recent SIP data")
    )
