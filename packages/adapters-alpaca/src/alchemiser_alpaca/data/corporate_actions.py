"""Splits and dividends, as the vendor's market data tells them.

Spin-offs, mergers and rights have no place in the port and are left out.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from decimal import Decimal

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_alpaca.connection.asking import all_pages
from alchemiser_alpaca.connection.connection import Connection
from alchemiser_alpaca.connection.failures import CallFailure, Json, NoAnswer
from alchemiser_alpaca.data.batches import batched, next_page
from alchemiser_alpaca.reading import (
    Record,
    UnreadableError,
    day,
    number,
    part,
    record,
    records,
    text,
)
from alchemiser_alpaca.symbols import askable, symbol_of
from alchemiser_core.domain.money import ARITHMETIC, Usd
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.corporate_actions import CorporateAction, Dividend, Split

_SPLITS = ("forward_splits", "reverse_splits")
_STOCK_DIVIDENDS = "stock_dividends"
_DIVIDENDS = "cash_dividends"
_TYPES = "forward_split,reverse_split,stock_dividend,cash_dividend"
_PAGE = 1_000
_MOST_PAGES = 200


@frozen(eq=False)
class ActionSource:
    """Corporate actions over a connection to the data server."""

    connection: Connection

    def actions(
        self, symbols: Collection[Symbol], start: date, end: date
    ) -> Result[tuple[CorporateAction, ...], CallFailure]:
        """Those with an ex-date from `start` to `end`, oldest first, splits before dividends."""
        found: set[CorporateAction] = set()
        for batch in batched(askable(symbols)):
            pages = self._pages(batch, start, end)
            if isinstance(pages, Failure):
                return Failure(pages.failure())
            try:
                found.update(*map(_of_page, pages.unwrap()))
            except UnreadableError as error:
                return Failure(NoAnswer(f"the answer cannot be read: {error}"))
        asked = [each for each in found if start <= each.ex_date <= end and each.symbol in symbols]
        return Success(tuple(sorted(asked, key=_place)))

    def _pages(
        self, batch: Collection[Symbol], start: date, end: date
    ) -> Result[list[Json], CallFailure]:
        parameters = {
            "symbols": ",".join(batch),
            "types": _TYPES,
            "start": start.isoformat(),
            "end": end.isoformat(),
            "limit": str(_PAGE),
        }

        def fetch(token: str | None) -> Result[Json, CallFailure]:
            more = {} if token is None else {"page_token": token}
            return self.connection.get("/corporate-actions", {**parameters, **more}, version="v1")

        return all_pages(fetch, next_page, _MOST_PAGES)


def _of_page(json: Json) -> Iterable[CorporateAction]:
    lists = part(record(json), "corporate_actions")
    for name in _SPLITS:
        yield from (_split(row) for row in records(lists.get(name) or []))
    for row in records(lists.get(_STOCK_DIVIDENDS) or []):
        yield Split(
            _symbol(row), ARITHMETIC.add(Decimal(1), _rate(row, "rate")), day(row, "ex_date")
        )
    yield from _dividends(records(lists.get(_DIVIDENDS) or []))


def _split(row: Record) -> Split:
    ratio = ARITHMETIC.divide(_rate(row, "new_rate"), _rate(row, "old_rate"))
    return Split(_symbol(row), ratio, day(row, "ex_date"))


def _dividends(rows: Iterable[Record]) -> Iterator[Dividend]:
    """Several of one symbol and day, such as a special one beside the usual, add up."""
    total: dict[tuple[Symbol, date], Decimal] = {}
    for row in rows:
        place = _symbol(row), day(row, "ex_date")
        total[place] = ARITHMETIC.add(total.get(place, Decimal(0)), _rate(row, "rate"))
    return (Dividend(symbol, Usd(amount), on) for (symbol, on), amount in total.items())


def _rate(row: Record, name: str) -> Decimal:
    rate = number(row, name)
    if rate <= 0:
        raise UnreadableError(f"{name} is {rate}")
    return rate


def _symbol(row: Record) -> Symbol:
    symbol = symbol_of(text(row, "symbol"))
    if symbol is None:
        raise UnreadableError("symbol is none")
    return symbol


def _place(action: CorporateAction) -> tuple[date, bool, str]:
    return action.ex_date, isinstance(action, Dividend), action.symbol
