"""What each book wants of each symbol, once the account's target within its limits is known."""

from collections.abc import Collection, Mapping
from decimal import Decimal, localcontext

from alchemiser_core.domain.allocation.sizing import NOISE
from alchemiser_core.domain.allocation.target_weights import TargetWeights
from alchemiser_core.domain.money import ARITHMETIC, ZERO, Usd
from alchemiser_core.domain.portfolio.book import Books
from alchemiser_core.domain.quote import Marks
from alchemiser_core.domain.symbol import Symbol


def book_wishes(
    books: Books,
    targets: Mapping[str, TargetWeights],
    equity: Mapping[str, Usd],
    values: Mapping[Symbol, Decimal],
    marks: Marks,
    leave: Collection[Symbol] = (),
) -> dict[Symbol, dict[str, Decimal]]:
    """Shares of each symbol that each book wants to buy (positive) or sell (negative).

    `values` is what the account is to hold of each symbol, US dollars, within all limits and after
    costs (`RebalancePlan.target_values`); the books share it as they contributed to it, by equity
    times weight. What a book holds and no book wants is sold by the book that holds it, and by no
    other. Symbols to `leave` (`RebalancePlan.untradable`, and unmanaged ones) have no wishes.
    """
    with localcontext(ARITHMETIC):
        demands = _demands(targets, equity)
        noise = NOISE * sum(equity.values(), start=ZERO)
        held = {s for book in books.books.values() for s in book.portfolio.positions}
        wishes: dict[Symbol, dict[str, Decimal]] = {}
        for symbol in sorted((held | values.keys()) - set(leave)):
            demand = demands.get(symbol, {})
            whole = sum(demand.values(), start=ZERO)
            price = marks[symbol].price
            found: dict[str, Decimal] = {}
            for name, book in books.books.items():
                part = values.get(symbol, ZERO) * demand[name] / whole if name in demand else ZERO
                wish = part / price - book.portfolio.quantity(symbol)
                if abs(wish * price) > noise or (wish and not part):
                    found[name] = wish
            if found:
                wishes[symbol] = found
        return wishes


def _demands(
    targets: Mapping[str, TargetWeights], equity: Mapping[str, Usd]
) -> dict[Symbol, dict[str, Decimal]]:
    """Equity times weight, by symbol and strategy; only where it is above 0."""
    demands: dict[Symbol, dict[str, Decimal]] = {}
    for name, target in targets.items():
        for symbol, weight in target.weights.items():
            if weight * equity[name] > 0:
                demands.setdefault(symbol, {})[name] = weight * equity[name]
    return demands
