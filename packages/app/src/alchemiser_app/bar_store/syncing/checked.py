"""Up to which session a source was asked for symbols that it has no newer bars of.

Without it, symbols that are not traded any more would be asked for again on every run. It stands in
a small file of its own; to lose it costs a request, so whatever cannot be read counts as lost.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen
from returns.result import Failure, Result

from alchemiser_app.bar_store.refusals import StoreUnavailable
from alchemiser_app.bar_store.whole_files import read_whole, write_whole
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.symbol import Symbol, parse_symbol

FILE = ".synchronised.json"


@frozen
class Checked:
    """What the last synchronisation of a store learnt of its source."""

    source: str
    basis: PriceBasis | None = None
    """What the prices of the source stand for; `None` where it was never asked."""
    through: Mapping[Symbol, date] = field(factory=dict)
    """The session up to which the source was asked for a symbol, and had no newer bar of it."""

    def of(self, basis: PriceBasis) -> "Checked":
        """The same for one basis; what is known of another says nothing about it."""
        return self if self.basis is basis else Checked(self.source, basis)

    def noted(self, symbols: Iterable[Symbol], through: date) -> "Checked":
        """After the source was asked and has nothing newer of these symbols up to a session."""
        return evolve(self, through={**self.through, **dict.fromkeys(symbols, through)})


def read_checked(store: Path, source: str) -> Checked:
    """What is known of the source; nothing where the file is lost, or of another source."""
    read = read_whole(store / FILE)
    data = None if isinstance(read, Failure) else read.unwrap()
    try:
        found = json.loads(data or b"{}")
        return _understood(found, source)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Checked(source)


def _understood(found: Any, source: str) -> Checked:
    """Raises where anything is not of the kind that it has to be."""
    if found["source"] != source:
        return Checked(source)
    return Checked(
        source,
        PriceBasis(found["basis"]),
        {
            parse_symbol(symbol).unwrap(): date.fromisoformat(day)
            for symbol, day in found["checked"].items()
            if parse_symbol(symbol).value_or(None) == symbol
        },
    )


def write_checked(store: Path, checked: Checked) -> Result[None, StoreUnavailable]:
    """Keep it, in place of what was known."""
    content = {
        "source": checked.source,
        "basis": str(checked.basis),
        "checked": {symbol: day.isoformat() for symbol, day in sorted(checked.through.items())},
    }
    return write_whole(store / FILE, json.dumps(content, indent=0).encode() + b"\n")
