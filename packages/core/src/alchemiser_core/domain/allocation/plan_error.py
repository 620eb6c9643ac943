"""Why nothing is planned at all."""

from attrs import frozen

from alchemiser_core.domain.money import Usd, decimal_text
from alchemiser_core.domain.portfolio.valuation import Unvalued
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol


@frozen
class UnusableMark:
    """A symbol of the target without a usable price, where the rules refuse to go on."""

    symbol: Symbol
    why: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the symbol and what is wrong with its price."""
        return (
            Problem(
                code="unusable-mark",
                what=f"{self.symbol} cannot be planned: {self.why}",
                where=self.symbol,
                why="the rules refuse a plan in which a price is missing",
                hint="check the data of that symbol, or let the rules skip it",
            ),
        )


@frozen
class NothingToInvest:
    """The equity is not above the cash that is to be kept back."""

    equity: Usd
    reserve: Usd

    def problems(self) -> tuple[Problem, ...]:
        """One problem: both amounts."""
        return (
            Problem(
                code="nothing-to-invest",
                what=f"equity is {decimal_text(self.equity)}, "
                f"{decimal_text(self.reserve)} of it is reserved",
                why="weights are fractions of the equity beyond the reserve",
                hint="deposit cash or lower reserve_cash",
            ),
        )


PlanCause = Unvalued | UnusableMark | NothingToInvest


@frozen
class PlanRefused:
    """Nothing is planned, for every reason named."""

    causes: tuple[PlanCause, ...]

    def problems(self) -> tuple[Problem, ...]:
        """The problems of all causes."""
        return tuple(p for cause in self.causes for p in cause.problems())


PlanError = PlanRefused
