"""The routes of the account: balances, configuration, activities and the history of its equity."""

from datetime import date, timedelta
from typing import Any

from attrs import define, evolve, field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alchemiser_alpaca.simulator.desk import Desk
from alchemiser_alpaca.simulator.exchange.account import AccountFlags
from alchemiser_alpaca.simulator.exchange.queries import ActivityQuery
from alchemiser_alpaca.simulator.exchange.sessions import NEW_YORK
from alchemiser_alpaca.simulator.http.reading import (
    a_day,
    answer,
    moment,
    table_of,
    whole,
    words,
)
from alchemiser_alpaca.simulator.wire.accounts import account_json, activity_json
from alchemiser_alpaca.simulator.wire.history import history_json

MOST_ACTIVITIES = 100
NON_TRADE = frozenset({"CSD", "CSW", "DIV", "INT", "FEE", "SPLIT", "MA"})
_CATEGORIES = {"trade_activity": frozenset({"FILL"}), "non_trade_activity": NON_TRADE}


def _first_configuration() -> dict[str, Any]:
    return {
        "max_margin_multiplier": "1",
        "trade_confirm_email": "all",
        "ptp_no_exception_entry": False,
        "max_options_trading_level": 0,
    }


@define(eq=False)
class AccountRoutes:
    """`/v2/account`."""

    desk: Desk
    _configuration: dict[str, Any] = field(factory=_first_configuration)
    """What is kept of the configuration and changes nothing here."""

    def routes(self) -> list[Route]:
        """All of them."""
        configurations = "/v2/account/configurations"
        return [
            Route("/v2/account", self.balances, methods=["GET"]),
            Route(configurations, self.configuration, methods=["GET"]),
            Route(configurations, self.configure, methods=["PATCH"]),
            Route("/v2/account/portfolio/history", self.history, methods=["GET"]),
            Route("/v2/account/activities", self.activities, methods=["GET"]),
            Route("/v2/account/activities/{kind}", self.activities, methods=["GET"]),
        ]

    async def balances(self, request: Request) -> Response:
        """Cash, equity and buying power."""
        with self.desk.work() as at:
            return answer(account_json(self.desk.exchange.account(at)))

    async def configuration(self, request: Request) -> Response:
        """What the account is set to."""
        with self.desk.work() as at:
            return answer(self._told(self.desk.exchange.account(at).flags))

    async def configure(self, request: Request) -> Response:
        """Set the account to something else; `null` leaves a setting as it is."""
        wanted = {name: v for name, v in (await table_of(request)).items() if v is not None}
        with self.desk.work() as at:
            flags = self.desk.exchange.account(at).flags
            flags = evolve(
                flags,
                trade_suspended_by_user=bool(
                    wanted.get("suspend_trade", flags.trade_suspended_by_user)
                ),
                fractional_trading=bool(wanted.get("fractional_trading", flags.fractional_trading)),
            )
            self.desk.exchange.set_flags(flags, at)
        self._configuration |= {
            name: str(wanted[name]) if name == "max_margin_multiplier" else wanted[name]
            for name in self._configuration
            if isinstance(wanted.get(name), str | bool)
        }
        return answer(self._told(flags))

    def _told(self, flags: AccountFlags) -> dict[str, Any]:
        return {
            **self._configuration,
            "fractional_trading": flags.fractional_trading,
            "no_shorting": not flags.shorting_enabled,
            "suspend_trade": flags.trade_suspended_by_user,
        }

    async def activities(self, request: Request) -> Response:
        """What moved cash and shares."""
        asked = request.query_params
        kind = request.path_params.get("kind")
        kinds = frozenset({kind} if kind else words(asked, "activity_types"))
        on = moment(asked, "date")
        query = ActivityQuery(
            kinds=kinds or _CATEGORIES.get(asked.get("category", ""), frozenset()),
            day=None if on is None else on.date(),
            after=moment(asked, "after"),
            until=moment(asked, "until"),
            ascending=asked.get("direction") == "asc",
            page_size=whole(asked, "page_size", MOST_ACTIVITIES, MOST_ACTIVITIES),
            page_token=asked.get("page_token") or None,
        )
        with self.desk.work() as at:
            found = [activity_json(each) for each in self.desk.exchange.activities(query, at)]
        return answer(found)

    async def history(self, request: Request) -> Response:
        """Equity at each close, and now."""
        with self.desk.work() as at:
            equity = self.desk.exchange.account(at).equity
            closes = self.desk.exchange.equity_history(at)
        asked = request.query_params
        today = at.astimezone(NEW_YORK).date()
        last = a_day(asked, "end", a_day(asked, "date_end", today))
        first = a_day(asked, "start", _start(asked.get("period") or "1M", last))
        days = [(day, value) for day, value in closes if day < today]
        rows = [(day, v) for day, v in [*days, (today, equity)] if first <= day <= last]
        return answer(history_json(rows, asked.get("timeframe") or "1D"))


_DAYS = {"D": 1, "W": 7, "M": 31, "A": 366}


def _start(period: str, last: date) -> date:
    """The first day of a period such as `1M` that ends with `last`; of `all`, the first of all."""
    count, unit = period[:-1], period[-1:]
    if not count.isdecimal() or len(count) > 3 or unit not in _DAYS:
        return date.min
    return last - timedelta(days=int(count) * _DAYS[unit])
