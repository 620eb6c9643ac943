"""What the exchange says when it does not do what it is asked, and the answers of look-ups.

Texts and codes are those of the vendor as far as they were seen; where none was, the function says
so. A code is the vendor's own, 403xxxxx for what the account may not do, 422xxxxx and 40010001 for
what is wrong with the request.
"""

from collections.abc import Mapping

from attrs import field, frozen

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


def replace_not_open() -> Refusal:
    """A replacement of an order that is over."""
    return unprocessable("unable to replace order, order is not open")


def cannot_replace(why: str) -> Refusal:
    """A replacement that there is not. The vendor's texts were not seen."""
    return unprocessable(f"unable to replace order, {why}")


def position_not_found() -> Refusal:
    """Nothing of the symbol is held."""
    return not_found("position does not exist")


def asset_not_found(symbol: str) -> Refusal:
    """No such security, in a look-up."""
    return not_found(f"asset not found for {symbol}")
