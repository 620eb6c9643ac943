"""Lots: what was bought together, with the money it took, closed first in, first out."""

from datetime import date
from decimal import Decimal

from attrs import frozen

from alchemiser_core.domain.money import NO_MONEY, Usd


@frozen
class Lot:
    """Shares bought in one fill and still held."""

    quantity: Decimal
    basis: Usd
    """What these shares cost, costs of buying included, US dollars for the whole lot."""
    opened: date


Lots = tuple[Lot, ...]


def close_lots(lots: Lots, quantity: Decimal) -> tuple[Lots, Usd]:
    """Take `quantity` shares out of the oldest lots.

    Returns the lots that remain and the basis of what was closed; the two bases always add up to
    the basis before.
    """
    closed: Decimal = NO_MONEY
    wanted = quantity
    for position, lot in enumerate(lots):
        if lot.quantity > wanted:
            part = lot.basis * wanted / lot.quantity
            rest = Lot(lot.quantity - wanted, Usd(lot.basis - part), lot.opened)
            return (rest, *lots[position + 1 :]), Usd(closed + part)
        closed += lot.basis
        wanted -= lot.quantity
    return (), Usd(closed)
