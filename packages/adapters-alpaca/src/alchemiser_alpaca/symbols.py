"""Symbols on their way into a URL, and as they come back.

The vendor writes them as Alchemiser does, with a dot before the share class. Its paths are not
escaped by anybody, so what does not look like a symbol never gets into one.
"""

import re
from collections.abc import Iterable

from returns.result import Failure

from alchemiser_core.domain.symbol import Symbol, parse_symbol

_ALLOWED = re.compile(r"[A-Z][A-Z0-9.]{0,14}")
_PRINTABLE = re.compile(r"[!-~]{1,40}")


def is_askable(symbol: Symbol) -> bool:
    """Whether the vendor can be asked about a symbol at all."""
    return _ALLOWED.fullmatch(symbol) is not None


def askable(symbols: Iterable[Symbol]) -> list[Symbol]:
    """Those that the vendor can be asked about, each once, in their order."""
    return [symbol for symbol in dict.fromkeys(symbols) if is_askable(symbol)]


def symbol_of(text: str) -> Symbol | None:
    """A symbol of the vendor's; `None` where it is no text that could be one.

    Options and coins have names that no ticker has. They are kept as they are, so that what the
    account holds of them is seen.
    """
    known = parse_symbol(text)
    if isinstance(known, Failure):
        return Symbol(text) if _PRINTABLE.fullmatch(text) else None
    return known.unwrap()
