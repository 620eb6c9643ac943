"""The account, its positions and the broker's clock, read over a connection."""

from attrs import frozen
from returns.result import Failure, Result

from alchemiser_alpaca.account.holdings import (
    PAPER_PREFIX,
    read_account,
    read_clock,
    read_position,
)
from alchemiser_alpaca.addresses import Addresses
from alchemiser_alpaca.connection.asking import told
from alchemiser_alpaca.connection.connection import Connection
from alchemiser_alpaca.connection.failures import WHERE
from alchemiser_alpaca.reading import record, records
from alchemiser_core.domain.account import Account, BrokerTime, HeldPosition
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.broker import BrokerFailure, BrokerUnavailable


@frozen(eq=False)
class AccountReader:
    """Reads of the trading server that are about the account."""

    connection: Connection
    addresses: Addresses

    def account(self) -> Result[Account, BrokerFailure]:
        """Number and cash. Failure, too: the number is not one of this server's accounts."""
        answer = self.connection.get("/account")
        is_live = self.addresses.is_live
        found = told(
            answer, lambda json: read_account(record(json), is_live), "the account cannot be read"
        )
        if isinstance(found, Failure):
            return found
        problem = mismatch(found.unwrap(), self.addresses)
        return found if problem is None else Failure(BrokerUnavailable((problem,)))

    def positions(self) -> Result[tuple[HeldPosition, ...], BrokerFailure]:
        """Everything that is held, sorted by symbol."""
        answer = self.connection.get("/positions")
        what = "the positions cannot be read"
        found = told(answer, lambda json: [read_position(row) for row in records(json)], what)
        return found.map(lambda held: tuple(sorted(held, key=lambda each: each.symbol)))

    def time(self) -> Result[BrokerTime, BrokerFailure]:
        """The broker's clock."""
        answer = self.connection.get("/clock")
        return told(
            answer, lambda json: read_clock(record(json)), "the broker's clock cannot be read"
        )


def mismatch(account: Account, addresses: Addresses) -> Problem | None:
    """A paper account where real money is traded, or the reverse: the keys are of another server
    than the one that is set.
    """
    if addresses.is_local:
        return None
    is_paper = account.number.startswith(PAPER_PREFIX)
    if is_paper != addresses.is_live:
        return None
    kind, server = ("paper", "live") if is_paper else ("live", "paper")
    return Problem(
        code="other-environment",
        what=f"{addresses.trading} shows a {kind} account, and is the server of {server} ones",
        where=WHERE,
        why=f"the numbers of paper accounts begin with {PAPER_PREFIX}, and no others do",
        hint="check trading_url and the keys; nothing is traded",
    )
