"""The route of corporate actions: those that the feed knows, and those booked in the account."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from attrs import define
from returns.result import Failure
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alchemiser_alpaca.simulator.desk import Desk
from alchemiser_alpaca.simulator.exchange.entries import (
    CashMoved,
    Entry,
    PositionRemoved,
    SplitBooked,
)
from alchemiser_alpaca.simulator.exchange.identity import identifier
from alchemiser_alpaca.simulator.exchange.refusal import Refusal
from alchemiser_alpaca.simulator.exchange.sessions import NEW_YORK
from alchemiser_alpaca.simulator.http.reading import UnreadableError, a_day, answer, whole, words
from alchemiser_alpaca.simulator.wire.numbers import number
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.corporate_actions import CorporateActions, Dividend, Split
from alchemiser_core.ports.market_data import MarketData

MOST_ACTIONS = 1_000
Action = tuple[str, date, dict[str, Any]]
"""The list it belongs to, its day, and its JSON."""


def _split(symbol: str, ratio: Decimal, day: date) -> Action:
    new, old = (ratio, Decimal(1)) if ratio >= 1 else (Decimal(1), 1 / ratio)
    told = {
        **_common("split", symbol, day),
        "symbol": symbol,
        "new_rate": number(new),
        "old_rate": number(old),
        "ex_date": day.isoformat(),
        "record_date": day.isoformat(),
        "payable_date": day.isoformat(),
    }
    if ratio >= 1:
        return "forward_splits", day, {**told, "cusip": "000000000"}
    return "reverse_splits", day, {**told, "old_cusip": "000000000", "new_cusip": "000000001"}


def _dividend(symbol: str, per_share: Decimal, day: date) -> Action:
    told = {
        **_common("dividend", symbol, day),
        "symbol": symbol,
        "cusip": "000000000",
        "rate": number(per_share),
        "special": False,
        "foreign": False,
        "ex_date": day.isoformat(),
        "record_date": day.isoformat(),
        "payable_date": day.isoformat(),
    }
    return "cash_dividends", day, told


def _removal(removed: PositionRemoved) -> Action:
    told = _common("removal", removed.symbol, removed.day)
    if not removed.cash:
        worthless = {**told, "symbol": removed.symbol, "cusip": "000000000"}
        return "worthless_removals", removed.day, worthless
    merger = {
        **told,
        "acquiree_symbol": removed.symbol,
        "acquiree_cusip": "000000000",
        "rate": number(removed.cash / removed.qty),
        "effective_date": removed.day.isoformat(),
        "payable_date": removed.day.isoformat(),
    }
    return "cash_mergers", removed.day, merger


def _common(what: str, symbol: str, day: date) -> dict[str, Any]:
    return {"id": identifier(what, symbol, day.isoformat()), "process_date": day.isoformat()}


def booked(entry: Entry) -> Action | None:
    """The corporate action that an entry of the ledger is; `None` for all others."""
    match entry:
        case SplitBooked():
            return _split(entry.symbol, entry.ratio, entry.day)
        case CashMoved(kind="DIV", symbol=str(symbol), per_share=Decimal() as per_share):
            return _dividend(symbol, per_share, entry.day)
        case PositionRemoved():
            return _removal(entry)
        case _:
            return None


@define(eq=False)
class CorporateActionRoutes:
    """`/v1/corporate-actions`."""

    desk: Desk
    feed: MarketData

    def routes(self) -> list[Route]:
        """The one."""
        return [Route("/v1/corporate-actions", self.actions, methods=["GET"])]

    async def actions(self, request: Request) -> Response:
        """Actions by type, within days, both inclusive."""
        query = request.query_params
        limit = whole(query, "limit", 100, MOST_ACTIONS)
        types = set(words(query, "types"))
        with self.desk.work() as at:
            today = at.astimezone(NEW_YORK).date()
            start = a_day(query, "start", today - timedelta(days=30))
            end = a_day(query, "end", today)
            found = list(self._found(words(query, "symbols"), start, end))
        found.sort(key=lambda action: action[1], reverse=query.get("sort") == "desc")
        wanted = [each for each in found if not types or each[0].removesuffix("s") in types]
        start_at = whole(query, "page_token", 0, MOST_ACTIONS**2)
        lists: dict[str, list[dict[str, Any]]] = {}
        for name, _, told in wanted[start_at : start_at + limit]:
            lists.setdefault(name, []).append(told)
        more = str(start_at + limit) if len(wanted) > start_at + limit else None
        return answer({"corporate_actions": lists, "next_page_token": more})

    def _found(self, symbols: tuple[str, ...], start: date, end: date) -> Iterator[Action]:
        for entry in self.desk.exchange.ledger.entries:
            action = booked(entry)
            if action is None or not start <= action[1] <= end:
                continue
            if not symbols or _symbol(action) in symbols:
                yield action
        yield from self._of_feed(symbols, start, end)

    def _of_feed(self, symbols: tuple[str, ...], start: date, end: date) -> Iterator[Action]:
        if not isinstance(self.feed, CorporateActions):
            return
        asked = symbols or tuple(self.desk.exchange.assets.by_symbol)
        known = self.feed.actions([Symbol(each) for each in asked], start, end)
        if isinstance(known, Failure):
            raise UnreadableError(Refusal(500, 50010000, "internal server error occurred"))
        for action in known.unwrap():
            match action:
                case Split():
                    yield _split(action.symbol, action.ratio, action.ex_date)
                case Dividend():
                    yield _dividend(action.symbol, action.per_share, action.ex_date)


def _symbol(action: Action) -> str:
    told = action[2]
    return str(told.get("symbol") or told.get("acquiree_symbol"))
