"""What each book wants of each symbol, once the account's target within its limits is known."""

from collections.abc import Collection, Mapping
from decimal import Decimal, localcontext

from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan
from alchemiser_core.domain.allocation.sizing import NOISE, whole_steps
from alchemiser_core.domain.allocation.target_weights import TargetWeights
from alchemiser_core.domain.money import ARITHMETIC, CENT, ZERO, Usd
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.intent import OrderIntent
from alchemiser_core.domain.portfolio.book import Books
from alchemiser_core.domain.quote import Marks
from alchemiser_core.domain.symbol import Symbol


def book_wishes(
    books: Books,
    targets: Mapping[str, TargetWeights],
    equity: Mapping[str, Usd],
    plan: RebalancePlan,
    marks: Marks,
    unmanaged: Collection[Symbol] = (),
) -> dict[Symbol, dict[str, Decimal]]:
    """Shares of each symbol that each book wants to buy (positive) or sell (negative).

    What the account is to hold of a symbol, within all limits and after costs, is shared by the
    books as they contributed to it, by equity times weight. What a book holds and does not want is
    sold by that book, and by no other. Symbols that cannot be traded have no wishes.
    """
    with localcontext(ARITHMETIC):
        demands = _demands(targets, equity)
        noise = NOISE * sum(equity.values(), start=ZERO)
        planned = {o.symbol: _signed(o) for o in plan.orders}
        values = plan.target_values
        held = {s for book in books.books.values() for s in book.portfolio.positions}
        wishes: dict[Symbol, dict[str, Decimal]] = {}
        for symbol in sorted((held | values.keys()) - plan.untradable - set(unmanaged)):
            price = marks[symbol].price
            wanted = _shared(values.get(symbol, ZERO) / price, demands.get(symbol, {}))
            found = {
                name: wish
                for name, book in books.books.items()
                if (wish := wanted.get(name, ZERO) - book.portfolio.quantity(symbol))
                and (name not in wanted or abs(wish * price) > noise)
            }
            rounding = planned.get(symbol, ZERO) - sum(found.values(), start=ZERO)
            if wanted and rounding and abs(rounding * price) <= max(noise, CENT):
                # A full exit stays exact: what rounding did to the order is for those who stay.
                stays = max(wanted, key=lambda name: wanted[name])
                corrected = found.get(stays, ZERO) + rounding
                if corrected >= -books.books[stays].portfolio.quantity(symbol):
                    found[stays] = corrected
            if found:
                wishes[symbol] = found
        return wishes


def _signed(order: OrderIntent) -> Decimal:
    return order.quantity if order.side is Side.BUY else -order.quantity


def _shared(whole: Decimal, demand: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """A quantity, shared in proportion to the demands."""
    total = sum(demand.values(), start=ZERO)
    if not whole:
        return {}
    return {name: whole_steps(whole * own / total, None) for name, own in demand.items()}


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
