"""Whose account it is: the journal, the configuration and the broker have to say the same."""

from attrs import frozen

from alchemiser_core.domain.account import Account
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.order_journal import JournalIdentity


@frozen
class Mismatch:
    """One thing in which the journal or the broker is of another account."""

    what: str
    wanted: str
    found: str
    where: str

    def problem(self) -> Problem:
        """Both words."""
        return Problem(
            code="other-account",
            what=f"the {self.what} of the {self.where} is {self.found}, not {self.wanted}",
            where=self.where,
            why="no order is ever sent to another account than the journal's",
            hint="check the keys and the configuration; another account needs another journal",
        )


@frozen
class OtherAccount:
    """The journal or the broker is of another account."""

    mismatches: tuple[Mismatch, ...]

    def problems(self) -> tuple[Problem, ...]:
        """One problem for each difference."""
        return tuple(mismatch.problem() for mismatch in self.mismatches)


def mismatches(
    wanted: JournalIdentity, journal: JournalIdentity | None, account: Account
) -> tuple[Mismatch, ...]:
    """Everything in which journal and broker differ from what is wanted."""
    pairs = [
        ("account", wanted.account, account.number, "broker"),
        ("kind of account", _kind(wanted.is_live), _kind(account.is_live), "broker"),
    ]
    if journal is not None:
        pairs += [
            ("portfolio", wanted.portfolio, journal.portfolio, "journal"),
            ("account", wanted.account, journal.account, "journal"),
            ("broker", wanted.broker, journal.broker, "journal"),
            ("kind of account", _kind(wanted.is_live), _kind(journal.is_live), "journal"),
        ]
    return tuple(Mismatch(*pair) for pair in pairs if pair[1] != pair[2])


def _kind(is_live: bool) -> str:
    return "live" if is_live else "paper"
