"""Why a journal is not opened or not written, each with a code that stays the same."""

from attrs import frozen

from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.order_journal import JournalIdentity


@frozen
class JournalMissing:
    """There is no journal, and none was asked for to be made."""

    where: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: where there is none."""
        hint = (
            "alchemiser trade makes one; if there was one before, it was moved or lost: "
            "look for it before you trade"
        )
        return (Problem("journal-missing", "there is no journal", self.where, hint=hint),)


@frozen
class JournalLocked:
    """Another instance works on the journal."""

    where: str
    holder: str
    """Who has it, as far as that is known."""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: who holds it."""
        return (
            Problem(
                code="journal-locked",
                what=f"the journal is in use by {self.holder}",
                where=self.where,
                why="one instance at a time trades an account",
                hint="wait until the other one ends, or end it",
            ),
        )


@frozen
class JournalReadOnly:
    """The journal can be read but not written, so nothing may be traded."""

    where: str
    why: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: what cannot be written."""
        hint = "check the permissions of the file and of its folder, and how the disk is mounted"
        what = "the journal cannot be written"
        return (Problem("journal-read-only", what, self.where, self.why, hint),)


@frozen
class JournalNotPrivate:
    """Somebody else owns the journal, or it is reached in a way that others can bend."""

    where: str
    why: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: what is wrong with the file."""
        hint = "name the journal's own file, which has to belong to who runs the program"
        what = "the journal is not a file of one's own"
        return (Problem("journal-not-private", what, self.where, self.why, hint),)


@frozen
class JournalCorrupt:
    """The journal does not hold: damaged, shortened or changed."""

    where: str
    faults: tuple[str, ...]
    quarantine: str | None = None
    """Where a copy was put; `None` where none was made."""

    def problems(self) -> tuple[Problem, ...]:
        """One problem for each fault."""
        kept = f"a copy is kept as {self.quarantine}; " if self.quarantine else ""
        hint = f"{kept}bring back a backup, then compare with the broker: alchemiser reconcile"
        what = "the journal does not hold"
        return tuple(
            Problem("journal-corrupt", what, self.where, fault, hint) for fault in self.faults
        )


@frozen
class JournalForeign:
    """What is there is no journal of Alchemiser."""

    where: str
    why: str
    quarantine: str | None = None

    def problems(self) -> tuple[Problem, ...]:
        """One problem: what it is instead."""
        kept = f"a copy is kept as {self.quarantine}; " if self.quarantine else ""
        hint = f"{kept}nothing was changed; name another place for the journal"
        what = "this is no journal of Alchemiser"
        return (Problem("journal-foreign", what, self.where, self.why, hint),)


@frozen
class JournalNewer:
    """A later version of Alchemiser has written the journal."""

    where: str
    found: int
    known: int

    def problems(self) -> tuple[Problem, ...]:
        """One problem: both versions."""
        return (
            Problem(
                code="journal-newer",
                what=f"the journal has version {self.found}, this program knows {self.known}",
                where=self.where,
                why="an older program would not understand what is in it",
                hint="install the version of Alchemiser that wrote it",
            ),
        )


@frozen
class JournalElsewhere:
    """The journal is that of another portfolio or account."""

    where: str
    found: JournalIdentity
    wanted: JournalIdentity

    def problems(self) -> tuple[Problem, ...]:
        """One problem: whose it is, and whose was wanted."""
        return (
            Problem(
                code="journal-elsewhere",
                what=f"the journal is of {_shown(self.found)}, not of {_shown(self.wanted)}",
                where=self.where,
                why="each account has a journal of its own",
                hint="name the journal of this account, or the account of this journal",
            ),
        )


@frozen
class JournalUnavailable:
    """The database cannot be reached or used."""

    where: str
    why: str
    hint: str = "check the disk, or that the server runs and lets this user in"

    def problems(self) -> tuple[Problem, ...]:
        """One problem: what the database said."""
        what = "the journal cannot be opened"
        return (Problem("journal-unavailable", what, self.where, self.why, self.hint),)


@frozen
class BadLocation:
    """The words that name a journal name none."""

    where: str
    why: str
    hint: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: what is wrong with them."""
        what = "this is no place for a journal"
        return (Problem("bad-journal-location", what, self.where, self.why, self.hint),)


JournalRefusal = (
    JournalMissing
    | JournalLocked
    | JournalReadOnly
    | JournalNotPrivate
    | JournalCorrupt
    | JournalForeign
    | JournalNewer
    | JournalElsewhere
    | JournalUnavailable
    | BadLocation
)
"""Why a journal is not opened."""


def _shown(identity: JournalIdentity) -> str:
    live = "live" if identity.is_live else "paper"
    return f"{identity.portfolio} on {live} account {identity.account} at {identity.broker}"


def same_identity(
    where: str, found: JournalIdentity, wanted: JournalIdentity
) -> JournalElsewhere | None:
    """Why a journal found to be somebody's is not the one that is wanted; `None` where it is."""
    return None if found == wanted else JournalElsewhere(where, found, wanted)
