"""Puts bars of a source in a store, the splits and dividends of raw prices before them."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from attrs import define, field
from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.refusals import BrokenStoreFile, StoreError
from alchemiser_app.bar_store.series import StoredSeries
from alchemiser_app.bar_store.store import BarStore
from alchemiser_app.bar_store.stored_actions import StoredActions
from alchemiser_core.domain.bars import FIELDS, BadPrice, PriceBasis
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.corporate_actions import CorporateAction, Dividend
from alchemiser_core.services.bar_sync import SymbolBars, Taken


@define(eq=False)
class Putting:
    """Writes what one answer brought."""

    store: BarStore
    source: str
    answer: Taken
    start: date | None
    """Where the request began; `None` for whole histories."""
    through: date
    actions: Sequence[CorporateAction] | None
    """Of the symbols of the answer; `None` where the source knows nothing of them."""
    _bad: dict[Symbol, tuple[BadPrice, ...]] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        for price in self.answer.bad_prices:
            self._bad[price.symbol] = (*self._bad.get(price.symbol, ()), price)

    def put(
        self, symbol: Symbol, bars: SymbolBars, old_bad: Sequence[BadPrice] = ()
    ) -> Result[None, StoreError]:
        """Keep the bars of a symbol. What happened to it is put first: bars without their split
        would be a false jump, and a split without its bars is one that is not needed yet.
        """
        given = set(self.answer.bars[symbol].days.tolist())
        old = (price for price in old_bad if price.session not in given)
        # A day whose earlier close stays has a price, whatever the vendor says of it now.
        missing = set(bars.days[np.isnan(bars.close)].tolist())
        bad = (price for price in (*old, *self._bad.get(symbol, ())) if price.session in missing)
        series = StoredSeries(
            symbol=symbol,
            days=bars.days,
            basis=self.answer.basis,
            source=self.source,
            synthetic=self.answer.synthetic,
            bad_prices=tuple(bad),
            **{name: getattr(bars, name) for name in FIELDS},
        )
        return self._actions_of(symbol, bars).bind(lambda _: self.store.put(series))

    def _actions_of(self, symbol: Symbol, bars: SymbolBars) -> Result[None, StoreError]:
        if self.actions is None or self.answer.basis is not PriceBasis.RAW:
            return Success(None)
        start = bars.days[0].item() if self.start is None else self.start
        own = [a for a in self.actions if a.symbol == symbol and a.ex_date >= start]
        first = start
        if self.start is not None:
            stored = self._stored(symbol)
            if isinstance(stored, Failure):
                return Failure(stored.failure())
            if (old := stored.unwrap()) is not None:
                own += [a for a in old.actions if a.ex_date < start]
                first = min(first, old.first)
        ordered = sorted(own, key=lambda a: (a.ex_date, isinstance(a, Dividend)))
        return self.store.put_actions(
            StoredActions(symbol, tuple(ordered), first, self.through, self.source)
        )

    def _stored(self, symbol: Symbol) -> Result[StoredActions | None, StoreError]:
        """What is stored; a damaged file is as good as none, and replaced."""
        read = self.store.actions(symbol)
        if isinstance(read, Failure) and isinstance(read.failure(), BrokenStoreFile):
            return Success(None)
        return read
