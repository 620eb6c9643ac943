"""The bases of prices as a store, its settings and its commands spell them."""

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alchemiser_core.domain.bars import PriceBasis


class StoredBasis(StrEnum):
    """The bases of prices that a store keeps apart, as folders and settings spell them."""

    ADJUSTED = "adjusted"
    RAW = "raw"
    AS_GIVEN = "as-given"

    @property
    def prices(self) -> "PriceBasis":
        """As the core has it."""
        from alchemiser_core.domain.bars import PriceBasis

        return PriceBasis[self.name]
