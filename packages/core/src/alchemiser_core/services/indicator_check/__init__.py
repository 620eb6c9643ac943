"""The indicators that a decision went by, held against those of a second vendor."""

from alchemiser_core.services.indicator_check.check import CheckRules, Decided, check_indicators
from alchemiser_core.services.indicator_check.comparison import Compared, Verdict
from alchemiser_core.services.indicator_check.outcomes import Outcome
from alchemiser_core.services.indicator_check.points import StrategyPath
from alchemiser_core.services.indicator_check.report import (
    DECISION_WOULD_DIFFER,
    INDICATORS_DIFFER,
    IndicatorReport,
    difference_text,
    outcome_text,
)
from alchemiser_core.services.indicator_check.scales import Tolerances, unit

__all__ = [
    "DECISION_WOULD_DIFFER",
    "INDICATORS_DIFFER",
    "CheckRules",
    "Compared",
    "Decided",
    "IndicatorReport",
    "Outcome",
    "StrategyPath",
    "Tolerances",
    "Verdict",
    "check_indicators",
    "difference_text",
    "outcome_text",
    "unit",
]
