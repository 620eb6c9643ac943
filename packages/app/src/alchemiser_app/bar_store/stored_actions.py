"""Splits and dividends of one symbol as the store keeps them beside its raw prices."""

import zlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.bar_store import labels
from alchemiser_app.bar_store.labels import FORMAT, KEY, Label
from alchemiser_app.bar_store.layout import ACTIONS_FOLDER
from alchemiser_app.bar_store.parquet_form import opened, unreadable
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.corporate_actions import CorporateAction, Dividend, Split

_DAY, _KIND, _AMOUNT = "ex_date", "kind", "amount"
_SPLIT, _DIVIDEND = "split", "dividend"
_MOST = 10_000
"""Rows; a file that says it has more is not believed."""

Row = tuple[date, str, str]


@frozen
class StoredActions:
    """Everything that happened to a symbol from `first` to `last`, both included."""

    symbol: Symbol
    actions: tuple[CorporateAction, ...]
    """Oldest first; on one day splits before dividends."""
    first: date
    last: date
    source: str
    """Name of the feed that they come from."""

    def __attrs_post_init__(self) -> None:
        rows = [_row(action) for action in self.actions]
        if any(action.symbol != self.symbol for action in self.actions):
            raise ValueError(f"{self.symbol}: an action of another symbol")
        if rows != sorted(rows, key=_order):
            raise ValueError(f"{self.symbol}: actions are not in order")
        if any(not self.first <= row[0] <= self.last for row in rows):
            raise ValueError(f"{self.symbol}: an action outside {self.first} to {self.last}")


def _order(row: Row) -> tuple[date, bool]:
    return row[0], row[1] == _DIVIDEND


def _row(action: CorporateAction) -> Row:
    if isinstance(action, Split):
        return action.ex_date, _SPLIT, str(action.ratio)
    return action.ex_date, _DIVIDEND, str(action.per_share)


def encoded_actions(stored: StoredActions) -> bytes:
    """The file of the actions; amounts are texts, so that they stay exact."""
    import pyarrow as pa
    import pyarrow.parquet as arrow_parquet

    rows = [_row(action) for action in stored.actions]
    label = Label(
        format=FORMAT,
        symbol=stored.symbol,
        folder=ACTIONS_FOLDER,
        source=stored.source,
        synthetic=False,
        rows=len(rows),
        first=stored.first.isoformat(),
        last=stored.last.isoformat(),
        checksums={ACTIONS_FOLDER: _checksum(rows)},
    )
    columns = [[row[i] for row in rows] for i in range(3)]
    schema = _schema().with_metadata({KEY: labels.written(label)})
    sink = pa.BufferOutputStream()
    arrow_parquet.write_table(pa.table(columns, schema=schema), sink, compression="none")
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _schema() -> Any:
    import pyarrow as pa

    kinds = {_DAY: pa.date32(), _KIND: pa.string(), _AMOUNT: pa.string()}
    return pa.schema([pa.field(name, kind, nullable=False) for name, kind in kinds.items()])


def _checksum(rows: Sequence[Row]) -> int:
    return zlib.crc32("\n".join(f"{day} {kind} {amount}" for day, kind, amount in rows).encode())


def decoded_actions(data: bytes, symbol: Symbol) -> Result[StoredActions, str]:
    """The actions of a file. Failure: what is wrong with it."""
    file = opened(data)
    if isinstance(file, Failure):
        return file
    found = labels.read(file.unwrap().schema_arrow.metadata or {})
    if isinstance(found, Failure):
        return found
    label = found.unwrap()
    if (label.symbol, label.folder) != (symbol, ACTIONS_FOLDER):
        return Failure(f"it holds {label.folder} of {label.symbol[:24]!r}")
    return _rows(file.unwrap(), label).bind(lambda rows: _read(rows, label, symbol))


def _rows(file: Any, label: Label) -> Result[list[Row], str]:
    import pyarrow as pa

    try:
        if not file.schema_arrow.equals(_schema()) or not (
            file.metadata.num_rows == label.rows <= _MOST
        ):
            return Failure("it does not hold what its label says")
        rows = [tuple(row.values()) for row in file.read(use_threads=False).to_pylist()]
    except (pa.ArrowException, OSError, MemoryError, ValueError, OverflowError) as error:
        return Failure(unreadable(error))
    if label.checksums.get(ACTIONS_FOLDER) != _checksum(rows):
        return Failure("the checksum of its rows is another one")
    return Success(rows)


def _read(rows: Sequence[Row], label: Label, symbol: Symbol) -> Result[StoredActions, str]:
    try:
        return Success(
            StoredActions(
                symbol=symbol,
                actions=tuple(_action(symbol, row) for row in rows),
                first=date.fromisoformat(label.first),
                last=date.fromisoformat(label.last),
                source=label.source,
            )
        )
    except (ValueError, InvalidOperation) as error:
        return Failure(f"{type(error).__name__}: {error}"[:160])


def _action(symbol: Symbol, row: Row) -> CorporateAction:
    day, kind, amount = row
    if kind == _SPLIT:
        return Split(symbol, Decimal(amount), day)
    if kind == _DIVIDEND:
        return Dividend(symbol, Usd(Decimal(amount)), day)
    raise ValueError(f"{kind[:20]!r} is no kind of action")
