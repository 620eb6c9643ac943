"""Reads of a store no more than is needed: some columns of some symbols, a file at a time."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.labels import Label
from alchemiser_app.bar_store.parquet_form import Content, decoded
from alchemiser_app.bar_store.refusals import StoreError
from alchemiser_app.bar_store.series_files import in_place, read_as
from alchemiser_app.bar_store.store import BarStore
from alchemiser_app.feeds.columns import Field
from alchemiser_app.feeds.series import Series
from alchemiser_core.domain.bars import PriceBasis, Sessions
from alchemiser_core.domain.symbol import Symbol

FIELDS = {
    "open": Field.OPEN,
    "high": Field.HIGH,
    "low": Field.LOW,
    "close": Field.CLOSE,
    "volume": Field.VOLUME,
}


@frozen(eq=False)
class Found:
    """What the store holds of a symbol, as far as it was asked for."""

    symbol: Symbol
    path: Path
    content: Content

    @property
    def days(self) -> Sessions:
        """All its days."""
        return self.content.days

    def as_series(self, basis: PriceBasis) -> Series:
        """As the files of a folder are told about."""
        return Series(
            symbol=self.symbol,
            file=self.path.name,
            days=self.days,
            values={FIELDS[name]: values for name, values in self.content.columns.items()},
            basis=basis,
            bad_prices=self.content.label.bad_prices_of(self.symbol),
            warnings=(),
        )


@frozen
class StoredColumns:
    """Columns of the series of one basis."""

    store: BarStore
    basis: PriceBasis
    synthetic: bool
    """What the store says of its prices; a file that says another thing is not believed."""

    def of(self, symbol: Symbol, names: Sequence[str]) -> Result[Found | None, StoreError]:
        """Days and columns of a symbol; `None` where the store has nothing of it."""
        path = self.store.file_of(symbol, self.basis)
        there = read_as(path, lambda data: self._believed(data, symbol, names))
        return there.map(lambda content: None if content is None else Found(symbol, path, content))

    def each(
        self, symbols: Iterable[Symbol], names: Sequence[str]
    ) -> Iterator[Result[Found, StoreError]]:
        """The symbols that the store has, one after the other, or why one cannot be read."""
        for symbol in symbols:
            read = self.of(symbol, names)
            if isinstance(read, Failure):
                yield Failure(read.failure())
                continue
            found = read.unwrap()
            if found is not None:
                yield Success(found)

    def _believed(self, data: bytes, symbol: Symbol, names: Sequence[str]) -> Result[Content, str]:
        return decoded(data, names).bind(
            lambda content: (
                in_place(content.label, symbol, self.basis)
                .bind(self._of_one_kind)
                .map(lambda _: content)
            )
        )

    def _of_one_kind(self, label: Label) -> Result[Label, str]:
        if label.synthetic is self.synthetic:
            return Success(label)
        return Failure("its prices are made up, or the store's are, and not both")
