"""When the difference between what is held and what is decided is traded."""

from enum import StrEnum

from attrs import frozen


class Frequency(StrEnum):
    """When the difference to the decided weights is traded."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    NONE = "none"
    """Only when the outcome of an `if` or the choice of a filter on the active path changed."""


@frozen
class RebalancePolicy:
    """A frequency, or a drift threshold that governs in its place wherever it is given."""

    frequency: Frequency = Frequency.DAILY
    threshold: float | None = None
    """Absolute drift of a weight (0.1 is ten points) that has to be exceeded."""
