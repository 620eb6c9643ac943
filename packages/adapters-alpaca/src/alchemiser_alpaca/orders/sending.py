"""Orders as they are sent: plain JSON, with numbers that say exactly what is meant."""

from decimal import Decimal
from typing import Any

from returns.result import Failure, Result, Success

from alchemiser_alpaca.symbols import is_askable
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.submission import Rejected, RejectionKind

LONGEST_ID = 128
_DECIMALS = 9


def order_body(request: OrderRequest) -> Result[dict[str, Any], Rejected]:
    """The body of the request. Refused before anything is sent: what cannot be said exactly.

    The vendor cuts quantities after nine decimals without a word, and numbers go out as floats.
    """
    if not is_askable(request.symbol):
        return Failure(Rejected(RejectionKind.NOT_TRADABLE, f"no symbol: {request.symbol}"))
    if len(request.client_order_id) > LONGEST_ID:
        return Failure(Rejected(RejectionKind.OTHER, "the client order id is too long"))
    quantity = exact_float(request.quantity)
    if quantity is None:
        return Failure(Rejected(RejectionKind.OTHER, _inexact("quantity", request.quantity)))
    body: dict[str, Any] = {
        "symbol": str(request.symbol),
        "qty": quantity,
        "side": request.side.value,
        "type": request.order_type.value,
        "time_in_force": "day",
        "client_order_id": str(request.client_order_id),
    }
    if request.limit_price is not None:
        limit = exact_float(request.limit_price)
        if limit is None:
            words = _inexact("limit price", request.limit_price)
            return Failure(Rejected(RejectionKind.BAD_PRICE, words))
        body["limit_price"] = limit
    return Success(body)


def exact_float(value: Decimal) -> float | None:
    """The float that is written as exactly this number; `None` where there is none, or where it
    has more than nine decimals.
    """
    found = float(value)
    written = Decimal(repr(found))
    if written != value or int(written.as_tuple().exponent) < -_DECIMALS:
        return None
    return found


def _inexact(what: str, value: Decimal) -> str:
    return f"the {what} {value} cannot be sent exactly: nine decimals and 15 digits at most"
