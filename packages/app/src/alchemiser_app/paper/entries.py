"""What the paper account's file holds: the exchange's ledger and the sessions it stood at."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, get_args

from attrs import frozen
from cattrs import BaseValidationError, Converter, StructureHandlerNotFoundError
from cattrs.errors import ForbiddenExtraKeysError
from cattrs.strategies import configure_tagged_union
from returns.result import Failure, Result, Success

from alchemiser_core.domain.account import Activity
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

_WORD = re.compile(r"(?<!^)(?=[A-Z])")
_UNREADABLE = (
    AttributeError,
    BaseValidationError,
    ForbiddenExtraKeysError,
    InvalidOperation,
    KeyError,
    StructureHandlerNotFoundError,
    TypeError,
    ValueError,
)
"""What converting data of any other shape raises."""


def kind_of(entry: PaperEntry) -> str:
    """The name under which entries of a class are kept."""
    return _kind(type(entry))


def encode(entry: PaperEntry) -> str:
    """The entry as canonical JSON."""
    return json.dumps(_converter().unstructure(entry), sort_keys=True, separators=(",", ":"))


def decode(kind: str, body: str) -> Result[PaperEntry, str]:
    """The entry of a row; the failure says what is wrong with it."""
    found = _kinds().get(kind)
    if found is None:
        return Failure(f"no entry is called {kind!r}")
    try:
        entry: PaperEntry = _converter().structure(json.loads(body), found)
    except _UNREADABLE as error:
        return Failure(f"an entry {kind} cannot be read: {type(error).__name__}: {error}")
    return Success(entry)


def _kind(entry_class: type) -> str:
    return _WORD.sub("-", entry_class.__name__).lower()


@cache
def _kinds() -> dict[str, type]:
    return {_kind(each): each for each in get_args(PaperEntry)}


@cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True, detailed_validation=False)
    for kind, write, read in (
        (Decimal, str, Decimal),
        (datetime, datetime.isoformat, datetime.fromisoformat),
        (date, date.isoformat, date.fromisoformat),
    ):
        converter.register_unstructure_hook(kind, write)
        converter.register_structure_hook(kind, _from_text(read))
    configure_tagged_union(Activity, converter, tag_generator=_kind, tag_name="kind")
    return converter


def _from_text(read: Any) -> Any:
    def structure(value: Any, _: object) -> Any:
        if not isinstance(value, str):
            raise TypeError(f"{value!r} is not text")
        return read(value)

    return structure
