"""The door through which Alchemiser finds these strategies.

The module is imported whenever plugins are listed, so everything slow is imported in `build`.
"""

from collections.abc import Callable
from typing import Any

from returns.result import Failure, Success

from alchemiser_core.plugins import (
    BuildError,
    BuildResult,
    PluginContext,
    StrategyFactory,
    StrategyParameters,
    hookimpl,
)
from alchemiser_core.ports.strategy import Strategy
from alchemiser_strategies.settings import (
    DualMomentumSettings,
    SixtyFortySettings,
    canonical,
    problems_of,
)

SYMPHONIES = {
    "nuclear": "nuclear stocks in a rising market, inverse funds in a falling one; daily",
    "tecl": "three-times technology for the long term, hedged when overbought; daily",
    "klm": "the one of eight variants that moved most in five days; at 10 points of drift",
}


@hookimpl
def alchemiser_strategies() -> list[StrategyFactory[Any]]:
    """Three symphonies, and two strategies written by hand."""
    symphonies = [
        StrategyFactory(name, summary, StrategyParameters, _symphony_builder(name))
        for name, summary in SYMPHONIES.items()
    ]
    return [
        *symphonies,
        StrategyFactory(
            "dual-momentum",
            "stocks at home or abroad while they beat T-bills, else bonds; monthly",
            DualMomentumSettings,
            build_dual_momentum,
        ),
        StrategyFactory(
            "sixty-forty",
            "60 % stocks, 40 % bonds; quarterly",
            SixtyFortySettings,
            build_sixty_forty,
        ),
    ]


def build_sixty_forty(
    settings: SixtyFortySettings, context: PluginContext
) -> BuildResult[Strategy]:
    """A fixed split of two symbols; `BuildError` for wrong symbols or a wrong share."""
    from alchemiser_strategies.fixed_weights import FixedWeights

    problems = problems_of(settings)
    if problems:
        return Failure(BuildError(problems))
    weights = {
        canonical(settings.stocks): settings.stock_share,
        canonical(settings.bonds): 1 - settings.stock_share,
    }
    return Success(FixedWeights("sixty-forty", weights, settings.frequency))


def build_dual_momentum(
    settings: DualMomentumSettings, context: PluginContext
) -> BuildResult[Strategy]:
    """Dual momentum of four symbols; `BuildError` for wrong symbols or a wrong window."""
    from alchemiser_strategies.dual_momentum import DualMomentum

    problems = problems_of(settings)
    if problems:
        return Failure(BuildError(problems))
    strategy = DualMomentum(
        name="dual-momentum",
        stocks=canonical(settings.stocks),
        foreign=canonical(settings.foreign),
        bills=canonical(settings.bills),
        bonds=canonical(settings.bonds),
        window=settings.window,
        frequency=settings.frequency,
    )
    return Success(strategy)


def _symphony_builder(
    name: str,
) -> Callable[[StrategyParameters, PluginContext], BuildResult[Strategy]]:
    """Builds a shipped symphony; `BuildError` for parameters that it does not have."""

    def build(settings: StrategyParameters, context: PluginContext) -> BuildResult[Strategy]:
        from alchemiser_core.symphony import expand
        from alchemiser_core.symphony.strategy import SymphonyStrategy
        from alchemiser_strategies.shipped import shipped_symphony

        source = shipped_symphony(name)
        plain = source.bind(lambda tree: expand(tree, settings.values))
        strategy = plain.map(lambda tree: SymphonyStrategy(name, tree, source.unwrap()))
        return strategy.alt(lambda errors: BuildError(errors.problems()))

    return build
