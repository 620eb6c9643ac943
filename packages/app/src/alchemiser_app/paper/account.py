"""The paper account: the simulated exchange whose ledger is kept in a file.

What the exchange does is written, in one transaction, before anybody is told of it.
"""

from datetime import UTC, date, datetime
from pathlib import Path

from attrs import define, field
from returns.result import Failure, Result, Success

from alchemiser_app.paper import refusals
from alchemiser_app.paper.entries import AccountMade, PaperEntry, SessionStood
from alchemiser_app.paper.refusals import PaperRefused
from alchemiser_app.paper.store import PaperStore, make_store, open_store
from alchemiser_core.domain.money import CENT, Usd
from alchemiser_core.simulation.exchange import (
    FixedMarket,
    Opened,
    SimulatedExchange,
)

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of an account that has not stood at any session yet."""


@define
class PaperAccount:
    """An account that is open for trading."""

    store: PaperStore
    exchange: SimulatedExchange
    stood: SessionStood | None
    """Where it stood last."""
    _written: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._written = len(self.exchange.state.entries)

    @property
    def day(self) -> date:
        """The session it stood at last, for what is booked beside the orders."""
        return self.stood.session.day if self.stood else BEGINNING.date()

    @property
    def time(self) -> datetime:
        """The newest time that anything in it has."""
        return self.exchange.now or BEGINNING

    def save(self, at: datetime) -> Result[None, PaperRefused]:
        """Write what the exchange did since the last time; afterwards it is durable."""
        entries = self.exchange.state.entries
        if len(entries) == self._written:
            return Success(None)
        new = entries[self._written :]
        saved = self.store.append(new, at)
        if not isinstance(saved, Failure):
            self._written = len(entries)
        return saved

    def stand(self, stood: SessionStood, at: datetime) -> Result[None, PaperRefused]:
        """Write that it is at a session, together with everything that led there."""
        new: list[PaperEntry] = [*self.exchange.state.entries[self._written :], stood]
        saved = self.store.append(new, at)
        if not isinstance(saved, Failure):
            self._written = len(self.exchange.state.entries)
            self.stood = stood
        return saved

    def close(self) -> None:
        """Let go of the file."""
        self.store.close()


def make_account(path: Path, number: str, cash: Usd) -> Result[None, PaperRefused]:
    """A new account with cash in whole cents; one that is there already is refused."""
    if cash < 0 or cash != cash.quantize(CENT):
        return Failure(
            refusals.refused(
                "paper-cash",
                f"an account cannot start with {cash} US dollars",
                why="0 or more, in whole cents",
            )
        )
    first: tuple[PaperEntry, ...] = (AccountMade(number), Opened(cash, BEGINNING))
    return make_store(path, first, BEGINNING)


def open_account(path: Path) -> Result[PaperAccount, PaperRefused]:
    """The account of a file, locked for this process; its market is empty until it is given one."""
    store = open_store(path)
    if isinstance(store, Failure):
        return Failure(store.failure())
    account = account_of(store.unwrap().entries, str(path))
    if isinstance(account, Failure):
        store.unwrap().close()
        return Failure(account.failure())
    exchange, stood = account.unwrap()
    return Success(PaperAccount(store.unwrap(), exchange, stood))


def account_of(
    entries: tuple[PaperEntry, ...], where: str
) -> Result[tuple[SimulatedExchange, SessionStood | None], PaperRefused]:
    """The account that entries add up to."""
    if not entries or not isinstance(entries[0], AccountMade):
        return Failure(refusals.corrupt(where, "it does not begin with the number of the account"))
    exchange = SimulatedExchange(entries[0].number, FixedMarket(), {})
    stood = None
    for entry in entries[1:]:
        match entry:
            case AccountMade():
                return Failure(refusals.corrupt(where, "it has two numbers"))
            case SessionStood():
                stood, exchange.session = entry, entry.session
            case _:
                exchange.state.apply(entry)
                exchange.now = max(exchange.now or BEGINNING, entry.at)
    return Success((exchange, stood))
