"""What an answer says it is of: it has to be what was asked for, in dollars and New York's days."""

import re
from collections.abc import Iterable

from alchemiser_core.domain.plain_text import plain_text
from alchemiser_core.domain.symbol import Symbol
from alchemiser_twelvedata.connection.failures import OtherInstrument
from alchemiser_twelvedata.reading import Record, UnreadableError, record, text

INTERVAL = "1day"
CURRENCY = "USD"
ZONE = "America/New_York"
INDEX = "Index"

_ALLOWED = re.compile(r"[A-Z0-9]{1,12}(?:\.[A-Z0-9]{1,6})?")


def askable(symbols: Iterable[Symbol]) -> tuple[Symbol, ...]:
    """Those that the vendor can be asked about, each once, in their order: it writes a share class
    after a dot as Alchemiser does, and takes a comma, a colon or a slash for something else.
    """
    return tuple(s for s in dict.fromkeys(symbols) if _ALLOWED.fullmatch(s) is not None)


def other_instrument(source: Record, symbol: Symbol) -> OtherInstrument | None:
    """What is wrong with the instrument of an answer; `None` where it is what was asked for.

    Raises `UnreadableError` where the answer is of another symbol or interval.
    """
    meta = record(source.get("meta"), "meta")
    check_symbol(meta, symbol)
    if (interval := text(meta, "interval")) != INTERVAL:
        raise UnreadableError(f"the interval is {plain_text(interval, 30)}, not {INTERVAL}")
    for name, expected in (("currency", CURRENCY), ("exchange_timezone", ZONE)):
        if (found := text(meta, name)) != expected:
            words = name.replace("_", " ")
            return OtherInstrument(f"its {words} is {plain_text(found, 30)}, not {expected}")
    if meta.get("type") == INDEX:
        return OtherInstrument("it is an index, not a share or a fund of that name")
    return None


def check_symbol(meta: Record, symbol: Symbol) -> None:
    """Raises `UnreadableError` where the answer is of another symbol."""
    if (found := text(meta, "symbol")) != symbol:
        raise UnreadableError(f"the answer is of {plain_text(found, 30)}, not of {symbol}")
