"""Daily bars of many symbols, in as few requests as the credits of a minute allow."""

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from attrs import define, evolve, field, frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.bar_rows import CLOSES, BarRows, Row, arranged
from alchemiser_core.domain.bars import FIELDS
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import MarketDataUnavailable
from alchemiser_twelvedata.connection.connection import Connection
from alchemiser_twelvedata.connection.failures import (
    CallFailure,
    Json,
    NoData,
    TooMany,
    Unreadable,
    unavailable,
)
from alchemiser_twelvedata.data.bar_rows import (
    Page,
    check_joint,
    read_page,
)
from alchemiser_twelvedata.data.batch import Member, members
from alchemiser_twelvedata.data.instruments import INTERVAL, askable
from alchemiser_twelvedata.reading import UnreadableError
from alchemiser_twelvedata.settings import Adjust

FULL_PAGE = 5_000
"""Bars of a symbol that one answer has at most: the newest ones of the range."""
LARGEST_BATCH = 50
"""Symbols of one request, so that its address and its answer stay within bounds."""
_MOST_PAGES = 20
_DAY = timedelta(days=1)


@frozen
class _Wanted:
    """Symbols whose bars up to the same day are still to be read."""

    symbols: tuple[Symbol, ...]
    end: date


@define(eq=False)
class _Found:
    """What was read of one symbol so far."""

    rows: dict[date, Row] = field(factory=dict)
    pages: int = 0
    repeated: int = 0

    def bars(self, symbol: Symbol, closes_only: bool) -> BarRows:
        said = f"{symbol}: {self.repeated} identical duplicate bars dropped"
        fields = CLOSES if closes_only else FIELDS
        return arranged(symbol, self.rows, fields, (said,) if self.repeated else ())


@frozen(eq=False)
class BarSource:
    """Bars over a connection."""

    connection: Connection
    adjust: Adjust

    def bars(
        self, symbols: Sequence[Symbol], start: date | None, end: date, closes_only: bool
    ) -> Result[dict[Symbol, BarRows], MarketDataUnavailable]:
        """The bars from `start` to `end`, both included, of the symbols that have some.

        A request that fails, or a symbol of it that does, fails all of it: half a universe is none.
        """
        reading = _Reading(self.connection, self.adjust, start, closes_only)
        return reading.all(askable(symbols), end)


@define(eq=False)
class _Reading:
    """One request for bars, on its way."""

    connection: Connection
    adjust: Adjust
    start: date | None
    closes_only: bool
    found: dict[Symbol, _Found] = field(factory=dict, init=False)
    waiting: deque[_Wanted] = field(factory=deque, init=False)

    def all(
        self, symbols: tuple[Symbol, ...], end: date
    ) -> Result[dict[Symbol, BarRows], MarketDataUnavailable]:
        if (day_is_over := self.connection.lacking_today(len(symbols))) is not None:
            return Failure(_of(symbols, day_is_over))
        if symbols:
            self.waiting.append(_Wanted(symbols, end))
        refused = 0
        while self.waiting:
            room = self.connection.room(self._progress(len(symbols)))
            if isinstance(room, Failure):
                return Failure(_of(self.waiting[0].symbols, room.failure()))
            batch = self._next(min(room.unwrap(), LARGEST_BATCH))
            failures = self._read(batch)
            if not failures:
                refused = 0
                continue
            refused += 1
            is_throttled = all(isinstance(each, TooMany) for each in failures.values())
            if not is_throttled or refused >= self.connection.patience.minutes:
                return Failure(unavailable((_what(who), why) for who, why in failures.items()))
            self.waiting.appendleft(batch)
        return Success(
            {s: each.bars(s, self.closes_only) for s, each in self.found.items() if each.rows}
        )

    def _progress(self, all_symbols: int) -> str:
        open_ones = {symbol for each in self.waiting for symbol in each.symbols}
        return f"{all_symbols - len(open_ones)} of {all_symbols} symbols read"

    def _next(self, most: int) -> _Wanted:
        """The first of what is waiting, cut to so many symbols."""
        first = self.waiting.popleft()
        if len(first.symbols) > most:
            self.waiting.appendleft(evolve(first, symbols=first.symbols[most:]))
        return evolve(first, symbols=first.symbols[:most])

    def _read(self, batch: _Wanted) -> Mapping[str, CallFailure]:
        """Ask for a batch and take in what comes; the failures by the symbols that they are of."""
        outcome = self.connection.get("/time_series", self._parameters(batch), len(batch.symbols))
        named = ",".join(batch.symbols)
        if isinstance(outcome, Failure):
            is_begun = any(symbol in self.found for symbol in batch.symbols)
            if is_begun or not isinstance(outcome.failure(), NoData):
                return {named: outcome.failure()}
            # Which of several it is that the vendor does not know, only asking each can tell.
            if len(batch.symbols) > 1:
                self.waiting.extendleft(evolve(batch, symbols=(s,)) for s in batch.symbols[::-1])
            return {}
        try:
            return self._take(outcome.unwrap(), batch)
        except UnreadableError as error:
            return {named: Unreadable(str(error))}

    def _take(self, json: Json, batch: _Wanted) -> Mapping[str, CallFailure]:
        """Take in an answer; nothing is kept of one that has a failure in it."""
        pages: dict[Symbol, Page] = {}
        failures: dict[str, CallFailure] = {}
        for symbol, member in members(json, batch.symbols).items():
            page = self._page(symbol, member, batch.end)
            if isinstance(page, Page):
                pages[symbol] = page
                continue
            failures[symbol] = page
            if isinstance(page, TooMany):
                self.connection.spent_elsewhere(page)
        if not failures:
            for symbol, page in pages.items():
                self._keep(symbol, page)
        return failures

    def _page(self, symbol: Symbol, member: Member | CallFailure, end: date) -> Page | CallFailure:
        if not isinstance(member, Member):
            return member
        try:
            page = read_page(symbol, member.rows, end, self.closes_only, FULL_PAGE)
            if page.is_full and not page.rows:
                raise UnreadableError(f"all bars of {symbol} are later than {end}")
            if symbol in self.found:
                check_joint(symbol, page, self.found[symbol].rows, end)
        except UnreadableError as error:
            return Unreadable(str(error))
        if symbol in self.found and self.found[symbol].pages >= _MOST_PAGES:
            return Unreadable("its pages do not end")
        return page

    def _keep(self, symbol: Symbol, page: Page) -> None:
        """Take in a page; where it is full, the older bars are still to be asked for, and its
        oldest one again.
        """
        found = self.found.setdefault(symbol, _Found())
        found.pages += 1
        found.repeated += page.repeated
        since = self.start or date.min
        found.rows |= {on: row for on, row in page.rows.items() if on >= since}
        oldest = min(page.rows, default=None)
        if page.is_full and oldest is not None and oldest > since:
            self.waiting.append(_Wanted((symbol,), oldest))

    def _parameters(self, batch: _Wanted) -> dict[str, str]:
        """The end is asked for a day later, and cut here: whether the vendor counts the end itself
        in is not certain.
        """
        since = {} if self.start is None else {"start_date": self.start.isoformat()}
        return {
            "symbol": ",".join(batch.symbols),
            "interval": INTERVAL,
            "outputsize": str(FULL_PAGE),
            # The newest bars first: so it is certain which ones a full page leaves out.
            "order": "desc",
            "adjust": self.adjust.value,
            "dp": "11",
            **since,
            "end_date": (batch.end + _DAY).isoformat(),
        }


def _what(symbols: str) -> str:
    return f"the bars of {symbols} cannot be read"


def _of(symbols: Sequence[Symbol], failure: CallFailure) -> MarketDataUnavailable:
    return unavailable([(_what(",".join(symbols)), failure)])
