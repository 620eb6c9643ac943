"""Bar stores that a command names: opened or made, or the command ends."""

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.output import fail

if TYPE_CHECKING:
    from returns.result import Result

    from alchemiser_app.bar_store.importing.outcome import ImportEnded
    from alchemiser_app.bar_store.refusals import StoreError
    from alchemiser_app.bar_store.store import BarStore

Value = TypeVar("Value")


def store_of(folder: Path, *, make: bool = False, as_json: bool = False) -> "BarStore":
    """The store in a folder; with `make` it is made where there is none."""
    from alchemiser_app.bar_store.store import create_store, open_store

    return stored((create_store if make else open_store)(folder), as_json=as_json)


def stored(result: "Result[Value, StoreError | ImportEnded]", *, as_json: bool = False) -> "Value":
    """What a result of a store holds; a failure ends the command: 4 where another process writes
    the store, 2 where there is none, 3 otherwise.
    """
    from returns.result import Failure

    if isinstance(result, Failure):
        error = result.failure()
        fail(error.problems(), code_of(error), as_json=as_json)
    return result.unwrap()


def code_of(error: object) -> "ExitCode":
    """What an error of a store means to whoever named the store."""
    from alchemiser_app.bar_store.refusals import NotAStore, StoreLocked

    if isinstance(error, StoreLocked):
        return ExitCode.REFUSED
    return ExitCode.USAGE if isinstance(error, NotAStore) else ExitCode.DATA
