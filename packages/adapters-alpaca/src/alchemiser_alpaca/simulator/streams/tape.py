"""What the data stream tells: made of the market, for the symbols that somebody subscribed to."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from attrs import define, field

from alchemiser_alpaca.simulator.desk import Desk
from alchemiser_alpaca.simulator.exchange.market import MarketBar
from alchemiser_alpaca.simulator.exchange.sessions import NEW_YORK
from alchemiser_alpaca.simulator.wire.market import TAPE, bar_json, quote_json, trade_json

CHANNELS = ("trades", "quotes", "bars", "updatedBars", "dailyBars", "statuses", "lulds")
Message = dict[str, Any]
_MINUTE = timedelta(minutes=1)
_MOST = timedelta(days=1)


@define(eq=False)
class Tape:
    """Remembers what was told already. Used under the desk's lock alone."""

    desk: Desk
    _bars_until: dict[str, datetime] = field(factory=dict)
    _last: dict[tuple[str, str], datetime] = field(factory=dict)
    _halted: set[str] = field(factory=set)

    def news(
        self, wanted: Mapping[str, frozenset[str]], at: datetime
    ) -> Iterator[tuple[str, Message]]:
        """The channel and the message of everything new in the channels and symbols wanted."""
        tellers: dict[str, Callable[[str, datetime], Iterator[Message]]] = {
            "statuses": self._status,
            "trades": self._trade,
            "quotes": self._quote,
            "bars": self._minutes,
            "dailyBars": self._day,
        }
        for channel, tell in tellers.items():
            for symbol in sorted(wanted.get(channel, ())):
                for message in tell(symbol, at):
                    yield channel, message

    def _trade(self, symbol: str, at: datetime) -> Iterator[Message]:
        trade = self.desk.exchange.market.last_trade(symbol, at)
        if trade is not None and self._is_new("t", symbol, trade.at):
            yield {"T": "t", "S": symbol, **trade_json(trade), "t": trade.at}

    def _quote(self, symbol: str, at: datetime) -> Iterator[Message]:
        quote = self.desk.exchange.market.quote(symbol, at)
        if quote is not None and self._is_new("q", symbol, quote.at):
            yield {"T": "q", "S": symbol, **quote_json(quote), "t": quote.at}

    def _minutes(self, symbol: str, at: datetime) -> Iterator[Message]:
        since = max(self._bars_until.get(symbol, at - _MINUTE), at - _MOST)
        for bar in self.desk.exchange.market.minute_bars(symbol, since, at, at):
            yield _bar("b", bar)
            self._bars_until[symbol] = bar.at + _MINUTE

    def _day(self, symbol: str, at: datetime) -> Iterator[Message]:
        minute = at.replace(second=0, microsecond=0)
        if not self.desk.exchange.sessions.is_open(at) or not self._is_new("d", symbol, minute):
            return
        midnight = at.astimezone(NEW_YORK).replace(hour=0, minute=0, second=0, microsecond=0)
        for bar in self.desk.exchange.market.daily_bars(symbol, midnight, at, at):
            yield _bar("d", bar)

    def _status(self, symbol: str, at: datetime) -> Iterator[Message]:
        halted = self.desk.exchange.market.is_halted(symbol)
        if halted == (symbol in self._halted):
            return
        if halted:
            self._halted.add(symbol)
            yield _halt(symbol, at, "H", "Trading Halt", "T12", "Trading Halted")
        else:
            self._halted.discard(symbol)
            yield _halt(symbol, at, "T", "Trading Resumption", "", "")

    def _is_new(self, kind: str, symbol: str, at: datetime) -> bool:
        known = self._last.get((kind, symbol))
        self._last[kind, symbol] = at
        return known is None or at > known


def _bar(kind: str, bar: MarketBar) -> Message:
    return {"T": kind, "S": bar.symbol, **bar_json(bar), "t": bar.at}


def _halt(symbol: str, at: datetime, code: str, words: str, reason: str, why: str) -> Message:
    told = {"sc": code, "sm": words, "rc": reason, "rm": why}
    return {"T": "s", "S": symbol, **told, "t": at, "z": TAPE}
