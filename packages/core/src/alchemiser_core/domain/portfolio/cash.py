"""Movements of cash that are no trades: deposits, dividends, fees, transfers between books."""

from datetime import date
from enum import StrEnum

from attrs import frozen

from alchemiser_core.domain.money import Usd


class CashReason(StrEnum):
    """Why cash moved."""

    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    TRANSFER = "transfer"
    """From one book to another of the same account."""
    DIVIDEND = "dividend"
    INTEREST = "interest"
    FEE = "fee"

    @property
    def is_contribution(self) -> bool:
        """Whether the owner put money in or took it out; the others are profit or loss."""
        return self in _CONTRIBUTIONS


_CONTRIBUTIONS = frozenset({CashReason.DEPOSIT, CashReason.WITHDRAWAL, CashReason.TRANSFER})


@frozen
class CashMovement:
    """Cash that came in (positive) or went out (negative)."""

    reason: CashReason
    amount: Usd
    session: date
    note: str = ""
