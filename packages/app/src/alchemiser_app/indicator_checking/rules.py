"""What a check goes by: the settings as rules, and the reasons of a decision as paths."""

from alchemiser_core.config.indicator_check_settings import IndicatorCheckSettings
from alchemiser_core.domain.decision import Decision
from alchemiser_core.ports.strategy import Strategy
from alchemiser_core.services.indicator_check import CheckRules, StrategyPath, Tolerances
from alchemiser_core.services.substitute import Substituted


def check_rules(settings: IndicatorCheckSettings) -> CheckRules:
    """The rules that the settings say."""
    return CheckRules(
        tolerances=Tolerances(
            rsi_points=settings.rsi_points,
            price_percent=settings.price_percent,
            return_percent=settings.return_percent,
            deviation_percent=settings.deviation_percent,
            oscillator_percent=settings.oscillator_percent,
        ),
        credit=settings.credits,
    )


def path_of(strategy: Strategy, decision: Decision) -> StrategyPath:
    """Why a strategy decided as it did; reasons speak of the symbols of the rules."""
    replaced = strategy.replacements if isinstance(strategy, Substituted) else {}
    return StrategyPath(strategy.name, decision.reasons, replaced)
