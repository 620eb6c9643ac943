"""Daily bars of many symbols, in the fewest pages that the vendor gives."""

from collections.abc import Collection, Mapping
from datetime import date

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_alpaca.connection.asking import all_pages
from alchemiser_alpaca.connection.connection import Connection
from alchemiser_alpaca.connection.failures import CallFailure, Json, NoAnswer
from alchemiser_alpaca.data.bar_rows import Days, read_symbol
from alchemiser_alpaca.data.batches import batched, next_page
from alchemiser_alpaca.market_time import midnight, stamp
from alchemiser_alpaca.reading import UnreadableError, part, record
from alchemiser_alpaca.settings import Adjustment, Tape
from alchemiser_alpaca.symbols import askable
from alchemiser_core.domain.bar_rows import BarRows
from alchemiser_core.domain.symbol import Symbol

_PAGE = 10_000
"""Bars of all symbols together; the most there is, and pages may be cut below it."""
_LEAST_OF_A_PAGE = 1_000
_SPARE_PAGES = 10


@frozen(eq=False)
class BarPages:
    """Bars of a tape over a connection to the data server."""

    connection: Connection
    tape: Tape
    adjustment: Adjustment

    def bars(
        self, symbols: Collection[Symbol], start: date, end: date, closes_only: bool
    ) -> Result[dict[Symbol, BarRows], CallFailure]:
        """The bars from `start` to `end`, both included, of the symbols that have some.

        A page that fails, repeats or cannot be read fails all of it: half a universe is none.
        """
        found: dict[Symbol, BarRows] = {}
        days = Days()
        for batch in batched(askable(symbols)):
            pages = self._pages(batch, start, end)
            if isinstance(pages, Failure):
                return Failure(pages.failure())
            try:
                rows = _joined(pages.unwrap(), batch)
                found |= {s: read_symbol(s, each, days, closes_only) for s, each in rows.items()}
            except UnreadableError as error:
                return Failure(NoAnswer(f"the bars cannot be read: {error}"))
        return Success(found)

    def _pages(
        self, batch: Collection[Symbol], start: date, end: date
    ) -> Result[list[Json], CallFailure]:
        parameters = {
            "symbols": ",".join(batch),
            "timeframe": "1Day",
            "start": stamp(midnight(start)),
            "end": stamp(midnight(end)),
            "limit": str(_PAGE),
            "adjustment": self.adjustment.value,
            "feed": self.tape.value,
            "sort": "asc",
        }

        def fetch(token: str | None) -> Result[Json, CallFailure]:
            more = {} if token is None else {"page_token": token}
            return self.connection.get("/stocks/bars", {**parameters, **more})

        weekdays = (end - start).days * 5 // 7 + 2
        most = _SPARE_PAGES + len(batch) * weekdays // _LEAST_OF_A_PAGE
        return all_pages(fetch, next_page, most)


def _joined(pages: list[Json], symbols: Collection[Symbol]) -> Mapping[Symbol, list[Json]]:
    """The rows of each symbol over all pages; a symbol may be cut anywhere."""
    rows: dict[Symbol, list[Json]] = {}
    for page in pages:
        # A page without a single bar may say so with `null`.
        for name, bars in part(record(page), "bars").items():
            if name not in symbols or bars is None:
                continue
            if not isinstance(bars, list):
                raise UnreadableError(f"the bars of {name} are no list")
            rows.setdefault(Symbol(name), []).extend(bars)
    return rows
