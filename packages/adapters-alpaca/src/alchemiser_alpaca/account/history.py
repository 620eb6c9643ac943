"""Activities of the account, whole lists of them, with the ratios of splits."""

from collections.abc import Iterable
from datetime import date, timedelta

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_alpaca.account.activities import (
    ALL_KINDS,
    SplitRow,
    Understood,
    read_activities,
    split_of,
)
from alchemiser_alpaca.connection.asking import all_pages, told
from alchemiser_alpaca.connection.connection import Connection
from alchemiser_alpaca.connection.failures import CallFailure, Json, broker_failure
from alchemiser_alpaca.data.corporate_actions import ActionSource
from alchemiser_alpaca.reading import optional_text, records
from alchemiser_core.domain.account import Activity
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.broker import BrokerFailure
from alchemiser_core.ports.corporate_actions import Split

_PAGE = 100
_MOST_PAGES = 100
_EARLIER = timedelta(days=5)
"""An activity may be dated some days before it was booked, or after."""
_EARLIEST = date(1970, 1, 2)
_WHAT = "the activities cannot be read"


@frozen(eq=False)
class AccountHistory:
    """What happened to the account beside its orders."""

    connection: Connection
    actions: ActionSource

    def activities(self, since: date) -> Result[tuple[Activity, ...], BrokerFailure]:
        """Those of `since` and later, oldest first.

        What the adapter does not understand for certain is left out, e.g. spin-offs, mergers into
        other shares, and splits whose ratio the vendor does not tell.
        """
        pages = all_pages(lambda token: self._page(since, token), _following, _MOST_PAGES)

        def read(json: list[Json]) -> list[Understood]:
            return read_activities([row for page in json for row in records(page)], since)

        found = told(pages, read, _WHAT)
        if isinstance(found, Failure):
            return Failure(found.failure())
        return self._with_ratios(found.unwrap())

    def _page(self, since: date, token: str | None) -> Result[Json, CallFailure]:
        parameters = {
            "activity_types": ",".join(ALL_KINDS),
            "after": f"{max(since, _EARLIEST + _EARLIER) - _EARLIER}T00:00:00Z",
            "direction": "asc",
            "page_size": str(_PAGE),
        }
        if token is not None:
            parameters["page_token"] = token
        return self.connection.get("/account/activities", parameters)

    def _with_ratios(self, found: list[Understood]) -> Result[tuple[Activity, ...], BrokerFailure]:
        rows = [each for each in found if isinstance(each, SplitRow)]
        splits: tuple[Split, ...] = ()
        if rows:
            days = [row.session for row in rows]
            symbols = {row.symbol for row in rows}
            told_of = self.actions.actions(symbols, min(days) - _EARLIER, max(days) + _EARLIER)
            if isinstance(told_of, Failure):
                return Failure(broker_failure(told_of.failure(), "splits cannot be looked up"))
            splits = tuple(each for each in told_of.unwrap() if isinstance(each, Split))
        activities = (_with_ratio(each, splits) for each in found)
        return Success(tuple(each for each in activities if each is not None))


def _with_ratio(found: Understood, splits: Iterable[Split]) -> Activity | None:
    """The activity; a split with the ratio of the nearest one that the vendor tells of."""
    if not isinstance(found, SplitRow):
        return found
    near = [each for each in splits if _is_of(each, found.symbol, found.session)]
    if not near:
        return None
    nearest = min(near, key=lambda each: abs(each.ex_date - found.session))
    return split_of(found, nearest.ratio)


def _is_of(split: Split, symbol: Symbol, session: date) -> bool:
    return split.symbol == symbol and abs(split.ex_date - session) <= _EARLIER


def _following(page: Json) -> str | None:
    """The id of the last activity of a full page."""
    last = page[-1] if isinstance(page, list) and len(page) >= _PAGE else None
    return optional_text(last, "id") or None if isinstance(last, dict) else None
