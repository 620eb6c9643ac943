"""Faults in market data: pages that repeat or fail, bars and quotes that cannot be true."""

import math
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar
from urllib.parse import parse_qs

from attrs import field, frozen

from alchemiser_alpaca.simulator.faults.fault import Go, Stage, WireFault
from alchemiser_alpaca.simulator.http.answers import Answer, error_answer
from alchemiser_alpaca.simulator.http.calls import Call
from alchemiser_alpaca.simulator.wire.times import read_time, stamp
from alchemiser_core.config import must_be

Table = dict[str, Any]
_BARS = ("/v2/stocks/bars",)
_PAGE = must_be("1 or more", lambda value: value >= 1)


@frozen(kw_only=True)
class RepeatPageToken(WireFault):
    """Every page says that the same page comes next."""

    kind: ClassVar[str] = "repeat_page_token"
    usual_times: ClassVar[int] = 0
    paths: ClassVar[tuple[str, ...]] = _BARS

    token: str = "QUFBfERheXwyMDI2LTAxLTAyfDA"  # noqa: S105  (of a page, not of a person)

    async def around(self, call: Call, go: Go, stage: Stage) -> Answer:
        """The true page with that token."""
        answer = await go()
        return answer.changed(lambda page: {**page, "next_page_token": self.token})


@frozen(kw_only=True)
class PageFails(WireFault):
    """A later page of an answer fails, the earlier ones arrive."""

    kind: ClassVar[str] = "page_fails"
    paths: ClassVar[tuple[str, ...]] = _BARS

    page: int = field(default=2, validator=_PAGE)
    """It is the requests with a page token that are counted: 2 is the first of them."""
    code: int = 500
    _seen: list[int] = field(init=False, factory=list, eq=False, repr=False)

    usual_times: ClassVar[int] = 0

    async def around(self, call: Call, go: Go, stage: Stage) -> Answer:
        """The error where it is that page."""
        if "page_token" not in parse_qs(call.query):
            self._seen.clear()
        self._seen.append(call.number)
        if len(self._seen) == self.page:
            return error_answer(self.code, 50010000, "internal server error occurred")
        return await go()


class Nonsense(StrEnum):
    """What is wrong with a bar."""

    NAN = "nan"
    INFINITY = "infinity"
    NEGATIVE = "negative"
    ZERO = "zero"
    NULL = "null"
    DUPLICATE = "duplicate"
    """It comes twice."""
    JUMP = "jump"
    """Its close is ten times the true one."""
    MISSING_BAR = "missing_bar"
    MISSING_SYMBOL = "missing_symbol"


_CLOSES: dict[Nonsense, Callable[[float], float | None]] = {
    Nonsense.NAN: lambda _: math.nan,
    Nonsense.INFINITY: lambda _: math.inf,
    Nonsense.NEGATIVE: lambda close: -close,
    Nonsense.ZERO: lambda _: 0.0,
    Nonsense.NULL: lambda _: None,
    Nonsense.JUMP: lambda close: close * 10,
}


@frozen(kw_only=True)
class BadBar(WireFault):
    """The newest bar of a symbol, or the one of a day, is nonsense."""

    kind: ClassVar[str] = "bad_bar"
    usual_times: ClassVar[int] = 0
    paths: ClassVar[tuple[str, ...]] = _BARS

    symbol: str
    what: Nonsense = Nonsense.NAN
    day: str = ""
    """Of the bar, such as `2026-03-02`; the last of each page where it is not given."""

    async def around(self, call: Call, go: Go, stage: Stage) -> Answer:
        """The true page with that bar."""
        answer = await go()
        return answer.changed(lambda page: {**page, "bars": self._spoiled(page["bars"])})

    def _spoiled(self, bars: dict[str, list[Table]]) -> dict[str, list[Table]]:
        if self.symbol not in bars:
            return bars
        if self.what is Nonsense.MISSING_SYMBOL:
            return {symbol: each for symbol, each in bars.items() if symbol != self.symbol}
        rows = bars[self.symbol]
        place = self._place(rows)
        if place is None:
            return bars
        return {**bars, self.symbol: rows[:place] + self._made(rows[place]) + rows[place + 1 :]}

    def _place(self, rows: list[Table]) -> int | None:
        if not self.day:
            return len(rows) - 1 if rows else None
        days = [row["t"][:10] for row in rows]
        return days.index(self.day) if self.day in days else None

    def _made(self, bar: Table) -> list[Table]:
        match self.what:
            case Nonsense.DUPLICATE:
                return [bar, bar]
            case Nonsense.MISSING_BAR:
                return []
            case _:
                return [{**bar, "c": _CLOSES[self.what](bar["c"])}]


class QuoteNonsense(StrEnum):
    """What is wrong with a quote."""

    ZERO = "zero"
    CROSSED = "crossed"
    STALE = "stale"
    WIDE = "wide"
    MISSING = "missing"


@frozen(kw_only=True)
class BadQuote(WireFault):
    """The latest quote of a symbol cannot be traded on."""

    kind: ClassVar[str] = "bad_quote"
    usual_times: ClassVar[int] = 0
    paths: ClassVar[tuple[str, ...]] = ("/v2/stocks/quotes/latest",)

    symbol: str
    what: QuoteNonsense = QuoteNonsense.ZERO
    seconds: float = 86_400.0
    """Age of a stale quote."""

    async def around(self, call: Call, go: Go, stage: Stage) -> Answer:
        """The true quotes with that one changed."""
        answer = await go()
        return answer.changed(lambda page: {**page, "quotes": self._spoiled(page["quotes"])})

    def _spoiled(self, quotes: dict[str, Table]) -> dict[str, Table]:
        if self.symbol not in quotes:
            return quotes
        others = {symbol: each for symbol, each in quotes.items() if symbol != self.symbol}
        if self.what is QuoteNonsense.MISSING:
            return others
        return {**others, self.symbol: self._made(quotes[self.symbol])}

    def _made(self, quote: Table) -> Table:
        match self.what:
            case QuoteNonsense.CROSSED:
                return {**quote, "bp": quote["ap"] * 1.01, "ap": quote["bp"]}
            case QuoteNonsense.WIDE:
                return {**quote, "bp": quote["bp"] * 0.8, "ap": quote["ap"] * 1.2}
            case QuoteNonsense.STALE:
                old = read_time(quote["t"]) - timedelta(seconds=self.seconds)
                return {**quote, "t": stamp(old)}
            case _:
                return {**quote, "ap": 0, "as": 0}
