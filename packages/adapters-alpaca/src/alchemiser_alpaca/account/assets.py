"""Instruments, asked for one by one while they are few, in one long list when they are many."""

from collections.abc import Collection
from contextlib import suppress

from attrs import define, field
from returns.result import Failure, Result, Success

from alchemiser_alpaca.account.instruments import read_instrument
from alchemiser_alpaca.connection.asking import told
from alchemiser_alpaca.connection.connection import Connection
from alchemiser_alpaca.connection.failures import Json, Refused
from alchemiser_alpaca.reading import UnreadableError, record, records
from alchemiser_alpaca.symbols import askable
from alchemiser_core.domain.instrument import Instrument, Instruments
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.broker import BrokerFailure

FEW = 16
"""Up to so many are asked for one by one; the list of all is some megabytes long."""

_WHAT = "the instruments cannot be read"


@define(eq=False)
class Assets:
    """What can be traded, remembered for as long as the broker lives."""

    connection: Connection
    _known: dict[Symbol, Instrument | None] = field(factory=dict, init=False)
    """`None`: the broker said that it does not know it."""

    def instruments(self, symbols: Collection[Symbol]) -> Result[Instruments, BrokerFailure]:
        """Those that the broker knows, active or not."""
        asked = askable(symbols)
        if len([each for each in asked if each not in self._known]) > FEW:
            listed = told(self.connection.get("/assets", _ACTIVE), _read_list, _WHAT)
            if isinstance(listed, Failure):
                return Failure(listed.failure())
            self._known |= listed.unwrap()
        # What is not in the list may be one that is held and not active any more.
        for symbol in asked:
            if symbol not in self._known:
                found = self._one(symbol)
                if isinstance(found, Failure):
                    return Failure(found.failure())
                self._known[symbol] = found.unwrap()
        known = ((symbol, self._known[symbol]) for symbol in asked)
        return Success({symbol: found for symbol, found in known if found is not None})

    def _one(self, symbol: Symbol) -> Result[Instrument | None, BrokerFailure]:
        answer = self.connection.get(f"/assets/{symbol}")
        match answer:
            case Failure(Refused(status=404)):
                return Success(None)
            case _:
                return told(answer, lambda json: _read(symbol, json), _WHAT)


_ACTIVE = {"status": "active", "asset_class": "us_equity"}


def _read(symbol: Symbol, json: Json) -> Instrument:
    found = read_instrument(record(json))
    if found.symbol != symbol:
        raise UnreadableError("the answer is about another symbol")
    return found


def _read_list(json: Json) -> dict[Symbol, Instrument]:
    """What can be read of the list. One odd asset among thousands is nobody's trouble, unless it
    was asked for: what is not in here is asked for by itself.
    """
    found: dict[Symbol, Instrument] = {}
    for row in records(json):
        with suppress(UnreadableError):
            instrument = read_instrument(row)
            found[instrument.symbol] = instrument
    return found
