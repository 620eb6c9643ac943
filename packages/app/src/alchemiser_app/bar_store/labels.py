"""What a file of the store says of itself: whose bars they are, where from, and their checksums."""

import json
import zlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from attrs import asdict, frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.bars import BadPrice
from alchemiser_core.domain.symbol import Symbol

KEY = b"alchemiser"
"""Under which a Parquet file keeps the label."""
FORMAT = 1
"""In which files are written; a file of a later one is refused."""


@frozen
class Label:
    """Of one file."""

    format: int
    symbol: str
    folder: str
    """`adjusted`, `raw`, `as-given` or `actions`."""
    source: str
    synthetic: bool
    rows: int
    first: str
    """ISO date."""
    last: str
    checksums: dict[str, int]
    """CRC-32 of the values of each column."""
    origin: str = ""
    bad_prices: tuple[tuple[str, str], ...] = ()
    """ISO date and the value as text."""

    def bad_prices_of(self, symbol: Symbol) -> tuple[BadPrice, ...]:
        """As the core has them."""
        return tuple(
            BadPrice(symbol, date.fromisoformat(day), float(value))
            for day, value in self.bad_prices
        )


def written(label: Label) -> bytes:
    """The label as text behind a checksum of its own."""
    text = json.dumps(asdict(label), separators=(",", ":")).encode()
    return b"%08x %s" % (zlib.crc32(text), text)


def read(metadata: Mapping[bytes, bytes]) -> Result[Label, str]:
    """The label of a file; failure: why there is none that can be believed."""
    check, _, text = metadata.get(KEY, b"").partition(b" ")
    if check != b"%08x" % zlib.crc32(text) or not text:
        return Failure("it has no label of the bar store, or a damaged one")
    try:
        found = json.loads(text)
        if found["format"] != FORMAT:
            return Failure(f"it has format {found['format']!r:.40}; this version reads {FORMAT}")
        return Success(_checked(found))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        return Failure(f"its label cannot be understood: {type(error).__name__}: {error}"[:200])


def _checked(found: Mapping[str, Any]) -> Label:
    """Raises where anything is not of the kind that it has to be."""
    texts = dict.fromkeys(("symbol", "folder", "source", "origin"), str)
    kinds: dict[str, type] = {
        **texts,
        "rows": int,
        "synthetic": bool,
        "checksums": dict,
        "bad_prices": list,
    }
    for name, kind in kinds.items():
        if type(found[name]) is not kind:
            raise TypeError(f"{name} is {found[name]!r}")
    for day in (found["first"], found["last"]):
        date.fromisoformat(day)
    bad = tuple((day, repr(float(value))) for day, value in found["bad_prices"])
    for day, _ in bad:
        date.fromisoformat(day)
    checksums = {str(name): int(crc) for name, crc in found["checksums"].items()}
    return Label(**{**found, "bad_prices": bad, "checksums": checksums})
