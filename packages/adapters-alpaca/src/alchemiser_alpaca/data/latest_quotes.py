"""Latest quotes, polled: one request for all symbols."""

from collections.abc import Collection
from decimal import Decimal

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_alpaca.connection.connection import Connection
from alchemiser_alpaca.connection.failures import CallFailure, Json, NoAnswer
from alchemiser_alpaca.data.batches import batched
from alchemiser_alpaca.reading import Record, UnreadableError, moment, optional_number, part, record
from alchemiser_alpaca.settings import Tape
from alchemiser_alpaca.symbols import askable
from alchemiser_core.domain.money import ZERO
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.symbol import Symbol


@frozen(eq=False)
class PolledQuotes:
    """Quotes of a tape over a connection to the data server."""

    connection: Connection
    tape: Tape

    def latest(self, symbols: Collection[Symbol]) -> Result[dict[Symbol, Quote], CallFailure]:
        """The latest quote of each symbol; one that has none, or none with a time, is left out."""
        found: dict[Symbol, Quote] = {}
        for batch in batched(askable(symbols)):
            parameters = {"symbols": ",".join(batch), "feed": self.tape.value}
            answer = self.connection.get("/stocks/quotes/latest", parameters)
            if isinstance(answer, Failure):
                return Failure(answer.failure())
            try:
                found |= _quotes(answer.unwrap(), batch)
            except UnreadableError as error:
                return Failure(NoAnswer(f"the answer cannot be read: {error}"))
        return Success(found)


def _quotes(json: Json, symbols: Collection[Symbol]) -> dict[Symbol, Quote]:
    told = part(record(json), "quotes")
    # Each quote by itself: one that cannot be read is that symbol's trouble alone.
    found = {symbol: read_quote(symbol, told.get(symbol)) for symbol in symbols}
    return {symbol: quote for symbol, quote in found.items() if quote is not None}


def read_quote(symbol: Symbol, json: Json) -> Quote | None:
    """A quote, with 0 for a side that nobody quotes; `None` where it cannot be read."""
    if not isinstance(json, dict):
        return None
    try:
        return Quote(symbol, _side(json, "bp"), _side(json, "ap"), moment(json, "t"))
    except UnreadableError:
        return None


def _side(source: Record, name: str) -> Decimal:
    return optional_number(source, name) or ZERO
