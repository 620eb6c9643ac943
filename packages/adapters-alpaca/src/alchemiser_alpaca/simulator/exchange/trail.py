"""Trailing stops: the best price so far, and the stop that follows it."""

from decimal import Decimal

from alchemiser_alpaca.simulator.exchange.tape import nearest_tick
from alchemiser_core.simulation.exchange.exact import EXACT

_PERCENT = Decimal(100)


def stop_behind(
    best: Decimal, is_buy: bool, trail_price: Decimal | None, trail_percent: Decimal | None
) -> Decimal:
    """The stop price behind the best price, US dollars a share, in whole ticks."""
    trail = trail_price
    if trail is None:
        share = EXACT.divide(trail_percent or Decimal(0), _PERCENT)
        trail = EXACT.multiply(best, share)
    return nearest_tick(EXACT.add(best, trail) if is_buy else EXACT.subtract(best, trail))


def is_better(price: Decimal, best: Decimal | None, is_buy: bool) -> bool:
    """Whether a price moves the stop: lower for a buy, higher for a sell."""
    return best is None or (price < best if is_buy else price > best)
