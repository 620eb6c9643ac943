"""What a store remembers of its source: of which symbols it has no newer bars, and which bars were
fetched so soon after the close that they may change.

Without it, symbols that are not traded any more would be asked for again on every run. It stands in
a small file of its own; whatever cannot be read of it counts as lost.
"""

import json
from collections.abc import Iterable, Mapping, Set
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
    early: Mapping[Symbol, date] = field(factory=dict)
    """The session whose bar was asked for before the vendor had settled it."""

    def of(self, basis: PriceBasis) -> "Checked":
        """The same for one basis; what is known of another says nothing about it."""
        return self if self.basis is basis else Checked(self.source, basis)

    def noted(self, symbols: Iterable[Symbol], through: date) -> "Checked":
        """After the source was asked and has nothing newer of these symbols up to a session."""
        return evolve(self, through={**self.through, **dict.fromkeys(symbols, through)})

    def asked_early(self, symbols: Iterable[Symbol], session: date) -> "Checked":
        """Before bars of a session are asked for that may change yet."""
        return evolve(self, early={**self.early, **dict.fromkeys(symbols, session)})

    def settled(self, symbols: Set[Symbol]) -> "Checked":
        """After these symbols were asked for when nothing of them changes any more."""
        return evolve(self, early={s: day for s, day in self.early.items() if s not in symbols})


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
    basis = PriceBasis(found["basis"])
    return Checked(source, basis, _days(found["checked"]), _days(found["early"]))


def _days(found: Any) -> dict[Symbol, date]:
    return {
        parse_symbol(symbol).unwrap(): date.fromisoformat(day)
        for symbol, day in found.items()
        if parse_symbol(symbol).value_or(None) == symbol
    }


def write_checked(store: Path, checked: Checked) -> Result[None, StoreUnavailable]:
    """Keep it, in place of what was known."""
    content = {
        "source": checked.source,
        "basis": str(checked.basis),
        "checked": _texts(checked.through),
        "early": _texts(checked.early),
    }
    return write_whole(store / FILE, json.dumps(content, indent=0).encode() + b"\n")


def _texts(days: Mapping[Symbol, date]) -> dict[str, str]:
    return {symbol: day.isoformat() for symbol, day in sorted(days.items())}
