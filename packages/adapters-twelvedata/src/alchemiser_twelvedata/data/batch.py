"""An answer for several symbols, taken apart: each symbol has its bars, or its own failure."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from alchemiser_core.domain.plain_text import plain_text
from alchemiser_core.domain.symbol import Symbol
from alchemiser_twelvedata.connection.answer import failure_of, is_error
from alchemiser_twelvedata.connection.failures import CallFailure, Json, NoData, Unreadable
from alchemiser_twelvedata.data.instruments import check_symbol, other_instrument
from alchemiser_twelvedata.reading import Record, UnreadableError, record, rows

_OF_ONE = frozenset({"meta", "values", "code", "message"})
"""Names of the answer for a single symbol; no symbol is written in small letters."""


@frozen(eq=False)
class Member:
    """The bars of one symbol as they came; none where the vendor has none in the range."""

    rows: Sequence[Any] = ()


def members(json: Json, symbols: Sequence[Symbol]) -> Mapping[Symbol, Member | CallFailure]:
    """One entry for each of the symbols. A single symbol may stand under its name or by itself.

    Raises `UnreadableError` where a symbol is missing or one is there that was not asked for.
    """
    whole = record(json, "the answer")
    if len(symbols) == 1 and _OF_ONE & whole.keys():
        return {symbols[0]: _member(whole, symbols[0])}
    there = set(whole) - {"status"}
    missing = [symbol for symbol in symbols if symbol not in there]
    if missing:
        raise UnreadableError(f"the answer has nothing of {', '.join(missing)}")
    if extra := sorted(there - set(symbols)):
        raise UnreadableError(f"the answer has {plain_text(', '.join(extra), 60)}, not asked for")
    return {symbol: _member(whole[symbol], symbol) for symbol in symbols}


def _member(json: Json, symbol: Symbol) -> Member | CallFailure:
    try:
        source = record(json, "the answer")
        return _failure(source) or _bars(source, symbol)
    except UnreadableError as error:
        return Unreadable(str(error))


def _failure(source: Record) -> CallFailure | Member | None:
    if is_error(source):
        failure = failure_of(source)
        return Member() if isinstance(failure, NoData) else failure
    if source.get("status") != "ok":
        raise UnreadableError("the status is neither ok nor error")
    return None


def _bars(source: Record, symbol: Symbol) -> Member | CallFailure:
    found = rows(source, "values")
    if not found:
        check_symbol(record(source.get("meta"), "meta"), symbol)
        return Member()
    return other_instrument(source, symbol) or Member(found)
