"""Why an account is not halted or resumed as asked, each with a code that stays the same."""

from attrs import evolve, frozen

from alchemiser_app.journal.refusals import JournalLocked
from alchemiser_app.writing import NotWritten
from alchemiser_core.domain.problem import Problem


@frozen
class NotHalted:
    """Neither the file nor the journal could be written: trading goes on."""

    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """What went wrong, and that trading is not halted."""
        hint = "end the process that trades, or halt the account at the broker"
        return (Problem("not-halted", "trading is NOT halted", hint=hint), *self.found)


@frozen
class FullyHalted:
    """Letting sells pass would loosen a halt."""

    why: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the halt that is there."""
        return (
            Problem(
                code="fully-halted",
                what=f"everything is halted already: {self.why}",
                why="--sells-only would let sells pass again",
                hint="alchemiser resume first, then alchemiser halt --sells-only",
            ),
        )


@frozen
class JournalInUse:
    """What was asked for has to be written to a journal that another process works on."""

    locked: JournalLocked
    hint: str

    def problems(self) -> tuple[Problem, ...]:
        """The problem of the lock, with what to do here."""
        return tuple(evolve(problem, hint=self.hint) for problem in self.locked.problems())


@frozen
class NothingToHalt:
    """There is no journal that could say that only sells pass."""

    where: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: where there is none."""
        hint = "alchemiser halt stops everything, also before the first cycle"
        return (Problem("journal-missing", "there is no journal", self.where, hint=hint),)


@frozen
class FileStays:
    """The kill-switch file cannot be taken away, so trading stays halted."""

    failure: NotWritten
    in_journal: bool

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the file, and what is done already."""
        done = "the journal says resumed; " if self.in_journal else ""
        return (
            Problem(
                code="still-halted",
                what=f"{done}the kill switch cannot be taken away, so trading stays halted",
                where=self.failure.path,
                why=self.failure.why,
                hint="remove what stands there by hand",
            ),
        )


@frozen
class OtherHosts:
    """A file of this host does not stop a process of another one."""

    where: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: where the journal is."""
        return (
            Problem(
                code="other-hosts",
                what="a process on another host is not stopped by a file on this one",
                where=self.where.partition("://")[0] + "://…",
                hint="run alchemiser halt on the host that trades",
            ),
        )
