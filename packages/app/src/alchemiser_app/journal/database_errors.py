"""What an error of a database means for a journal."""

from enum import Enum
from typing import TYPE_CHECKING

from attrs import frozen

from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.order_journal import JournalFailure

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError


class Trouble(Enum):
    """Kinds of errors that are treated differently."""

    FULL = "journal-full"
    READ_ONLY = "journal-read-only"
    BUSY = "journal-locked"
    CORRUPT = "journal-corrupt"
    FOREIGN = "journal-foreign"
    OTHER = "journal-unavailable"


# Primary result codes of SQLite, https://www.sqlite.org/rescode.html
_SQLITE = {
    1: Trouble.CORRUPT,
    5: Trouble.BUSY,
    6: Trouble.BUSY,
    8: Trouble.READ_ONLY,
    11: Trouble.CORRUPT,
    13: Trouble.FULL,
    26: Trouble.FOREIGN,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL = {
    "25006": Trouble.READ_ONLY,
    "42501": Trouble.READ_ONLY,
    "42703": Trouble.CORRUPT,
    "42P01": Trouble.CORRUPT,
    "53100": Trouble.FULL,
    "55P03": Trouble.BUSY,
    "XX001": Trouble.CORRUPT,
    "XX002": Trouble.CORRUPT,
}
_LONGEST = 300
"""Characters of a database's own words that are passed on."""


@frozen
class DatabaseTrouble:
    """An error of a database, in its own words and in ours."""

    kind: Trouble
    text: str


def trouble_of(error: "DBAPIError") -> DatabaseTrouble:
    """What went wrong; the statement and its values are left out."""
    original = error.orig
    text = " ".join(str(original).split())[:_LONGEST]
    code = getattr(original, "sqlite_errorcode", None)
    state = getattr(original, "sqlstate", None)
    if code is not None:
        return DatabaseTrouble(_SQLITE.get(code & 0xFF, Trouble.OTHER), text)
    if state is not None:
        return DatabaseTrouble(_POSTGRESQL.get(state, Trouble.OTHER), text)
    # The sqlite3 module itself objects to text that is not UTF-8, with no code of SQLite.
    damaged = "Could not decode" in text
    return DatabaseTrouble(Trouble.CORRUPT if damaged else Trouble.OTHER, text)


_HINTS = {
    Trouble.FULL: "make room on the disk",
    Trouble.READ_ONLY: "check permissions, and how the disk is mounted",
    Trouble.BUSY: "end the other program that writes to it",
    Trouble.CORRUPT: "alchemiser journal verify says more",
    Trouble.FOREIGN: "alchemiser journal verify says more",
    Trouble.OTHER: "check the disk, or the connection to the server",
}


def not_written(where: str, trouble: DatabaseTrouble) -> JournalFailure:
    """The failure of an append."""
    code = "journal-not-written" if trouble.kind is Trouble.OTHER else trouble.kind.value
    hint = f"{_HINTS[trouble.kind]}; nothing more is written until the journal is opened anew"
    return JournalFailure(
        (Problem(code, "an entry of the journal was not written", where, trouble.text, hint),)
    )


def not_read(where: str, trouble: DatabaseTrouble) -> JournalFailure:
    """The failure of reading entries."""
    what, hint = "the journal cannot be read", _HINTS[trouble.kind]
    return JournalFailure((Problem(trouble.kind.value, what, where, trouble.text, hint),))


def blocked(where: str) -> JournalFailure:
    """What every append says after one that failed."""
    what, why = "the journal takes no more entries", "an earlier one could not be written"
    hint = "start again: what was written is found, and what was not is done again"
    return JournalFailure((Problem("journal-blocked", what, where, why, hint),))
