"""Opposite wishes of several books: crossed at the mark, only the net goes to the market.

When the net order is terminal, `settle` books what was crossed and what was filled, so that the
books add up to the account whatever the market has done.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.money import ARITHMETIC, ZERO, Usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.portfolio.proportion import in_proportion
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.quote import Mark
from alchemiser_core.domain.symbol import Symbol

Wishes = Mapping[str, Decimal]
"""Shares of one symbol that each strategy wants: positive to buy, negative to sell."""

BookFills = dict[str, tuple[Fill, ...]]
"""What is booked to each strategy; a fill without a client order id was crossed."""


@frozen
class Unattributable:
    """Fills of a symbol in a direction that no book has asked for."""

    symbol: Symbol
    net: Decimal

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the symbol and the net quantity."""
        return (
            Problem(
                code="unattributable-fill",
                what=f"{self.net} {self.symbol} was filled but no book asked for it",
                where=self.symbol,
                why="every fill belongs to the books whose wishes made the order",
                hint="reconcile the journal with the broker's orders",
            ),
        )


def net_wish(wishes: Wishes) -> Decimal:
    """What is left for the market when opposite wishes are crossed; negative to sell."""
    with localcontext(ARITHMETIC):
        return sum(wishes.values(), start=ZERO)


def settle(wishes: Wishes, fills: Sequence[Fill], mark: Mark) -> Result[BookFills, Unattributable]:
    """Book a symbol's crossings and the fills of its terminal net order to the books.

    Crossings are free of cost and at the mark that the plan used. The side for which the market
    was needed shares what was filled, costs included, pro rata to its wishes; no book gets more
    than it wished for unless the market gave more than all wished for together. The fills are of
    one side (`ValueError` otherwise). `Unattributable` where no book has asked for that side.
    """
    if len({fill.side for fill in fills}) > 1:
        raise ValueError(f"the fills of {mark.symbol} are not of one order: both sides are there")
    with localcontext(ARITHMETIC):
        buyers = {name: wishes[name] for name in sorted(wishes) if wishes[name] > 0}
        sellers = {name: -wishes[name] for name in sorted(wishes) if wishes[name] < 0}
        net = sum((f.quantity if f.side is Side.BUY else -f.quantity for f in fills), start=ZERO)
        bought, sold = _booked_totals(_total(buyers), _total(sellers), net)
        if (bought and not buyers) or (sold and not sellers):
            return Failure(Unattributable(mark.symbol, net))
        booked: dict[str, list[Fill]] = {name: [] for name in sorted(wishes)}
        crossed = min(bought, sold)
        for side, group, total in ((Side.SELL, sellers, sold), (Side.BUY, buyers, bought)):
            open_parts = in_proportion(total, group)
            _take(_crossing(mark, side, crossed), open_parts, booked)
            for fill in fills:
                if fill.side is side:
                    _take(fill, open_parts, booked)
        return Success({name: tuple(found) for name, found in booked.items() if found})


def _total(parts: Mapping[str, Decimal]) -> Decimal:
    return sum(parts.values(), start=ZERO)


def _booked_totals(buys: Decimal, sells: Decimal, net: Decimal) -> tuple[Decimal, Decimal]:
    """Shares bought and sold by all books: `net` apart, and no wish exceeded if that can be."""
    sold = max(ZERO, -net, min(sells, buys - net))
    return sold + net, sold


def _crossing(mark: Mark, side: Side, quantity: Decimal) -> Fill:
    return Fill(mark.symbol, side, quantity, mark.price, mark.session)


def _take(fill: Fill, open_parts: dict[str, Decimal], booked: dict[str, list[Fill]]) -> None:
    """Share a fill among the parts that are still open, and lower these by it."""
    quantities = {n: part for n, part in in_proportion(fill.quantity, open_parts).items() if part}
    costs = in_proportion(fill.cost, quantities)
    for name, quantity in quantities.items():
        booked[name].append(changed(fill, quantity=quantity, cost=Usd(costs[name])))
        open_parts[name] -= quantity
