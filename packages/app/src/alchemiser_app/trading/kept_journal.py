"""The journal of a run: held while all is well, let go of while somebody has to act."""

from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from returns.result import Failure, Result, Success

from alchemiser_app.journal.refusals import JournalRefusal
from alchemiser_app.journal.sql_journal import SqlJournal
from alchemiser_core.domain.journal.events import JournalEvent
from alchemiser_core.ports.order_journal import JournalEntry, JournalFailure


class KeptJournal:
    """`OrderJournal` that can be let go of and taken again, and remembers whether it failed.

    Its lock keeps a second instance out. While it is let go of, `resume` and `reconcile` can write.
    """

    def __init__(self, opened: Callable[[], Result[SqlJournal, JournalRefusal]]) -> None:
        """`opened` opens the journal to write, locked."""
        self._opened = opened
        self._journal: SqlJournal | None = None
        self.failed = False
        """Whether it could not be read or written once: nothing may be sent after that."""

    def take(self) -> Result[None, JournalRefusal]:
        """Lock it and check its chain; nothing happens where it is held."""
        if self._journal is not None:
            return Success(None)
        opened = self._opened()
        if isinstance(opened, Failure):
            return Failure(opened.failure())
        self._journal = opened.unwrap()
        return Success(None)

    def let_go(self) -> None:
        """Unlock it; nothing happens where it is not held."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def append(
        self, events: Sequence[JournalEvent], at: datetime
    ) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """Of the journal that is held."""
        return self._noted(self._held().append(events, at))

    def entries(self, after: int = 0) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """Of the journal that is held."""
        return self._noted(self._held().entries(after))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.let_go()

    def _held(self) -> SqlJournal:
        if self._journal is None:
            raise RuntimeError("the journal was let go of; take it first")
        return self._journal

    def _noted(
        self, result: Result[tuple[JournalEntry, ...], JournalFailure]
    ) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        self.failed = self.failed or isinstance(result, Failure)
        return result
