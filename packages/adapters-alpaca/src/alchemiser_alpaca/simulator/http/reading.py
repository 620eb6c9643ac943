"""Reads what requests ask for: query parameters, and the JSON of orders."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from alchemiser_alpaca.simulator.exchange.refusal import Refusal, bad_request
from alchemiser_alpaca.simulator.exchange.ticket import Changes, OrderTicket
from alchemiser_alpaca.simulator.http.answers import JSON, as_json
from alchemiser_alpaca.simulator.wire.times import read_time

_LONGEST_NUMBER = 64


class UnreadableError(Exception):
    """A request that cannot be read; it is answered with the refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def answer(content: Any, status: int = 200) -> Response:
    """A JSON response."""
    return Response(as_json(content), status, media_type=JSON)


def refused(refusal: Refusal) -> Response:
    """The response that a refusal is."""
    return answer(refusal.body, refusal.status)


async def table_of(request: Request) -> Mapping[str, Any]:
    """The JSON table of a body, numbers exact. Raises `UnreadableError`."""
    body = await request.body()
    try:
        content = json.loads(body or b"{}", parse_float=Decimal, parse_int=Decimal)
    except ValueError:
        raise UnreadableError(Refusal(400, 40010000, "request body format is invalid")) from None
    if not isinstance(content, dict):
        raise UnreadableError(Refusal(400, 40010000, "request body format is invalid"))
    return content


def ticket_of(content: Mapping[str, Any]) -> OrderTicket:
    """The order that a body asks for. Raises `UnreadableError`."""
    for name in ("symbol", "side", "type", "time_in_force"):
        if not isinstance(content.get(name), str):
            raise UnreadableError(bad_request(f"{name} is required"))
    return OrderTicket(
        symbol=content["symbol"],
        side=content["side"],
        type=content["type"],
        time_in_force=content["time_in_force"],
        qty=decimal(content, "qty"),
        notional=decimal(content, "notional"),
        limit_price=decimal(content, "limit_price"),
        stop_price=decimal(content, "stop_price"),
        trail_price=decimal(content, "trail_price"),
        trail_percent=decimal(content, "trail_percent"),
        extended_hours=content.get("extended_hours") is True,
        client_order_id=text(content, "client_order_id"),
        order_class=text(content, "order_class") or "",
        position_intent=text(content, "position_intent"),
    )


def changes_of(content: Mapping[str, Any]) -> Changes:
    """What a body wants changed of an order. Raises `UnreadableError`."""
    return Changes(
        qty=decimal(content, "qty"),
        time_in_force=text(content, "time_in_force"),
        limit_price=decimal(content, "limit_price"),
        stop_price=decimal(content, "stop_price"),
        trail=decimal(content, "trail"),
        client_order_id=text(content, "client_order_id"),
    )


def text(content: Mapping[str, Any], name: str) -> str | None:
    """A text, `None` where it is missing or empty."""
    value = content.get(name)
    if value is not None and not isinstance(value, str):
        raise UnreadableError(bad_request(f"{name} is invalid"))
    return value or None


def decimal(content: Mapping[str, Any], name: str) -> Decimal | None:
    """A number, or text that is one, with all its digits; `None` where it is missing."""
    value = content.get(name)
    if value is None or value == "":
        return None
    try:
        if isinstance(value, bool) or len(str(value)) > _LONGEST_NUMBER:
            raise UnreadableError(bad_request(f"{name} is invalid"))
        number = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        raise UnreadableError(bad_request(f"{name} is invalid")) from None
    if not number.is_finite() or abs(number.adjusted()) > _LONGEST_NUMBER:
        raise UnreadableError(bad_request(f"{name} is invalid"))
    return number


def whole(query: Mapping[str, str], name: str, usual: int, most: int) -> int:
    """A whole number of a query, from 1 to `most`. Raises `UnreadableError`."""
    given = query.get(name)
    if not given:
        return usual
    if not given.isdecimal() or not 1 <= int(given[:9]) <= most:
        raise UnreadableError(Refusal(422, 40010001, f"{name} must be between 1 and {most}"))
    return int(given)


def moment(query: Mapping[str, str], name: str) -> datetime | None:
    """A time of a query, `None` where it is missing. Raises `UnreadableError`."""
    given = query.get(name)
    if not given:
        return None
    try:
        return read_time(given)
    except ValueError:
        raise UnreadableError(Refusal(400, None, f"invalid {name}: {given[:40]}")) from None


def a_day(query: Mapping[str, str], name: str, usual: date) -> date:
    """A day of a query. Raises `UnreadableError`."""
    at = moment(query, name)
    return usual if at is None else at.date()


def truth(query: Mapping[str, str], name: str) -> bool:
    """Yes or no of a query, in any language's spelling."""
    return query.get(name, "").lower() in ("true", "1")


def words(query: Mapping[str, str], name: str) -> tuple[str, ...]:
    """A list of a query, as it was written, without repetition."""
    given = [word.strip() for word in query.get(name, "").split(",")]
    return tuple(dict.fromkeys(word for word in given if word))
