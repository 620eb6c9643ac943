"""What the exchange answers to an order that is wrong in itself, whoever sends it."""

from decimal import Decimal

from alchemiser_alpaca.simulator.exchange.refusal import (
    FORBIDDEN,
    UNPROCESSABLE,
    Refusal,
    bad_request,
    forbidden,
    unprocessable,
)
from alchemiser_core.domain.money import decimal_text

# The form of a request


def only_one_amount() -> Refusal:
    """Both quantity and value are given, or neither."""
    return bad_request("only one of qty or notional is accepted")


def quantity_not_positive() -> Refusal:
    """The quantity is 0 or less."""
    return bad_request("qty must be > 0")


def limit_missing() -> Refusal:
    """A limit order without its price."""
    return bad_request("limit orders require a limit price")


def stop_missing() -> Refusal:
    """A stop order without its price."""
    return bad_request("stop orders require a stop price")


def stop_limit_missing() -> Refusal:
    """A stop-limit order without one of its prices."""
    return bad_request("stop limit orders require both stop and limit price")


def trail_missing() -> Refusal:
    """A trailing stop with both trails, or none."""
    return bad_request("trailing stop orders must specify one of trail_price or trail_percent")


def trail_too_small() -> Refusal:
    """A trail of less than a tenth of a percent."""
    return bad_request("trail_percent must be greater than or equal to 0.1")


def price_not_wanted() -> Refusal:
    """A market order with a price."""
    return bad_request("market orders require no stop or limit price")


def price_not_positive(name: str) -> Refusal:
    """A price of 0 or less; `name` is `limit price`, `stop price`, `trail price`."""
    return bad_request(f"{name} must be > 0")


def identifier_too_long() -> Refusal:
    """The client order id has more than 128 characters."""
    return bad_request("client_order_id must be no more than 128 characters")


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
    """The account is set to whole shares."""
    return forbidden("fractional trading is disabled for this account")


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


def price_far_away() -> Refusal:
    """A limit far from the market. The vendor's text was not seen."""
    return unprocessable("limit order price away sanity check failed")


def extended_hours_form(gtc: bool) -> Refusal:
    """Extended hours for something else than a limit order of the day, or till cancelled."""
    times = "DAY or GTC" if gtc else "DAY"
    return unprocessable(f"extended hours order must be {times} limit orders")


def auction_closed(time_in_force: str, until: str, status: int) -> Refusal:
    """Too late for the auction, and too early for the next; seen as 403 and as 422."""
    code = FORBIDDEN if status == 403 else UNPROCESSABLE
    window = f"after 7:00pm and before {until}"
    return Refusal(status, code, f"{time_in_force} orders must be submitted {window}")


def intent_mismatch(inferred: str, specified: str) -> Refusal:
    """The order does something else to the position than it says."""
    words = f"inferred: {inferred}, specified: {specified}"
    return unprocessable(f"position intent mismatch, {words}")


def no_session() -> Refusal:
    """The simulator's calendar ends here; the vendor's goes on."""
    return unprocessable("the simulator knows no later session")
