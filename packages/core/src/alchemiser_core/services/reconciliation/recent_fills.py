"""How far a broker's positions and cash may lag behind its own orders.

Brokers show a fill at the order first, and some seconds later in positions and cash. A difference
that can be such a lag is never accepted on the trading day of the fills; a day later it is none.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from attrs import frozen

from alchemiser_core.domain.money import NO_MONEY, ZERO, Usd
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution.progress import OrderProgress
from alchemiser_core.services.closed_cycles import progress_of
from alchemiser_core.services.ledger import Ledger


@frozen
class Slack:
    """By how much the broker may show less or more than the books, both 0 or more."""

    less: Decimal = ZERO
    more: Decimal = ZERO

    def covers(self, difference: Decimal) -> bool:
        """Whether a difference, broker less books, can be a lag."""
        return -self.less <= difference <= self.more

    def and_also(self, less: Decimal, more: Decimal) -> "Slack":
        """Wider on both sides."""
        return Slack(self.less + less, self.more + more)


NO_SLACK = Slack()


@frozen
class RecentFills:
    """What was filled on the trading day, and what may still fill."""

    symbols: Mapping[Symbol, Slack]
    cash: Slack


def recent_fills(ledger: Ledger, session: date) -> RecentFills:
    """How far each symbol and the cash may lag on a session."""
    symbols: dict[Symbol, Slack] = {}
    cash = NO_SLACK
    for progress in _filled_today(ledger, session):
        bought, sold = _sides(progress, progress.filled_quantity)
        known = symbols.get(progress.request.symbol, NO_SLACK)
        symbols[progress.request.symbol] = known.and_also(less=bought, more=sold)
        paid, received = _sides(progress, _cash(progress))
        cash = cash.and_also(less=received, more=paid)
        if progress.is_given_up:
            # The broker did not show it; its fills may be seen in the positions all the same.
            buying, selling = _sides(progress, progress.request.quantity - progress.filled_quantity)
            wider = symbols[progress.request.symbol].and_also(less=selling, more=buying)
            symbols[progress.request.symbol] = wider
    for progress in (p for cycle in ledger.closed for p in cycle.orders.values()):
        buying, selling = _sides(progress, progress.open_quantity)
        known = symbols.get(progress.request.symbol, NO_SLACK)
        symbols[progress.request.symbol] = known.and_also(less=selling, more=buying)
    return RecentFills(symbols, cash)


def _filled_today(ledger: Ledger, session: date) -> Iterable[OrderProgress]:
    for cycle in ledger.closed:
        if cycle.key.trading_day == session:
            yield from cycle.orders.values()
    if ledger.cycle is not None and ledger.cycle.key.trading_day == session:
        yield from progress_of(ledger.cycle.orders).values()


def _sides(progress: OrderProgress, amount: Decimal) -> tuple[Decimal, Decimal]:
    """An amount as one of a buy and one of a sell."""
    return (amount, ZERO) if progress.request.side is Side.BUY else (ZERO, amount)


def _cash(progress: OrderProgress) -> Decimal:
    """Cash that an order has moved so far, 0 or more."""
    value = progress.filled_value or NO_MONEY
    is_buy = progress.request.side is Side.BUY
    return max(ZERO, Usd(value + progress.costs if is_buy else value - progress.costs))
