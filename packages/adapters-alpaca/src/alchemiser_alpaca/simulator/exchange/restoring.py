"""How an account comes out of its ledger again."""

from attrs import evolve
from returns.result import Failure, Result, Success

from alchemiser_alpaca.simulator.exchange.assets import Assets
from alchemiser_alpaca.simulator.exchange.entries import Opened
from alchemiser_alpaca.simulator.exchange.ledger import Ledger, LedgerFault
from alchemiser_alpaca.simulator.exchange.state import AccountState
from alchemiser_alpaca.simulator.exchange.terms import Terms

_NO_ACCOUNT = (KeyError, ValueError, ArithmeticError)
"""What taking in entries raises that no account can have written."""


def restored(ledger: Ledger, terms: Terms, assets: Assets) -> Result[AccountState, LedgerFault]:
    """The fold of the entries; of an empty ledger an account that was not opened.

    A fault: a ledger of another account number, one that holds what is not listed, and one that no
    account can have written.
    """
    state = AccountState()
    for line, entry in enumerate(ledger.entries, start=1):
        if (line == 1) is not isinstance(entry, Opened):
            why = "an account is opened once, by the first entry"
            return Failure(LedgerFault(ledger.path, line, why))
        try:
            state.apply(entry)
        except _NO_ACCOUNT as error:
            why = f"no account can have written it: {type(error).__name__} {error}"
            return Failure(LedgerFault(ledger.path, line, why))
    found = _foreign(state, terms, assets)
    return Success(state) if found is None else Failure(LedgerFault(ledger.path, 0, found))


def _foreign(state: AccountState, terms: Terms, assets: Assets) -> str | None:
    opened = state.opened
    if opened is not None and opened.account_number != terms.account_number:
        return f"it is of the account {opened.account_number}, not of {terms.account_number}"
    traded = {*state.held, *state.open_of}
    missing = sorted(symbol for symbol in traded if assets.find(symbol) is None)
    return f"{', '.join(missing)} is in it, and not listed" if missing else None


def terms_of(state: AccountState, terms: Terms) -> Terms:
    """What the account started with, where it has started."""
    opened = state.opened
    if opened is None:
        return terms
    return evolve(terms, cash=opened.cash, multiplier=opened.multiplier)
