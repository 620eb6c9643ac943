"""What a portfolio is worth at given marks; nothing is ever valued at its cost."""

from collections.abc import Mapping
from decimal import Decimal, localcontext

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.money import ARITHMETIC, Usd
from alchemiser_core.domain.portfolio.portfolio import Portfolio
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.quote import Marks
from alchemiser_core.domain.symbol import Symbol


@frozen
class Unvalued:
    """Held symbols without any usable price, so that the equity is not known."""

    symbols: tuple[Symbol, ...]

    def problems(self) -> tuple[Problem, ...]:
        """One problem for each symbol."""
        return tuple(
            Problem(
                code="unvalued-holding",
                what=f"{symbol} is held but has no price",
                where=symbol,
                why="equity is not known when a holding cannot be valued; cost is no price",
                hint="load data of that symbol, or list it as unmanaged",
            )
            for symbol in self.symbols
        )


@frozen
class Valuation:
    """Equity and its parts, US dollars."""

    equity: Usd
    cash: Usd
    values: Mapping[Symbol, Usd]
    """Value of each position, sorted by symbol."""
    carried: tuple[Symbol, ...]
    """Valued at an earlier session's price."""
    stale: tuple[Symbol, ...]
    """Of those, the ones whose price is more than five sessions old."""

    def weight(self, symbol: Symbol) -> Decimal:
        """Fraction of equity that is held in a symbol."""
        value = self.values.get(symbol)
        return Decimal(0) if value is None else value / self.equity


def value_portfolio(portfolio: Portfolio, marks: Marks) -> Result[Valuation, Unvalued]:
    """Value every position at its mark; `Unvalued` names all that have none."""
    with localcontext(ARITHMETIC):
        return _value(portfolio, marks)


def _value(portfolio: Portfolio, marks: Marks) -> Result[Valuation, Unvalued]:
    values: dict[Symbol, Usd] = {}
    carried, stale, unvalued = [], [], []
    equity: Decimal = portfolio.cash
    for symbol in sorted(portfolio.positions):
        mark = marks.get(symbol)
        if mark is None or not mark.usable:
            unvalued.append(symbol)
            continue
        value = portfolio.positions[symbol].quantity * mark.price
        values[symbol] = Usd(value)
        equity += value
        if mark.age > 0:
            carried.append(symbol)
            if mark.stale:
                stale.append(symbol)
    if unvalued:
        return Failure(Unvalued(tuple(unvalued)))
    return Success(Valuation(Usd(equity), portfolio.cash, values, tuple(carried), tuple(stale)))
