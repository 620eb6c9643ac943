"""What the exchange says when it does not do what it is asked: one function for each answer.

Texts and codes are those of the vendor as far as they were seen; where none was, the function says
so. A code is the vendor's own, 403xxxxx for what the account may not do, 422xxxxx and 40010001 for
what is wrong with the request.
"""

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from alchemiser_core.domain.money import decimal_text

BAD_REQUEST = 40010001
FORBIDDEN = 40310000
NOT_FOUND = 40410000
UNPROCESSABLE = 42210000


@frozen
class Refusal:
    """The answer to a request that is not done."""

    status: int
    """Of HTTP."""
    code: int | None
    """The vendor's; `None` where the body has none."""
    message: str
    extra: Mapping[str, object] = field(factory=dict)
    """Further keys of the body: text, or lists of text."""

    @property
    def body(self) -> dict[str, object]:
        """The JSON body."""
        code: dict[str, object] = {} if self.code is None else {"code": self.code}
        return {**code, "message": self.message, **self.extra}


def bad_request(message: str) -> Refusal:
    """Something is wrong with the form of the request."""
    return Refusal(422, BAD_REQUEST, message)


def unprocessable(message: str) -> Refusal:
    """The request is well formed, and against a rule of the market."""
    return Refusal(422, UNPROCESSABLE, message)


def forbidden(message: str, **extra: object) -> Refusal:
    """The account may not do that."""
    return Refusal(403, FORBIDDEN, message, extra)


def not_found(message: str) -> Refusal:
    """There is no such thing."""
    return Refusal(404, NOT_FOUND, message)


# The form of a request


def only_one_amount() -> Refusal:
    """Both quantity and value are given, or neither."""
    return bad_request("only one of qty or notional is accepted")


def quantity_not_positive() -> Refusal:
    """The quantity is 0 or less."""
    return bad_request("qty must be > 0")


def price_missing(kind: str, price: str) -> Refusal:
    """An order type without the price it needs: `limit orders require a limit price`."""
    return bad_request(f"{kind} orders require a {price} price")


def identifier_too_long() -> Refusal:
    """The client order id has more than 128 characters."""
    return bad_request("client_order_id must be no more than 128 characters")


def identifier_taken() -> Refusal:
    """Some order of the account, maybe long over, has the client order id."""
    return bad_request("client_order_id must be unique")


def unknown_word(name: str, value: str) -> Refusal:
    """A side, type or time in force that there is not. The vendor's text was not seen."""
    return bad_request(f'invalid {name} "{value}"')


def out_of_scope(what: str) -> Refusal:
    """Something that the vendor has and the simulator does not."""
    return bad_request(f"{what} are not simulated")


# Values, fractions, prices


def notional_decimals() -> Refusal:
    """An order by value of a fraction of a cent."""
    return unprocessable("notional value must be limited to 2 decimal places")


def notional_too_small() -> Refusal:
    """An order by value of less than a dollar."""
    return unprocessable("notional amount must be >= 1.00")


def notional_type() -> Refusal:
    """An order by value of a type that has none. The vendor's text was not seen."""
    return unprocessable("notional orders must be market orders")


def quantity_decimals() -> Refusal:
    """More than nine decimals, where they are not cut off. The vendor's text was not seen."""
    return unprocessable("qty must be limited to 9 decimal places")


def fractional_not_day() -> Refusal:
    """A fraction of a share, or an order by value, that is not for the day."""
    return unprocessable("fractional orders must be DAY orders")


def fractional_type() -> Refusal:
    """A trailing stop of a fraction of a share."""
    return unprocessable("fractional orders must be market, limit, stop, or stop_limit orders")


def fractional_not_simple() -> Refusal:
    """A bracket or the like of a fraction of a share."""
    return unprocessable("fractional orders must be simple orders")


def fractional_short() -> Refusal:
    """A fraction of a share sold that is not held."""
    return unprocessable("fractional orders cannot be sold short")


def not_fractionable(symbol: str) -> Refusal:
    """The security is traded in whole shares."""
    return forbidden(f'asset "{symbol}" is not fractionable')


def fractional_trading_off() -> Refusal:
    """The account is set to whole shares. The vendor's text was not seen."""
    return forbidden("fractional trading is not enabled for the account")


def not_tradable(symbol: str) -> Refusal:
    """The security is listed and not traded."""
    return unprocessable(f'asset "{symbol}" is not tradable')


def unknown_asset(symbol: str) -> Refusal:
    """No such security, in an order."""
    return unprocessable(f'asset "{symbol}" not found')


def sub_penny(name: str, price: Decimal) -> Refusal:
    """A price between two ticks; `name` is that of the field."""
    words = "sub-penny increment does not fulfill minimum pricing criteria"
    return unprocessable(f"invalid {name} {decimal_text(price)}. {words}")


def price_not_positive(name: str) -> Refusal:
    """A price of 0 or less. The vendor's text was not seen."""
    return bad_request(f"{name} must be > 0")


def price_far_away() -> Refusal:
    """A limit far from the market. The vendor's text was not seen."""
    return unprocessable("limit order price away sanity check failed")


def extended_hours_form() -> Refusal:
    """Extended hours for something else than a limit order of the day."""
    return unprocessable("extended hours order must be DAY limit orders")


def auction_closed(time_in_force: str, status: int = 403) -> Refusal:
    """Too late for the auction; seen as 403 and as 422. The vendor's text was not seen."""
    code = FORBIDDEN if status == 403 else UNPROCESSABLE
    return Refusal(status, code, f"{time_in_force} orders are not accepted at this time")


def auction_fractional(time_in_force: str) -> Refusal:
    """A time in force that is for whole shares. The same words as for any fraction."""
    del time_in_force
    return fractional_not_day()


# The account


def too_small() -> Refusal:
    """An order worth less than a dollar."""
    return forbidden("cost basis must be >= minimal amount of order 1")


def buying_power(free: Decimal, needed: Decimal) -> Refusal:
    """A buy that the account cannot pay, US dollars."""
    return forbidden(
        "insufficient buying power",
        buying_power=decimal_text(free),
        cost_basis=decimal_text(needed),
    )


def quantity_held(
    symbol: str, asked: Decimal, existing: Decimal, held: Decimal, orders: list[str]
) -> Refusal:
    """A sell of more than is there; `held` shares are held back for the open `orders`."""
    free = decimal_text(max(Decimal(0), existing - held))
    message = "insufficient qty available for order"
    more: dict[str, object] = {"related_orders": orders} if orders else {}
    return forbidden(
        f"{message} (requested: {decimal_text(asked)}, available: {free})",
        symbol=symbol,
        existing_qty=decimal_text(existing),
        held_for_orders=decimal_text(held),
        available=free,
        **more,
    )


def wash_trade(existing_order: str, kind: str, status: int = 403) -> Refusal:
    """An open order of the other side; `kind` is `market/stop` or `limit`."""
    return Refusal(
        status,
        FORBIDDEN if status == 403 else UNPROCESSABLE,
        "potential wash trade detected. use complex orders",
        {
            "reject_reason": f"opposite side {kind} order exists",
            "existing_order_id": existing_order,
        },
    )


def short_sell_open() -> Refusal:
    """A buy while an order that opens a short position is open."""
    return forbidden("cannot open a long buy while a short sell order is open")


def notional_while_closing() -> Refusal:
    """An order by value, outside of the session, while the position is being closed."""
    return forbidden("unable to open new notional orders while having open closing position orders")


def no_price(symbol: str) -> Refusal:
    """A security that was never traded. The vendor's text was not seen."""
    return forbidden(f'no market price of "{symbol}" is available')


def account_blocked() -> Refusal:
    """The broker has stopped trading in the account. The vendor's text was not seen."""
    return forbidden("account is not allowed to trade")


def suspended_by_user() -> Refusal:
    """The user has stopped trading in the account."""
    return forbidden("new orders are rejected by user request")


def day_trading() -> Refusal:
    """Historical: before 2026-07-06."""
    return Refusal(403, 40310100, "trade denied due to pattern day trading protection")


# Orders and positions that are there, or not


def order_not_found(identifier: str) -> Refusal:
    """No order of that id, or client order id."""
    return not_found(f"order not found for {identifier}")


def already(status: str) -> Refusal:
    """The order is over, or on its way to it."""
    return unprocessable(f'order is already in "{status}" state')


def not_sent_yet() -> Refusal:
    """A replacement of an order that is not at the exchange, or is leaving it."""
    return unprocessable("unable to replace order, order isn't sent to exchange yet")


def nothing_changed() -> Refusal:
    """A replacement with the same parameters."""
    return forbidden("order parameters are not changed")


def cannot_replace(why: str) -> Refusal:
    """A replacement that there is not. The vendor's texts were not seen."""
    return unprocessable(f"unable to replace order, {why}")


def position_not_found() -> Refusal:
    """Nothing of the symbol is held."""
    return not_found("position does not exist")


def asset_not_found(symbol: str) -> Refusal:
    """No such security, in a look-up."""
    return not_found(f"asset not found for {symbol}")
