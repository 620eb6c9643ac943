"""What a store has of symbols before it is synchronised."""

from collections.abc import Iterable, Mapping
from datetime import date

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.labels import Label
from alchemiser_app.bar_store.refusals import BrokenStoreFile, StoreError
from alchemiser_app.bar_store.series import StoredSeries
from alchemiser_app.bar_store.store import BarStore
from alchemiser_app.bar_store.syncing.checked import Checked
from alchemiser_app.bar_store.syncing.refusals import OtherSource
from alchemiser_core.domain.bars import FIELDS, PriceBasis
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.bar_sync import Known, SymbolBars


@frozen(eq=False)
class Standing:
    """What the files of symbols say of themselves."""

    labels: Mapping[Symbol, Label]
    damaged: tuple[Symbol, ...]
    """Whose files cannot be believed: they are fetched anew."""

    def known(
        self, symbols: Iterable[Symbol], checked: Checked, settled: date
    ) -> dict[Symbol, Known]:
        """Up to where each symbol is known; bars up to the session `settled` change no more."""
        return {
            symbol: Known()
            if symbol in self.damaged
            else Known(
                last := self.last_of(symbol),
                checked.through.get(symbol),
                last is not None and last <= settled and checked.early.get(symbol) == last,
            )
            for symbol in symbols
        }

    def last_of(self, symbol: Symbol) -> date | None:
        """Its last stored bar."""
        label = self.labels.get(symbol)
        return None if label is None else date.fromisoformat(label.last)

    @property
    def newest(self) -> date | None:
        """The last bar of all."""
        return max((date.fromisoformat(each.last) for each in self.labels.values()), default=None)

    def of_others(self, store: BarStore, source: str) -> OtherSource | None:
        """A refusal where bars come from somewhere else."""
        others = [
            (symbol, label.source)
            for symbol, label in self.labels.items()
            if label.source != source
        ]
        return OtherSource(str(store.folder), source, tuple(sorted(others))) if others else None


def standing_of(
    store: BarStore, symbols: Iterable[Symbol], basis: PriceBasis
) -> Result[Standing, StoreError]:
    """Read the labels of all symbols. Failure: a file cannot be read at all."""
    labels, damaged = {}, []
    for symbol in symbols:
        read = store.label(symbol, basis)
        if isinstance(read, Failure):
            error = read.failure()
            if not isinstance(error, BrokenStoreFile):
                return Failure(error)
            damaged.append(symbol)
        elif (label := read.unwrap()) is not None:
            labels[symbol] = label
            if basis is PriceBasis.RAW and _has_damaged_actions(store, symbol):
                damaged.append(symbol)
    return Success(Standing(labels, tuple(damaged)))


def _has_damaged_actions(store: BarStore, symbol: Symbol) -> bool:
    """Whether it was known what happened to a symbol, and cannot be believed any more."""
    read = store.actions(symbol)
    return isinstance(read, Failure) and isinstance(read.failure(), BrokenStoreFile)


def bars_of(series: StoredSeries) -> SymbolBars:
    """The bars of a stored series."""
    return SymbolBars(series.days, *(getattr(series, name) for name in FIELDS))
