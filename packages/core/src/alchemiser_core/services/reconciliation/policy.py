"""What a reconciliation may accept without asking."""

from collections.abc import Mapping
from decimal import Decimal

from attrs import frozen

from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.symbol import Symbol

ONE_DOLLAR = Usd(Decimal(1))


@frozen
class ReconcilePolicy:
    """What is accepted, and for whom."""

    shares: Mapping[str, Decimal]
    """Capital shares by which the books are opened, adding up to exactly 1."""
    adopt: bool = False
    """Accept positions and cash that the journal does not know; otherwise they block trading."""
    cash_tolerance: Usd = ONE_DOLLAR
    """US dollars by which cash may differ and is booked as interest or a fee."""
    unmanaged: frozenset[Symbol] = frozenset()
    """Symbols that belong to nobody's book."""
    confirmed: bool = False
    """A person has looked and confirms the account as the broker shows it: accepts everything that
    `adopt` does, and what only looks like a mistake of the broker's.
    """

    @property
    def adopts(self) -> bool:
        """Whether differences are accepted."""
        return self.adopt or self.confirmed
