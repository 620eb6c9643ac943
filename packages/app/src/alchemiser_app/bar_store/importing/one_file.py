"""One file of bars into a store: read, held against what is there, and put."""

from hashlib import blake2b
from pathlib import Path

import numpy as np
from attrs import evolve, frozen
from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.bases import StoredBasis
from alchemiser_app.bar_store.importing.outcome import Done, FileOutcome
from alchemiser_app.bar_store.labels import Label
from alchemiser_app.bar_store.refusals import BrokenStoreFile, StoreUnavailable
from alchemiser_app.bar_store.series import Column, StoredSeries
from alchemiser_app.bar_store.store import BarStore
from alchemiser_app.bar_store.stored_columns import FIELDS
from alchemiser_app.feeds.series import Series, content_of, series_from
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol

SOURCE = "files"
"""The feed that files are read by, as `data sync --from FOLDER` names it, too."""

Problems = tuple[Problem, ...]


@frozen
class FileImport:
    """How files are taken into a store."""

    store: BarStore
    basis: StoredBasis | None
    """What their closes are; `None`: adjusted where a file says so, else as given."""
    replace: bool
    """Also what came from another feed, or is longer."""

    def take(self, symbol: Symbol, path: Path) -> FileOutcome:
        """Read a file and put it in the store; whatever is wrong with it is in the outcome."""
        data = content_of(path)
        if isinstance(data, Failure):
            return _refused(symbol, data.failure())
        content = data.unwrap()
        origin = blake2b(content, digest_size=16).hexdigest()
        known = self._known(symbol, origin)
        if known is not None:
            return known
        series = series_from(content, symbol, path.name, closes_only=False).bind(self._on_basis)
        if isinstance(series, Failure):
            return _refused(symbol, series.failure())
        return self._put(_stored(series.unwrap(), origin), series.unwrap())

    def _known(self, symbol: Symbol, origin: str) -> FileOutcome | None:
        """Where the very same file was imported before there is nothing to do."""
        for basis in (self.basis,) if self.basis else (StoredBasis.ADJUSTED, StoredBasis.AS_GIVEN):
            label = self.store.label(symbol, basis.prices).value_or(None)
            if label is not None and label.origin == origin:
                return FileOutcome(symbol, Done.UNCHANGED)
        return None

    def _on_basis(self, series: Series) -> Result[Series, Problems]:
        if self.basis is None or series.basis is self.basis.prices:
            return Success(series)
        if series.basis is PriceBasis.AS_GIVEN:
            return Success(evolve(series, basis=self.basis.prices))
        return Failure((_adjusted(series.file, self.basis),))

    def _put(self, series: StoredSeries, read: Series) -> FileOutcome:
        label = self.store.label(series.symbol, series.basis)
        there: Label | None = None
        if isinstance(label, Failure):
            # What is damaged is worth nothing; whatever else is wrong the writing would meet too.
            if not isinstance(label.failure(), BrokenStoreFile):
                return _refused(series.symbol, label.failure().problems())
        else:
            there = label.unwrap()
        if there is not None and not self.replace:
            kept = _worth_keeping(there, series, read.file)
            if kept is not None:
                return _refused(series.symbol, (kept,))
        put = self.store.put(series)
        if isinstance(put, Failure):
            why = put.failure()
            refused = _refused(series.symbol, why.problems())
            return evolve(refused, ends_all=isinstance(why, StoreUnavailable))
        return FileOutcome(
            symbol=series.symbol,
            done=Done.NEW if there is None else Done.REPLACED,
            sessions=len(series.days),
            basis=series.basis,
            bad_prices=len(series.bad_prices),
            warnings=read.warnings,
        )


def _refused(symbol: Symbol, problems: Problems) -> FileOutcome:
    return FileOutcome(symbol, Done.REFUSED, problems=problems)


def _stored(series: Series, origin: str) -> StoredSeries:
    def column(name: str) -> Column:
        values = series.values.get(FIELDS[name])
        return np.full(len(series.days), np.nan) if values is None else values

    return StoredSeries(
        symbol=series.symbol,
        days=series.days,
        close=column("close"),
        open=column("open"),
        high=column("high"),
        low=column("low"),
        volume=column("volume"),
        basis=series.basis,
        source=SOURCE,
        synthetic=False,
        origin=origin,
        bad_prices=series.bad_prices,
    )


def _worth_keeping(there: Label, series: StoredSeries, file: str) -> Problem | None:
    """Why what the store has is not replaced unasked."""
    first, last = str(series.days[0]), str(series.days[-1])
    if there.source != SOURCE:
        why = f"the bars in the store come from {there.source}"
    elif there.first < first or there.last > last:
        why = f"the store has {there.first} to {there.last}, the file {first} to {last}"
    else:
        return None
    return Problem(
        code="import-refused",
        what=f"{series.symbol} is in the store already, and the file would replace it",
        where=file,
        why=why,
        hint="add --replace if that is meant",
    )


def _adjusted(file: str, basis: StoredBasis) -> Problem:
    return Problem(
        code="import-basis",
        what=f"the file has an adjusted close, and --basis {basis} was asked for",
        where=file,
        why="of a file with an adjusted close that one is used",
        hint="leave --basis out, or remove the column from the file",
    )
