"""Client order ids: the same intent always has the same id, so a broker refuses it twice.

An id is a prefix and a hash of portfolio, account, trading day, cycle, symbol, side, slice and
attempt epoch; it holds no time of day and no random part.
"""

import hashlib
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NewType

from attrs import frozen

from alchemiser_core.domain.symbol import Symbol

ClientOrderId = NewType("ClientOrderId", str)

PREFIX = "alch-"
LONGEST = 48
_HASH_BYTES = 16


class Side(StrEnum):
    """The direction of an order or fill."""

    BUY = "buy"
    SELL = "sell"


@frozen
class CycleKey:
    """Which cycle of which portfolio an order belongs to."""

    portfolio: str
    account: str
    trading_day: date
    cycle: str = "1"
    """Kebab-case name or number of the cycle within the trading day."""

    @cached_property
    def _hashed(self) -> "hashlib._Hash":
        """The part of the hash that all orders of the cycle share."""
        parts = (self.portfolio, self.account, self.trading_day.isoformat(), self.cycle)
        # The length in front keeps ("ab", "c") and ("a", "bc") apart.
        text = "".join(f"{len(part)}:{part}" for part in parts)
        return hashlib.sha256(text.encode())

    def order_id(
        self, symbol: Symbol, side: Side, slice_number: int = 0, attempt_epoch: int = 0
    ) -> ClientOrderId:
        """The id of one order: `alch-` and 32 hexadecimal digits.

        `attempt_epoch` may only grow after the previous id is proven terminal with nothing open.
        """
        own = self._hashed.copy()
        own.update(f"{len(symbol)}:{symbol}{side.value}:{slice_number}:{attempt_epoch}".encode())
        return ClientOrderId(PREFIX + own.digest()[:_HASH_BYTES].hex())


def is_own(identifier: str) -> bool:
    """Whether an order id at the broker was given by Alchemiser."""
    return identifier.startswith(PREFIX) and len(identifier) <= LONGEST
