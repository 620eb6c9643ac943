"""The stand-in as a Starlette application: the key, the credits, batches, and what goes wrong."""

import asyncio
import json
from email.utils import format_datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alchemiser_twelvedata.stand_in import wire
from alchemiser_twelvedata.stand_in.answering import PATHS, answer
from alchemiser_twelvedata.stand_in.averages import FORMULAS
from alchemiser_twelvedata.stand_in.quirks import Fault
from alchemiser_twelvedata.stand_in.state import Asked, StandIn
from alchemiser_twelvedata.stand_in.wire import Json

_LONGEST_SILENCE = 600.0
_MOMENT = 0.005
_PAGE = b"<html><body>502 Bad Gateway</body></html>"


def application(stand_in: StandIn) -> Starlette:
    """The routes of the API over one stand-in."""
    desk = _Desk(stand_in)
    asked = [Route(path, desk.serve) for path in (*PATHS, "/api_usage")]
    return Starlette(routes=asked, exception_handlers={404: desk.nowhere})


class _Desk:
    """Answers requests, one at a time."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in

    async def serve(self, request: Request) -> Response:
        """An answer, or what happens to it on the way."""
        stand_in, query = self._stand_in, dict(request.query_params)
        fault = stand_in.faults.pop(0) if stand_in.faults else None
        key = query.pop("apikey", None)
        stand_in.asked.append(Asked(request.url.path, query, key is not None, fault))
        given = key or request.headers.get("authorization", "").removeprefix("apikey ")
        content = self._content(request.url.path, query, given)
        if fault is Fault.LATE:
            await asyncio.sleep(stand_in.quirks.late_seconds)
        if fault is Fault.NONE_AT_ALL:
            await _silence(request)
        return self._spoilt(self._sent(content, "," in query.get("symbol", "")), fault)

    async def nowhere(self, request: Request, error: Exception) -> Response:
        """The answer of a path that there is not."""
        return self._sent(wire.error(404, "The requested endpoint does not exist"), False)

    def _content(self, path: str, query: dict[str, str], key: str) -> Json:
        stand_in = self._stand_in
        if key != stand_in.key:
            return wire.wrong_key()
        symbols = [each for each in query.get("symbol", "").split(",") if each]
        refusal = self._refusal(max(1, len(symbols)))
        if refusal is not None:
            return refusal
        if path == "/api_usage":
            return self._usage()
        if not symbols:
            return wire.error(400, "**symbol** parameter is missing or invalid")
        if path[1:] in FORMULAS:
            query = {**query, "indicator": path[1:]}
        return self._joined({each: answer(path, each, query, stand_in) for each in symbols})

    def _joined(self, answers: dict[str, Json]) -> Json:
        """One answer for all symbols."""
        quirks = self._stand_in.quirks
        if len(answers) == 1 and not quirks.keyed_single:
            return next(iter(answers.values()))
        errors = [each for each in answers.values() if each.get("code") in (400, 404)]
        if quirks.one_error_for_all and errors:
            return errors[0]
        added = {each: wire.no_data() for each in quirks.added}
        return {s: each for s, each in answers.items() if s not in quirks.left_out} | added

    def _refusal(self, cost: int) -> Json | None:
        quirks, meter = self._stand_in.quirks, self._stand_in.meter
        meter.take(cost, self._stand_in.clock.now())
        if meter.used_today > quirks.credits_a_day:
            return wire.out_of_credits(meter.used_today, quirks.credits_a_day, "the day")
        if meter.used > quirks.credits_a_minute:
            return wire.out_of_credits(meter.used, quirks.credits_a_minute, "the current minute")
        return None

    def _usage(self) -> Json:
        quirks, meter = self._stand_in.quirks, self._stand_in.meter
        return {
            "timestamp": f"{self._stand_in.clock.now():%Y-%m-%d %H:%M:%S}",
            "current_usage": meter.used,
            "plan_limit": quirks.credits_a_minute,
            "daily_usage": meter.used_today,
            "plan_daily_limit": quirks.credits_a_day,
            "plan_category": "basic",
        }

    def _sent(self, content: Json, is_batch: bool) -> Response:
        quirks, meter = self._stand_in.quirks, self._stand_in.meter
        is_error = content.get("status") == "error"
        status = content["code"] if is_error and quirks.errors_with_status else 200
        headers = {"content-type": quirks.content_type}
        headers["date"] = format_datetime(self._stand_in.clock.now(), usegmt=True)
        if quirks.tells_credits:
            headers["api-credits-used"] = str(meter.used)
            headers["api-credits-left"] = str(max(0, quirks.credits_a_minute - meter.used))
        if is_batch and quirks.tells_batch:
            headers["Is_batch"] = "true"
        return Response(json.dumps(content), status, headers)

    def _spoilt(self, response: Response, fault: Fault | None) -> Response:
        """An answer, or what is left of it."""
        whole = bytes(response.body)
        match fault:
            case Fault.TRUNCATED:
                return Response(whole[: len(whole) // 2], media_type="application/json")
            case Fault.PAGE:
                return Response(_PAGE, 502, media_type="text/html")
            case Fault.EMPTY:
                return Response(b"", media_type="application/json")
            case Fault.NOT_JSON:
                return Response(b"It works!", media_type="text/plain")
            case Fault.SERVER_ERROR:
                return self._sent(wire.error(500, "Internal error"), False)
            case _:
                return response


async def _silence(request: Request) -> None:
    """Wait until the client has gone."""
    waited = 0.0
    while waited < _LONGEST_SILENCE and not await request.is_disconnected():
        await asyncio.sleep(_MOMENT)
        waited += _MOMENT
