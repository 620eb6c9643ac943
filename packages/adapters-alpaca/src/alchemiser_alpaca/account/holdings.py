"""The account itself, its positions and its clock, read from the vendor's JSON."""

from alchemiser_alpaca.reading import (
    Record,
    UnreadableError,
    flag,
    moment,
    number,
    optional_text,
    text,
)
from alchemiser_alpaca.symbols import symbol_of
from alchemiser_core.domain.account import Account, BrokerTime, HeldPosition
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.plain_text import plain_text

PAPER_PREFIX = "PA"
"""Numbers of paper accounts begin so, and no others do."""

_CURRENCY = "USD"


def read_account(source: Record, is_live: bool) -> Account:
    """Number, cash, and whether the broker takes orders."""
    currency = optional_text(source, "currency") or _CURRENCY
    if currency != _CURRENCY:
        raise UnreadableError(
            f"the account is kept in {plain_text(currency, 20)}, not in US dollars"
        )
    blocked = [flag(source, name) for name in ("trading_blocked", "account_blocked")]
    suspended = source.get("trade_suspended_by_user") is True
    active = text(source, "status") == "ACTIVE"
    return Account(
        number=plain_text(text(source, "account_number"), 64),
        cash=Usd(number(source, "cash")),
        is_live=is_live,
        is_blocked=any(blocked) or suspended or not active,
    )


def read_position(source: Record) -> HeldPosition:
    """One position; a short one has negative quantities, however the vendor signs them."""
    symbol = symbol_of(text(source, "symbol"))
    if symbol is None:
        raise UnreadableError("symbol is none")
    quantity, available = number(source, "qty"), number(source, "qty_available")
    if optional_text(source, "side") == "short":
        quantity, available = -abs(quantity), -abs(available)
    return HeldPosition(symbol, quantity, available)


def read_clock(source: Record) -> BrokerTime:
    """The broker's clock, and what it says of the market."""
    return BrokerTime(moment(source, "timestamp"), flag(source, "is_open"))
