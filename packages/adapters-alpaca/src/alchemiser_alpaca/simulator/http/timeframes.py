"""The timeframes of bars: `1Min` to `59Min`, `1Hour` to `23Hour`, `1Day`, `1Week`, `1Month`."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby

from attrs import frozen

from alchemiser_alpaca.simulator.exchange.market import MarketBar, SimulatedMarket
from alchemiser_alpaca.simulator.exchange.refusal import Refusal
from alchemiser_alpaca.simulator.exchange.sessions import NEW_YORK
from alchemiser_alpaca.simulator.http.reading import UnreadableError
from alchemiser_alpaca.simulator.wire.times import session_midnight

_FORM = re.compile(r"([1-9][0-9]?)(Min|T|Hour|H|Day|D|Week|W|Month|M)")
_UNITS = {"Min": "T", "Hour": "H", "Day": "D", "Week": "W", "Month": "M"}
_COUNTS = {
    "T": frozenset(range(1, 60)),
    "H": frozenset(range(1, 24)),
    "D": frozenset({1}),
    "W": frozenset({1}),
    "M": frozenset({1, 2, 3, 4, 6, 12}),
}


@frozen
class Timeframe:
    """The length of a bar."""

    count: int
    unit: str
    """T, H, D, W or M."""

    def bars(
        self,
        market: SimulatedMarket,
        symbol: str,
        span: tuple[datetime, datetime],
        at: datetime,
        raw: bool,
    ) -> tuple[MarketBar, ...]:
        """The bars that start within a span, both ends included, as they are known at `at`."""
        start, end = span
        if self.unit in "TH":
            minutes = self.count * (60 if self.unit == "H" else 1)
            return market.minute_bars(symbol, start, end, at, minutes)
        first, last = session_midnight(self._begin(start)), session_midnight(self._finish(end))
        daily = market.daily_bars(symbol, start if self.unit == "D" else first, last, at, raw)
        if self.unit == "D":
            return tuple(bar for bar in daily if bar.at <= end)
        grouped = groupby(daily, key=lambda bar: self._begin(bar.at))
        joined = (_joined(session_midnight(begin), tuple(bars)) for begin, bars in grouped)
        return tuple(bar for bar in joined if start <= bar.at <= end)

    def _begin(self, at: datetime) -> date:
        """The first day of the week, or of the months, that a time is in."""
        day = at.astimezone(NEW_YORK).date()
        match self.unit:
            case "W":
                return day - timedelta(days=day.weekday())
            case "M":
                return day.replace(month=(day.month - 1) // self.count * self.count + 1, day=1)
            case _:
                return day

    def _finish(self, at: datetime) -> date:
        day = at.astimezone(NEW_YORK).date()
        longest = {"D": 0, "W": 7, "M": 31 * self.count}[self.unit]
        return day + timedelta(days=longest)


def _joined(at: datetime, bars: Iterable[MarketBar]) -> MarketBar:
    parts = tuple(bars)
    volume = sum(bar.volume for bar in parts)
    paid = sum(bar.vwap * bar.volume for bar in parts)
    return MarketBar(
        symbol=parts[0].symbol,
        at=at,
        open=parts[0].open,
        high=max(bar.high for bar in parts),
        low=min(bar.low for bar in parts),
        close=parts[-1].close,
        volume=volume,
        trades=sum(bar.trades for bar in parts),
        vwap=paid / volume if volume else parts[-1].close,
    )


def read_timeframe(text: str) -> Timeframe:
    """The timeframe of a request. Raises `UnreadableError`."""
    match = _FORM.fullmatch(text)
    if match is not None:
        count, unit = int(match[1]), _UNITS.get(match[2], match[2])
        if count in _COUNTS[unit]:
            return Timeframe(count, unit)
    raise UnreadableError(Refusal(400, None, f"invalid timeframe: {text[:20]}"))
