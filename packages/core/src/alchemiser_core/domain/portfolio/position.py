"""A position: the shares of one symbol that are held, as a fold over its fills."""

from decimal import Decimal

from attrs import frozen

from alchemiser_core.domain.money import NO_MONEY, Usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.portfolio.lot import Lot, Lots, close_lots
from alchemiser_core.domain.symbol import Symbol


@frozen
class Position:
    """Shares of a symbol, never negative, in lots from the oldest to the newest."""

    symbol: Symbol
    quantity: Decimal
    lots: Lots = ()

    @property
    def basis(self) -> Usd:
        """What the shares cost, costs of buying included."""
        return Usd(sum((lot.basis for lot in self.lots), start=NO_MONEY))

    @property
    def average_cost(self) -> Decimal:
        """Basis a share, US dollars."""
        return self.basis / self.quantity

    def bought(self, fill: Fill) -> "Position":
        """The position after a buy."""
        lot = Lot(fill.quantity, Usd(fill.quantity * fill.price + fill.cost), fill.session)
        return Position(self.symbol, self.quantity + fill.quantity, (*self.lots, lot))

    def sold(self, fill: Fill) -> tuple["Position | None", Usd]:
        """What is left after a sell (`None` where nothing is), and the profit it realised.

        The profit is proceeds less cost of selling less the basis of the shares sold, taken from
        the lots as they were before the sell.
        """
        proceeds = fill.quantity * fill.price - fill.cost
        if fill.quantity == self.quantity:
            return None, Usd(proceeds - self.basis)
        lots, basis = close_lots(self.lots, fill.quantity)
        left = Position(self.symbol, self.quantity - fill.quantity, lots)
        return left, Usd(proceeds - basis)

    def split(self, ratio: Decimal) -> "Position":
        """The position after a split of `ratio` new shares for one; the basis stays."""
        lots = tuple(Lot(lot.quantity * ratio, lot.basis, lot.opened) for lot in self.lots)
        return Position(self.symbol, self.quantity * ratio, lots)
