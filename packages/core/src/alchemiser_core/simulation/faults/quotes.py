"""Quotes that nothing may be traded on: old, zero, crossed, wide or missing."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from attrs import evolve

from alchemiser_core.domain.money import ZERO
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.simulation.faults.kinds import FaultKind
from alchemiser_core.simulation.faults.plan import Fault

_ALL = 3
"""The variant that hits every symbol; the others hit one."""
_A_DAY = timedelta(days=1)
_WIDE = Decimal("0.1")


def spoiled(fault: Fault, quotes: Mapping[Symbol, Quote]) -> dict[Symbol, Quote]:
    """The quotes with one of them, or all, made unusable in the way of the fault."""
    symbols = sorted(quotes)
    if symbols and fault.variant != _ALL:
        symbols = [symbols[fault.variant % len(symbols)]]
    found = dict(quotes)
    for symbol in symbols:
        bad = _bad(fault.kind, quotes[symbol])
        if bad is None:
            del found[symbol]
        else:
            found[symbol] = bad
    return found


def _bad(kind: FaultKind, quote: Quote) -> Quote | None:
    match kind:
        case FaultKind.QUOTE_OLD:
            return evolve(quote, at=quote.at - _A_DAY)
        case FaultKind.QUOTE_ZERO:
            return evolve(quote, ask=ZERO)
        case FaultKind.QUOTE_CROSSED:
            return evolve(quote, bid=quote.ask * (1 + _WIDE), ask=quote.bid)
        case FaultKind.QUOTE_WIDE:
            return evolve(quote, bid=quote.bid * (1 - _WIDE), ask=quote.ask * (1 + _WIDE))
        case _:
            return None
