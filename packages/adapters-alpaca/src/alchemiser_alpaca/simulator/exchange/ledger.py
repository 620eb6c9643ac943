"""The ledger of the simulated exchange, in memory and in a file that outlives the process."""

from pathlib import Path

from attrs import define, frozen
from returns.result import Result

from alchemiser_alpaca.simulator.exchange.entries import Entry
from alchemiser_core.domain.problem import Problem


@frozen
class LedgerFault:
    """The file cannot be used."""

    path: str
    line: int
    """0 where no line is to blame."""
    why: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the place and what is wrong there."""
        where = f"{self.path}:{self.line}" if self.line else self.path
        return (
            Problem(
                code="bad-ledger",
                what="the ledger of the simulator cannot be used",
                where=where,
                why=self.why,
                hint="give another file, or remove this one to start a new account",
            ),
        )


@define
class Ledger:
    """The entries so far; `Ledger()` keeps them in memory alone."""

    entries: list[Entry]
    torn: str = ""
    """What was cut off at the end of the file when it was opened."""

    def append(self, entry: Entry) -> None:
        """Write an entry, and return when a killed process would not lose it. Raises `OSError`."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the file."""
        raise NotImplementedError


def open_ledger(path: Path) -> Result[Ledger, LedgerFault]:
    """Open the file, or make it; a last line that was not written to its end is cut off."""
    raise NotImplementedError
