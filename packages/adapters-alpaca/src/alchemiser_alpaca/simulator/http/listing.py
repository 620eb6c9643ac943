"""The routes of assets, of the clock and of the calendar."""

from datetime import date

from attrs import define
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alchemiser_alpaca.simulator.desk import Desk
from alchemiser_alpaca.simulator.exchange.refusal import asset_not_found
from alchemiser_alpaca.simulator.http.reading import a_day, answer, refused
from alchemiser_alpaca.simulator.wire.assets import asset_json
from alchemiser_alpaca.simulator.wire.orders import ASSET_CLASS
from alchemiser_alpaca.simulator.wire.sessions import clock_json, day_json

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2029, 12, 31)
"""The days that the vendor's calendar has."""


@define(eq=False)
class ListingRoutes:
    """`/v2/assets`, `/v2/clock` and `/v2/calendar`."""

    desk: Desk

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/v2/assets", self.assets, methods=["GET"]),
            Route("/v2/assets/{symbol:path}", self.asset, methods=["GET"]),
            Route("/v2/clock", self.clock, methods=["GET"]),
            Route("/v2/calendar", self.calendar, methods=["GET"]),
        ]

    @property
    def _tells_easy_to_borrow(self) -> bool:
        return self.desk.exchange.switches.easy_to_borrow_present

    async def assets(self, request: Request) -> Response:
        """Everything that is listed."""
        asked = request.query_params
        wanted = {"status": asked.get("status"), "exchange": asked.get("exchange")}
        found = [
            asset_json(asset, self._tells_easy_to_borrow)
            for asset in self.desk.exchange.assets
            if asked.get("asset_class", ASSET_CLASS) in ("", ASSET_CLASS)
            if all(not value or getattr(asset, name) == value for name, value in wanted.items())
        ]
        return answer(found)

    async def asset(self, request: Request) -> Response:
        """One asset by symbol or id."""
        asked = request.path_params["symbol"]
        asset = self.desk.exchange.assets.find(asked)
        if asset is None:
            return refused(asset_not_found(asked))
        return answer(asset_json(asset, self._tells_easy_to_borrow))

    async def clock(self, request: Request) -> Response:
        """The time, and whether the market is open."""
        with self.desk.work() as at:
            return answer(clock_json(self.desk.exchange.sessions, at))

    async def calendar(self, request: Request) -> Response:
        """The trading days of a range."""
        asked = request.query_params
        start = max(FIRST_DAY, a_day(asked, "start", FIRST_DAY))
        end = min(LAST_DAY, a_day(asked, "end", LAST_DAY))
        with self.desk.work():
            days = self.desk.exchange.sessions.days(start, end) if start <= end else ()
        return answer([day_json(day) for day in days])
