"""The mandate of a configuration: the strategies of a target, with everything they trade by."""

from collections.abc import Iterable

from alchemiser_app.composition import TargetStrategy
from alchemiser_core.config.settings import Settings
from alchemiser_core.services.trading import Entrusted, Mandate


def mandate_of(portfolio: str, strategies: Iterable[TargetStrategy], settings: Settings) -> Mandate:
    """What an account is traded by; `portfolio` becomes part of every client order id."""
    return Mandate(
        portfolio=portfolio,
        strategies=tuple(Entrusted(entry.strategy, entry.share) for entry in strategies),
        decide_on=settings.trading_decide_on,
        rebalance_books=settings.portfolio.rebalance_books,
        planning=settings.planning,
        costs=settings.costs,
    )
