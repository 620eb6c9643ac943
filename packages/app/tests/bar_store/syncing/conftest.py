"""A vendor whose history grows and is restated, and a store that is filled from it."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from attrs import define, evolve, field
from returns.result import Success

from alchemiser_app.bar_store.series import COLUMNS
from alchemiser_app.bar_store.store import BarStore, create_store
from alchemiser_app.bar_store.syncing.outcome import SyncOutcome
from alchemiser_app.bar_store.syncing.source import Source
from alchemiser_app.bar_store.syncing.synchronise import SyncOrder, synchronise
from alchemiser_core.domain.bars import BarHistory, PriceBasis
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.market_data import InMemoryMarketData

SYMBOLS = tuple(Symbol(name) for name in ("QQQ", "SPY", "TLT"))
PRICES = ("close", "open", "high", "low")


def whole_history(symbols=SYMBOLS, count=300) -> BarHistory:
    made = wandering_history(symbols, count)
    return evolve(made, basis=PriceBasis.ADJUSTED, synthetic=False)


@define
class Vendor:
    """What a test says of the vendor, and the store that is filled from it."""

    store: BarStore
    history: BarHistory = field(factory=whole_history)
    symbols: tuple[Symbol, ...] = SYMBOLS
    feed: InMemoryMarketData | None = None
    calls: int = 0

    def day(self, row: int) -> date:
        return self.history.session(row)

    def source(self, rows: int) -> Source:
        """As the vendor is on the evening of the last of so many sessions."""
        self.feed = InMemoryMarketData(self.history.rows(0, rows), name="vendor")
        return Source(self.feed)

    def order(self, rows: int, source: Source | None = None, **more) -> SyncOrder:
        return SyncOrder(
            store=self.store,
            source=source or self.source(rows),
            wanted=lambda _: Success(self.symbols),
            through=self.day(rows - 1),
            **{"settled": self.day(rows - 1), **more},
        )

    def sync(self, rows: int, source: Source | None = None, **more) -> SyncOutcome:
        """Synchronise on the evening of the last of so many sessions."""
        order = self.order(rows, source, **more)
        outcome = synchronise(order).unwrap()
        self.calls = order.source.calls
        return outcome

    def stored(self, symbol: str, basis: PriceBasis = PriceBasis.ADJUSTED):
        return self.store.series(Symbol(symbol), basis).unwrap()

    def has(self, symbol: str, rows: int, first: int = 0) -> bool:
        """Whether the store has these rows of a symbol's history, bit for bit, and no others."""
        series, column = self.stored(symbol), self.history.columns[Symbol(symbol)]
        return series.days.tolist() == self.history.sessions[first:rows].tolist() and all(
            np.array_equal(
                series.column(name),
                getattr(self.history, name)[first:rows, column],
                equal_nan=True,
            )
            for name in COLUMNS
        )

    def multiply(self, symbol: str, factor: float, until: int, start: int = 0) -> None:
        """Restate the history as after an ex-date at row `until`."""
        self._change(symbol, slice(start, until), lambda values: values * factor, PRICES)

    def withdraw(self, symbol: str, rows: slice) -> None:
        """Have no bars of a symbol in some rows."""
        self._change(symbol, rows, lambda values: np.full_like(values, np.nan), COLUMNS)

    def _change(self, symbol, rows, change, names) -> None:
        column, arrays = self.history.columns[Symbol(symbol)], {}
        for name in names:
            arrays[name] = getattr(self.history, name).copy()
            arrays[name][rows, column] = change(arrays[name][rows, column])
        self.history = evolve(self.history, **arrays)


@pytest.fixture
def vendor(tmp_path: Path) -> Vendor:
    """A vendor of 300 sessions of three symbols, and an empty store."""
    return Vendor(create_store(tmp_path / "bars").unwrap())
