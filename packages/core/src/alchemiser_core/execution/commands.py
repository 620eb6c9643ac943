"""What the machine wants done, after what it records is durable."""

from attrs import frozen

from alchemiser_core.domain.orders.identifiers import ClientOrderId
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.symbol import Symbol


@frozen
class Submit:
    """Send an order, once."""

    request: OrderRequest


@frozen
class LookUp:
    """Ask the broker for an order by its client order id."""

    client_order_id: ClientOrderId


@frozen
class Poll:
    """Read the orders of the account."""


@frozen
class Cancel:
    """Ask for a cancel; what came of it is learned by polling."""

    broker_order_id: str


@frozen
class ReadCash:
    """Read the account."""


@frozen
class ReadQuote:
    """Read the latest quote of a symbol."""

    symbol: Symbol


Command = Submit | LookUp | Poll | Cancel | ReadCash | ReadQuote
