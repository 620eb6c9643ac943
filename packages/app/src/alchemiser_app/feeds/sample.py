"""The `sample` feed: a seeded synthetic market that needs no file, no key and no network.

It knows the symbols of the built-in strategies and the usual funds beside them. Sessions are
plain weekdays. Every symbol has the whole history, also those that listed late in reality.
"""

from collections.abc import Collection
from datetime import date

import numpy as np
from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.feeds.axis import within
from alchemiser_app.feeds.inspection import DataReport, report_on
from alchemiser_app.feeds.sample_market import KNOWN, candle_noise, first_price, symbol_returns
from alchemiser_core.domain.bar_rows import CLOSES
from alchemiser_core.domain.bars import FIELDS, BarHistory, PriceBasis, Prices, Sessions
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import BarRequest, MarketDataUnavailable

FIRST = date(2010, 1, 4)
"""The first session of the synthetic market."""

LAST = date(2025, 12, 31)
"""Its last session where no later end is asked for."""

DEFAULT_SEED = 1
"""A market with several bear years and a usual rise; figures on it mean nothing."""


@frozen
class SampleFeed:
    """Made-up prices: the bar of a session depends on the seed, the symbol and the session."""

    seed: int = DEFAULT_SEED

    @property
    def name(self) -> str:
        """`sample`."""
        return "sample"

    @property
    def synthetic(self) -> bool:
        """Always."""
        return True

    @property
    def known(self) -> tuple[Symbol, ...]:
        """The symbols that this market has, sorted."""
        return tuple(Symbol(s) for s in sorted(KNOWN))

    def listed(self) -> Result[tuple[Symbol, ...], MarketDataUnavailable]:
        """The symbols that this market has; never a failure."""
        return Success(self.known)

    def bars(self, request: BarRequest) -> Result[BarHistory, MarketDataUnavailable]:
        """The bars asked for; an unknown symbol is a column of NaN.

        Failures: a range that ends before the market begins.
        """
        axis = _weekdays(request.end if request.end and request.end >= FIRST else LAST)
        sessions = within(axis, request, "sample")
        if isinstance(sessions, Failure):
            return Failure(MarketDataUnavailable((sessions.failure(),)))
        first = int(np.searchsorted(axis, sessions.unwrap()[0]))
        return Success(self._history(request, axis, first))

    def inspect(
        self, symbols: Collection[Symbol] | None = None
    ) -> Result[DataReport, MarketDataUnavailable]:
        """What the market holds of `symbols`, of all it knows where none are given."""
        asked = self.known if symbols is None else tuple(symbols)
        return self.bars(BarRequest(asked)).map(
            lambda history: DataReport(
                source=history.source,
                synthetic=True,
                sessions=history.sessions,
                symbols=tuple(
                    report_on(s, history.sessions, history.close[:, i], history.basis)
                    for i, s in enumerate(asked)
                    if s in KNOWN
                ),
                missing=history.missing_symbols,
                problems=(),
            )
        )

    def _history(self, request: BarRequest, axis: Sessions, first: int) -> BarHistory:
        names = CLOSES if request.closes_only else FIELDS
        shape = (len(axis), len(request.symbols))
        arrays = {name: np.full(shape, np.nan) for name in names}
        for column, symbol in enumerate(request.symbols):
            if symbol in KNOWN:
                own = _bars_of(self.seed, symbol, len(axis), request.closes_only)
                for name in names:
                    arrays[name][:, column] = own[name]
        return BarHistory(
            sessions=axis[first:],
            symbols=request.symbols,
            close=arrays["close"][first:],
            open=_from(first, arrays.get("open")),
            high=_from(first, arrays.get("high")),
            low=_from(first, arrays.get("low")),
            volume=_from(first, arrays.get("volume")),
            basis=PriceBasis.ADJUSTED,
            source=f"synthetic market, seed {self.seed}",
            synthetic=True,
        )


def _from(first: int, array: Prices | None) -> Prices | None:
    return None if array is None else array[first:]


def _weekdays(end: date) -> Sessions:
    days = np.arange(np.datetime64(FIRST, "D"), np.datetime64(end, "D") + 1)
    return days[np.is_busday(days)]


def _bars_of(seed: int, symbol: Symbol, sessions: int, closes_only: bool) -> dict[str, Prices]:
    returns = symbol_returns(seed, symbol, sessions)
    close: Prices = np.cumprod(1.0 + returns) * np.float64(first_price(symbol))
    if closes_only:
        return {"close": close}
    gap, above, below = candle_noise(seed, symbol, sessions)
    opened = close / (1.0 + returns) * (1.0 + returns * gap)
    reach = 0.25 * np.abs(returns) + 0.0005
    return {
        "close": close,
        "open": opened,
        "high": np.maximum(opened, close) * (1.0 + reach * above),
        "low": np.minimum(opened, close) * (1.0 - reach * below),
        "volume": np.rint(1e6 * (1.0 + 20.0 * np.abs(returns)) * (0.5 + above + below)),
    }
