"""An entry of the ledger as the control tells it."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs

from alchemiser_alpaca.simulator.exchange.entries import Entry
from alchemiser_alpaca.simulator.wire.numbers import plain
from alchemiser_alpaca.simulator.wire.times import stamp


def entry_json(entry: Entry, number: int) -> dict[str, Any]:
    """The number of the entry, its kind, and its fields; decimals are text."""
    fields = {name: _told(value) for name, value in attrs.asdict(entry).items()}
    return {"number": number, "kind": type(entry).__name__, **fields}


def _told(value: Any) -> Any:
    match value:
        case Decimal():
            return plain(value)
        case datetime():
            return stamp(value)
        case date():
            return value.isoformat()
        case Enum():
            return str(value)
        case dict():
            return {name: _told(each) for name, each in value.items()}
        case _:
            return value
