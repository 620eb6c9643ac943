"""A portfolio: cash and positions, immutable, changed only by fills, splits and cash movements."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, localcontext

from attrs import field, frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.money import ARITHMETIC, NO_MONEY, ZERO, Usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.portfolio.cash import CashMovement
from alchemiser_core.domain.portfolio.position import Position
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol


@frozen
class Oversold:
    """A fill sells more than is held; positions are never negative."""

    fill: Fill
    held: Decimal

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the symbol and both quantities."""
        return (
            Problem(
                code="oversold",
                what=f"a fill sells {self.fill.quantity} {self.fill.symbol}, {self.held} are held",
                where=f"{self.fill.symbol} {self.fill.session}",
                why="a position is never negative",
                hint="compare the journal with the broker's positions",
            ),
        )


@frozen
class Portfolio:
    """Cash and what is held, in US dollars and shares."""

    cash: Usd = NO_MONEY
    positions: Mapping[Symbol, Position] = field(factory=dict)
    """Only symbols that are held; every quantity is positive."""
    realised: Usd = NO_MONEY
    """Profit of everything sold so far, after costs."""
    costs: Usd = NO_MONEY
    """Costs of all fills so far; they are in the basis and the profit already."""
    contributed: Usd = NO_MONEY
    """Deposits and transfers in, less withdrawals and transfers out."""
    income: Usd = NO_MONEY
    """Dividends and interest less fees."""

    def quantity(self, symbol: Symbol) -> Decimal:
        """Shares held; 0 where none are."""
        position = self.positions.get(symbol)
        return position.quantity if position is not None else ZERO

    def apply(self, fill: Fill) -> Result["Portfolio", Oversold]:
        """The portfolio after a fill; `Oversold` where it sells more than is held."""
        return self.apply_all((fill,))

    def apply_all(self, fills: Iterable[Fill]) -> Result["Portfolio", Oversold]:
        """The portfolio after all fills, in their order; none is applied where one is refused."""
        with localcontext(ARITHMETIC):
            return self._after(fills)

    def _after(self, fills: Iterable[Fill]) -> Result["Portfolio", Oversold]:
        cash: Decimal = self.cash
        realised: Decimal = self.realised
        costs: Decimal = self.costs
        positions = dict(self.positions)
        for fill in fills:
            symbol = fill.symbol
            held = positions.get(symbol)
            if fill.side is Side.BUY:
                before = held if held is not None else Position(symbol, ZERO)
                positions[symbol] = before.bought(fill)
            elif held is None or fill.quantity > held.quantity:
                return Failure(Oversold(fill, held.quantity if held is not None else ZERO))
            else:
                left, profit = held.sold(fill)
                realised += profit
                if left is None:
                    del positions[symbol]
                else:
                    positions[symbol] = left
            cash += fill.cash_change
            costs += fill.cost
        return Success(
            Portfolio(
                Usd(cash), positions, Usd(realised), Usd(costs), self.contributed, self.income
            )
        )

    def move_cash(self, movement: CashMovement) -> "Portfolio":
        """The portfolio after cash came in or went out."""
        with localcontext(ARITHMETIC):
            cash = Usd(self.cash + movement.amount)
            if movement.reason.is_contribution:
                return changed(self, cash=cash, contributed=Usd(self.contributed + movement.amount))
            return changed(self, cash=cash, income=Usd(self.income + movement.amount))

    def split(self, symbol: Symbol, ratio: Decimal) -> "Portfolio":
        """The portfolio after a split of `ratio` new shares for one."""
        if symbol not in self.positions:
            return self
        with localcontext(ARITHMETIC):
            position = self.positions[symbol].split(ratio)
        return changed(self, positions={**self.positions, symbol: position})


def funded(cash: Usd) -> Portfolio:
    """A portfolio of nothing but cash that was put in."""
    return Portfolio(cash=cash, contributed=cash)


@frozen
class NegativeHoldings:
    """Quantities below zero, or not finite, where holdings are given as bare numbers."""

    quantities: Mapping[Symbol, Decimal]

    def problems(self) -> tuple[Problem, ...]:
        """One problem for each symbol."""
        return tuple(
            Problem(
                code="negative-holding",
                what=f"{quantity} {symbol} cannot be held",
                where=symbol,
                why="short positions are not supported",
                hint="give the quantity held, 0 or more",
            )
            for symbol, quantity in self.quantities.items()
        )


def holding(cash: Usd, quantities: Mapping[Symbol, Decimal]) -> Result[Portfolio, NegativeHoldings]:
    """A portfolio from bare quantities, as a file of holdings gives them; lots are not known."""
    bad = {s: q for s, q in sorted(quantities.items()) if not (q.is_finite() and q >= 0)}
    if bad:
        return Failure(NegativeHoldings(bad))
    positions = {s: Position(s, q) for s, q in sorted(quantities.items()) if q}
    return Success(Portfolio(cash=cash, positions=positions))
