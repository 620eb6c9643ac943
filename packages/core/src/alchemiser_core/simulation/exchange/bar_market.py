"""A market of daily bars: within a session every price is the close, or the open, of its bar."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum

import numpy as np
from attrs import define, field

from alchemiser_core.domain.bars import BarHistory, Prices
from alchemiser_core.domain.money import decimal_from_float
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.symbol import Symbol


class FillAt(StrEnum):
    """Which price of a bar orders are filled at."""

    OPEN = "open"
    CLOSE = "close"


@define
class BarMarket:
    """Quotes without a spread, from the bar of the session that it stands at."""

    history: BarHistory
    fill_at: FillAt
    session: date
    """The day whose bars are the market; later ones are never looked at."""
    sells_at_last_price: bool = False
    """A symbol without a price in the session has its last one, dated on its own day."""
    _row: int = field(init=False)
    _cache: dict[Symbol, tuple[Decimal, int] | None] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self.stand_at(self.session)

    def stand_at(self, session: date) -> None:
        """Go to another session; `ValueError` where the history has none on that day, or has no
        opens and is asked for them.
        """
        row = self.history.row_at(session)
        if row < 0 or self.history.session(row) != session:
            raise ValueError(f"there is no session on {session}")
        if self._prices() is None:
            raise ValueError("the history has no opens")
        self.session, self._row = session, row
        self._cache.clear()

    def quote(self, symbol: Symbol, at: datetime) -> Quote | None:
        """The price of the session as bid and ask, dated `at`; `None` where it has none."""
        if symbol not in self._cache:
            self._cache[symbol] = self._found(symbol)
        found = self._cache[symbol]
        if found is None:
            return None
        price, row = found
        dated = at if row == self._row else _end_of(self.history.session(row))
        return Quote(symbol, price, price, dated)

    def _prices(self) -> Prices | None:
        return self.history.open if self.fill_at is FillAt.OPEN else self.history.close

    def _found(self, symbol: Symbol) -> tuple[Decimal, int] | None:
        prices, column = self._prices(), self.history.columns.get(symbol)
        if prices is None or column is None:
            return None
        today = float(prices[self._row, column])
        if not np.isnan(today):
            return decimal_from_float(today), self._row
        return self._last(column) if self.sells_at_last_price else None

    def _last(self, column: int) -> tuple[Decimal, int] | None:
        """The last close before the session, however long ago."""
        there = np.flatnonzero(~np.isnan(self.history.close[: self._row, column]))
        if not len(there):
            return None
        row = int(there[-1])
        return decimal_from_float(float(self.history.close[row, column])), row


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(21), UTC)
