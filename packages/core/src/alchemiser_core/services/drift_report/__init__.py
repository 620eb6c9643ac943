"""In what an account came to differ from its back-test, split by cause."""

from alchemiser_core.services.drift_report.report import (
    Cause,
    DriftError,
    DriftPart,
    DriftReport,
    NothingToCompare,
    drift_report,
)
from alchemiser_core.services.drift_report.tables import DecisionDifference

__all__ = [
    "Cause",
    "DecisionDifference",
    "DriftError",
    "DriftPart",
    "DriftReport",
    "NothingToCompare",
    "drift_report",
]
