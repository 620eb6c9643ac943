"""The facts of an account that limits are measured against."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from attrs import field, frozen

from alchemiser_core.domain.journal.events import Valued
from alchemiser_core.domain.money import ZERO, Usd
from alchemiser_core.domain.portfolio.portfolio import Portfolio
from alchemiser_core.domain.portfolio.valuation import Valuation
from alchemiser_core.domain.risk.day_traded import DayTraded
from alchemiser_core.domain.symbol import Symbol


@frozen
class AccountFacts:
    """The whole managed account before a plan, books that do not trade today included."""

    equity: Usd
    contributed: Usd
    """Deposits less withdrawals so far."""
    quantities: Mapping[Symbol, Decimal]
    """Shares that are held."""
    values: Mapping[Symbol, Usd]
    """What they are worth."""
    earlier: Valued | None = None
    """The last valuation of an earlier session; `None` where there is none."""
    traded: DayTraded = field(factory=DayTraded)
    """What the journal has of this trading day."""

    def held(self, symbol: Symbol) -> Decimal:
        """Shares of a symbol; 0 where none are held."""
        return self.quantities.get(symbol, ZERO)


def account_facts(
    portfolio: Portfolio,
    valuation: Valuation,
    *,
    earlier: Valued | None = None,
    traded: DayTraded | None = None,
) -> AccountFacts:
    """The facts of all books together and their valuation at the marks of the plan."""
    return AccountFacts(
        equity=valuation.equity,
        contributed=portfolio.contributed,
        quantities={s: position.quantity for s, position in portfolio.positions.items()},
        values=valuation.values,
        earlier=earlier,
        traded=traded or DayTraded(),
    )


def earlier_valuation(day: date, *known: Valued | None) -> Valued | None:
    """Of the valuations that are known, the last one of a session before `day`."""
    before = [valued for valued in known if valued is not None and valued.session < day]
    return max(before, key=lambda valued: (valued.session, valued.at), default=None)
