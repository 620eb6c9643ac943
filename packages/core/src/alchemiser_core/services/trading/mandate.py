"""The mandate: which strategies trade an account, with which shares, and by which rules."""

from collections.abc import Mapping
from decimal import Decimal

from attrs import evolve, field, frozen

from alchemiser_core.config.settings import CostSettings, DecideOn, PlanningSettings
from alchemiser_core.domain.allocation.plan_rules import PlanRules
from alchemiser_core.domain.allocation.policy import BookRebalance
from alchemiser_core.domain.instrument import ONE_SHARE, Instrument
from alchemiser_core.domain.money import ZERO
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.strategy import Strategy


@frozen(eq=False)
class Entrusted:
    """A strategy and its part of the capital."""

    strategy: Strategy
    share: Decimal
    """Above 0; those of a mandate add up to exactly 1."""


@frozen(eq=False)
class Mandate:
    """What an account is traded by.

    Making one raises `ValueError` where two strategies have one name, or where the shares are not
    positive or do not add up to exactly 1.
    """

    portfolio: str
    """Name of the portfolio; part of every client order id."""
    strategies: tuple[Entrusted, ...]
    decide_on: DecideOn = DecideOn.PREVIOUS_CLOSE
    rebalance_books: BookRebalance = BookRebalance.QUARTERLY
    planning: PlanningSettings = field(factory=PlanningSettings)
    costs: CostSettings = field(factory=CostSettings)

    def __attrs_post_init__(self) -> None:
        if len(self.shares) != len(self.strategies):
            raise ValueError("two strategies of a mandate have one name")
        shares = self.shares.values()
        if sum(shares, start=ZERO) != 1 or min(shares) <= 0:
            raise ValueError("the shares of a mandate are positive and add up to exactly 1")

    @property
    def shares(self) -> dict[str, Decimal]:
        """Capital share of each strategy, by name."""
        return {entry.strategy.name: entry.share for entry in self.strategies}

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """Every symbol that some strategy trades or watches, sorted."""
        needed = (entry.strategy.requirements.symbols for entry in self.strategies)
        return tuple(sorted({symbol for symbols in needed for symbol in symbols}))

    def rules(self, instruments: Mapping[Symbol, Instrument], equity: Decimal) -> PlanRules:
        """The rules of a plan for an account of `equity` US dollars without the unmanaged."""
        usable = instruments
        if self.planning.whole_shares:
            usable = {symbol: _whole(found) for symbol, found in instruments.items()}
        return self.planning.rules(usable, self.costs, equity)


def _whole(instrument: Instrument) -> Instrument:
    """The instrument in whole shares, whatever smaller steps the broker has."""
    return evolve(instrument, quantity_increment=ONE_SHARE, fractionable=False)
