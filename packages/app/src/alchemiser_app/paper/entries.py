"""What the paper account's file holds: the exchange's ledger and the sessions it stood at."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import get_args

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.account import Activity
from alchemiser_core.domain.canonical import CanonicalCodec, canonical_codec
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.simulation.exchange import (
    Booked,
    CancelTaken,
    Ended,
    Execution,
    Opened,
    Received,
)


@frozen
class AccountMade:
    """The first entry of every account."""

    number: str


@frozen
class SessionStood:
    """The account came to a session."""

    session: TradingSession
    priced: date
    """The newest day that had closes: the session itself on bars, an earlier one on quotes."""
    closes: Mapping[Symbol, Decimal]
    """Of that day, US dollars a share, as the feed had them then."""


PaperEntry = (
    AccountMade | SessionStood | Opened | Received | Execution | CancelTaken | Ended | Booked
)


def kind_of(entry: PaperEntry) -> str:
    """The name under which entries of a class are kept."""
    return _codec().kind_of(entry)


def encode(entry: PaperEntry) -> str:
    """The entry as canonical JSON."""
    return _codec().encode(entry)


def decode(kind: str, body: str) -> Result[PaperEntry, str]:
    """The entry of a row; the failure says what is wrong with it."""
    read = _codec().decode(kind, body)
    if isinstance(read, Failure):
        return Failure(f"an entry {kind!r} cannot be read: {read.failure()}")
    entry: PaperEntry = read.unwrap()
    return Success(entry)


@cache
def _codec() -> CanonicalCodec:
    return canonical_codec(get_args(PaperEntry), tagged=(Activity,))
