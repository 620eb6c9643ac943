"""The bar store: bars of symbols kept in a folder, written whole, read by whoever likes."""

from pathlib import Path

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.bar_store import layout
from alchemiser_app.bar_store.labels import Label
from alchemiser_app.bar_store.layout import ACTIONS_FOLDER, BASIS_FOLDERS
from alchemiser_app.bar_store.marker import Marker, read_marker, write_marker
from alchemiser_app.bar_store.parquet_form import encoded, label_of
from alchemiser_app.bar_store.refusals import (
    MixedStore,
    NotAStore,
    StoreError,
    StoreUnavailable,
)
from alchemiser_app.bar_store.series import StoredSeries
from alchemiser_app.bar_store.series_files import in_place, read_as, series_in
from alchemiser_app.bar_store.stored_actions import (
    StoredActions,
    decoded_actions,
    encoded_actions,
)
from alchemiser_app.bar_store.verifying import verified
from alchemiser_app.bar_store.whole_files import write_whole
from alchemiser_app.bar_store.writer_lock import Writer, writer_of
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol


@frozen
class BarStore:
    """A folder of bars; made by `open_store` and `create_store`.

    Each series is one file, so a reader finds the old one or the new one, never half of one, and
    needs no lock. Whoever writes holds `writer()` meanwhile.
    """

    folder: Path

    def bases(self) -> Result[tuple[PriceBasis, ...], StoreError]:
        """The bases of which there is a series."""
        found = []
        for basis in BASIS_FOLDERS:
            symbols = self.symbols(basis)
            if isinstance(symbols, Failure):
                return symbols
            if symbols.unwrap():
                found.append(basis)
        return Success(tuple(found))

    def symbols(self, basis: PriceBasis) -> Result[tuple[Symbol, ...], StoreError]:
        """Every symbol that has a series, sorted."""
        names: Result[tuple[str, ...], StoreError] = layout.names_in(
            self.folder / BASIS_FOLDERS[basis]
        )
        return names.map(layout.symbols_among)

    def series(self, symbol: Symbol, basis: PriceBasis) -> Result[StoredSeries | None, StoreError]:
        """Everything there is of a symbol; `None` where there is nothing."""
        return read_as(self.file_of(symbol, basis), lambda data: series_in(data, symbol, basis))

    def label(self, symbol: Symbol, basis: PriceBasis) -> Result[Label | None, StoreError]:
        """What the file of a symbol says of itself (source, first and last day), read quickly;
        `None` where there is no file.
        """
        return read_as(
            self.file_of(symbol, basis),
            lambda data: label_of(data).bind(lambda label: in_place(label, symbol, basis)),
        )

    def put(self, series: StoredSeries) -> Result[None, StoreError]:
        """Keep a series in place of what is there of the symbol on that basis.

        Failure `MixedStore`: the store holds prices of the other kind, made up or not.
        """
        path = self.file_of(series.symbol, series.basis)
        return self._of_one_kind(series).bind(lambda _: write_whole(path, encoded(series)))

    def synthetic(self) -> Result[bool, StoreError]:
        """Whether the prices of the store are made up."""
        marker: Result[Marker, StoreError] = read_marker(self.folder)
        return marker.map(lambda found: found.synthetic)

    def _of_one_kind(self, series: StoredSeries) -> Result[None, StoreError]:
        """An empty store takes either kind of prices, and from then on no other."""
        kind = self.synthetic()
        if isinstance(kind, Failure):
            return Failure(kind.failure())
        if kind.unwrap() is series.synthetic:
            return Success(None)
        bases = self.bases()
        if isinstance(bases, Failure):
            return Failure(bases.failure())
        if bases.unwrap():
            return Failure(MixedStore(str(self.folder), series.symbol, series.synthetic))
        marked: Result[None, StoreError] = write_marker(self.folder, synthetic=series.synthetic)
        return marked

    def put_actions(self, actions: StoredActions) -> Result[None, StoreError]:
        """Keep what happened to a symbol, in place of what is there."""
        written: Result[None, StoreError] = write_whole(
            layout.file_of(self.folder, ACTIONS_FOLDER, actions.symbol), encoded_actions(actions)
        )
        return written

    def actions(self, symbol: Symbol) -> Result[StoredActions | None, StoreError]:
        """What happened to a symbol of raw prices; `None` where that is not known."""
        return read_as(
            layout.file_of(self.folder, ACTIONS_FOLDER, symbol),
            lambda data: decoded_actions(data, symbol),
        )

    def writer(self) -> Result[Writer, StoreError]:
        """The right to write: `with store.writer().unwrap(): ...`. Failure: somebody has it."""
        taken: Result[Writer, StoreError] = writer_of(self.folder)
        return taken

    def verify(self) -> tuple[Problem, ...]:
        """Everything that is wrong with any file of the store; reads them all."""
        return verified(self.folder)

    def file_of(self, symbol: Symbol, basis: PriceBasis) -> Path:
        """Where the series of a symbol stands."""
        return layout.file_of(self.folder, BASIS_FOLDERS[basis], symbol)


def open_store(folder: Path) -> Result[BarStore, StoreError]:
    """The store that stands in the folder. Failures: there is none, or of a later version."""
    found: Result[Marker, StoreError] = read_marker(folder)
    return found.map(lambda _: BarStore(folder))


def create_store(folder: Path) -> Result[BarStore, StoreError]:
    """The store in the folder, made where there is none yet; the folder above has to be there.

    Failures: as of `open_store`, and a folder that holds something else.
    """
    try:
        folder.mkdir(exist_ok=True)
    except FileNotFoundError:
        above = folder.parent
        hint = f"make the folder {above} first, or give another place"
        return Failure(NotAStore(str(folder), f"there is no folder {above} to make one in", hint))
    except FileExistsError:
        return Failure(NotAStore(str(folder), "it is no folder", "give an empty or a new folder"))
    except OSError as error:
        return Failure(StoreUnavailable(str(folder), error.strerror or str(error)))
    names = layout.names_in(folder)
    if isinstance(names, Failure):
        return Failure(names.failure())
    if any(not name.startswith(".") for name in names.unwrap()):
        opened = open_store(folder)
        return opened.lash(lambda error: Failure(_other_things(error, folder)))
    made: Result[None, StoreError] = write_marker(folder)
    return made.map(lambda _: BarStore(folder))


def _other_things(error: StoreError, folder: Path) -> StoreError:
    if isinstance(error, NotAStore) and error.where == str(folder):
        return NotAStore(str(folder), "it holds other files", "give an empty or a new folder")
    return error
