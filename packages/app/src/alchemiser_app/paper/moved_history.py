"""Whether an adjusted feed has changed the past of what the account holds, and what follows.

Adjusted prices change whenever a dividend is paid or a share is split, back to the first bar. A
quantity that was bought at the old prices then stands for another value, and nothing in the bars
says why.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from attrs import frozen

from alchemiser_app.paper.refusals import PaperRefused
from alchemiser_core.domain.money import ARITHMETIC, ZERO
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol

_RELATIVE = Decimal("1E-6")
"""Differences of this size come from floating point, not from an adjustment."""
_CENTS = 2
"""Prices have at least this many decimals, whether or not they end with zeros."""


@frozen
class Moved:
    """A close that is not what it was."""

    symbol: Symbol
    session: date
    before: Decimal
    now: Decimal | None
    """`None` where the feed has the session or the price no more."""

    @property
    def ratio(self) -> Decimal:
        """What one share of before is now, so that it is worth the same."""
        return Decimal(1) if self.now is None else ARITHMETIC.divide(self.before, self.now)


def moved(
    held: Mapping[Symbol, Decimal],
    before: Mapping[Symbol, Decimal],
    now: Mapping[Symbol, Decimal],
    session: date,
) -> tuple[Moved, ...]:
    """The held symbols whose close of a session has changed by more than rounding."""
    return tuple(
        Moved(symbol, session, before[symbol], now.get(symbol))
        for symbol in sorted(held)
        if symbol in before and _differ(before[symbol], now.get(symbol))
    )


def _differ(before: Decimal, now: Decimal | None) -> bool:
    if now is None:
        return True
    decimals = max(_CENTS, min(_decimals(before), _decimals(now)))
    rounding = Decimal(5).scaleb(-decimals - 1)
    return abs(before - now) > max(rounding, before * _RELATIVE)


def _decimals(price: Decimal) -> int:
    exponent = price.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def adjusted_history_moved(found: tuple[Moved, ...], feed: str) -> PaperRefused:
    """The refusal, with one problem for each symbol."""
    return PaperRefused(
        tuple(
            Problem(
                code="adjusted-history-moved",
                what=f"the close of {m.symbol} on {m.session} was {m.before} and is now "
                + ("missing" if m.now is None else f"{m.now}"),
                where=feed,
                why="the account holds it, and an adjusted feed does not say what happened",
                hint='broker.settings.moved_history = "rescale" keeps its value, as after a '
                'dividend or split; "keep" keeps its quantity, as after a corrected price; or '
                "`alchemiser paper reset`",
            )
            for m in found
        )
    )


def rescalable(found: tuple[Moved, ...]) -> tuple[Moved, ...]:
    """Those whose new price is known."""
    return tuple(m for m in found if m.now is not None and m.ratio > ZERO)
