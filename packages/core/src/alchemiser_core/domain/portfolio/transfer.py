"""Transfers of cash between the books of one account."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_DOWN, Decimal, localcontext

from attrs import frozen

from alchemiser_core.domain.money import ARITHMETIC, ZERO, Usd

_STEP = Decimal("1E-18")
"""US dollars. Transfers in steps keep the digits of the books from growing with every one of them,
so that their sum stays exact.
"""


@frozen
class Transfer:
    """Cash that moves from one book to another; the account as a whole does not notice."""

    source: str
    destination: str
    amount: Usd
    """US dollars, positive."""
    session: date


def transfers_to_shares(
    equity: Mapping[str, Usd], shares: Mapping[str, Decimal], session: date
) -> tuple[Transfer, ...]:
    """The transfers that bring the equity of every book to its share of the whole.

    Books that have too much give to those that have too little, both in the order of their names.
    A book that is fully invested gives cash that it only gets by its sells of the same session:
    until these have filled its cash may be below zero, never the account's.
    """
    if equity.keys() != shares.keys():
        raise ValueError(f"equity of {sorted(equity)}, shares of {sorted(shares)}")
    with localcontext(ARITHMETIC):
        whole = sum(equity.values(), start=ZERO)
        excess = {name: equity[name] - shares[name] * whole for name in sorted(equity)}
        takers = {name: -amount for name, amount in excess.items() if amount < 0}
        found: list[Transfer] = []
        for source, surplus in ((n, amount) for n, amount in excess.items() if amount > 0):
            left = surplus
            for destination, lack in takers.items():
                amount = min(left, lack).quantize(_STEP, ROUND_DOWN)
                if amount > 0:
                    found.append(Transfer(source, destination, Usd(amount), session))
                    takers[destination] = lack - amount
                    left -= amount
        return tuple(found)
